/*
** Tasks whose time is up while they compute. One that waits is ended by what it waits for;
** one that runs is found by the host at a tick, which has it look at the time at its next
** instruction. It leaves its coroutine there, as in a wait, so that no 'pcall' of it is
** asked. Where a C function stands in the way, it gets an error, and the next tick sees
** what has become of it.
*/

/* Instructions between two looks at a clock that only instructions advance. */
#define EXPIRE_COUNT	1000

static void expire_hook (lua_State *L, lua_Debug *ar) {
  int is_over;
  (void)ar;
  if (current == NULL || !current->timed || current->asked) {
    lua_sethook(L, NULL, 0, 0);
    return;
  }
  is_over = host_now() >= current->until;
  if (!is_over && host_is_deterministic()) return;  /* it is never asked again */
  lua_sethook(L, NULL, 0, 0);
  if (!is_over) return;
  current->expired = 1;
  if (can_leave(L)) {
    lua_yield(L, 0);
    return;
  }
  if (host_is_deterministic()) lua_sethook(L, expire_hook, LUA_MASKCOUNT, EXPIRE_COUNT);
  L->allowhook = 1;  /* a message handler that computes is looked at as well */
  lua_rawgeti(L, LUA_REGISTRYINDEX, current->ref);
  push_reason(L);
  lua_error(L);
}

/*
** Called at a tick at which some time is up. A coroutine that the task has resumed is looked
** at first, and then who has resumed it.
*/
EXPORT("luago_expire") void luago_expire (void) {
  Thread *thread = running;
  if (current == NULL || !current->timed || current->asked) return;
  for (; thread != NULL; thread = thread->resumer) {
    lua_sethook(thread->L, expire_hook, LUA_MASKCOUNT, 1);
    if (thread->L == current->L) break;
  }
}

/* Where no tick depends on the machine, instructions are counted from the start. */
static void watch_time (Task *task) {
  if (host_is_deterministic()) lua_sethook(task->L, expire_hook, LUA_MASKCOUNT, EXPIRE_COUNT);
}
