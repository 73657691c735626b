/*
** The state that the snapshot holds.
*/

extern void __wasm_call_ctors (void);

static lua_State *new_state (void) {
#if LUA_VERSION_NUM >= 505
  return lua_newstate(luago_allocate, NULL, luai_makeseed());
#else
  return lua_newstate(luago_allocate, NULL);
#endif
}

/* Memory at the start, in pages of WebAssembly: as much as small scripts need. */
#define START_PAGES	18u

/* Makes the state that the snapshot holds. */
EXPORT(EXPORT_SETUP) void luago_setup (void) {
  __wasm_call_ctors();
  setup_stdio();
  main_state = new_state();
  if (main_state == NULL) abort();
  luaL_openlibs(main_state);
  setup_restricted(main_state);
  setup_lfs(main_state);
  setup_host(main_state);
  setup_luago(main_state);
  setup_calls(main_state);
  setup_reporter(main_state);
#if LUA_VERSION_NUM >= 504
  lua_setwarnf(main_state, warnfoff, main_state);
  lua_gc(main_state, LUA_GCGEN, 0, 0);  /* as the standalone interpreter does */
#endif
  lua_gc(main_state, LUA_GCCOLLECT, 0);
  make_room(START_PAGES);
  start_is_over = 1;
  luago_live = 1;
}
