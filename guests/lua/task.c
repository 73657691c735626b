/*
** Tasks: coroutines that the guest runs by itself while another waits. This is the life
** of one; how it waits stands in wait.c.
*/

enum {
  READY, RUNNING, WAITING, DONE_WELL = END_OK, DONE_BADLY = END_ERROR, CANCELLED,
  DROPPED = END_DROPPED
};

struct Task;

/* That somebody waits for the end of a task: one of the links of a group. */
typedef struct Link {
  struct Group *group;
  struct Task *on;
  struct Link *next, *previous;
} Link;

/* All that one waits for at a time. */
typedef struct Group {
  struct Task *task;  /* who waits, if it has left its coroutine */
  struct Wait *wait;  /* who waits, if not */
  int left;  /* ends until it goes on, unless one is bad */
  int n;
  int owns;  /* whether the tasks end with who waits for them */
  struct Task *first;  /* the one that ended first */
  Link *links;
} Group;

typedef struct Task {
  lua_State *L;
  int state;
  int ref;  /* keeps it while it is alive */
  int nargs;  /* values on its stack for the next resume */
  int started;
  int queued;  /* whether it is in the list of those that are ready */
  int asked;  /* to end */
  int on_host;  /* whether it waits for the host */
  int timed;  /* whether the host ends it at a time */
  double due;  /* that time */
  double until;  /* that time, or an earlier one of the task that spawned it, or 0 */
  int paused;  /* whether it was left in the middle of what it computes */
  uint32_t call;  /* of a Go guest, which gets its results, or 0 */
  int expired;  /* whether it was found running when its time was up */
  int failed;  /* whether it is in the list of those that have failed */
  int ended;  /* whether nothing is left to do for it, but to let it go */
  struct Task *next;  /* in the list of those that are ready */
  struct Task *next_failed;
  Link *waiters;
  Group *group;  /* what it waits for, if it has left */
  Group own;  /* for one task to wait for */
  Link link;
  struct Task *previous_alive, *next_alive;
} Task;

/* A wait that could not leave its coroutine. */
typedef struct Wait {
  int done;
  Task *task;  /* that it stands in, or NULL in the main program */
  struct Wait *outer;
  int sleeps;  /* whether it waits for the time alone */
} Wait;

/*
** The call id by which the host knows who waits: the address of a task, or of a wait. With
** the lowest bit it is the end of a task's time.
*/
#define call_id_of(p)	((uint32_t)(uintptr_t)(p))

static Task *ready_first, *ready_last;
static Task *alive;
static Task *current;
static Wait *waits;
static int drain_ref = LUA_NOREF;

/* Tasks whose errors nobody has taken yet, the first one first. */
static Task *failed_tasks;

/* Its coroutine once the error ends the call, for the traceback. */
static lua_State *reported;

/* The call id whose answer is taken next. */
static uint32_t settled;

#define TASK	"luago.task"

static int task_ref = LUA_NOREF;  /* of the metatable */

/* What a task keeps alive: its coroutine, and why it was cancelled. */
enum { KEPT_THREAD = 1, KEPT_REASON = 2 };

#if LUA_VERSION_NUM >= 504
#define new_data(L,size)	lua_newuserdatauv(L, size, 2)
#define keep(L,task,what)	lua_setiuservalue(L, task, what)
#define push_kept(L,task,what)	((void)lua_getiuservalue(L, task, what))
#else
#if LUA_VERSION_NUM >= 502
#define set_companion(L,i)	lua_setuservalue(L, i)
#define get_companion(L,i)	lua_getuservalue(L, i)
#else
#define set_companion(L,i)	lua_setfenv(L, i)
#define get_companion(L,i)	lua_getfenv(L, i)
#endif

static void *new_data (lua_State *L, size_t size) {
  void *data = lua_newuserdata(L, size);
  lua_createtable(L, 2, 0);
  set_companion(L, -2);
  return data;
}

/* Keeps the value on the top for a task that is not at a relative index of it. */
static void keep (lua_State *L, int task, int what) {
  get_companion(L, task);
  lua_insert(L, -2);
  lua_rawseti(L, -2, what);
  lua_pop(L, 1);
}

static void push_kept (lua_State *L, int task, int what) {
  get_companion(L, task);
  lua_rawgeti(L, -1, what);
  lua_remove(L, -2);
}
#endif

/* Tells the host of a task, if it wants to know. */
#define tell(event,task,other) \
  (mailbox.trace ? host_event(event, call_id_of(task), other) : (void)0)

static int luago_is_task (lua_State *L) {
  return current != NULL && current->L == L;
}

/*
** Once it is in no list any more, nobody needs to know the task but those who hold it. What
** ends it may wait, in a finalizer of the script, and meanwhile others take it out of their
** lists: it is kept until that has returned.
*/
static void let_go (lua_State *L, Task *task) {
  int ref = task->ref;
  if (!task->ended || task->queued || task->failed || ref == LUA_NOREF) return;
  task->ref = LUA_NOREF;
  tell(PHASE_RELEASED, task, 0);
  luaL_unref(L, LUA_REGISTRYINDEX, ref);
}

static void make_ready (Task *task) {
  task->state = READY;
  task->on_host = 0;
  task->group = NULL;
  if (task->queued) return;
  task->queued = 1;
  task->next = NULL;
  if (ready_last != NULL) ready_last->next = task;
  else ready_first = task;
  ready_last = task;
}

/* The next task that is ready; those that have ended in the meantime are let go. */
static Task *next_ready (lua_State *L) {
  Task *task;
  while ((task = ready_first) != NULL) {
    ready_first = task->next;
    if (ready_first == NULL) ready_last = NULL;
    task->queued = 0;
    if (task->state == READY) return task;
    let_go(L, task);
  }
  return NULL;
}

/* One that was taken from the list is its first again. */
static void ready_again (Task *task) {
  task->queued = 1;
  task->next = ready_first;
  ready_first = task;
  if (ready_last == NULL) ready_last = task;
}

/* Makes a task of the function below 'n' arguments on the top, and leaves it there. */
static Task *new_task (lua_State *L, int n) {
  Task *task = new_data(L, sizeof(Task));
  memset(task, 0, sizeof(Task));
  task->state = DROPPED;
  task->L = lua_newthread(L);
  keep(L, -2, KEPT_THREAD);
  lua_rawgeti(L, LUA_REGISTRYINDEX, task_ref);
  lua_setmetatable(L, -2);
  if (!lua_checkstack(task->L, n + 4)) luaL_error(L, "too many arguments");
  lua_pushvalue(L, -1);
  task->ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_insert(L, -(n + 2));
  lua_xmove(L, task->L, n + 1);
  task->nargs = n;
  task->until = (current != NULL) ? current->until : 0;
  task->next_alive = alive;
  if (alive != NULL) alive->previous_alive = task;
  alive = task;
  make_ready(task);
  tell(PHASE_START, task, call_id_of(current));
  return task;
}

static void unlink_from (Link *link) {
  if (link->previous != NULL) link->previous->next = link->next;
  else link->on->waiters = link->next;
  if (link->next != NULL) link->next->previous = link->previous;
  link->on = NULL;
}

static void leave_group (Group *group) {
  int i;
  for (i = 0; i < group->n; i++)
    if (group->links[i].on != NULL) unlink_from(&group->links[i]);
}

/* A task that a group waits for has ended. */
static void notice (Link *link, Task *task) {
  Group *group = link->group;
  unlink_from(link);
  if (group->first == NULL) group->first = task;
  if (task->state == DONE_WELL && --group->left > 0) return;
  leave_group(group);
  if (group->wait != NULL) group->wait->done = 1;
  else make_ready(group->task);
}

/* guest.c */
static void answer_call (lua_State *L, Task *task);

static void cancel_task (lua_State *L, Task *task, int how);

/* Whether who waits for a task is to have its error, whatever comes of that. */
static int is_owned (Task *task) {
  Link *link;
  for (link = task->waiters; link != NULL; link = link->next)
    if (link->group->owns) return 1;
  return 0;
}

/* A task that has ended, in whatever way, is kept only by those who ask for it. */
static void bury (lua_State *L, Task *task, int state) {
  task->state = state;
  tell(PHASE_DONE, task, (uint32_t)(state == CANCELLED ? END_CANCELLED + task->asked : state));
  if (task->previous_alive != NULL) task->previous_alive->next_alive = task->next_alive;
  else alive = task->next_alive;
  if (task->next_alive != NULL) task->next_alive->previous_alive = task->previous_alive;
  if (task->timed) host_abandon(call_id_of(task) | CALL_ID_TIMEOUT, CANCEL_NONE);
  task->timed = 0;
  if (state != DROPPED && task->call != 0) answer_call(L, task);
  else if (state == DONE_BADLY && !is_owned(task)) {
    Task **last = &failed_tasks;
    while (*last != NULL) last = &(*last)->next_failed;
    task->next_failed = NULL;
    task->failed = 1;
    *last = task;
  }
  while (task->waiters != NULL) notice(task->waiters, task);
  task->ended = 1;
  let_go(L, task);
}

static void run_task (lua_State *L, Task *task) {
  Task *before = current;
  int status, nargs = task->nargs;
  if (task->started && lua_status(task->L) != LUA_YIELD) {
    /* The script has got hold of its coroutine, and has resumed it elsewhere. */
    task->asked = CANCEL_CANCELLED;
    bury(L, task, CANCELLED);
    return;
  }
  current = task;
  settled = task->on_host ? call_id_of(task) : 0;
  task->started = 1;
  task->nargs = 0;
  task->on_host = 0;
  task->state = RUNNING;
  tell(PHASE_RESUME, task, 0);
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
  /* One that was paused has more on its stack than the results of a yield. */
  if (status == LUA_YIELD && !task->paused) lua_settop(task->L, 0);
#endif
  current = before;
  if (status != LUA_YIELD) {
    int end = (status == 0) ? DONE_WELL : DONE_BADLY;
    /* Its results are still on its stack, where they are no function to be resumed. */
    task->L->status = LUA_ERRRUN;
    /* Go may have noticed that its time was up before the host has said so. */
    if (task->expired ||
        (end == DONE_BADLY && task->timed && !task->asked && host_now() >= task->due))
      task->asked = CANCEL_TIMED_OUT;
    bury(L, task, task->asked ? CANCELLED : end);
    return;
  }
  if (task->expired && !task->asked && task->state == RUNNING) {
    task->state = READY;
    mailbox.count = 0;
    cancel_task(L, task, CANCEL_TIMED_OUT);
  }
  else if (task->state == RUNNING) {
    task->paused = 0;
    make_ready(task);  /* it let others go first */
    tell(PHASE_PAUSE, task, 0);
  }
  else tell(PHASE_PAUSE, task,
            task->group != NULL && task->group->left > 0 && task->group->links[0].on != NULL
              ? call_id_of(task->group->links[0].on) : 0);
}

/* Ends a task that stands still where it is. */
static void end_cancelled (lua_State *L, Task *task) {
  int state = CANCELLED;
#if LUA_VERSION_NUM >= 504
  Task *before = current;
  current = task;
  task->state = RUNNING;
  if (lua_closethread(task->L, L) != LUA_OK) state = DONE_BADLY;
  current = before;
#endif
  bury(L, task, state);
}

/* Takes back what a task waits for. */
static void stop_waiting (lua_State *L, Task *task, int how) {
  Group *group = task->group;
  if (task->on_host) host_abandon(call_id_of(task), how);
  task->on_host = 0;
  task->group = NULL;
  if (group != NULL) {
    Task *own = (group->owns && group->n == 1) ? group->links[0].on : NULL;
    leave_group(group);
    if (own != NULL) cancel_task(L, own, how);
  }
}

/*
** Has a task end: now if it stands still, else where it next waits. The reason has been
** left in its companion, and for a Go guest in the mailbox.
*/
static void cancel_task (lua_State *L, Task *task, int how) {
  if (task->state >= DONE_WELL || task->asked) return;
  task->asked = how;
  if (task->state == RUNNING) {
    Wait *wait;
    for (wait = waits; wait != NULL; wait = wait->outer)
      if (wait->task == task) {
        host_abandon(call_id_of(wait), how);
        wait->done = 1;
      }
    return;
  }
  stop_waiting(L, task, how);
  end_cancelled(L, task);
}

static void forget_failure (lua_State *L, Task *task) {
  Task **place = &failed_tasks;
  while (*place != NULL && *place != task) place = &(*place)->next_failed;
  if (*place == NULL) return;
  *place = task->next_failed;
  task->failed = 0;
  let_go(L, task);
}

/* Why the task on the top was cancelled; what it pushes keeps the text alive. */
static const char *push_reason (lua_State *L) {
  push_kept(L, -1, KEPT_REASON);
  return lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "the task was cancelled";
}

static int has_tasks (void) {
  return alive != NULL || failed_tasks != NULL || waits != NULL;
}

/* The call has failed: its tasks end with it. */
static void drop_tasks (lua_State *L) {
  mailbox.count = 0;
  while (alive != NULL) {
    Task *task = alive;
    if (task->group != NULL) leave_group(task->group);
    while (task->waiters != NULL) unlink_from(task->waiters);
    bury(L, task, DROPPED);
  }
  while (next_ready(L) != NULL) continue;
  while (failed_tasks != NULL) forget_failure(L, failed_tasks);
  current = NULL;
  waits = NULL;
  host_cancel();
}
