/*
** Descriptions of layouts: text that Lua, Go and the host write in the same way, and the
** fingerprint of it. Upper case and '_' make no difference, as names are written otherwise
** in other languages.
*/

/* FNV-1a, over what makes a difference. */
static uint64_t fingerprint_of (const char *text, size_t len) {
  uint64_t hash = FINGERPRINT_BASIS;
  size_t i;
  for (i = 0; i < len; i++) {
    if (text[i] == '_') continue;
    hash = (hash ^ (uint8_t)tolower((unsigned char)text[i])) * FINGERPRINT_PRIME;
  }
  return hash;
}

static void push_fingerprint (lua_State *L, uint64_t fingerprint) {
  char text[17];
  snprintf(text, sizeof(text), "%016llx", (unsigned long long)fingerprint);
  lua_pushlstring(L, text, 16);
}

/* Adds 'name type[count] @offset' for a field. */
static void describe_field (luaL_Buffer *b, const Field *field) {
  char text[32];
  luaL_addstring(b, "; ");
  luaL_addstring(b, getstr(field->name));
  luaL_addchar(b, ' ');
  if (field->kind == KIND_STRUCT) {
    luaL_addchar(b, '{');
    luaL_addlstring(b, field->layout->description, field->layout->description_len);
    luaL_addchar(b, '}');
  }
  else luaL_addstring(b, scalar_names[field->kind]);
  if (field->count != 0) {
    snprintf(text, sizeof(text), "[%u]", (unsigned int)field->count);
    luaL_addstring(b, text);
  }
  snprintf(text, sizeof(text), " @%u", (unsigned int)field->offset);
  luaL_addstring(b, text);
}

static void push_description (lua_State *L, const Layout *layout) {
  luaL_Buffer b;
  char text[64];
  uint32_t i;
  luaL_buffinit(L, &b);
  snprintf(text, sizeof(text), "size %u align %u", (unsigned int)layout->size,
           (unsigned int)layout->align);
  luaL_addstring(&b, text);
  for (i = 0; i < layout->n; i++) describe_field(&b, &layout->fields[layout->order[i]]);
  luaL_pushresult(&b);
}

/* The part of a description up to the next ';' outside of braces; moves 'text' behind it. */
static size_t next_part (const char **text, const char *end) {
  const char *start = *text, *p = start;
  size_t len;
  int depth = 0;
  for (; p < end && !(*p == ';' && depth == 0); p++) {
    if (*p == '{') depth++;
    else if (*p == '}') depth--;
  }
  len = (size_t)(p - start);
  if (p < end) p++;
  if (p < end && *p == ' ') p++;
  *text = p;
  return len;
}

static void add_spaces (luaL_Buffer *b, size_t n) {
  while (n-- > 0) luaL_addchar(b, ' ');
}

/* Pushes a message with both descriptions side by side; what differs has a mark. */
static void push_mismatch (lua_State *L, const char *passed, size_t passed_len,
                           const char *expected, size_t expected_len) {
  static const char title[] = "passed";
  const char *passed_end = passed + passed_len, *expected_end = expected + expected_len, *p;
  size_t width = sizeof(title) - 1;
  luaL_Buffer b;
  for (p = passed; p < passed_end; ) {
    size_t len = next_part(&p, passed_end);
    if (len > width) width = len;
  }
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "the layouts differ:\n  ");
  luaL_addstring(&b, title);
  add_spaces(&b, width - (sizeof(title) - 1));
  luaL_addstring(&b, " | expected");
  while (passed < passed_end || expected < expected_end) {
    const char *left = passed, *right = expected;
    size_t left_len = next_part(&passed, passed_end);
    size_t right_len = next_part(&expected, expected_end);
    int same = fingerprint_of(left, left_len) == fingerprint_of(right, right_len);
    luaL_addstring(&b, same ? "\n  " : "\n* ");
    luaL_addlstring(&b, left, left_len);
    add_spaces(&b, width - left_len);
    luaL_addstring(&b, right_len != 0 ? " | " : " |");
    luaL_addlstring(&b, right, right_len);
  }
  luaL_pushresult(&b);
}
