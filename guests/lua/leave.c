/*
** Calls that a task can leave, for C functions that call functions of Lua. Where a task
** waits, nothing of it stays on the C stack: so such a function says where it goes on, and
** keeps all that it needs then on the stack of Lua. From 5.2 on Lua has this; 5.1 gets it
** here, for the coroutines of tasks alone.
*/

#if LUA_VERSION_NUM >= 503
#define CONTINUATION(name) \
  static int name (lua_State *L, int status, lua_KContext context)
#define IN_CONTINUATION		((void)status, (void)context)
#define leave_call(L,nargs,nresults,k)	(lua_callk(L, nargs, nresults, 0, k), 0)
#elif LUA_VERSION_NUM == 502
#define CONTINUATION(name)	static int name (lua_State *L)
#define IN_CONTINUATION		((void)0)
#define leave_call(L,nargs,nresults,k)	(lua_callk(L, nargs, nresults, 0, k), 0)
#else
#define CONTINUATION(name)	static int name (lua_State *L, int status)
#define IN_CONTINUATION		((void)status)
#define leave_call(L,nargs,nresults,k)	luago_callk(L, nargs, nresults, k)

/* Gets the status of the call, and returns as the C function would. */
typedef int (*Continuation) (lua_State *L, int status);

typedef struct Leave {
  Continuation k;
  ptrdiff_t ci;  /* of the C function */
  ptrdiff_t func;  /* what it has called, in whose place an error comes */
  ptrdiff_t errfunc;  /* within the call */
  int protects;
  int status;
  lu_byte allowhook;
} Leave;

static void luago_free_leaves (lua_State *L, lua_State *L1) {
  luaM_freearray(L, L1->leaves, L1->sizeleaves, Leave);
}

static int luago_may_leave (lua_State *L) {
  return luago_is_task(L) && L->nCcalls <= L->baseCcalls;
}

static void push_leave (lua_State *L, Continuation k, int nargs, int protects, ptrdiff_t ef) {
  Leave *leave;
  luaM_growvector(L, L->leaves, L->nleaves, L->sizeleaves, Leave, MAX_INT, "too many calls");
  leave = &L->leaves[L->nleaves++];
  leave->k = k;
  leave->ci = saveci(L, L->ci);
  leave->func = savestack(L, L->top - (nargs + 1));
  leave->errfunc = ef;
  leave->protects = protects;
  leave->status = 0;
  leave->allowhook = L->allowhook;
}

/* As lua_call; true if the call has been left, and the C function is to return -1. */
static int luago_callk (lua_State *L, int nargs, int nresults, Continuation k) {
  push_leave(L, k, nargs, 0, 0);
  L->baseCcalls++;
  lua_call(L, nargs, nresults);
  L->baseCcalls--;
  if (L->status == LUA_YIELD) return 1;
  L->nleaves--;
  return 0;
}

/* As lua_pcall for all results; what the C function is to return. */
static int luago_pcallk (lua_State *L, int nargs, int errfunc, Continuation k) {
  int status;
  push_leave(L, k, nargs, 1, errfunc == 0 ? 0 : savestack(L, L->base + (errfunc - 1)));
  L->baseCcalls++;
  status = lua_pcall(L, nargs, LUA_MULTRET, errfunc);
  L->baseCcalls--;
  if (status == 0 && L->status == LUA_YIELD) return -1;
  L->nleaves--;
  return k(L, status);
}

/* The innermost call that catches errors, or NULL. */
static Leave *protecting (lua_State *L) {
  int i = L->nleaves;
  while (i > 0 && !L->leaves[i - 1].protects) i--;
  return (i > 0) ? &L->leaves[i - 1] : NULL;
}

/* Goes on with all functions of a coroutine that has been left, until it is left again. */
static void luago_unroll (lua_State *L, void *ud) {
  (void)ud;
  for (;;) {
    ptrdiff_t below = (L->nleaves > 0) ? L->leaves[L->nleaves - 1].ci : 0;
    int n = cast_int(L->ci - restoreci(L, below));  /* of Lua's own */
    Leave *handler = protecting(L);
    L->errfunc = (handler != NULL) ? handler->errfunc : 0;
    if (n > 0) {
      luaV_execute(L, n);
      if (L->status == LUA_YIELD) return;
    }
    if (L->nleaves == 0) return;
    else {
      Leave leave = L->leaves[--L->nleaves];
      handler = protecting(L);
      L->errfunc = (handler != NULL) ? handler->errfunc : 0;
      if (L->top > L->ci->top) L->ci->top = L->top;
      n = leave.k(L, leave.status);
      if (n < 0) return;
      if (luaD_poscall(L, L->top - n) && f_isLua(L->ci)) L->top = L->ci->top;
    }
  }
}

static void restore_stack_limit (lua_State *L);

/* After an error: has the innermost call that catches it go on; false if there is none. */
static int luago_recover (lua_State *L, int status) {
  Leave *leave = protecting(L);
  StkId func;
  if (leave == NULL) return 0;
  func = restorestack(L, leave->func);
  luaF_close(L, func);
  luaD_seterrorobj(L, status, func);
  L->ci = restoreci(L, leave->ci);
  L->base = L->ci->base;
  L->savedpc = L->ci->savedpc;
  L->allowhook = leave->allowhook;
  L->nCcalls = L->baseCcalls = L->resumeCcalls;
  restore_stack_limit(L);
  leave->status = status;
  L->nleaves = cast_int(leave - L->leaves) + 1;
  return 1;
}
#endif
