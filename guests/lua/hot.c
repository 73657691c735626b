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
  int version;
} description;
HOST_OFFSET(__typeof__(description), constants, COMPILE_CONSTANTS);
HOST_OFFSET(__typeof__(description), locals, COMPILE_LOCALS);
HOST_OFFSET(__typeof__(description), captured, COMPILE_CAPTURED);
HOST_OFFSET(__typeof__(description), version, COMPILE_VERSION);
HOST_OFFSET(LocVar, startpc, LOCAL_FROM);
HOST_OFFSET(LocVar, endpc, LOCAL_TO);
_Static_assert(sizeof(LocVar) == LOCAL_SIZE, "another size");
_Static_assert(sizeof(description) == COMPILE_SIZE, "another size");

static void describe (const Proto *p, int entry, StkId registers) {
  int i, j;
  memset(&description, 0, sizeof(description));
  description.version = LUA_VERSION_NUM;
  description.code = p->code;
  description.ncode = p->sizecode;
  description.constants = p->k;
  description.nconstants = p->sizek;
  description.parameters = p->numparams;
  description.isvariadic = is_variadic(p);
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
  if (is_variadic(p) && entry == 0) registers = NULL;  /* they are not where they will be */
  if (p->luago_missed < 0) registers = NULL;
  describe(p, entry, registers);
  place = host_compile(&description, only_look);
  if (place < 0) p->luago_seen = -1;
  return place > 0 ? place : 0;
}

/* At which of its calls a function is looked up, from 1 on. */
static int looked_up_at;

/* The code of a function that has not been looked up yet. */
static int first_call (lua_State *L, CallInfo *ci, int depth, StkId base) {
  Proto *p = ci_func(ci)->p;
  ci->u.l.savedpc = p->code;
  if (++p->luago_seen < looked_up_at) return COMPILED_INTERPRET;
  p->luago_code = 0;
  p->luago_code = want_code(p, 0, base, 1);
  if (p->luago_code == 0) return COMPILED_INTERPRET;
  return ((compiled_function)p->luago_code)(L, ci, depth, base);
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

/* How many calls count as much as a tick at which a function is running. */
#define CALLS_OF_TICK	256

/* Whether the host is to be asked for a function: it is, again and again, until it has the code. */
static int is_hot (Proto *p, int by) {
  int seen = p->luago_seen;
  if (seen < 0) return 0;
  if (seen < INT_MAX / 2) p->luago_seen = seen + by;
  return seen + by >= ticks_to_compile * CALLS_OF_TICK &&
         (by == CALLS_OF_TICK || (seen & (CALLS_OF_TICK - 1)) == 0);
}

/* Compiled code has called what is not compiled. */
static void note_call (CallInfo *ci) {
  Proto *p = ci_func(ci)->p;
  if (p->luago_code == 0 && ticks_to_compile != 0 && is_hot(p, 1))
    p->luago_code = want_code(p, 0, ci->func.p + 1, 0);
}

/* How often arguments may be other numbers than those that a function was compiled for. */
#define MOST_MISSED	64

/* Compiled code has left everything to the interpreter. */
static void note_miss (CallInfo *ci) {
  Proto *p = ci_func(ci)->p;
  if (ci->u.l.savedpc != p->code || p->luago_code == 0 || p->luago_code == luago_first_code ||
      p->luago_missed < 0)
    return;
  if (++p->luago_missed >= (looked_up_at == 1 ? 1 : MOST_MISSED)) {
    p->luago_missed = -1;
    p->luago_code = want_code(p, 0, NULL, 0);
  }
}

static void luago_note (lua_State *L, CallInfo *ci, const Instruction *next) {
  CallInfo *running = ci;
  int n;
  if (ticks_to_compile == 0) return;
  for (n = 0; n < FRAMES_TO_NOTE && ci != &L->base_ci && isLua(ci); n++, ci = ci->previous) {
    Proto *p = ci_func(ci)->p;
    int at = (int)(next - p->code);
    if (!is_hot(p, CALLS_OF_TICK)) continue;
    if (ci == running && at > 0 && !L->hookmask && is_head(p, at))
      luago_entry = want_code(p, at, ci->func.p + 1, 0);
    if (p->luago_code == 0 || p->luago_code == luago_first_code)
      p->luago_code = want_code(p, 0, ci->func.p + 1, 0);
  }
}

EXPORT(EXPORT_COMPILE) void luago_compile (int call, int ticks) {
  luago_first_code = call > 0 ? (int)&first_call : 0;
  looked_up_at = call;
  ticks_to_compile = ticks;
}
