/*
** The metatables of everything that shows a segment. They are part of the snapshot, so a
** sandbox that uses none of this pays nothing for it.
*/

typedef struct Method { const char *name; lua_CFunction function; } Method;

static const Method segment_methods[] = {
  {"u8", bytes_u8}, {"i8", bytes_i8}, {"u16", bytes_u16}, {"i16", bytes_i16},
  {"u32", bytes_u32}, {"i32", bytes_i32}, {"u64", bytes_u64}, {"i64", bytes_i64},
  {"f32", bytes_f32}, {"f64", bytes_f64}, {"string", bytes_string}, {"write", bytes_write},
  {"sub", bytes_sub}, {"fill", bytes_fill}, {"copy", bytes_copy}, {"find", bytes_find},
  {"array", segment_array}, {"read_only", segment_read_only}, {"close", segment_close},
  {"is_closed", segment_is_closed}, {"is_read_only", segment_is_read_only}, {NULL, NULL}
};

static const Method segment_meta[] = {
  {"__len", segment_len}, {"__eq", view_eq}, {"__tostring", segment_tostring},
  {"__close", segment_close}, {NULL, NULL}
};

static const Method array_methods[] = {
  {"iter", array_iter}, {"sub", array_sub}, {"fill", array_fill}, {"copy", array_copy},
  {"sum", array_sum}, {"min", array_min}, {"max", array_max}, {"find", array_find},
  {"table", array_table}, {"segment", view_segment}, {NULL, NULL}
};

static const Method array_meta[] = {
  {"__newindex", array_newindex}, {"__len", array_len}, {"__call", array_call},
  {"__eq", view_eq}, {"__tostring", array_tostring}, {NULL, NULL}
};

static const Method record_meta[] = {
  {"__index", record_index}, {"__newindex", record_newindex}, {"__eq", view_eq},
  {"__tostring", record_tostring}, {NULL, NULL}
};

static const Method records_methods[] = {
  {"iter", records_iter}, {"sub", records_sub}, {"segment", view_segment}, {NULL, NULL}
};

static const Method records_meta[] = {
  {"__newindex", records_newindex}, {"__len", records_len}, {"__call", records_call},
  {"__eq", view_eq}, {"__tostring", records_tostring}, {NULL, NULL}
};

static const Method opaque_methods[] = {
  {"segment", view_segment}, {"fingerprint", opaque_fingerprint}, {NULL, NULL}
};

static const Method opaque_meta[] = {
  {"__eq", view_eq}, {"__tostring", opaque_tostring}, {NULL, NULL}
};

static const Method sender_methods[] = {
  {"try_send", ring_try_send}, {"close", ring_end_close}, {NULL, NULL}
};

static const Method receiver_methods[] = {
  {"try_receive", ring_try_receive}, {"close", ring_end_close}, {NULL, NULL}
};

static const Method end_meta[] = {
  {"__eq", view_eq}, {"__tostring", ring_end_tostring}, {"__close", ring_end_leave},
  {NULL, NULL}
};

static const Method layout_methods[] = {
  {"at", layout_at}, {"array", layout_array}, {"of", layout_of}, {"read", layout_read},
  {"write", layout_write}, {"offset", layout_offset}, {NULL, NULL}
};

static const Method layout_meta[] = {{"__tostring", layout_tostring}, {NULL, NULL}};

/* Adds functions to the table on the top. */
static void add_methods (lua_State *L, const Method *methods) {
  for (; methods->name != NULL; methods++) {
    lua_pushcfunction(L, methods->function);
    lua_setfield(L, -2, methods->name);
  }
}

/* Pushes a metatable that scripts can neither see nor change. */
static void push_metatable (lua_State *L, const char *name, const Method *meta) {
  lua_newtable(L);
  add_methods(L, meta);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
}

/* Gives the metatable on the top methods, behind a function that is asked first or not. */
static void set_methods (lua_State *L, const Method *methods, lua_CFunction index) {
  lua_newtable(L);
  add_methods(L, methods);
  if (index != NULL) lua_pushcclosure(L, index, 1);
  lua_setfield(L, -2, "__index");
}

/* Keeps the metatable on the top. */
static void set_metatable (lua_State *L, Sort sort) {
  view_metatables[sort] = hvalue(value_at(L, lua_gettop(L)));
  view_metatable_refs[sort] = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* Both ends of a ring, with the methods that are written in Lua. */
static void setup_ends (lua_State *L) {
  static const char *const names[] = {"send", "send_all", "receive", "receive_all", "messages"};
  int i, functions = lua_gettop(L) + 1;
  push_ring_functions(L);
  push_metatable(L, sort_names[SORT_SENDER], end_meta);
  set_methods(L, sender_methods, NULL);
  lua_getfield(L, -1, "__index");
  for (i = 0; i < 2; i++) {
    lua_pushvalue(L, functions + i);
    lua_setfield(L, -2, names[i]);
  }
  lua_pop(L, 1);
  set_metatable(L, SORT_SENDER);
  push_metatable(L, sort_names[SORT_RECEIVER], end_meta);
  set_methods(L, receiver_methods, NULL);
  lua_getfield(L, -1, "__index");
  for (i = 2; i < 5; i++) {
    lua_pushvalue(L, functions + i);
    lua_setfield(L, -2, names[i]);
  }
  lua_pop(L, 1);
  set_metatable(L, SORT_RECEIVER);
  lua_settop(L, functions - 1);
}

static void setup_views (lua_State *L) {
  static const struct {
    Sort sort;
    const Method *meta, *methods;
    lua_CFunction index;
  } sorts[] = {
    {SORT_SEGMENT, segment_meta, segment_methods, NULL},
    {SORT_ARRAY, array_meta, array_methods, array_index},
    {SORT_RECORD, record_meta, NULL, NULL},
    {SORT_RECORDS, records_meta, records_methods, records_index},
    {SORT_OPAQUE, opaque_meta, opaque_methods, opaque_index}
  };
  size_t i;
  for (i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
    push_metatable(L, sort_names[sorts[i].sort], sorts[i].meta);
    if (sorts[i].methods != NULL) set_methods(L, sorts[i].methods, sorts[i].index);
    set_metatable(L, sorts[i].sort);
  }
  setup_ends(L);
  push_metatable(L, "layout", layout_meta);
  set_methods(L, layout_methods, layout_index);
  layout_metatable = hvalue(value_at(L, lua_gettop(L)));
  layout_metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  push_metatable(L, "segment core", (const Method[]){{"__gc", core_gc}, {NULL, NULL}});
  core_metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_newtable(L);
  lua_newtable(L);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  cores_ref = luaL_ref(L, LUA_REGISTRYINDEX);
}
