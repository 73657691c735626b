/*
** The module 'luago', as scripts see it.
*/

static int spawn (lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  new_task(L, lua_gettop(L) - 1);
  return 1;
}

/* spawn_for(seconds, f, ...): a task that has so much time */
static int spawn_for (lua_State *L) {
  double seconds = seconds_of(L, "timeout"), until;
  Task *task;
  char text[64];
  if (!lua_isfunction(L, 2)) fail_argument(L, 2, "timeout", mismatch(L, "function", 2));
  if (!(seconds >= 0)) return fail(L, "a timeout cannot be less than no time");
  snprintf(text, sizeof(text), "timed out after %.14g s", seconds);
  /* Before there is a task: a finalizer could let that run to its end. */
  lua_pushstring(L, text);
  lua_replace(L, 1);
  task = new_task(L, lua_gettop(L) - 2);
  until = task->due = host_now() + seconds;
  if (task->until == 0 || until < task->until) task->until = until;
  host_timer(call_id_of(task) | CALL_ID_TIMEOUT, seconds);
  task->timed = 1;
  watch_time(task);
  lua_pushvalue(L, 1);
  keep(L, -2, KEPT_REASON);
  return 1;
}

static int task_results (lua_State *L) {
  Task *task = to_task(L, 1);
  int i, n;
  if (task->state == DROPPED)
    return fail(L, "the call that the task belonged to has failed");
  if (task->state == CANCELLED) {
    lua_settop(L, 1);
    return fail(L, push_reason(L));
  }
  n = (task->state == DONE_BADLY) ? 1 : lua_gettop(task->L);
  luaL_checkstack(L, n, "too many results");
  if (!lua_checkstack(task->L, n)) return luaL_error(L, "too many results");
  for (i = n; i > 0; i--) lua_pushvalue(task->L, -n);
  lua_xmove(task->L, L, n);
  if (task->state == DONE_BADLY) {
    forget_failure(L, task);
    return lua_error(L);
  }
  return n;
}

static int task_status (lua_State *L) {
  static const char *const names[] =
    {"ready", "running", "waiting", "done", "failed", "cancelled", "dropped"};
  lua_pushstring(L, names[to_task(L, 1)->state]);
  return 1;
}

/* task:cancel([reason]): whether there was anything to cancel */
static int task_cancel (lua_State *L) {
  Task *task = to_task(L, 1);
  int which;
  if (!lua_isnoneornil(L, 2)) luaL_checkstring(L, 2);
  lua_settop(L, 2);
  if (task->state >= DONE_WELL || task->asked) {
    lua_pushboolean(L, 0);
    return 1;
  }
  mailbox.count = 0;
  if (!lua_isnil(L, 2)) {
    lua_pushfstring(L, "the task was cancelled: %s", lua_tostring(L, 2));
    keep(L, 1, KEPT_REASON);
    if (!put_values(L, 2, &which)) mailbox.count = 0;
  }
  cancel_task(L, task, CANCEL_CANCELLED);
  if (task == current) check_asked(L);
  lua_pushboolean(L, 1);
  return 1;
}

static int task_close (lua_State *L) {
  lua_settop(L, 1);
  return task_cancel(L), 0;
}

/*
** What can wait stands in Lua, around functions that leave their coroutine as the last
** thing they do, since C functions cannot go on after that in every version.
*/
static const char luago_source[] =
  "local start, finish, nap, pull, wait, group, join, first, results, spawn_for, cancel, "
  "unpack = ...\n"
  "local select, type = select, type\n"
  "local function listed(...)\n"
  "local tasks = ...\n"
  "if select('#', ...) == 1 and type(tasks) == 'table' then return tasks, #tasks, true end\n"
  "return {...}, select('#', ...), false end\n"
  "local function cancel_all(tasks, n) for i = 1, n do cancel(tasks[i]) end end\n"
  "return function(id) return function(...)\n"
  "local call_id = start(id, ...) return finish(call_id) end end,\n"
  "function(task) wait(task, false) return results(task) end,\n"
  "function(stream)\n"
  "local call_id = pull(stream) if call_id then return finish(call_id) end end,\n"
  "function(...) nap(...) end,\n"
  "function(...)\n"
  "local tasks, n, is_list = listed(...)\n"
  "local all = group(tasks, false, n, is_list) join(all, tasks)\n"
  "local bad = first(all, tasks, false)\n"
  "if bad then cancel_all(tasks, n) return results(tasks[bad]) end\n"
  "local values = {}\n"
  "for i = 1, n do values[i] = results(tasks[i]) end\n"
  "if is_list then return values end\n"
  "return unpack(values, 1, n) end,\n"
  "function(...)\n"
  "local tasks, n, is_list = listed(...)\n"
  "local any = group(tasks, true, n, is_list) join(any, tasks)\n"
  "local won = first(any, tasks, true)\n"
  "if not won then return end\n"
  "cancel_all(tasks, n) return results(tasks[won]) end,\n"
  "function(seconds, f, ...)\n"
  "local task = spawn_for(seconds, f, ...)\n"
  "wait(task, true) return results(task) end";

/* A table of the module, which is made when it is first required. */
static int open_luago (lua_State *L) {
  static const char *const names[] = {"sleep", "all", "race", "timeout"};
  int i;
  lua_newtable(L);
  lua_pushcfunction(L, spawn);
  lua_setfield(L, -2, "spawn");
  lua_pushcfunction(L, open_guest);
  lua_setfield(L, -2, "guest");
  lua_pushcfunction(L, segment_new);
  lua_setfield(L, -2, "segment");
  lua_pushcfunction(L, layout_new);
  lua_setfield(L, -2, "struct");
  lua_pushcfunction(L, ring_new);
  lua_setfield(L, -2, "ring");
  for (i = 0; i < 4; i++) {
    lua_pushvalue(L, lua_upvalueindex(i + 1));
    lua_setfield(L, -2, names[i]);
  }
  return 1;
}

static void push_unpack (lua_State *L) {
  lua_getglobal(L, LUA_VERSION_NUM >= 502 ? "table" : "unpack");
  if (LUA_VERSION_NUM >= 502) {
    lua_getfield(L, -1, "unpack");
    lua_remove(L, -2);
  }
}

static void setup_luago (lua_State *L) {
  static const lua_CFunction parts[] = {
    async_start, async_finish, async_nap, stream_pull, task_wait, task_group, task_join,
    task_first, task_results, spawn_for, task_cancel
  };
  size_t i;
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  luaL_loadbuffer(L, luago_source, sizeof(luago_source) - 1, LUAGO_CHUNK);
  for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) lua_pushcfunction(L, parts[i]);
  push_unpack(L);
  lua_call(L, (int)i + 1, 7);  /* async, await, next, sleep, all, race, timeout */
  lua_pushcclosure(L, open_luago, 4);
  lua_setfield(L, -5, "luago");
  next_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  luaL_newmetatable(L, TASK);
  lua_createtable(L, 0, 3);
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "await");
  lua_pushcfunction(L, task_cancel);
  lua_setfield(L, -2, "cancel");
  lua_pushcfunction(L, task_status);
  lua_setfield(L, -2, "status");
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, task_close);
  lua_setfield(L, -2, "__close");
  lua_pushliteral(L, "task");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "task");
  lua_setfield(L, -2, "__metatable");
  task_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pop(L, 1);
  async_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushcfunction(L, drain);
  drain_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pop(L, 2);
  setup_guests(L);
  setup_views(L);
}
