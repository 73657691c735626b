/*
** Tasks: coroutines that the guest runs by itself while another waits. What waits
** for the host leaves its coroutine, if Lua allows it there; otherwise it runs the
** other tasks from where it stands.
*/

enum { READY, RUNNING, WAITING, DONE_WELL, DONE_BADLY, DROPPED };

typedef struct Task {
  lua_State *L;
  int state;
  int ref;  /* keeps it while it is alive */
  int nargs;  /* values on its stack for the next resume */
  struct Task *next;  /* in a list of tasks that are ready or wait for the same */
  struct Task *waiters;  /* tasks that wait for its end */
  struct Task *previous_alive, *next_alive;
} Task;

/* A wait that could not leave its coroutine. */
typedef struct Wait {
  int done;
  struct Wait *outer;
} Wait;

/* What the host is told of who waits: the address of a task, or of a wait. */
#define ticket_of(p)	((uint32_t)(uintptr_t)(p))

static Task *ready_first, *ready_last;
static Task *alive;
static Task *current;
static Wait *waits;
static int async_ref = LUA_NOREF, drain_ref = LUA_NOREF;

/* Tasks whose errors nobody has taken yet, the first one first. */
static Task *failed_tasks;

/* Its coroutine once the error ends the call, for the traceback. */
static lua_State *reported;

#define TASK	"luago.task"

#if LUA_VERSION_NUM >= 504
#define new_task_data(L)	lua_newuserdatauv(L, sizeof(Task), 1)
#define set_companion(L)	lua_setiuservalue(L, -2, 1)
#elif LUA_VERSION_NUM >= 502
#define new_task_data(L)	lua_newuserdata(L, sizeof(Task))
#define set_companion(L)	lua_setuservalue(L, -2)
#else
#define new_task_data(L)	lua_newuserdata(L, sizeof(Task))
#define set_companion(L)	lua_setfenv(L, -2)
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

static void make_ready (Task *task) {
  task->state = READY;
  task->next = NULL;
  if (ready_last != NULL) ready_last->next = task;
  else ready_first = task;
  ready_last = task;
}

static int spawn (lua_State *L) {
  int n = lua_gettop(L);
  Task *task;
  luaL_checktype(L, 1, LUA_TFUNCTION);
  task = new_task_data(L);
  memset(task, 0, sizeof(Task));
  task->state = DROPPED;
  lua_createtable(L, 1, 0);
  task->L = lua_newthread(L);
  lua_rawseti(L, -2, 1);
  set_companion(L);
  luaL_getmetatable(L, TASK);
  lua_setmetatable(L, -2);
  if (!lua_checkstack(task->L, n + 4)) return luaL_error(L, "too many arguments");
  lua_pushvalue(L, -1);
  task->ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_insert(L, 1);
  lua_xmove(L, task->L, n);
  task->nargs = n - 1;
  task->next_alive = alive;
  if (alive != NULL) alive->previous_alive = task;
  alive = task;
  make_ready(task);
  return 1;
}

/* A task that has ended, in whatever way, is kept only by those who ask for it. */
static void bury (lua_State *L, Task *task, int state) {
  Task *waiter = task->waiters;
  task->state = state;
  if (task->previous_alive != NULL) task->previous_alive->next_alive = task->next_alive;
  else alive = task->next_alive;
  if (task->next_alive != NULL) task->next_alive->previous_alive = task->previous_alive;
  task->waiters = NULL;
  while (waiter != NULL) {
    Task *next = waiter->next;
    make_ready(waiter);
    waiter = next;
  }
  if (state == DONE_BADLY) {
    Task **last = &failed_tasks;
    while (*last != NULL) last = &(*last)->next;
    task->next = NULL;
    *last = task;
  }
  else luaL_unref(L, LUA_REGISTRYINDEX, task->ref);
}

static void run_task (lua_State *L, Task *task) {
  Task *before = current;
  int status, nargs = task->nargs;
  current = task;
  task->nargs = 0;
  task->state = RUNNING;
#if LUA_VERSION_NUM >= 504
  {
    int n;
    status = lua_resume(task->L, L, nargs, &n);
    if (status == LUA_YIELD) lua_pop(task->L, n);
  }
#else
#if LUA_VERSION_NUM >= 502
  status = lua_resume(task->L, L, nargs);
#else
  lua_setlevel(L, task->L);  /* how deep C functions are in each other */
  status = lua_resume(task->L, nargs);
#endif
  if (status == LUA_YIELD) lua_settop(task->L, 0);
#endif
  current = before;
  if (status != LUA_YIELD) bury(L, task, status == 0 ? DONE_WELL : DONE_BADLY);
  else if (task->state == RUNNING) make_ready(task);  /* it let others go first */
}

static void complete (uint32_t ticket) {
  Wait *wait;
  for (wait = waits; wait != NULL; wait = wait->outer)
    if (ticket_of(wait) == ticket) {
      wait->done = 1;
      return;
    }
  Task *task = (Task *)(uintptr_t)ticket;
  lua_pushnumber(task->L, (lua_Number)ticket);
  task->nargs = 1;
  make_ready(task);
}

/* The host suspends the guest here, if it has to wait and its caller is not to. */
static __attribute__((noinline)) void pause_guest (void) {
  __asm__ volatile ("" ::: "memory");
}

static unsigned int steps;

/* Lets a task run, or waits for the host; false if nothing is ever to happen. */
static int step (lua_State *L) {
  uint32_t ticket;
  int waiting = 1;
  Task *task = ready_first;
  if (task == NULL || ++steps % 64 == 0) {
    waiting = host_wait(task == NULL);
    pause_guest();
    while ((ticket = host_completed()) != 0) complete(ticket);
  }
  if (task == NULL) return waiting || ready_first != NULL;
  ready_first = task->next;
  if (ready_first == NULL) ready_last = NULL;
  run_task(L, task);
  return 1;
}

#define STUCK	"every task waits for another, and none for the host"

/* start(id, ...): a ticket; finish(ticket): results */
static int async_start (lua_State *L) {
  int which, leaves = can_leave(L), going = 1;
  Wait wait = {0, waits};
  uint32_t ticket = leaves ? ticket_of(current) : ticket_of(&wait);
  if (!put_values(L, 2, &which))
    return luaL_argerror(L, which, problem_message());
  if (host_start((uint32_t)lua_tonumber(L, 1), ticket) == HOST_PENDING) {
    if (leaves) {
      current->state = WAITING;
      return lua_yield(L, 0);  /* resumed with the ticket */
    }
    waits = &wait;
    while (!wait.done && going) going = step(L);
    waits = wait.outer;
    if (!wait.done) return luaL_error(L, STUCK);
  }
  lua_pushnumber(L, (lua_Number)ticket);
  return 1;
}

static int async_finish (lua_State *L) {
  return take_results(L, host_result((uint32_t)luaL_checknumber(L, 1)), 2);
}

static void push_async_function (lua_State *L, uint32_t id) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, async_ref);
  lua_pushnumber(L, (lua_Number)id);
  lua_call(L, 1, 1);
}

static Task *to_task (lua_State *L) {
  return luaL_checkudata(L, 1, TASK);
}

static int task_wait (lua_State *L) {
  Task *task = to_task(L);
  if (task == current) return luaL_error(L, "a task cannot wait for itself");
  if (task->state >= DONE_WELL) return 0;
  if (can_leave(L)) {
    current->state = WAITING;
    current->next = task->waiters;
    task->waiters = current;
    return lua_yield(L, 0);
  }
  while (task->state < DONE_WELL)
    if (!step(L)) return luaL_error(L, STUCK);
  return 0;
}

static void forget_failure (lua_State *L, Task *task) {
  Task **place = &failed_tasks;
  while (*place != NULL && *place != task) place = &(*place)->next;
  if (*place == NULL) return;
  *place = task->next;
  luaL_unref(L, LUA_REGISTRYINDEX, task->ref);
}

static int task_results (lua_State *L) {
  Task *task = to_task(L);
  int i, n;
  if (task->state == DROPPED)
    return luaL_error(L, "the call that the task belonged to has failed");
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
    {"ready", "running", "waiting", "done", "failed", "dropped"};
  lua_pushstring(L, names[to_task(L)->state]);
  return 1;
}

static int has_tasks (void) {
  return alive != NULL || failed_tasks != NULL || waits != NULL;
}

/* The call has failed: its tasks end with it. */
static void drop_tasks (lua_State *L) {
  while (alive != NULL) {
    alive->waiters = NULL;
    bury(L, alive, DROPPED);
  }
  while (failed_tasks != NULL) forget_failure(L, failed_tasks);
  ready_first = ready_last = current = NULL;
  waits = NULL;
  host_cancel();
}

/* Runs the tasks that are left when the function that was called has returned. */
static int drain (lua_State *L) {
  while (alive != NULL)
    if (!step(L)) return luaL_error(L, STUCK);
  if (failed_tasks != NULL) {
    reported = failed_tasks->L;
    lua_pushvalue(reported, -1);
    lua_xmove(reported, L, 1);
    return lua_error(L);
  }
  return 0;
}

static const char async_source[] =
  "local start, finish, wait, results = ...\n"
  "return function(id) return function(...)\n"
  "local ticket = start(id, ...) return finish(ticket) end end,\n"
  "function(task) wait(task) return results(task) end";

static int open_luago (lua_State *L) {
  lua_newtable(L);
  lua_pushcfunction(L, spawn);
  lua_setfield(L, -2, "spawn");
  return 1;
}

static void setup_tasks (lua_State *L) {
  luaL_loadbuffer(L, async_source, sizeof(async_source) - 1, "=[luago]");
  lua_pushcfunction(L, async_start);
  lua_pushcfunction(L, async_finish);
  lua_pushcfunction(L, task_wait);
  lua_pushcfunction(L, task_results);
  lua_call(L, 4, 2);
  luaL_newmetatable(L, TASK);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "await");
  lua_pushcfunction(L, task_status);
  lua_setfield(L, -2, "status");
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "task");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "task");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 2);
  async_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushcfunction(L, drain);
  drain_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, open_luago);
  lua_setfield(L, -2, "luago");
  lua_pop(L, 2);
}
