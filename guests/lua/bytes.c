/*
** What scripts do with the bytes of a segment. Positions count from 1, in bytes.
*/

/*
** The argument is the position of 'size' bytes in a view; what they are follows "of" in
** the message.
*/
static uint32_t check_position (lua_State *L, int arg, const View *view, uint32_t size,
                                const char *what) {
  int64_t given = to_position(L, arg), at = from_end(given, view->length);
  if (at < 1 || at > view->length || size > view->length - (uint32_t)(at - 1)) {
    char text[160];
    if (at >= 1 && at <= view->length)
      snprintf(text, sizeof(text), "%s at position %lld is outside a segment of %u bytes", what,
               (long long)given, (unsigned int)view->length);
    else
      snprintf(text, sizeof(text), "position %lld is outside a segment of %u bytes",
               (long long)given, (unsigned int)view->length);
    luaL_argerror(L, arg, text);
  }
  return (uint32_t)(at - 1);
}

/* segment:u8(i) and its like read; segment:u8(i, v) writes. */
static int access_scalar (lua_State *L, unsigned int kind) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  char what[16];
  uint32_t at;
  snprintf(what, sizeof(what), "%s %s", article_of(kind), scalar_names[kind]);
  at = check_position(L, 2, view, scalar_size(kind), what);
  if (lua_isnone(L, 3)) {
    push_scalar_at(L, kind, bytes_of(L, view) + at);
    return 1;
  }
  else {
    const char *why = store_value(L, kind, writable_bytes_of(L, view) + at, 3);
    return why != NULL ? luaL_argerror(L, 3, why) : 0;
  }
}

#define SCALAR_ACCESS(name, kind) \
  static int bytes_##name (lua_State *L) { return access_scalar(L, kind); }

SCALAR_ACCESS(u8, KIND_U8)
SCALAR_ACCESS(i8, KIND_I8)
SCALAR_ACCESS(u16, KIND_U16)
SCALAR_ACCESS(i16, KIND_I16)
SCALAR_ACCESS(u32, KIND_U32)
SCALAR_ACCESS(i32, KIND_I32)
SCALAR_ACCESS(u64, KIND_U64)
SCALAR_ACCESS(i64, KIND_I64)
SCALAR_ACCESS(f32, KIND_F32)
SCALAR_ACCESS(f64, KIND_F64)

/* segment:string([i [, j]]) */
static int bytes_string (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  uint32_t first, n = range_at(L, 2, view->length, &first);
  push_bytes(L, bytes_of(L, view) + first, n);
  luaC_checkGC(L);
  return 1;
}

/* segment:write(i, s) */
static int bytes_write (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  size_t len;
  const char *s = luaL_checklstring(L, 3, &len);
  char what[48];
  uint32_t at;
  snprintf(what, sizeof(what), "a string of %u bytes", (unsigned int)len);
  if (len == 0 && to_position(L, 2) == (int64_t)view->length + 1) return 0;
  at = check_position(L, 2, view, (uint32_t)len, what);
  memcpy(writable_bytes_of(L, view) + at, s, len);
  return 0;
}

/* segment:sub([i [, j]]) */
static int bytes_sub (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  uint32_t first, n = range_at(L, 2, view->length, &first);
  new_part(L, SORT_SEGMENT, 1, view->offset + first, n)->writable = view->writable;
  return 1;
}

static uint8_t check_byte (lua_State *L, int arg) {
  uint8_t byte = 0;
  const char *why = store_value(L, KIND_U8, (char *)&byte, arg);
  if (why != NULL) luaL_argerror(L, arg, why);
  return byte;
}

/* segment:fill(v [, i [, j]]) */
static int bytes_fill (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  uint8_t byte = check_byte(L, 2);
  uint32_t first, n = range_at(L, 3, view->length, &first);
  memset(writable_bytes_of(L, view) + first, byte, n);
  return 0;
}

/* segment:copy(from [, at]) */
static int bytes_copy (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  View *from = test_view(L, 2, SORT_SEGMENT);
  size_t len;
  const char *bytes = NULL;
  uint32_t at = 0;
  if (from != NULL) len = from->length;
  else if (lua_type(L, 2) == LUA_TSTRING) bytes = lua_tolstring(L, 2, &len);
  else return type_error(L, 2, "segment or string");
  if (!lua_isnoneornil(L, 3) || len > view->length) {
    char what[48];
    if (lua_isnoneornil(L, 3)) {
      lua_settop(L, 2);
      lua_pushinteger(L, 1);
    }
    snprintf(what, sizeof(what), "a copy of %u bytes", (unsigned int)len);
    if (len != 0 || to_position(L, 3) != (int64_t)view->length + 1)
      at = check_position(L, 3, view, (uint32_t)len, what);
  }
  check_writable(L, view);
  if (from != NULL) move_bytes(L, view, at, from);
  else memcpy(bytes_of(L, view) + at, bytes, len);
  return 0;
}

/* segment:find(string or byte [, from]): the first position and the last */
static int bytes_find (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  int64_t from = from_end(opt_position(L, 3, 1), view->length);
  const char *s, *bytes, *at = NULL;
  size_t len = 1;
  uint8_t byte;
  if (lua_type(L, 2) == LUA_TSTRING) s = lua_tolstring(L, 2, &len);
  else {
    byte = check_byte(L, 2);
    s = (const char *)&byte;
  }
  if (from < 1) from = 1;
  bytes = bytes_of(L, view);
  if (from <= (int64_t)view->length + 1)
    at = find_string(bytes + from - 1, view->length - (size_t)(from - 1), s, len);
  if (at == NULL) {
    lua_pushnil(L);
    return 1;
  }
  push_size(L, (uint32_t)(at - bytes) + 1);
  push_size(L, (uint32_t)(at - bytes) + (uint32_t)len);
  return 2;
}
