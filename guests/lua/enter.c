/*
** Into compiled code, and past it where there is none.
*/

typedef int (*compiled_function) (lua_State *L, CallInfo *ci, int depth, StkId base);

static void note_call (CallInfo *ci);
static void note_miss (CallInfo *ci);

/* What has become of a frame whose code has ended so: those that it calls at its end are run. */
static inline int luago_follow (lua_State *L, int status, int depth) {
  while (l_unlikely(status == COMPILED_CALLED)) {
    int code;
    note_call(L->ci);
    code = ci_func(L->ci)->p->luago_code;
    if (code == 0 || L->hookmask) return COMPILED_INTERPRET;
    status = ((compiled_function)code)(L, L->ci, depth, L->ci->func.p + 1);
  }
  if (l_unlikely(status == COMPILED_INTERPRET)) note_miss(L->ci);
  return status;
}

/* Runs the code of a function that is about to begin; how that ended. */
static inline int luago_enter (lua_State *L, CallInfo *ci, int code) {
  int status, depth = luago_depth;
  luago_entry = 0;
  if (l_unlikely(depth >= MAX_COMPILED_DEPTH)) return COMPILED_INTERPRET;
  luago_depth = depth + 1;
  status = ((compiled_function)code)(L, ci, depth + 1, ci->func.p + 1);
  status = luago_follow(L, status, depth + 1);
  luago_depth = depth;
  return status;
}

/* Runs a function of Lua, whose frame is ready, until it returns or leaves. */
static void luago_runcode (lua_State *L, CallInfo *ci) {
  const Proto *p = ci_func(ci)->p;
  ci->callstatus |= CIST_FRESH;
  if (p->luago_code != 0 && !L->hookmask) {
    if (luago_enter(L, ci, p->luago_code) != COMPILED_INTERPRET) return;
    ci = L->ci;
  }
  luaV_execute(L, ci);
}
