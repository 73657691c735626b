/*
** Tasks whose time is up while they compute. One that waits is ended by what it waits for;
** one that runs is found by the host at a tick, which has it look at the time at its next
** instruction. It leaves its coroutine there, as in a wait, so that no 'pcall' of it is
** asked. Where a C function stands in the way, it gets an error, and is left as soon as that
** has taken it out of there.
*/

/* Instructions between two looks at a clock that only instructions advance. */
#define EXPIRE_COUNT	1000

/* Instructions since the last error for it, or 0. */
static unsigned int since_error;

static void expire_hook (lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (current == NULL || !current->timed || current->asked) {
    lua_sethook(L, NULL, 0, 0);
    return;
  }
  if (!current->expired) {
    if (host_now() < current->until) {
      /* Where no tick comes, it is to be asked again. */
      if (!host_is_deterministic()) lua_sethook(L, NULL, 0, 0);
      return;
    }
    current->expired = 1;
    since_error = 0;
  }
  if (can_leave(L)) {
    lua_sethook(L, NULL, 0, 0);
    lua_yield(L, 0);
    return;
  }
  /* What catches the error is left at its next instruction, if that can be. */
  lua_sethook(L, expire_hook, LUA_MASKCOUNT, 1);
  if (since_error != 0 && since_error++ < 100 * EXPIRE_COUNT) return;
  since_error = 1;
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
  since_error = 0;
  for (; thread != NULL; thread = thread->resumer) {
    lua_sethook(thread->L, expire_hook, LUA_MASKCOUNT, 1);
    if (thread->L == current->L) break;
  }
}

/* Where no tick depends on the machine, instructions are counted from the start. */
static void watch_time (Task *task) {
  if (host_is_deterministic()) lua_sethook(task->L, expire_hook, LUA_MASKCOUNT, EXPIRE_COUNT);
}
