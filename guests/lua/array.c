/*
** Typed arrays: a segment's bytes as numbers. What the interpreter does not do in place
** (view.h) comes here.
*/

/* The whole number that a value is as a key, or 0. */
static NOINLINE int64_t to_index (lua_State *L, int index) {
#if LUA_VERSION_NUM >= 503
  lua_Integer n;
  if (lua_type(L, index) != LUA_TNUMBER) return 0;
  if (lua_isinteger(L, index)) n = lua_tointeger(L, index);
  else if (!lua_numbertointeger(lua_tonumber(L, index), &n) ||
           (lua_Number)n != lua_tonumber(L, index)) return 0;
  return n;
#else
  lua_Number n;
  if (lua_type(L, index) != LUA_TNUMBER) return 0;
  n = lua_tonumber(L, index);
  return n >= 1 && n <= SEGMENT_MAX && n == (lua_Number)(int64_t)n ? (int64_t)n : 0;
#endif
}

static char *element_of (const View *view, char *base, uint32_t i) {
  return base + i * scalar_size(view->kind);
}

/* array[i]; a name is that of a method, which the upvalue has. */
static int array_index (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  if (lua_type(L, 2) == LUA_TNUMBER) {
    int64_t i = to_index(L, 2);
    char *base = bytes_of(L, view);
    if (i < 1 || i > view->count) lua_pushnil(L);
    else push_scalar_at(L, view->kind, element_of(view, base, (uint32_t)i - 1));
    return 1;
  }
  lua_settop(L, 2);
  lua_rawget(L, lua_upvalueindex(1));
  return 1;
}

static int array_newindex (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  int64_t i = to_index(L, 2);
  const char *why;
  if (lua_type(L, 2) != LUA_TNUMBER)
    return luaL_error(L, "an array has elements at numbers, not at a %s", luaL_typename(L, 2));
  if (i < 1 || i > view->count) {
    lua_pushvalue(L, 2);
    return luaL_error(L, "position %s is outside an array of %d elements", lua_tostring(L, -1),
                      (int)view->count);
  }
  why = store_value(L, view->kind, element_of(view, writable_bytes_of(L, view), (uint32_t)i - 1),
                    3);
  return why != NULL ? luaL_error(L, "%s", why) : 0;
}

static int array_len (lua_State *L) {
  push_size(L, check_view(L, 1, SORT_ARRAY)->count);
  return 1;
}

static int array_tostring (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  char text[64];
  snprintf(text, sizeof(text), "%sarray of %u %s", view->core->handle == 0 ? "closed " : "",
           (unsigned int)view->count, scalar_names[view->kind]);
  lua_pushstring(L, text);
  return 1;
}

/* An array of all that is in the bytes of the view on the top, which it takes the place of. */
static View *to_array (lua_State *L, unsigned int kind) {
  View *of = lua_touserdata(L, -1);
  View *view = new_part(L, SORT_ARRAY, lua_gettop(L), of->offset, of->length);
  view->kind = (uint8_t)kind;
  view->count = of->length / scalar_size(kind);
  view->writable = of->writable;
  lua_replace(L, -2);
  return view;
}

/* segment:array(type [, first byte [, count]]) */
static int segment_array (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT), *array;
  unsigned int kind = check_kind(L, 2);
  uint32_t size = scalar_size(kind), at = 0, room;
  int64_t count;
  if (!lua_isnoneornil(L, 3)) {
    int64_t first = from_end(to_position(L, 3), view->length);
    at = (first == (int64_t)view->length + 1) ? view->length
                                             : check_position(L, 3, view, 0, "an array");
  }
  room = (view->length - at) / size;
  count = opt_position(L, 4, room);
  if (count < 0 || count > room) {
    char text[128];
    snprintf(text, sizeof(text), "there is room for %u %s from position %u on, not for %lld",
             (unsigned int)room, scalar_names[kind], (unsigned int)at + 1, (long long)count);
    return luaL_argerror(L, 4, text);
  }
  array = new_part(L, SORT_ARRAY, 1, view->offset + at, (uint32_t)count * size);
  array->kind = (uint8_t)kind;
  array->count = (uint32_t)count;
  array->writable = view->writable;
  return 1;
}

/* array:sub(i, j) */
static int array_sub (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY), *part;
  uint32_t first, n = range_at(L, 2, view->count, &first), size = scalar_size(view->kind);
  part = new_part(L, SORT_ARRAY, 1, view->offset + first * size, n * size);
  part->kind = view->kind;
  part->count = n;
  part->writable = view->writable;
  return 1;
}

/* next(array, i): the following position and its element */
static int array_next (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  int64_t i = opt_position(L, 2, 0);
  char *base = bytes_of(L, view);
  if (i < 0 || i >= view->count) return 0;
  push_size(L, (uint32_t)i + 1);
  push_scalar_at(L, view->kind, element_of(view, base, (uint32_t)i));
  return 2;
}

/* for i, x in array:iter() */
static int array_iter (lua_State *L) {
  check_view(L, 1, SORT_ARRAY);
  lua_pushcfunction(L, array_next);
  lua_pushvalue(L, 1);
  push_size(L, 0);
  return 3;
}

/* for i, x in array: called as array(nil, i) */
static int array_call (lua_State *L) {
  lua_settop(L, 3);
  lua_remove(L, 2);
  return array_next(L);
}

/* array:fill(v [, i [, j]]) */
static int array_fill (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  uint32_t first, n = range_at(L, 3, view->count, &first), size = scalar_size(view->kind);
  char value[8];
  const char *why;
  luaL_checkany(L, 2);
  why = store_value(L, view->kind, value, 2);
  if (why != NULL) return luaL_argerror(L, 2, why);
  fill_elements(writable_bytes_of(L, view) + first * size, n, value, size);
  return 0;
}

/* Element 'i' of what is copied, counted from 0, cannot be written. */
static int bad_element (lua_State *L, uint32_t i, const char *why) {
  char text[256];
  snprintf(text, sizeof(text), "element %u: %s", (unsigned int)i + 1, why);
  return luaL_argerror(L, 2, text);
}

/* Copies between arrays of different kinds. */
static void convert_array (lua_State *L, const View *from, const View *view, uint32_t at) {
  uint32_t i;
  for (i = 0; i < from->count; i++) {
    const char *why;
    push_scalar_at(L, from->kind, element_of(from, bytes_of(L, from), i));
    why = store_value(L, view->kind, element_of(view, bytes_of(L, view), at + i), lua_gettop(L));
    if (why != NULL) bad_element(L, i, why);
    lua_pop(L, 1);
  }
}

static void copy_table (lua_State *L, int table, uint32_t n, unsigned int kind, char *to) {
  uint32_t i;
  for (i = 0; i < n; i++, to += scalar_size(kind)) {
    const char *why;
    lua_rawgeti(L, table, (int)i + 1);
    why = store_value(L, kind, to, lua_gettop(L));
    if (why != NULL) bad_element(L, i, why);
    lua_pop(L, 1);
  }
}

/* array:copy(array or table [, at]) */
static int array_copy (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY), *from = test_view(L, 2, SORT_ARRAY);
  int64_t at = from_end(opt_position(L, 3, 1), view->count);
  size_t n;
  if (from != NULL) n = from->count;
  else if (lua_istable(L, 2)) n = lua_rawlen(L, 2);
  else return type_error(L, 2, "array or table");
  if (at < 1 || at - 1 > view->count || n > view->count - (uint32_t)(at - 1)) {
    char text[128];
    snprintf(text, sizeof(text), "%u elements from position %lld on are outside an array of %u",
             (unsigned int)n, (long long)at, (unsigned int)view->count);
    return luaL_argerror(L, lua_isnoneornil(L, 3) ? 2 : 3, text);
  }
  check_writable(L, view);
  at--;
  if (from == NULL)
    copy_table(L, 2, (uint32_t)n, view->kind, element_of(view, bytes_of(L, view), (uint32_t)at));
  else if (from->kind != view->kind) convert_array(L, from, view, (uint32_t)at);
  else move_bytes(L, view, (uint32_t)at * scalar_size(view->kind), from);
  return 0;
}

static void check_numbers (lua_State *L, const View *view, const char *what) {
  if (view->kind == KIND_BOOL) luaL_error(L, "an array of bool has no %s", what);
}

/* array:sum(); integers wrap around at 64 bits where Lua has them */
static int array_sum (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  const char *p = bytes_of(L, view);
  check_numbers(L, view, "sum");
  if (view->kind >= KIND_F32)
    lua_pushnumber(L, sum_floats(view->kind, p, view->count));
#if LUA_VERSION_NUM >= 503
  else lua_pushinteger(L, (lua_Integer)sum_integers(view->kind, p, view->count));
#else
  else if (view->kind >= KIND_U64)
    lua_pushnumber(L, sum_floats(view->kind, p, view->count));
  else lua_pushnumber(L, (lua_Number)(int64_t)sum_integers(view->kind, p, view->count));
#endif
  return 1;
}

static int array_extreme (lua_State *L, int greatest) {
  View *view = check_view(L, 1, SORT_ARRAY);
  char *p = bytes_of(L, view);
  uint32_t at;
  check_numbers(L, view, greatest ? "greatest element" : "least element");
  if (view->count == 0) {
    lua_pushnil(L);
    return 1;
  }
  at = find_extreme(view->kind, p, view->count, greatest);
  push_scalar_at(L, view->kind, element_of(view, p, at));
  push_size(L, at + 1);
  return 2;
}

/* array:min() and array:max(): the element and its position */
static int array_min (lua_State *L) { return array_extreme(L, 0); }
static int array_max (lua_State *L) { return array_extreme(L, 1); }

/* array:find(v [, from]): the first position of what equals v, or nil */
static int array_find (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  int64_t from = from_end(opt_position(L, 3, 1), view->count);
  char wanted[8];
  uint32_t at = view->count;
  int may_be;
  if (view->kind == KIND_BOOL) luaL_checktype(L, 2, LUA_TBOOLEAN);
  else luaL_checknumber(L, 2);
  if (from < 1) from = 1;
  may_be = store_value(L, view->kind, wanted, 2) == NULL;
  if (may_be && view->kind == KIND_F32) {
    lua_Number n = lua_tonumber(L, 2);
    may_be = (lua_Number)LOAD(float, wanted) == n;
  }
  if (may_be && from <= view->count)
    at = find_element(view->kind, bytes_of(L, view), (uint32_t)from - 1, view->count, wanted);
  if (at == view->count) lua_pushnil(L);
  else push_size(L, at + 1);
  return 1;
}

/* array:table([i [, j]]) */
static int array_table (lua_State *L) {
  View *view = check_view(L, 1, SORT_ARRAY);
  uint32_t i, first, n = range_at(L, 2, view->count, &first);
  char *base;
  lua_createtable(L, (int)n, 0);
  base = bytes_of(L, view);
  for (i = 0; i < n; i++) {
    push_scalar_at(L, view->kind, element_of(view, base, first + i));
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}
