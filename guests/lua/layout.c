/*
** Layouts of structs: which fields stand where. A layout is a userdata whose companion has
** the names, the layouts of nested structs and the description.
*/

#define LAYOUT_MAGIC	0x4C676C79u
#define MAX_FIELDS	4096

static int layout_metatable_ref = LUA_NOREF;
static const Table *layout_metatable;

static const Layout *test_layout (lua_State *L, int index) {
  const TValue *o;
  const Layout *layout;
  if (lua_type(L, index) != LUA_TUSERDATA) return NULL;
  o = value_at(L, index);
  if (!is_userdata(o) || uvalue(o)->metatable != layout_metatable) return NULL;
  layout = lua_touserdata(L, index);
  return lua_rawlen(L, index) >= sizeof(Layout) && layout->magic == LAYOUT_MAGIC ? layout
                                                                                 : NULL;
}

static const Layout *check_layout (lua_State *L, int arg) {
  const Layout *layout = test_layout(L, arg);
  if (layout == NULL) type_error(L, arg, "layout");
  return layout;
}

static uint32_t count_of (const Field *field) {
  return field->count != 0 ? field->count : 1;
}

/* Bytes of one element of a field. */
static uint32_t element_size (const Field *field) {
  return field->kind == KIND_STRUCT ? field->layout->size : scalar_size(field->kind);
}

/* The field of the name on the stack, or NULL. Long strings are not always the same one. */
static const Field *field_named (lua_State *L, const Layout *layout, int index) {
  const TValue *o = value_at(L, index);
  const Field *field;
  size_t len;
  const char *name;
  uint32_t i;
  if (lua_type(L, index) != LUA_TSTRING) return NULL;
  field = find_field(layout, name_of(o));
  name = lua_tolstring(L, index, &len);
  if (field != NULL || len <= 40) return field;
  for (i = 0; i < layout->n; i++) {
    field = &layout->fields[layout->order[i]];
    if (strlen(getstr(field->name)) == len && memcmp(getstr(field->name), name, len) == 0)
      return field;
  }
  return NULL;
}

static int is_name (const char *name, size_t len) {
  size_t i;
  if (len == 0 || len > FIELD_MAX_NAME) return 0;
  for (i = 0; i < len; i++) {
    char c = name[i];
    if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
          (i > 0 && c >= '0' && c <= '9')))
      return 0;
  }
  return 1;
}

/* What is wrong with field 'n' of the first argument. */
static int bad_field (lua_State *L, int n, const char *why) {
  return luaL_argerror(L, 1, lua_pushfstring(L, "field %d: %s", n, why));
}

/* Where the names and the types of the field that is read stand on the stack. */
enum { AT_LAYOUT = 2, AT_COMPANION = 3, AT_ENTRY = 4, AT_NAME = 5, AT_TYPE = 6, AT_COUNT = 7 };

/* Reads the entry {name, type [, count]}; the answer is the field without its place. */
static Field read_entry (lua_State *L, int n) {
  Field field = {NULL, NULL, 0, 0, KIND_STRUCT};
  size_t len;
  const char *name;
  int i;
  lua_rawgeti(L, 1, n);
  if (!lua_istable(L, AT_ENTRY)) bad_field(L, n, "{name, type} or {name, type, count} expected");
  for (i = 1; i <= 3; i++) lua_rawgeti(L, AT_ENTRY, i);
  name = lua_type(L, AT_NAME) == LUA_TSTRING ? lua_tolstring(L, AT_NAME, &len) : NULL;
  if (name == NULL || !is_name(name, len))
    bad_field(L, n, "its name has to be letters, digits and '_', not beginning with a digit, "
                    "and at most 255 of them");
  if (lua_type(L, AT_TYPE) == LUA_TSTRING) {
    size_t type_len;
    const char *type = lua_tolstring(L, AT_TYPE, &type_len);
    int kind = kind_named(type, type_len);
    if (kind < 0)
      bad_field(L, n, lua_pushfstring(L, "there is no type '%s'; there are %s, and layouts",
                                      type, scalar_list));
    field.kind = (uint8_t)kind;
  }
  else {
    field.layout = test_layout(L, AT_TYPE);
    if (field.layout == NULL) bad_field(L, n, "its type is neither a name nor a layout");
  }
  if (!lua_isnil(L, AT_COUNT)) {
    int64_t count = to_index(L, AT_COUNT);
    if (count < 1 || count > LAYOUT_MAX_SIZE)
      bad_field(L, n, "the number of elements has to be a whole number from 1 on");
    field.count = (uint32_t)count;
  }
  if (name[0] != '_') field.name = name_of(value_at(L, AT_NAME));
  return field;
}

/* Gives a field its place behind the others. */
static void place_field (lua_State *L, Layout *layout, Field *field, int n, int packed) {
  uint32_t size = element_size(field), align = 1;
  uint64_t at, end, rounded;
  if (!packed) align = field->kind == KIND_STRUCT ? field->layout->align : size;
  at = ((uint64_t)layout->size + align - 1) & ~(uint64_t)(align - 1);
  end = at + (uint64_t)size * count_of(field);
  if (align > layout->align) layout->align = align;
  rounded = (end + layout->align - 1) & ~(uint64_t)(layout->align - 1);
  if (rounded > LAYOUT_MAX_SIZE) bad_field(L, n, "the struct is larger than 2147483647 bytes");
  field->offset = (uint32_t)at;
  layout->size = (uint32_t)end;
  if (field->kind == KIND_STRUCT && field->layout->levels >= layout->levels)
    layout->levels = field->layout->levels + 1;
  if (layout->levels > LAYOUT_MAX_DEPTH) bad_field(L, n, "more than 16 levels of structs");
}

/* Puts a field that has a name where it is found by it. */
static void add_field (lua_State *L, Layout *layout, const Field *field, int n) {
  uint32_t at = (uint32_t)(uintptr_t)field->name >> 3;
  if (field_named(L, layout, AT_NAME) != NULL) bad_field(L, n, "an earlier field has its name");
  while (layout->fields[at & layout->mask].name != NULL) at++;
  layout->fields[at & layout->mask] = *field;
  layout->order[layout->n++] = at & layout->mask;
  lua_pushvalue(L, AT_NAME);
  lua_rawseti(L, AT_COMPANION, 2 * n);
  if (field->layout != NULL) {
    lua_pushvalue(L, AT_TYPE);
    lua_rawseti(L, AT_COMPANION, 2 * n + 1);
  }
}

/* A layout without fields, and its companion. */
static Layout *new_layout (lua_State *L, uint32_t n) {
  uint32_t slots = 2;
  size_t fields_at = (sizeof(Layout) + 7) & ~(size_t)7;
  Layout *layout;
  while (slots < 2 * n) slots *= 2;
  layout = new_block(L, fields_at + slots * sizeof(Field) + n * sizeof(uint32_t));
  memset(layout, 0, fields_at + slots * sizeof(Field));
  layout->align = 1;
  layout->levels = 1;
  layout->mask = slots - 1;
  layout->fields = (Field *)((char *)layout + fields_at);
  layout->order = (uint32_t *)(layout->fields + slots);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  set_companion(L, -3);
  return layout;
}

/* luago.struct{{name, type [, count]}, ..., packed = boolean} */
static int layout_new (lua_State *L) {
  Layout *layout;
  int i, packed, n;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_pushliteral(L, "packed");
  lua_rawget(L, 1);
  packed = lua_toboolean(L, -1);
  lua_settop(L, 1);
  if (lua_rawlen(L, 1) > MAX_FIELDS)
    return luaL_argerror(L, 1, "a struct has at most 4096 fields");
  n = (int)lua_rawlen(L, 1);
  layout = new_layout(L, (uint32_t)n);
  for (i = 1; i <= n; i++) {
    Field field = read_entry(L, i);
    place_field(L, layout, &field, i, packed);
    if (field.name != NULL) add_field(L, layout, &field, i);
    lua_settop(L, AT_COMPANION);
  }
  if (layout->n == 0) return luaL_argerror(L, 1, "a struct has at least one field with a name");
  layout->size = (layout->size + layout->align - 1) & ~(layout->align - 1);
  push_description(L, layout);
  layout->description = lua_tolstring(L, -1, &layout->description_len);
  if (layout->description_len > LAYOUT_MAX_DESCRIPTION)
    return luaL_argerror(L, 1, "its description is longer than 65536 bytes");
  lua_rawseti(L, AT_COMPANION, 1);
  layout->fingerprint = fingerprint_of(layout->description, layout->description_len);
  lua_settop(L, AT_LAYOUT);
  layout->magic = LAYOUT_MAGIC;
  lua_rawgeti(L, LUA_REGISTRYINDEX, layout_metatable_ref);
  lua_setmetatable(L, -2);
  return 1;
}

/* layout.size and its like; methods are in the upvalue. */
static int layout_index (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  lua_settop(L, 2);
  if (strcmp(name, "size") == 0) push_size(L, layout->size);
  else if (strcmp(name, "align") == 0) push_size(L, layout->align);
  else if (strcmp(name, "description") == 0)
    lua_pushlstring(L, layout->description, layout->description_len);
  else if (strcmp(name, "fingerprint") == 0) push_fingerprint(L, layout->fingerprint);
  else lua_rawget(L, lua_upvalueindex(1));
  return 1;
}

/* layout:offset(name): where a field begins, in bytes from 0 */
static int layout_offset (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  const Field *field;
  luaL_checkstring(L, 2);
  field = field_named(L, layout, 2);
  if (field == NULL)
    return luaL_argerror(L, 2, lua_pushfstring(L, "there is no field '%s'", lua_tostring(L, 2)));
  push_size(L, field->offset);
  return 1;
}

static int layout_tostring (lua_State *L) {
  lua_pushfstring(L, "layout of %d bytes", (int)check_layout(L, 1)->size);
  return 1;
}

/* Whether they are the same for whoever reads and writes by them. */
static int same_layout (const Layout *a, const Layout *b) {
  return a == b || a->fingerprint == b->fingerprint;
}
