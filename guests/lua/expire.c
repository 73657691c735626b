/*
** Tasks whose time is up while they compute. One that waits is ended by what it waits for;
** one that runs is found by the host at a tick, which has it look at the time at its next
** instruction. It leaves its coroutine there, as in a wait, so that no 'pcall' of it is
** asked. Where a C function stands in the way, it gets an error, and is left as soon as that
** has taken it out of there.
*/

/* What the functions of luago itself that stand in Lua are from. */
#define LUAGO_CHUNK	"=[luago]"

/* Instructions between two looks at a clock that only instructions advance. */
#define EXPIRE_COUNT	1000

/* Instructions since the last error for it, or 0. */
static unsigned int since_error;

/* Tasks that are looked at, at most, for one that waits for another. */
#define MOST_WAITERS	1000

/*
** Who waits for a task, directly or not, and has no time left, or NULL. In '*owns': whether
** the task ends with it.
*/
static Task *late_waiter (Task *task, double now, int *owns, int *left) {
  Link *link;
  for (link = task->waiters; link != NULL && (*left)-- > 0; link = link->next) {
    Group *group = link->group;
    Task *waiter = (group->wait != NULL) ? group->wait->task : group->task;
    int owned = *owns && group->owns;
    if (waiter == NULL) continue;
    if (!waiter->timed || waiter->asked || now < waiter->due)
      waiter = late_waiter(waiter, now, &owned, left);
    if (waiter != NULL) {
      *owns = owned;
      return waiter;
    }
  }
  return NULL;
}

/* Whether there is anything to be done about the task that runs. */
static int is_late (int *owns) {
  double now = host_now();
  int left = MOST_WAITERS;
  *owns = 0;
  if (current->timed && now >= current->due) return 1;
  *owns = 1;
  return late_waiter(current, now, owns, &left) != NULL;
}

/* Whether this is a function of the module 'luago' itself. */
static int is_inside (lua_State *L, lua_Debug *ar) {
  return lua_getinfo(L, "S", ar) && strcmp(ar->source, LUAGO_CHUNK) == 0;
}

/* Ends a look: the script's own hook is back. Where no tick comes, there are more looks. */
static void look_away (lua_State *L) {
  Thread *thread = thread_of(L);
  if (thread != NULL && thread->armed) disarm(thread);
  else if (!host_is_deterministic()) lua_sethook(L, NULL, 0, 0);
}

static void expire_hook (lua_State *L, lua_Debug *ar) {
  Thread *thread = thread_of(L);
  if (ar->event != LUA_HOOKCOUNT) {  /* it is for the script's own */
    if (thread != NULL && thread->armed && thread->hook != NULL) thread->hook(L, ar);
    return;
  }
  if (current == NULL || current->asked) {
    look_away(L);
    return;
  }
  /* Not in the middle of what luago does for a task: what it has begun would be lost. */
  if (is_inside(L, ar)) return;
  if (!current->expired) {
    int owns;
    if (!is_late(&owns)) {
      look_away(L);
      return;
    }
    if (!(current->timed && host_now() >= current->due) && (can_leave(L) || !owns)) {
      /* Somebody else has no time left to wait for it: it lets the others go first. */
      look_away(L);
      if (!can_leave(L)) return;
      current->paused = 1;
      steps |= 63;  /* the host is asked next */
      lua_yield(L, 0);
      return;
    }
    current->expired = 1;
    since_error = 0;
  }
  if (can_leave(L)) {
    look_away(L);
    lua_yield(L, 0);
    return;
  }
  /* What catches the error is left at its next instruction, if that can be. */
  arm(L, expire_hook, (thread != NULL && thread->armed) ? thread->mask : 0);
  if (since_error != 0 && since_error++ < 100 * EXPIRE_COUNT) return;
  since_error = 1;
  L->errfunc = 0;  /* no message handler is asked, which may compute as well */
  lua_rawgeti(L, LUA_REGISTRYINDEX, current->ref);
  push_reason(L);
  if (lua_type(L, -1) != LUA_TSTRING) lua_pushliteral(L, "timed out");
  lua_error(L);
}

/*
** Called at a tick at which some time is up. A coroutine that the task has resumed is looked
** at first, and then who has resumed it.
*/
EXPORT(EXPORT_EXPIRE) void luago_expire (void) {
  Thread *thread = running;
  int owns;
  if (current == NULL || current->asked) return;
  if (!current->expired && !is_late(&owns)) return;
  since_error = 0;
  for (; thread != NULL; thread = thread->resumer) {
    lua_State *L = thread->L;
    if (lua_gethook(L) != expire_hook) {
      thread->hook = lua_gethook(L);
      thread->mask = (thread->hook != NULL) ? lua_gethookmask(L) : 0;
      thread->count = lua_gethookcount(L);
      thread->armed = 1;
    }
    arm(L, expire_hook, thread->mask);
    if (L == current->L) break;
  }
}

/* Where no tick depends on the machine, instructions are counted from the start. */
static void watch_time (Task *task) {
  if (host_is_deterministic()) lua_sethook(task->L, expire_hook, LUA_MASKCOUNT, EXPIRE_COUNT);
}
