/*
** Functions whose bytecode the host has compiled: how they are found, entered and left.
**
** Compiled code works on the stack and the values of the interpreter. Before anything that can
** fail, yield or look around it has its place in 'savedpc' and all registers in the stack, so
** that the interpreter can go on at any time. It ends by returning a status, and leaves what it
** has no code for to 'luago_step', which is the interpreter for one instruction.
*/

#define HOST_OFFSET(type, field, at) \
  _Static_assert(offsetof(type, field) == (at), #field " stands elsewhere for compiled code")

HOST_OFFSET(TValue, value_, VALUE_PAYLOAD);
HOST_OFFSET(TValue, tt_, VALUE_TAG);
_Static_assert(sizeof(StackValue) == VALUE_SIZE && sizeof(TValue) == VALUE_SIZE, "another size");
_Static_assert(LUA_VNIL == VALUE_TAG_NIL && LUA_VFALSE == VALUE_TAG_FALSE &&
               LUA_VTRUE == VALUE_TAG_TRUE && LUA_VNUMINT == VALUE_TAG_INTEGER &&
               LUA_VNUMFLT == VALUE_TAG_FLOAT && ctb(LUA_VSHRSTR) == VALUE_TAG_SHORT_STRING &&
               ctb(LUA_VLNGSTR) == VALUE_TAG_LONG_STRING && ctb(LUA_VTABLE) == VALUE_TAG_TABLE &&
               ctb(LUA_VLCL) == VALUE_TAG_LUA_FUNCTION &&
               BIT_ISCOLLECTABLE == VALUE_TAG_COLLECTED, "other tags");
HOST_OFFSET(lua_State, top, THREAD_TOP);
HOST_OFFSET(lua_State, ci, THREAD_FRAME);
HOST_OFFSET(lua_State, stack_last, THREAD_STACK_LAST);
HOST_OFFSET(lua_State, hookmask, THREAD_HOOK_MASK);
HOST_OFFSET(CallInfo, func, CALL_INFO_FUNCTION);
HOST_OFFSET(CallInfo, top, CALL_INFO_TOP);
HOST_OFFSET(CallInfo, previous, CALL_INFO_PREVIOUS);
HOST_OFFSET(CallInfo, next, CALL_INFO_NEXT);
HOST_OFFSET(CallInfo, u.l.savedpc, CALL_INFO_SAVED_PC);
HOST_OFFSET(CallInfo, u.l.trap, CALL_INFO_TRAP);
#if LUAGO_VERSION == 504
HOST_OFFSET(CallInfo, nresults, CALL_INFO_RESULTS);
HOST_OFFSET(CallInfo, callstatus, CALL_INFO_RESULTS + 2);
HOST_OFFSET(Table, alimit, TABLE_ARRAY_LEN);
#else
HOST_OFFSET(CallInfo, callstatus, CALL_INFO_RESULTS);
_Static_assert(CIST_NRESULTS == 0xff, "other bits say how many results are wanted");
HOST_OFFSET(Table, asize, TABLE_ARRAY_LEN);
_Static_assert(sizeof(Value) == SPLIT_ARRAY_PAYLOAD && sizeof(unsigned) == SPLIT_ARRAY_TAG,
               "other elements");
#endif
HOST_OFFSET(LClosure, p, CLOSURE_PROTO);
HOST_OFFSET(LClosure, upvals, CLOSURE_UPVALUES);
HOST_OFFSET(Proto, numparams, PROTO_PARAMETERS);
HOST_OFFSET(Proto, maxstacksize, PROTO_REGISTERS);
HOST_OFFSET(Proto, k, PROTO_CONSTANTS);
HOST_OFFSET(Proto, code, PROTO_CODE);
HOST_OFFSET(Proto, luago_code, PROTO_COMPILED);
HOST_OFFSET(UpVal, v, UPVALUE_VALUE);
HOST_OFFSET(Table, marked, TABLE_MARKED);
HOST_OFFSET(Table, flags, TABLE_FLAGS);
HOST_OFFSET(Table, lsizenode, TABLE_LOG_NODES);
HOST_OFFSET(Table, array, TABLE_ARRAY);
HOST_OFFSET(Table, node, TABLE_NODES);
HOST_OFFSET(Table, metatable, TABLE_METATABLE);
_Static_assert(bitmask(BLACKBIT) == TABLE_BLACK, "another color");
HOST_OFFSET(Node, u.key_tt, NODE_KEY_TAG);
HOST_OFFSET(Node, u.next, NODE_NEXT);
HOST_OFFSET(Node, u.key_val, NODE_KEY);
_Static_assert(sizeof(Node) == NODE_SIZE, "another size");
HOST_OFFSET(TString, hash, STRING_HASH);

#include "elements.c"

/* One instruction, and no more. */
#define LUAGO_ONCE
#include "lvm.c"
#undef LUAGO_ONCE

/* How the code is to end that has been told so. */
static int leave_status;

EXPORT(EXPORT_STEP_STATUS) int luago_step_status (void) {
  return leave_status;
}

static StkId leave_code (int status) {
  leave_status = status;
  return NULL;
}

/* After anything that can have run code: the first register, or that there is more to do. */
static inline StkId after_step (lua_State *L, CallInfo *ci) {
  if (l_unlikely(luago_leaving)) return leave_code(COMPILED_LEAVING);
  if (l_unlikely(ci->u.l.trap)) {
    if (L->hookmask || (ci->u.l.trap & TRAP_CHANGED)) return leave_code(COMPILED_INTERPRET);
    ci->u.l.trap = 0;  /* the stack has moved */
  }
  return ci->func.p + 1;
}

EXPORT(EXPORT_STEP) StkId luago_step (lua_State *L, CallInfo *ci, int depth, int next_pc) {
  OpCode next;
  luago_depth = depth;
  ci->u.l.savedpc = ci_func(ci)->p->code + next_pc;
  luago_execute_once(L, ci);
  next = GET_OPCODE(*ci->u.l.savedpc);
  if (OP_MMBIN <= next && next <= OP_MMBINK && L->ci == ci) {
    ci->u.l.savedpc++;  /* the rest of an operation that was not on numbers */
    luago_execute_once(L, ci);
  }
  return after_step(L, ci);
}

/* Calls a function of C as 'luaD_precall' does it, if that is as simple as it mostly is. */
static int call_simply (lua_State *L, CallInfo *ci, StkId func, int nresults) {
  CallInfo *called = ci->next;
  StkId first;
  int n;
  if (!ttislcf(s2v(func)) || called == NULL || L->hookmask ||
      L->stack_last.p - L->top.p <= LUA_MINSTACK)
    return 0;
  called->func.p = func;
  called->top.p = L->top.p + LUA_MINSTACK;
  want_results(called, nresults);
  L->ci = called;
  n = fvalue(s2v(func))(L);
  if (l_unlikely(n < 0)) return 1;  /* leaving */
  if (l_unlikely(L->hookmask || !are_wanted(called, nresults))) {
    luaD_poscall(L, called, n);  /* there are hooks, or something to close */
    return 1;
  }
  first = L->top.p - n;
  func = called->func.p;
  if (nresults != 1) {
    move_results(L, func, n, nresults);
  }
  else {
    if (n == 0) setnilvalue(s2v(func));
    else setobjs2s(L, func, first);
    L->top.p = func + 1;
  }
  L->ci = ci;
  return 1;
}

EXPORT(EXPORT_STEP_CALL) StkId luago_step_call (lua_State *L, CallInfo *ci, StkId func,
                                                int nresults, int depth) {
  CallInfo *called;
  luago_depth = depth;
  if (!call_simply(L, ci, func, nresults) &&
      (called = luaD_precall(L, func, nresults)) != NULL) {
    note_call(called);
    luago_runcode(L, called);
  }
  return after_step(L, ci);
}

EXPORT(EXPORT_STEP_TICK) StkId luago_step_tick (lua_State *L, CallInfo *ci) {
  /* at the beginning, the top says how many arguments there are */
  if (ci->u.l.savedpc != ci_func(ci)->p->code) L->top.p = ci->top.p;
  if (luago_polled()) luago_look();
  return after_step(L, ci);
}

EXPORT(EXPORT_STEP_FINISH) StkId luago_step_finish (lua_State *L, CallInfo *ci, int status,
                                                    int depth) {
  luago_depth = depth + 1;
  status = luago_follow(L, status, depth + 1);
  luago_depth = depth;
  if (status == COMPILED_INTERPRET) {
    L->ci->callstatus |= CIST_FRESH;
    luaV_execute(L, L->ci);
  }
  return after_step(L, ci);
}

/* The end of a function that has upvalues to close, or more arguments than parameters. */
EXPORT(EXPORT_STEP_CLOSE) void luago_step_close (lua_State *L, CallInfo *ci, StkId first, int n,
                                                 int variadic, int depth) {
  luago_depth = depth;
  if (n < 0) n = cast_int(L->top.p - first);
  if (GETARG_k(ci->u.l.savedpc[-1])) {
    ptrdiff_t at = savestack(L, first);
    ci->u2.nres = n;
    if (L->top.p < ci->top.p) L->top.p = ci->top.p;
    luaF_close(L, ci->func.p + 1, CLOSEKTOP, 1);
    first = restorestack(L, at);
  }
  if (variadic) ci->func.p -= ci->u.l.nextraargs + variadic;
  L->top.p = first + n;
  luaD_poscall(L, ci, n);
}

/* A call at the end of a function: how the code ends. */
EXPORT(EXPORT_STEP_TAIL) int luago_step_tail (lua_State *L, CallInfo *ci, StkId func, int n,
                                              int variadic, int depth) {
  int delta = 0, results;
  luago_depth = depth;
  if (n != 0) L->top.p = func + n;
  else n = cast_int(L->top.p - func);
  if (GETARG_k(ci->u.l.savedpc[-1])) luaF_closeupval(L, ci->func.p + 1);
  if (variadic) delta = ci->u.l.nextraargs + variadic;
  if ((results = luaD_pretailcall(L, ci, func, n, delta)) < 0) return COMPILED_CALLED;
  ci->func.p -= delta;
  luaD_poscall(L, ci, results);
  return COMPILED_RETURNED;
}

EXPORT(EXPORT_STEP_RETURN) void luago_step_return (lua_State *L, CallInfo *ci, StkId first, int n) {
  L->top.p = first + n;
  luaD_poscall(L, ci, n);
}

/*
** Instructions that are often met, without what the interpreter does for any. They have to come
** to the same as theirs in 'lvm.c'.
*/

/* What 'value[key]' is, if no function has to be called for that. */
EXPORT(EXPORT_STEP_FIND) const TValue *luago_step_find (lua_State *L, const TValue *value,
                                                        const TValue *key) {
  int loop;
  for (loop = 0; loop < MAXTAGLOOP; loop++) {
    const TValue *inherited;
    if (l_likely(ttistable(value))) {
      const TValue *slot = raw_get(hvalue(value), key);
      if (!isempty(slot)) return slot;
      inherited = fasttm(L, hvalue(value)->metatable, TM_INDEX);
      if (inherited == NULL) return &G(L)->nilvalue;
    }
    else if (ttisstring(value)) {
      inherited = fasttm(L, G(L)->mt[LUA_TSTRING], TM_INDEX);
      if (inherited == NULL) return NULL;
    }
    else
      return NULL;
    if (!ttistable(inherited)) return NULL;
    value = inherited;
  }
  return NULL;
}

/* 'table[key] = value', if that is a table that has no say in it; whether it is done. */
EXPORT(EXPORT_STEP_PUT) int luago_step_put (lua_State *L, CallInfo *ci, const TValue *table,
                                            const TValue *key, TValue *value) {
  Looked looked;
  Table *t;
  if (l_unlikely(!ttistable(table))) return 0;
  t = hvalue(table);
  if (!put_over(L, t, key, value, &looked)) {
    if (fasttm(L, t->metatable, TM_NEWINDEX) != NULL || ttisnil(key) ||
        (ttisfloat(key) && luai_numisnan(fltvalue(key))))
      return 0;
    L->top.p = ci->top.p;
    sethvalue2s(L, L->top.p, t);
    L->top.p++;
    finish_put(L, t, key, value, looked);
    L->top.p--;
    invalidateTMcache(t);
  }
  luaC_barrierback(L, obj2gco(t), value);
  return 1;
}

/* The length of a value, or -1 if a function has to be called for it. */
EXPORT(EXPORT_STEP_LEN) lua_Integer luago_step_len (lua_State *L, const TValue *value) {
  switch (ttypetag(value)) {
    case LUA_VTABLE:
      if (fasttm(L, hvalue(value)->metatable, TM_LEN) != NULL) return -1;
      return (lua_Integer)length_of(L, hvalue(value));
    case LUA_VSHRSTR: return tsvalue(value)->shrlen;
    case LUA_VLNGSTR: return (lua_Integer)tsvalue(value)->u.lnglen;
    default: return -1;
  }
}

EXPORT(EXPORT_STEP_POW) lua_Number luago_step_pow (lua_Number base, lua_Number exponent) {
  return luai_numpow(NULL, base, exponent);
}

EXPORT(EXPORT_STEP_MOD) lua_Number luago_step_mod (lua_Number left, lua_Number right) {
  return luaV_modf(NULL, left, right);
}

static int may_have_metamethod (const TValue *value) {
  return ttisfulluserdata(value) || (ttistable(value) && hvalue(value)->metatable != NULL);
}

/* Whether that is the order of two values, or -1 if a function has to be called for it. */
EXPORT(EXPORT_STEP_COMPARE) int luago_step_compare (lua_State *L, const TValue *left,
                                                    const TValue *right, int order) {
  (void)L;
  if (order == COMPARISON_EQUAL) {
    if (may_have_metamethod(left) || may_have_metamethod(right)) return -1;
    return luaV_rawequalobj(left, right);
  }
  if (ttisstring(left) && ttisstring(right)) {
    int found = l_strcmp(tsvalue(left), tsvalue(right));
    return order == COMPARISON_LESS ? found < 0 : found <= 0;
  }
  if (ttisnumber(left) && ttisnumber(right))
    return order == COMPARISON_LESS ? LTnum(left, right) : LEnum(left, right);
  return -1;
}

/* Memory was allocated, and what is in the stack from 'top' on is not needed. */
static inline StkId after_allocation (lua_State *L, CallInfo *ci, StkId top, int depth) {
  luaC_condGC(L, (luago_depth = depth, L->top.p = top), (void)0);
  return after_step(L, ci);
}

EXPORT(EXPORT_STEP_TABLE) StkId luago_step_table (lua_State *L, CallInfo *ci, StkId ra,
                                                  int nodes, int elements, int depth) {
  Table *t;
  L->top.p = ra + 1;
  t = luaH_new(L);
  sethvalue2s(L, ra, t);
  if (nodes != 0 || elements != 0) luaH_resize(L, t, elements, nodes);
  return after_allocation(L, ci, ra + 1, depth);
}

/* Registers become the elements of a new table up to the one that is given. */
EXPORT(EXPORT_STEP_LIST) void luago_step_list (lua_State *L, CallInfo *ci, StkId ra, int n,
                                               unsigned int last) {
  Table *t = hvalue(s2v(ra));
  if (n == 0) n = cast_int(L->top.p - ra) - 1;
  else L->top.p = ci->top.p;
  last += n;
  if (last > elements_of(t)) luaH_resizearray(L, t, last);
  for (; n > 0; n--) {
    TValue *value = s2v(ra + n);
    set_element_at(L, t, last - 1, value);
    last--;
    luaC_barrierback(L, obj2gco(t), value);
  }
}

EXPORT(EXPORT_STEP_CLOSURE) StkId luago_step_closure (lua_State *L, CallInfo *ci, StkId ra,
                                                      int index, int depth) {
  LClosure *running = ci_func(ci);
  L->top.p = ci->top.p;
  pushclosure(L, running->p->p[index], running->upvals, ci->func.p + 1, ra);
  return after_allocation(L, ci, ra + 1, depth);
}

EXPORT(EXPORT_STEP_CONCAT) StkId luago_step_concat (lua_State *L, CallInfo *ci, StkId ra, int n,
                                                    int depth) {
  luago_depth = depth;
  L->top.p = ra + n;
  luaV_concat(L, n);
  return after_allocation(L, ci, L->top.p, depth);
}

EXPORT(EXPORT_STEP_VARARG) StkId luago_step_vararg (lua_State *L, CallInfo *ci, StkId ra, int n) {
  L->top.p = ci->top.p;
#if LUAGO_VERSION == 504
  luaT_getvarargs(L, ci, ra, n);
#else
  {
    Instruction i = ci->u.l.savedpc[-1];
    luaT_getvarargs(L, ci, ra, n, GETARG_k(i) ? GETARG_B(i) : -1);
  }
#endif
  return after_step(L, ci);
}

EXPORT(EXPORT_STEP_PREPARE) StkId luago_step_prepare (lua_State *L, CallInfo *ci, int parameters) {
#if LUAGO_VERSION == 504
  luaT_adjustvarargs(L, parameters, ci, ci_func(ci)->p);
#else
  (void)parameters;
  luaT_adjustvarargs(L, ci, ci_func(ci)->p);
#endif
  return after_step(L, ci);
}

/* As 'luaH_next', but a key that is not there makes no error: -1. */
static int next_pair (lua_State *L, Table *t, const TValue *key, StkId pair) {
  unsigned int length = elements_of(t), at, nodes = sizenode(t);
  if (ttisnil(key))
    at = 0;
  else if (ttisinteger(key) && l_castS2U(ivalue(key)) - 1u < length)
    at = (unsigned int)ivalue(key);
  else {
    const TValue *slot = getgeneric(t, key, 1);
    if (isabstkey(slot)) return -1;
    at = length + cast_uint(nodefromval(slot) - gnode(t, 0)) + 1;
  }
  for (; at < length; at++) {
    if (!lacks_element(t, at)) {
      setivalue(s2v(pair), (lua_Integer)at + 1);
      get_element_at(L, t, at, s2v(pair + 1));
      return 1;
    }
  }
  for (at -= length; at < nodes; at++) {
    Node *node = gnode(t, at);
    if (!isempty(gval(node))) {
      getnodekey(L, s2v(pair), node);
      setobj2s(L, pair + 1, gval(node));
      return 1;
    }
  }
  return 0;
}

static int luaB_next (lua_State *L);
static int ipairsaux (lua_State *L);

/* The next turn of a loop over pairs, if that is what the loop is. */
static int is_pairs (lua_State *L, StkId ra) {
  StkId control = ra + LOOP_CONTROL, results = ra + LOOP_RESULTS;
  lua_CFunction f;
  Table *t;
  if (!ttislcf(s2v(ra)) || !ttistable(s2v(ra + 1))) return 0;
  f = fvalue(s2v(ra));
  t = hvalue(s2v(ra + 1));
  if (f == luaB_next) {
    int found = next_pair(L, t, s2v(control), results);
    if (found == 0) setnilvalue(s2v(results));
    return found >= 0;
  }
  if (f == ipairsaux && ttisinteger(s2v(control))) {
    TValue at;
    const TValue *slot;
    setivalue(&at, intop(+, ivalue(s2v(control)), 1));
    slot = raw_get(t, &at);
    if (!isempty(slot)) {
      setobj2s(L, results, &at);
      setobj2s(L, results + 1, slot);
      return 1;
    }
    if (fasttm(L, t->metatable, TM_INDEX) == NULL) {
      setnilvalue(s2v(results));
      return 1;
    }
  }
  return 0;
}

EXPORT(EXPORT_STEP_FOR) StkId luago_step_for (lua_State *L, CallInfo *ci, StkId ra, int n,
                                              int depth) {
  if (l_likely(n <= 2) && is_pairs(L, ra)) {
    if (ttisnil(s2v(ra + LOOP_RESULTS))) setnilvalue(s2v(ra + LOOP_RESULTS + 1));
    return ci->func.p + 1;
  }
  luago_depth = depth;
  setobjs2s(L, ra + LOOP_RESULTS + 2, ra + LOOP_CONTROL);
  setobjs2s(L, ra + LOOP_RESULTS + 1, ra + 1);
  setobjs2s(L, ra + LOOP_RESULTS, ra);
  L->top.p = ra + LOOP_RESULTS + 3;
  luaD_call(L, ra + LOOP_RESULTS, n);
  return after_step(L, ci);
}
