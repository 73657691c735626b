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
HOST_OFFSET(CallInfo, nresults, CALL_INFO_RESULTS);
HOST_OFFSET(CallInfo, callstatus, CALL_INFO_RESULTS + 2);
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
HOST_OFFSET(Table, alimit, TABLE_ARRAY_LEN);
HOST_OFFSET(Table, array, TABLE_ARRAY);
HOST_OFFSET(Table, node, TABLE_NODES);
HOST_OFFSET(Table, metatable, TABLE_METATABLE);
_Static_assert(bitmask(BLACKBIT) == TABLE_BLACK, "another color");
HOST_OFFSET(Node, u.key_tt, NODE_KEY_TAG);
HOST_OFFSET(Node, u.next, NODE_NEXT);
HOST_OFFSET(Node, u.key_val, NODE_KEY);
_Static_assert(sizeof(Node) == NODE_SIZE, "another size");
HOST_OFFSET(TString, hash, STRING_HASH);

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

EXPORT(EXPORT_STEP) StkId luago_step (lua_State *L, CallInfo *ci, int depth) {
  OpCode next;
  luago_depth = depth;
  luago_execute_once(L, ci);
  next = GET_OPCODE(*ci->u.l.savedpc);
  if (OP_MMBIN <= next && next <= OP_MMBINK && L->ci == ci) {
    ci->u.l.savedpc++;  /* the rest of an operation that was not on numbers */
    luago_execute_once(L, ci);
  }
  return after_step(L, ci);
}

EXPORT(EXPORT_STEP_CALL) StkId luago_step_call (lua_State *L, CallInfo *ci, StkId func,
                                                int nresults, int depth) {
  CallInfo *called;
  luago_depth = depth;
  if ((called = luaD_precall(L, func, nresults)) != NULL)
    luago_runcode(L, called);
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

EXPORT(EXPORT_STEP_RETURN) void luago_step_return (lua_State *L, CallInfo *ci, StkId first, int n) {
  L->top.p = first + n;
  luaD_poscall(L, ci, n);
}

/*
** Which functions are compiled. Ones that are found running at ticks, or, if the host says so, ones
** whose code it has already when they are first called.
*/

static int ticks_to_compile;

static struct {
  const Instruction *code;
  int ncode;
  const TValue *constants;
  int nconstants;
  int parameters;
  int isvariadic;
  int registers;
  int entry;
  const LocVar *locals;
  int nlocals;
  StkId values;
  uint32_t captured[8];
} description;
HOST_OFFSET(__typeof__(description), constants, COMPILE_CONSTANTS);
HOST_OFFSET(__typeof__(description), locals, COMPILE_LOCALS);
HOST_OFFSET(__typeof__(description), captured, COMPILE_CAPTURED);
HOST_OFFSET(LocVar, startpc, LOCAL_FROM);
HOST_OFFSET(LocVar, endpc, LOCAL_TO);
_Static_assert(sizeof(LocVar) == LOCAL_SIZE, "another size");
_Static_assert(sizeof(description) == COMPILE_SIZE, "another size");

static void describe (const Proto *p, int entry, StkId registers) {
  int i, j;
  memset(&description, 0, sizeof(description));
  description.code = p->code;
  description.ncode = p->sizecode;
  description.constants = p->k;
  description.nconstants = p->sizek;
  description.parameters = p->numparams;
  description.isvariadic = p->is_vararg;
  description.registers = p->maxstacksize;
  description.entry = entry;
  description.values = registers;
  description.locals = p->locvars;
  description.nlocals = p->sizelocvars;
  for (i = 0; i < p->sizep; i++) {
    const Proto *inner = p->p[i];
    for (j = 0; inner != NULL && j < inner->sizeupvalues; j++) {
      int at = inner->upvalues[j].idx;
      if (inner->upvalues[j].instack) description.captured[at / 32] |= 1u << (at % 32);
    }
  }
}

/* The code of a function, or of a loop in it whose registers are there; 0 if there is none. */
static int want_code (Proto *p, int entry, StkId registers, int only_look) {
  int place;
  describe(p, entry, registers);
  place = host_compile(&description, only_look);
  if (place < 0) p->luago_seen = -1;
  return place > 0 ? place : 0;
}

/* The code of a function that has not been called yet. */
static int first_call (lua_State *L, CallInfo *ci, int depth) {
  Proto *p = ci_func(ci)->p;
  p->luago_code = 0;
  p->luago_code = want_code(p, 0, NULL, 1);
  if (p->luago_code == 0) return COMPILED_INTERPRET;
  return ((compiled_function)p->luago_code)(L, ci, depth);
}

/* Callers as well: they may be a loop of calls. */
#define FRAMES_TO_NOTE	3

/* Whether an instruction goes back to another. */
static int goes_back (const Proto *p, int pc, int to) {
  Instruction i = p->code[pc];
  switch (GET_OPCODE(i)) {
    case OP_FORLOOP: case OP_TFORLOOP: return pc + 1 - GETARG_Bx(i) == to;
    case OP_JMP: return pc + 1 + GETARG_sJ(i) == to;
    default: return 0;
  }
}

static int is_head (const Proto *p, int at) {
  int pc;
  for (pc = at; pc < p->sizecode; pc++) {
    if (goes_back(p, pc, at)) return 1;
  }
  return 0;
}

static void luago_note (lua_State *L, CallInfo *ci, const Instruction *next) {
  CallInfo *running = ci;
  int n;
  if (ticks_to_compile == 0) return;
  for (n = 0; n < FRAMES_TO_NOTE && ci != &L->base_ci && isLua(ci); n++, ci = ci->previous) {
    Proto *p = ci_func(ci)->p;
    int at = (int)(next - p->code);
    if (p->luago_seen < 0 || ++p->luago_seen < ticks_to_compile) continue;
    if (ci == running && at > 0 && !L->hookmask && is_head(p, at))
      luago_entry = want_code(p, at, ci->func.p + 1, 0);
    if (p->luago_code == 0)
      p->luago_code = want_code(p, 0, NULL, 0);
  }
}

EXPORT(EXPORT_COMPILE) void luago_compile (int looks, int ticks) {
  luago_first_code = looks ? (int)&first_call : 0;
  ticks_to_compile = ticks;
}
