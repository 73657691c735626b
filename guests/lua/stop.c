/*
** Where the script was when it was stopped. The host asks for it in one of two
** ways: it arms a hook and lets the script run into it, or, when that has not
** happened in time, it traps the guest and calls for a traceback afterwards.
*/

typedef struct Thread {
  lua_State *L;
  struct Thread *resumer;
  int armed;  /* whether a hook of luago's stands in for the script's */
  lua_Hook hook;  /* the script's */
  int mask, count;
} Thread;

/* The coroutines that are running now, innermost first. */
static Thread *running;

/* Frames that are looked at: more than C functions can be in each other, with those of
   Lua between them. Of what is below, the script has to return first. */
#define ARMED_FRAMES	512

/*
** Makes a coroutine call a hook at its next instruction, and for what the script's own
** hook is called for. This is 'lua_sethook', but for its walk over the whole stack, which
** can be as deep as there is memory.
*/
static void arm (lua_State *L, lua_Hook hook, int mask) {
#if LUA_VERSION_NUM >= 504
  CallInfo *ci = L->ci;
  int i;
  L->hook = hook;
  L->basehookcount = 1;
  resethookcount(L);
  L->hookmask = cast_byte(mask | LUA_MASKCOUNT);
  for (i = 0; i < ARMED_FRAMES && ci != NULL; i++, ci = ci->previous)
    if (isLua(ci)) ci->u.l.trap |= 1;
#else
  lua_sethook(L, hook, mask | LUA_MASKCOUNT, 1);
#endif
}

/* Gives the script its hook back. */
static void disarm (Thread *thread) {
  if (!thread->armed) return;
  thread->armed = 0;
  lua_sethook(thread->L, thread->hook, thread->mask, thread->count);
}

static Thread *thread_of (lua_State *L) {
  Thread *thread = running;
  while (thread != NULL && thread->L != L) thread = thread->resumer;
  return thread;
}

/* Builds tracebacks, so that the stack of the stopped coroutine stays as is. */
static lua_State *reporter;

#if LUA_VERSION_NUM >= 504
#define inner_resume(L, from, nargs, nres)  luago_inner_resume(L, from, nargs, nres)
static int lua_resume (lua_State *L, lua_State *from, int nargs, int *nres) {
  Thread thread = {L, running, 0, NULL, 0, 0};
  int status;
  running = &thread;
  status = luago_inner_resume(L, from, nargs, nres);
  disarm(&thread);
  running = thread.resumer;
  return status;
}
#elif LUA_VERSION_NUM >= 502
static int lua_resume (lua_State *L, lua_State *from, int nargs) {
  Thread thread = {L, running, 0, NULL, 0, 0};
  int status;
  running = &thread;
  status = luago_inner_resume(L, from, nargs);
  disarm(&thread);
  running = thread.resumer;
  return status;
}
#else
static int lua_resume (lua_State *L, int nargs) {
  Thread thread = {L, running, 0, NULL, 0, 0};
  int status;
  running = &thread;
  status = luago_inner_resume(L, nargs);
  disarm(&thread);
  running = thread.resumer;
  return status;
}
#endif

#define TRACE_SIZE	8192
static char trace[TRACE_SIZE];
static size_t trace_len;

static void trace_add (const char *text, size_t len) {
  if (len > TRACE_SIZE - trace_len) len = TRACE_SIZE - trace_len;
  memcpy(trace + trace_len, text, len);
  trace_len += len;
}

static void trace_text (const char *text) {
  trace_add(text, strlen(text));
}

static void trace_number (int n) {
  char digits[16];
  trace_add(digits, (size_t)snprintf(digits, sizeof(digits), "%d", n));
}

/*
** Nothing below allocates: Lua's heap may be full, or in the middle of a
** change. The reporter's stack holds 'package.loaded' at index 1.
*/

#if LUA_VERSION_NUM >= 502
/* Writes the name under which a library has the function, as luaL_traceback. */
static int trace_global_name (lua_Debug *ar) {
  lua_State *L = reporter;
  int found = 0;
  lua_settop(L, 1);
  lua_getinfo(L, "f", ar);
  lua_pushnil(L);
  while (!found && lua_next(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING && lua_istable(L, -1)) {
      lua_pushnil(L);
      while (!found && lua_next(L, -2)) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_rawequal(L, 2, -1)) {
          const char *library = lua_tostring(L, 3);
          trace_text("function '");
          if (strcmp(library, "_G") != 0) {
            trace_text(library);
            trace_text(".");
          }
          trace_text(lua_tostring(L, -2));
          trace_text("'");
          found = 1;
        }
        lua_pop(L, 1);
      }
      if (found) break;
    }
    lua_pop(L, 1);
  }
  lua_settop(L, 1);
  return found;
}
#endif

static void trace_function (lua_Debug *ar) {
#if LUA_VERSION_NUM >= 502
  trace_text(" in ");
  if (trace_global_name(ar)) return;
  if (*ar->namewhat != '\0') {
    trace_text(LUA_VERSION_NUM >= 503 ? ar->namewhat : "function");
    trace_text(" '");
#else
  if (*ar->namewhat != '\0') {
    trace_text(" in function '");
#endif
    trace_text(ar->name);
    trace_text("'");
  }
#if LUA_VERSION_NUM >= 502
  else if (*ar->what == 'm') trace_text("main chunk");
  else if (*ar->what == 'C') trace_text("?");
  else trace_text("function <");
#else
  else if (*ar->what == 'm') trace_text(" in main chunk");
  else if (*ar->what == 'C' || *ar->what == 't') trace_text(" ?");
  else trace_text(" in function <");
#endif
  if (*ar->namewhat == '\0' && *ar->what == 'L') {
    trace_text(ar->short_src);
    trace_text(":");
    trace_number(ar->linedefined);
    trace_text(">");
  }
}

#define LEVELS_FIRST	10
#define LEVELS_LAST	11

/* The outermost frames that a walk has come by; those of the last levels are left in it. */
static CallInfo *last_frames[LEVELS_LAST];

/* How many levels 'lua_getstack' knows, in one walk. */
static int stack_depth (lua_State *L) {
  int depth = 0;
  CallInfo *ci;
#if LUA_VERSION_NUM >= 502
  for (ci = L->ci; ci != NULL && ci != &L->base_ci; ci = ci->previous)
    last_frames[depth++ % LEVELS_LAST] = ci;
#else
  for (ci = L->ci; ci > L->base_ci; ci--) {
    depth++;
    if (f_isLua(ci)) depth += ci->tailcalls;
  }
#endif
  return depth;
}

/*
** 'lua_getstack' for the last levels, after 'stack_depth': it would walk over the whole stack for
** each, which can be as deep as there is memory. In 5.1 it does not walk.
*/
static int get_last (lua_State *L, int level, int depth, lua_Debug *ar) {
#if LUA_VERSION_NUM >= 502
  if (level >= depth) return 0;
  ar->i_ci = last_frames[level % LEVELS_LAST];
  return 1;
#else
  (void)depth;
  return lua_getstack(L, level, ar);
#endif
}

/*
** A trap may find the interpreter after a jump to a function's first instruction,
** where it has no current one yet. Nothing runs after this, so it is moved on.
*/
static void settle (lua_State *L) {
#if LUA_VERSION_NUM == 502 || LUA_VERSION_NUM == 503
  CallInfo *ci = L->ci;
  if (isLua(ci) && ci->u.l.savedpc == clLvalue(ci->func)->p->code)
    ci->u.l.savedpc++;
#else
  (void)L;
#endif
}

static void trace_stack (lua_State *L) {
  lua_Debug ar;
  int level, depth = stack_depth(L);
  trace_text("stack traceback:");
  for (level = 0; level < depth; level++) {
    if (level == LEVELS_FIRST && depth > LEVELS_FIRST + LEVELS_LAST) {
      trace_text("\n\t...\t(skipping ");
      trace_number(depth - LEVELS_FIRST - LEVELS_LAST);
      trace_text(" levels)");
      level = depth - LEVELS_LAST;
    }
    if (!((level < LEVELS_FIRST) ? lua_getstack(L, level, &ar) : get_last(L, level, depth, &ar)))
      break;
#if LUA_VERSION_NUM >= 502
    lua_getinfo(L, "Slnt", &ar);
#else
    lua_getinfo(L, "Sln", &ar);
#endif
    trace_text("\n\t");
    trace_text(ar.short_src);
    trace_text(":");
    if (ar.currentline > 0) {
      trace_number(ar.currentline);
      trace_text(":");
    }
    trace_function(&ar);
#if LUA_VERSION_NUM >= 502
    if (ar.istailcall) trace_text("\n\t(...tail calls...)");
#endif
  }
}

/* Writes the stacks of all running coroutines to 'trace', innermost first. */
static void write_trace (void) {
  Thread *thread;
  trace_len = 0;
  for (thread = running; thread != NULL; thread = thread->resumer) {
    trace_stack(thread->L);
    trace_text("\n");
  }
  trace_stack(main_state);
}

static void setup_reporter (lua_State *L) {
  reporter = lua_newthread(L);
  lua_setfield(L, LUA_REGISTRYINDEX, "luago.reporter");
  lua_checkstack(reporter, 16);
  lua_getglobal(reporter, "package");
  lua_getfield(reporter, -1, "loaded");
  lua_remove(reporter, 1);
}

/* Set while an allocation error that has been noted is passed on. */
static int keep_trace;

/* Called as an allocation error is about to be thrown: the stack still stands. */
static void luago_note_oom (struct lua_State *L) {
  (void)L;
  if (luago_oom_passed_on) {
    luago_oom_passed_on = 0;
    return;
  }
  luago_oom_real = 1;
  if (reporter != NULL && !keep_trace) write_trace();
}

static void stop_hook (lua_State *L, lua_Debug *ar) {
  (void)ar;
  write_trace();
  host_stopped();  /* returns only if the script ended before it was stopped */
  lua_sethook(L, NULL, 0, 0);
}

/* Makes the running coroutine call the hook at its next instruction. */
EXPORT(EXPORT_INTERRUPT) void luago_interrupt (void) {
  arm(running != NULL ? running->L : main_state, stop_hook, 0);
}

/* The only function that may be called after a trap. */
EXPORT(EXPORT_TRACEBACK) void luago_traceback (void) {
  settle(running != NULL ? running->L : main_state);
  write_trace();
}
