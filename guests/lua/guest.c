/*
** Go guests as Lua sees them: their modules, their streams, and what they call.
*/

/* A table with the functions of the Go guest of that name. */
static int open_guest (lua_State *L) {
  size_t len;
  const char *name = luaL_checklstring(L, 1, &len);
  int kind = host_guest(name, len);
  lua_settop(L, 0);
  return take_results(L, kind, 1);
}

static int open_preloaded (lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  return open_guest(L);
}

#define STREAM	"luago.stream"

static int next_ref = LUA_NOREF;

/* Values that a Go guest makes one by one, and that a loop asks for. */
static void push_stream (lua_State *L, uint32_t number) {
  uint32_t *stream;
  luaL_checkstack(L, 4, NULL);
  stream = lua_newuserdata(L, sizeof(uint32_t));
  *stream = 0;
  luaL_getmetatable(L, STREAM);
  lua_setmetatable(L, -2);
  *stream = number;
}

#if LUA_VERSION_NUM >= 504
/* Whether the value on the top is a stream. */
static int is_stream (lua_State *L) {
  return lua_type(L, -1) == LUA_TUSERDATA && luaL_testudata(L, -1, STREAM) != NULL;
}
#endif

/* pull(stream): a call id, or true if the value is there, or nothing at the end */
static int stream_pull (lua_State *L) {
  uint32_t *stream = luaL_checkudata(L, 1, STREAM);
  int leaves = can_leave(L);
  Wait wait = {0, NULL, NULL};
  uint32_t call_id = leaves ? call_id_of(current) : call_id_of(&wait);
  if (*stream == 0) return 0;
  check_asked(L);
  send_timeout();
  ended_kind = host_next_value(*stream, call_id);
  if (ended_kind == REPLY_PENDING) return wait_for_host(L, call_id, leaves ? NULL : &wait);
  lua_pushboolean(L, 1);
  return 1;
}

static int stream_drop (lua_State *L) {
  uint32_t *stream = luaL_checkudata(L, 1, STREAM);
  uint32_t number = *stream;
  *stream = 0;
  if (number != 0) host_drop_stream(number);
  return 0;
}

static void push_globals (lua_State *L) {
#if LUA_VERSION_NUM >= 502
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
#else
  lua_pushvalue(L, LUA_GLOBALSINDEX);
#endif
}

/* Finds a global function by its name, with dots for fields. Metatables are not asked. */
static void find_function (lua_State *L, int name) {
  size_t len;
  const char *text = lua_tolstring(L, name, &len);
  const char *end = text + len;
  push_globals(L);
  while (text <= end) {
    const char *dot = memchr(text, '.', (size_t)(end - text));
    if (dot == NULL) dot = end;
    if (!lua_istable(L, -1)) break;
    lua_pushlstring(L, text, (size_t)(dot - text));
    lua_rawget(L, -2);
    lua_remove(L, -2);
    text = dot + 1;
  }
  if (!lua_isfunction(L, -1))
    luaL_error(L, "there is no global function '%s'", lua_tostring(L, name));
  lua_replace(L, name);
}

/* Makes a task of a call that a Go guest has made and that the host has left. */
static int begin_call_of_guest (lua_State *L) {
  uint32_t call = (uint32_t)lua_tonumber(L, 1);
  int n;
  Task *task;
  lua_settop(L, 0);
  n = take_results(L, REPLY_VALUES, 1);
  luaL_checkany(L, 1);
  if (lua_type(L, 1) == LUA_TSTRING) find_function(L, 1);
  task = new_task(L, n - 1);
  task->call = call;
  task->until = 0;
  return 0;
}

/* Sends what a Go guest's call gave: its results, or what it raised. */
static int send_answer (lua_State *L) {
  Task *task = lua_touserdata(L, 1);
  int i, n, which;
  lua_settop(L, 0);
  if (task->state == CANCELLED) lua_pushliteral(L, "the call was cancelled");
  else {
    n = (task->state == DONE_WELL) ? lua_gettop(task->L) : 1;
    luaL_checkstack(L, n, "too many results");
    if (!lua_checkstack(task->L, n)) return luaL_error(L, "too many results");
    for (i = 0; i < n; i++) lua_pushvalue(task->L, -n);
    lua_xmove(task->L, L, n);
  }
  if (put_values(L, 1, &which)) return 0;
  lua_settop(L, 0);
  if (task->state == DONE_WELL)
    lua_pushfstring(L, "bad result #%d (%s)", which, problem_message());
  else lua_pushfstring(L, "(error object cannot be passed: %s)", problem_message());
  return lua_error(L);
}

static int send_text (lua_State *L) {
  int which;
  if (!put_values(L, 1, &which)) mailbox.count = 0;
  return 0;
}

static void send_failure (lua_State *L, uint32_t call) {
  lua_pushcfunction(L, send_text);
  lua_insert(L, -2);
  if (lua_pcall(L, 1, 0, 0) != 0) {
    lua_pop(L, 1);
    mailbox.count = 0;
  }
  host_answer(call, REPLY_RAISE);
}

static void answer_call (lua_State *L, Task *task) {
  int kind = (task->state == DONE_WELL) ? REPLY_VALUES : REPLY_RAISE;
  lua_pushcfunction(L, send_answer);
  lua_pushlightuserdata(L, task);
  if (lua_pcall(L, 1, 0, 0) == 0) host_answer(task->call, kind);
  else send_failure(L, task->call);
}

/* A call that nobody waits for any more. */
static void abandon_call (lua_State *L, uint32_t call) {
  Task *task = alive;
  while (task != NULL && task->call != call) task = task->next_alive;
  mailbox.count = 0;
  if (task != NULL) cancel_task(L, task, CANCEL_CANCELLED);
}

/* Takes over what Go guests have called. */
static void take_calls (lua_State *L) {
  uint32_t call;
  while ((call = host_next_call()) != 0) {
    if (call & GO_CALL_ABANDONED) {
      abandon_call(L, call & ~GO_CALL_ABANDONED);
      continue;
    }
    lua_pushcfunction(L, begin_call_of_guest);
    lua_pushnumber(L, (lua_Number)call);
    if (lua_pcall(L, 1, 0, 0) != 0) send_failure(L, call);
  }
}

static void setup_guests (lua_State *L) {
  luaL_newmetatable(L, STREAM);
  lua_rawgeti(L, LUA_REGISTRYINDEX, next_ref);
  lua_setfield(L, -2, "__call");
  lua_pushcfunction(L, stream_drop);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, stream_drop);
  lua_setfield(L, -2, "__close");
  lua_pushliteral(L, "stream");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "stream");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}
