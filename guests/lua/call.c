/*
** Calls of the host with values: functions, globals, chunks that stay loaded.
*/

static int call_handler_ref, spread_ref, answer_ref;

/* What was sent by the host: in the mailbox, or in the room that it asked for. */
static const Slot *sent_frame (size_t len) {
  return (len <= FRAME_SIZE) ? mailbox.frame : (const Slot *)large_input;
}

#if LUA_VERSION_NUM < 502
static int traceback_ref;

static void luaL_traceback (lua_State *L, lua_State *of, const char *text, int level) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, traceback_ref);
  if (of != L) {
    lua_pushthread(of);
    lua_xmove(of, L, 1);
  }
  lua_pushstring(L, text);
  lua_pushinteger(L, of != L ? level : level + 1);
  lua_call(L, of != L ? 3 : 2, 1);
}
#endif

/* The text of any error, and the traceback after it. */
static int call_handler (lua_State *L) {
  const char *text;
  keep_error(L);
  lua_settop(L, 1);
  message_only = 0;
  if (!lua_isstring(L, 1)) {
    if (!(luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING))
      lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
  }
  text = lua_tostring(L, -1);
  message_only = strlen(text);
  if (reported != NULL) luaL_traceback(L, reported, text, 0);
  else luaL_traceback(L, L, text, 1);
  return 1;
}

typedef struct Sent { int function; uint32_t count; size_t len; } Sent;

/* Calls a function with arguments that need room in Lua's heap. */
static int spread (lua_State *L) {
  Sent *sent = lua_touserdata(L, 1);
  const Slot *slot = sent_frame(sent->len);
  int below;
  lua_settop(L, 0);
  push_frame(L, slot, sent->count, sent->len);
  input_done();
  below = lua_gettop(L) - (int)sent->count;
  lua_rawgeti(L, LUA_REGISTRYINDEX, sent->function);
  lua_insert(L, below + 1);
  lua_call(L, (int)sent->count, LUA_MULTRET);
  return lua_gettop(L) - below;
}

static int refused;  /* the value that could not be sent */

static int answer_main (lua_State *L) {
  refused = 0;
  put_values(L, 1, &refused);
  return 0;
}

/* Sends the values from 'first' on, which need not be strings or numbers. */
static int answer (lua_State *L, int first) {
  int i, status, top = lua_gettop(L);
  if (__fpending(stdout) != 0) fflush(stdout);
  refused = 0;
  for (i = first; i <= top; i++) {
    int type = lua_type(L, i);
    if (type > LUA_TSTRING || type == LUA_TLIGHTUSERDATA) break;
  }
  if (i > top && top - first < FRAME_SIZE / (int)sizeof(Slot))
    put_values(L, first, &refused);
  else {
    lua_rawgeti(L, LUA_REGISTRYINDEX, answer_ref);
    lua_insert(L, first);
    status = lua_pcall(L, top - first + 1, 0, 0);
    if (status != 0) return finish(L, status);
  }
  if (refused == 0) return STATUS_DONE;
  mailbox.count = (uint32_t)refused;
  return STATUS_UNSENDABLE;
}

static void begin_call (lua_State *L) {
  lua_settop(L, 0);
  message_only = 0;
  keep_trace = 0;
  error_kept = 0;
  report.out_of_memory = 0;
  reported = NULL;
}

/* Calls a function that the host has a handle of. */
EXPORT(EXPORT_CALL) int luago_call (int function, uint32_t count, size_t len) {
  lua_State *L = main_state;
  const Slot *slot = sent_frame(len);
  int status;
  begin_call(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, call_handler_ref);
  if (count <= LUA_MINSTACK - 4 && only_scalars(slot, count, len)) {
    uint32_t i;
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    for (i = 0; i < count; i++) push_scalar(L, slot + i);
    status = lua_pcall(L, (int)count, LUA_MULTRET, 1);
  }
  else {
    Sent sent = {function, count, len};
    lua_rawgeti(L, LUA_REGISTRYINDEX, spread_ref);
    lua_pushlightuserdata(L, &sent);
    status = lua_pcall(L, 1, LUA_MULTRET, 1);
    input_done();
  }
  if (status == 0 && has_tasks()) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, drain_ref);
    status = lua_pcall(L, 0, 0, 1);
  }
  if (status == 0) return answer(L, 2);
  if (has_tasks()) drop_tasks(L);
  return finish(L, status);
}

/* Loads code and keeps it as a function, whose handle is what is sent. */
static int load_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  char *text = input_of(chunk->name_len + 1 + chunk->code_len);
  const char *code = text + chunk->name_len + 1;
  size_t len = chunk->code_len;
  int which;
  lua_settop(L, 0);
  if (chunk->is_file) code = skip_comment(code, &len);
  if (load_code(L, code, len, text, NULL) != 0) return lua_error(L);
  put_values(L, 1, &which);
  return 0;
}

EXPORT(EXPORT_LOAD) int luago_load (size_t name_len, size_t code_len, int is_file) {
  Code code_in = {name_len, code_len, is_file};
  error_kept = 0;
  return protected_main(load_main, &code_in);
}

/* A global, or a field of one, or of that. No code of the script's runs for it. */
static int get_main (lua_State *L) {
  Sent *sent = lua_touserdata(L, 1);
  int i, key, n = (int)sent->count;
  lua_settop(L, 0);
  push_frame(L, sent_frame(sent->len), sent->count, sent->len);
  key = lua_gettop(L) - n + 1;
  push_globals(L);
  for (i = 0; i < n; i++) {
    if (!lua_istable(L, -1)) {
      lua_pushnil(L);
      break;
    }
    lua_pushvalue(L, key + i);
    lua_rawget(L, -2);
    lua_remove(L, -2);
  }
  lua_replace(L, 1);
  lua_settop(L, 1);
  refused = 0;
  put_values(L, 1, &refused);
  return 0;
}

EXPORT(EXPORT_GET) int luago_get (uint32_t count, size_t len) {
  Sent sent = {0, count, len};
  int status;
  error_kept = 0;
  status = protected_main(get_main, &sent);
  return (status == STATUS_DONE && refused != 0) ? STATUS_UNSENDABLE : status;
}

/* Makes values of what was sent, and sends them back: handles, where they are functions. */
static int handle_main (lua_State *L) {
  Sent *sent = lua_touserdata(L, 1);
  int first;
  lua_settop(L, 0);
  push_frame(L, sent_frame(sent->len), sent->count, sent->len);
  first = lua_gettop(L) - (int)sent->count + 1;
  refused = 0;
  put_values(L, first, &refused);
  return 0;
}

EXPORT(EXPORT_HANDLE) int luago_handle (uint32_t count, size_t len) {
  Sent sent = {0, count, len};
  int status;
  error_kept = 0;
  status = protected_main(handle_main, &sent);
  return (status == STATUS_DONE && refused != 0) ? STATUS_UNSENDABLE : status;
}

/*
** Sets a global or a field; tables on the way to it are made where there are none.
** For a module, the way starts at those that are loaded.
*/
static int set_main (lua_State *L) {
  Sent *sent = lua_touserdata(L, 1);
  int i, first, n = (int)sent->count - 1;
  lua_settop(L, 0);
  push_frame(L, sent_frame(sent->len), sent->count, sent->len);
  first = lua_gettop(L) - n;
  if (sent->function == VARIABLE_MODULE) lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  else push_globals(L);
  for (i = 0; i < n - 1; i++) {
    lua_pushvalue(L, first + i);
    lua_rawget(L, -2);
    if (lua_isnil(L, -1)) {
      lua_pop(L, 1);
      lua_newtable(L);
      lua_pushvalue(L, first + i);
      lua_pushvalue(L, -2);
      lua_rawset(L, -4);
    }
    else if (!lua_istable(L, -1))
      return luaL_error(L, "'%s' is a %s, not a table", lua_tostring(L, first + i),
                        luaL_typename(L, -1));
  }
  lua_pushvalue(L, first + n - 1);
  lua_pushvalue(L, first + n);
  lua_rawset(L, -3);
  return 0;
}

EXPORT(EXPORT_SET) int luago_set (int where, uint32_t count, size_t len) {
  Sent sent = {where, count, len};
  error_kept = 0;
  return protected_main(set_main, &sent);
}

EXPORT(EXPORT_RELEASE) void luago_release (void) {
  take_released(main_state);
}

/* Lets 'require' find the Go guest whose name is the input. */
static int preload_main (lua_State *L) {
  Code *name = lua_touserdata(L, 1);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushlstring(L, input_of(name->code_len), name->code_len);
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, open_preloaded, 1);
  lua_rawset(L, -3);
  return 0;
}

EXPORT(EXPORT_PRELOAD) int luago_preload (size_t len) {
  Code name = {0, len, 0};
  return protected_main(preload_main, &name);
}

/* Whether the host is to be told of tasks. */
EXPORT(EXPORT_TRACE) void luago_trace (uint32_t trace) {
  mailbox.trace = trace;
}

/* The value of the last error, where it was not only a message. */
EXPORT(EXPORT_ERROR_VALUE) int luago_error_value (void) {
  lua_State *L = main_state;
  int status;
  mailbox.count = 0;
  if (!error_kept) return STATUS_DONE;
  lua_rawgeti(L, LUA_REGISTRYINDEX, answer_ref);
  lua_rawgeti(L, LUA_REGISTRYINDEX, error_ref);
  status = lua_pcall(L, 1, 0, 0);
  if (status != 0) lua_pop(L, 1);
  return (status == 0 && refused == 0) ? STATUS_DONE : STATUS_UNSENDABLE;
}

static int freeze_main (lua_State *L) {
  lua_gc(L, LUA_GCCOLLECT, 0);
  lua_gc(L, LUA_GCCOLLECT, 0);
  close_cores(L);
  if (luago_random_seeded == 1) luago_random_seeded = 0;
  return 0;
}

/* Makes ready for being copied: each copy is to have random numbers of its own. */
EXPORT(EXPORT_FREEZE) int luago_freeze (void) {
  error_kept = 0;
  return protected_main(freeze_main, NULL);
}

static int keep_function (lua_State *L, lua_CFunction function) {
  lua_pushcfunction(L, function);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

static void setup_calls (lua_State *L) {
  lua_pushboolean(L, 0);
  error_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  call_handler_ref = keep_function(L, call_handler);
  spread_ref = keep_function(L, spread);
  answer_ref = keep_function(L, answer_main);
  /* From now on giving one back needs no memory. */
  luaL_unref(L, LUA_REGISTRYINDEX, keep_function(L, spread));
#if LUA_VERSION_NUM < 502
  lua_getglobal(L, "debug");
  lua_getfield(L, -1, "traceback");
  traceback_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pop(L, 1);
#endif
#if LUA_VERSION_NUM >= 505
  /* The list of references that are free is empty again, as scripts can see. */
  lua_pushboolean(L, 0);
  lua_rawseti(L, LUA_REGISTRYINDEX, 1);
#endif
}
