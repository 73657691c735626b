/*
** Waiting: for the host, for the time, and for tasks. What waits leaves its coroutine,
** if Lua allows it there; otherwise it runs the other tasks from where it stands.
*/

static int async_ref = LUA_NOREF;

#if LUA_VERSION_NUM >= 504
/* guest.c */
static int is_stream (lua_State *L);
#endif

static int can_leave (lua_State *L) {
  if (current == NULL || current->L != L) return 0;
#if LUA_VERSION_NUM >= 503
  return lua_isyieldable(L);
#elif LUA_VERSION_NUM == 502
  return L->nny == 0;
#else
  return L->nCcalls <= L->baseCcalls;
#endif
}

/* Raises an error for who called the wrapper that called this. */
static int fail (lua_State *L, const char *text) {
  luaL_where(L, 2);
  lua_pushstring(L, text);
  lua_concat(L, 2);
  return lua_error(L);
}

/* The same about an argument, of which 'given' says what was wrong. */
static int fail_argument (lua_State *L, int arg, const char *function, const char *given) {
  luaL_where(L, 2);
  lua_pushfstring(L, "bad argument #%d to '%s' (%s)", arg, function, given);
  lua_concat(L, 2);
  return lua_error(L);
}

/* 'expected' stood for by the value at 'index', which is of another type. */
static const char *mismatch (lua_State *L, const char *expected, int index) {
  return lua_pushfstring(L, "%s expected, got %s", expected, luaL_typename(L, index));
}

/* The number of seconds that is the first argument of the wrapper 'function'. */
static double seconds_of (lua_State *L, const char *function) {
  if (!lua_isnumber(L, 1)) fail_argument(L, 1, function, mismatch(L, "number", 1));
  return lua_tonumber(L, 1);
}

/* A task that is to end does not wait any more. */
static void check_asked (lua_State *L) {
  if (current == NULL || !current->asked) return;
  lua_rawgeti(L, LUA_REGISTRYINDEX, current->ref);
  fail(L, push_reason(L));
}

static void complete (lua_State *L, uint32_t call_id) {
  Wait *wait;
  Task *task = (Task *)(uintptr_t)(call_id & ~CALL_ID_TIMEOUT);
  if (call_id & CALL_ID_TIMEOUT) {
    task->timed = 0;
    mailbox.count = 0;
    cancel_task(L, task, CANCEL_TIMED_OUT);
    return;
  }
  for (wait = waits; wait != NULL; wait = wait->outer)
    if (call_id_of(wait) == call_id) {
      wait->done = 1;
      return;
    }
  if (lua_status(task->L) == LUA_YIELD) {
    lua_pushnumber(task->L, (lua_Number)call_id);
    task->nargs = 1;
  }
  make_ready(task);
  task->on_host = 1;  /* until it runs, and takes what the host has for it */
}

/* The host suspends the guest here, if it has to wait and its caller is not to. */
static __attribute__((noinline)) void pause_guest (void) {
  __asm__ volatile ("" ::: "memory");
}

/* guest.c */
static void take_calls (lua_State *L);

static unsigned int steps;

/* Calls of C in each other up to which a sleep that cannot be left lets other tasks run. Each
   of them would sleep in the one before it; the rest are for what a task does itself. */
#define DEEP	(LUAI_MAXCCALLS / 2)

static int is_deep (lua_State *L) {
#if LUA_VERSION_NUM >= 504
  return getCcalls(L) > DEEP;
#else
  return L->nCcalls > DEEP;
#endif
}

/* Lets a task run, or waits for the host; false if nothing is ever to happen. With 'alone'
   no task is run. */
static int step (lua_State *L, int alone) {
  uint32_t call_id;
  int waiting = 1;
  Task *task = alone ? NULL : next_ready(L);
  if (task == NULL || ++steps % 64 == 0) {
    if (task != NULL) ready_again(task);
    waiting = host_wait(task == NULL);
    pause_guest();
    if (mailbox.output) show_output();
    while ((call_id = host_completed()) != 0) complete(L, call_id);
    take_calls(L);
    return waiting || ready_first != NULL;  /* who waits may have what it wants */
  }
  /* The time of one that has begun may be up, and nobody has told it yet. */
  if (task->started && task->timed && host_now() >= task->due) {
    mailbox.count = 0;
    cancel_task(L, task, CANCEL_TIMED_OUT);
  }
  else run_task(L, task);
  return 1;
}

#define STUCK	"every task waits for another, and none for the host"

/* Runs other tasks until a wait is over; false if that is never to be. */
static int wait_here (lua_State *L, Wait *wait) {
  int going = 1;
  wait->task = current;
  wait->outer = waits;
  waits = wait;
  if (current != NULL) tell(PHASE_PAUSE, current, 0);
  while (!wait->done && going) going = step(L, wait->sleeps && is_deep(L));
  waits = wait->outer;
  if (wait->task != NULL) tell(PHASE_RESUME, wait->task, 0);
  return wait->done;
}

/* Waits for what the host has been told under a call id, which is the result. */
static int wait_for_host (lua_State *L, uint32_t call_id, Wait *wait) {
  if (wait == NULL) {
    current->state = WAITING;
    current->on_host = 1;
    return lua_yield(L, 0);  /* resumed with the call id */
  }
  if (!wait_here(L, wait)) {
    host_abandon(call_id, CANCEL_CANCELLED);
    return fail(L, STUCK);
  }
  check_asked(L);
  settled = call_id;
  lua_pushnumber(L, (lua_Number)call_id);
  return 1;
}

/* How long what is started now may take, for a Go guest. */
static inline void send_timeout (void) {
  mailbox.timeout = 0;
  if (current != NULL && current->until != 0) {
    double left = current->until - host_now();
    mailbox.timeout = (left > 1e-9) ? left : 1e-9;
  }
}

/* How what was started ended, if it did so at once. */
static int ended_kind;

/* start(id, ...): a call id, or nothing if it has ended; finish([call_id]): results */
static int async_start (lua_State *L) {
  int which, leaves = can_leave(L);
  Wait wait = {0, NULL, NULL, 0};
  uint32_t call_id = leaves ? call_id_of(current) : call_id_of(&wait);
  uint32_t id = (uint32_t)lua_tonumber(L, 1);
  check_asked(L);
  if (!put_values(L, 2, &which)) return bad_argument(L, id, which, 2);
  send_timeout();
  ended_kind = host_start(id, call_id);
  if (ended_kind == REPLY_PENDING) return wait_for_host(L, call_id, leaves ? NULL : &wait);
  return 0;
}

static int async_finish (lua_State *L) {
  int kind = ended_kind;
  if (lua_type(L, 1) == LUA_TNUMBER) {
    uint32_t call_id = (uint32_t)lua_tonumber(L, 1);
    if (call_id == settled) kind = host_result(call_id);
  }
  settled = 0;
  if (kind == REPLY_PENDING)
    return fail(L, "the coroutine of a task was resumed by something else than what it waits for");
  lua_settop(L, 0);
#if LUA_VERSION_NUM >= 504
  /* A loop closes its fourth value when it ends, in whatever way. */
  if (take_results(L, kind, 2) == 1 && is_stream(L)) {
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, 1);
  }
  return lua_gettop(L);
#else
  return take_results(L, kind, 2);
#endif
}

static void push_async_function (lua_State *L, uint32_t id) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, async_ref);
  lua_pushnumber(L, (lua_Number)id);
  lua_call(L, 1, 1);
}

/* nap(seconds) */
static int async_nap (lua_State *L) {
  double seconds = seconds_of(L, "sleep");
  int leaves = can_leave(L);
  Wait wait = {0, NULL, NULL, 1};
  uint32_t call_id = leaves ? call_id_of(current) : call_id_of(&wait);
  if (!(seconds >= 0)) return fail(L, "cannot sleep for less than no time");
  check_asked(L);
  host_timer(call_id, seconds);
  return wait_for_host(L, call_id, leaves ? NULL : &wait);
}

/* The task at an index, or NULL. */
static Task *test_task (lua_State *L, int index) {
  void *data = lua_touserdata(L, index);
  int is_one;
  if (data == NULL || !lua_getmetatable(L, index)) return NULL;
  lua_rawgeti(L, LUA_REGISTRYINDEX, task_ref);
  is_one = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return is_one ? data : NULL;
}

static Task *to_task (lua_State *L, int index) {
  return luaL_checkudata(L, index, TASK);
}

/* Has a group wait for a task, unless that has ended. */
static void watch (Group *group, Link *link, Task *task) {
  link->group = group;
  link->on = NULL;
  if (task->state >= DONE_WELL) {
    if (group->first == NULL) group->first = task;
    group->left = (task->state == DONE_WELL) ? group->left - 1 : 0;
    return;
  }
  link->on = task;
  link->previous = NULL;
  link->next = task->waiters;
  if (link->next != NULL) link->next->previous = link;
  task->waiters = link;
}

static int wait_for_group (lua_State *L, Group *group) {
  Wait wait = {0, NULL, NULL, 0};
  Task *own;
  if (group->left <= 0) {
    leave_group(group);
    return 0;
  }
  if (can_leave(L)) {
    group->task = current;
    current->state = WAITING;
    current->group = group;
    return lua_yield(L, 0);
  }
  group->wait = &wait;
  if (!wait_here(L, &wait)) {
    leave_group(group);
    return fail(L, STUCK);
  }
  own = group->owns ? group->links[0].on : NULL;  /* NULL if it has ended */
  leave_group(group);
  if (own != NULL && current != NULL && current->asked) {
    mailbox.count = 0;
    cancel_task(L, own, current->asked);
  }
  check_asked(L);
  return 0;
}

/* wait(task, owns) */
static int task_wait (lua_State *L) {
  Task *task = test_task(L, 1);
  if (task == NULL) return fail_argument(L, 1, "await", mismatch(L, "task", 1));
  if (task == current) return fail(L, "a task cannot wait for itself");
  if (task->state >= DONE_WELL) return 0;
  check_asked(L);
  if (can_leave(L)) {
    Group *group = &current->own;
    memset(group, 0, sizeof(Group));
    group->left = group->n = 1;
    group->owns = lua_toboolean(L, 2);
    group->links = &current->link;
    watch(group, group->links, task);
    return wait_for_group(L, group);
  }
  else {
    Link link;
    Group group = {NULL, NULL, 1, 1, lua_toboolean(L, 2), NULL, &link};
    watch(&group, &link, task);
    return wait_for_group(L, &group);
  }
}

/* group(tasks, any, n, is_list): what waits for all or any of a list of tasks */
static int task_group (lua_State *L) {
  int i, n = (int)lua_tointeger(L, 3), any = lua_toboolean(L, 2);
  Group *group;
  for (i = 1; i <= n; i++) {
    Task *task;
    lua_rawgeti(L, 1, i);
    task = test_task(L, -1);
    if (task == NULL) {
      const char *given = mismatch(L, "task", -1);
      if (lua_toboolean(L, 4))
        fail_argument(L, 1, any ? "race" : "all",
                      lua_pushfstring(L, "element %d: %s", i, given));
      fail_argument(L, i, any ? "race" : "all", given);
    }
    if (task == current) return fail(L, "a task cannot wait for itself");
    lua_pop(L, 1);
  }
  group = lua_newuserdata(L, sizeof(Group) + (size_t)n * sizeof(Link));
  memset(group, 0, sizeof(Group) + (size_t)n * sizeof(Link));
  group->links = (Link *)(group + 1);
  group->n = n;
  group->left = (any && n > 0) ? 1 : n;
  return 1;
}

/* join(group, tasks) */
static int task_join (lua_State *L) {
  Group *group = lua_touserdata(L, 1);
  int i;
  check_asked(L);
  for (i = 0; i < group->n && group->left > 0; i++) {
    lua_rawgeti(L, 2, i + 1);
    watch(group, &group->links[i], lua_touserdata(L, -1));
    lua_pop(L, 1);
  }
  return wait_for_group(L, group);
}

/* first(group, tasks): the index of the one that ended first, or was bad */
static int task_first (lua_State *L) {
  Group *group = lua_touserdata(L, 1);
  int i;
  for (i = 1; i <= group->n; i++) {
    Task *task;
    lua_rawgeti(L, 2, i);
    task = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (lua_toboolean(L, 3) ? task == group->first
                            : task->state > DONE_WELL) {
      lua_pushinteger(L, i);
      return 1;
    }
  }
  return 0;
}

/* Runs the tasks that are left when the function that was called has returned. */
static int drain (lua_State *L) {
  while (alive != NULL)
    if (!step(L, 0)) return luaL_error(L, STUCK);
  if (failed_tasks != NULL) {
    reported = failed_tasks->L;
    lua_pushvalue(reported, -1);
    lua_xmove(reported, L, 1);
    return lua_error(L);
  }
  return 0;
}
