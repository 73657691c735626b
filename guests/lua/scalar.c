/*
** Scalars of a fixed size: their names, and reading and writing them with errors that say
** what does not fit.
*/

static const char *const scalar_names[N_SCALARS] = {
  SCALAR_U8, SCALAR_I8, SCALAR_U16, SCALAR_I16, SCALAR_U32, SCALAR_I32, SCALAR_U64, SCALAR_I64,
  SCALAR_F32, SCALAR_F64, SCALAR_BOOL
};

static const char scalar_list[] =
  "u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 and bool";

static const char *article_of (unsigned int kind) {
  char first = scalar_names[kind][0];
  return first == 'u' || first == 'b' ? "a" : "an";
}

/* The kind with that name, or -1. */
static int kind_named (const char *name, size_t len) {
  int kind;
  for (kind = 0; kind < N_SCALARS; kind++)
    if (strlen(scalar_names[kind]) == len && memcmp(name, scalar_names[kind], len) == 0)
      return kind;
  return -1;
}

static unsigned int check_kind (lua_State *L, int arg) {
  size_t len;
  const char *name = luaL_checklstring(L, arg, &len);
  int kind = kind_named(name, len);
  if (kind < 0)
    luaL_argerror(L, arg, lua_pushfstring(L, "there is no type '%s'; there are %s", name,
                                          scalar_list));
  return (unsigned int)kind;
}

static NOINLINE void push_scalar_at (lua_State *L, unsigned int kind, const char *p) {
  luaL_checkstack(L, 1, NULL);
  if (!load_scalar(kind, p, 0, value_at(L, lua_gettop(L) + 1))) {
    char text[80];
    if (kind == KIND_U64)
      snprintf(text, sizeof(text), "%llu", (unsigned long long)LOAD(uint64_t, p));
    else snprintf(text, sizeof(text), "%lld", (long long)LOAD(int64_t, p));
    luaL_error(L, "the %s %s does not fit in a number of %s", scalar_names[kind], text,
               LUA_VERSION);
  }
  api_incr_top(L);
}

/* A string that is a number stands for it, as everywhere in Lua. */
static int number_like (lua_State *L, int index, TValue *to) {
#if LUA_VERSION_NUM >= 503
  if (lua_type(L, index) == LUA_TSTRING) {
    int is_number;
    lua_Number n = lua_tonumberx(L, index, &is_number);
    if (!is_number) return 0;
    setfltvalue(to, n);
  }
  else setobj(L, to, value_at(L, index));
  if (ttisfloat(to)) {
    lua_Integer n;
    if (lua_numbertointeger(fltvalue(to), &n) && (lua_Number)n == fltvalue(to))
      setivalue(to, n);
  }
#else
  if (!lua_isnumber(L, index)) return 0;
  setnvalue(to, lua_tonumber(L, index));
#endif
  return 1;
}

/* Writes the value at 'index'; the answer is NULL, or text on the top that says why not. */
static NOINLINE const char *store_value (lua_State *L, unsigned int kind, char *p, int index) {
  TValue value;
  if (store_scalar(kind, p, 0, value_at(L, index))) return NULL;
  if (kind == KIND_BOOL || !lua_isnumber(L, index))
    return lua_pushfstring(L, "%s expected for %s %s, got %s",
                           kind == KIND_BOOL ? "boolean" : "number", article_of(kind),
                           scalar_names[kind], type_name(L, index));
  if (number_like(L, index, &value) && store_scalar(kind, p, 0, &value)) return NULL;
  lua_pushvalue(L, index);
  lua_tostring(L, -1);
  return lua_pushfstring(L, "%s does not fit in %s %s", lua_tostring(L, -1), article_of(kind),
                         scalar_names[kind]);
}

/*
** A position or a count that a script gives; what no segment can have becomes one that no
** segment has. As in the library of strings, negative ones count from the end.
*/
static NOINLINE int64_t to_position (lua_State *L, int arg) {
#if LUA_VERSION_NUM >= 503
  return (int64_t)luaL_checkinteger(L, arg);
#else
  lua_Number n = luaL_checknumber(L, arg);
  if (n >= -MAX_EXACT && n <= MAX_EXACT) return (int64_t)n;
  return n < 0 ? INT64_MIN : INT64_MAX;
#endif
}

static int64_t opt_position (lua_State *L, int arg, int64_t otherwise) {
  return lua_isnoneornil(L, arg) ? otherwise : to_position(L, arg);
}

static int64_t from_end (int64_t position, uint32_t length) {
  return position >= 0 ? position : position < -(int64_t)length ? 0 : position + length + 1;
}

/* The range from 'arg' to the argument behind it, as string.sub has it; its length. */
static NOINLINE uint32_t range_at (lua_State *L, int arg, uint32_t length, uint32_t *first) {
  int64_t i = from_end(opt_position(L, arg, 1), length);
  int64_t j = from_end(opt_position(L, arg + 1, -1), length);
  if (i < 1) i = 1;
  if (j > length) j = length;
  *first = i > length ? length : (uint32_t)i - 1;
  return j < i ? 0 : (uint32_t)(j - i + 1);
}
