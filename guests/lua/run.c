/*
** What the host calls: load code, run it, and say how it ended.
*/

/* Where the host puts names, code and arguments before a call. */
#define INPUT_SIZE	4096
static char input[INPUT_SIZE];
static char *large_input;
static size_t large_input_size;

/*
** How the last call ended; the host reads it after each. 'trace_offset' is
** where the traceback starts in 'message', or its length when there is none.
** No message at all, not even an empty one, is a 'message' at address zero.
*/
static struct Report {
  uint32_t message, message_len, trace_offset;
  uint32_t trace, trace_len;
  uint32_t output, output_pending;
  uint32_t out_of_memory;
} report;

ABI_FIELD(struct Report, message, REPORT_MESSAGE);
ABI_FIELD(struct Report, message_len, REPORT_MESSAGE_LEN);
ABI_FIELD(struct Report, trace_offset, REPORT_TRACE_OFFSET);
ABI_FIELD(struct Report, trace, REPORT_TRACE);
ABI_FIELD(struct Report, trace_len, REPORT_TRACE_LEN);
ABI_FIELD(struct Report, output, REPORT_OUTPUT);
ABI_FIELD(struct Report, output_pending, REPORT_OUTPUT_PENDING);
ABI_FIELD(struct Report, out_of_memory, REPORT_OUT_OF_MEMORY);

/* Its name is the version of the ABI; it is never called. */
EXPORT(EXPORT_ABI) void luago_abi (void) {}

/* Fields for the host to read; also valid after a trap. */
EXPORT(EXPORT_REPORT) void *luago_report (void) {
  report.trace = (uint32_t)(uintptr_t)trace;
  report.trace_len = (uint32_t)trace_len;
  report.output = (uint32_t)(uintptr_t)output_buffer + UNGET_SIZE;
  report.output_pending = (uint32_t)__fpending(stdout);
  return &report;
}

/* Room for 'len' bytes of input, valid until the next call; 0 if there is none. */
EXPORT(EXPORT_INPUT) char *luago_input (size_t len) {
  if (len <= INPUT_SIZE) return input;
  if (len > large_input_size) {
    heap_free(large_input);
    large_input = heap_new(len);
    large_input_size = (large_input != NULL) ? len : 0;
  }
  return large_input;
}

static char *input_of (size_t len) {
  return (len <= INPUT_SIZE) ? input : large_input;
}

static void input_done (void) {
  heap_free(large_input);
  large_input = NULL;
  large_input_size = 0;
}

/* The last error as it was raised, kept where no memory is needed for it. */
static int error_ref, error_kept;

static void keep_error (lua_State *L) {
  lua_pushvalue(L, 1);
  lua_rawseti(L, LUA_REGISTRYINDEX, error_ref);
  error_kept = 1;
}

/* Length of the message proper, before the traceback was appended to it. */
static size_t message_only;

#if LUA_VERSION_NUM >= 502
static int message_handler (lua_State *L) {
  const char *text;
  keep_error(L);
  if (is_error(L, 1) && luaL_callmeta(L, 1, "__tostring")) lua_replace(L, 1);
  text = lua_tostring(L, 1);
  message_only = 0;
  if (text == NULL) {
#if LUA_VERSION_NUM >= 503
    if (luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING)
      return 1;  /* the object says what it is */
    text = lua_pushfstring(L, "(error object is a %s value)",
                           luaL_typename(L, 1));
#else
    if (!lua_isnoneornil(L, 1) && !luaL_callmeta(L, 1, "__tostring"))
      lua_pushliteral(L, "(no error message)");
    return 1;
#endif
  }
  message_only = strlen(text);
  luaL_traceback(L, L, text, 1);
  return 1;
}
#else
/* Length of the string at index 1 if the value on the top starts with it. */
static size_t length_of_prefix (lua_State *L) {
  size_t len, whole_len;
  const char *text = lua_tolstring(L, 1, &len);
  const char *whole = lua_tolstring(L, -1, &whole_len);
  return (whole != NULL && whole_len >= len && memcmp(whole, text, len) == 0)
       ? len : 0;
}

static int message_handler (lua_State *L) {
  message_only = 0;
  keep_error(L);
  if (is_error(L, 1) && luaL_callmeta(L, 1, "__tostring")) lua_replace(L, 1);
  if (!lua_isstring(L, 1)) return 1;  /* keep the object */
  lua_getfield(L, LUA_GLOBALSINDEX, "debug");
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    return 1;
  }
  lua_getfield(L, -1, "traceback");
  if (!lua_isfunction(L, -1)) {
    lua_pop(L, 2);
    return 1;
  }
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 2);
  lua_call(L, 2, 1);
  message_only = length_of_prefix(L);
  return 1;
}
#endif

/*
** As the standalone interpreter of 5.1 does before it reports an error. What a
** finalizer raises takes the error's place.
*/
static void collect_after_error (lua_State *L, int status) {
  size_t length = message_only;
  int kept = keep_trace;
  message_only = 0;
  if (status == LUA_ERRMEM) keep_trace = 1;
  lua_gc(L, LUA_GCCOLLECT, 0);
  message_only = length;
  keep_trace = kept;
}

/* Calls the function below 'nargs' arguments with a traceback on errors. */
static int call_traced (lua_State *L, int nargs, int nresults) {
  int base = lua_gettop(L) - nargs;
  int status;
  lua_pushcfunction(L, message_handler);
  lua_insert(L, base);
  status = lua_pcall(L, nargs, nresults, base);
  lua_remove(L, base);
  if (LUA_VERSION_NUM < 502 && status != 0) collect_after_error(L, status);
  return status;
}

/* Whether memory ran out, and not a script only says so. */
static int ended_in_memory (int status) {
  return status == LUA_ERRMEM && (LUA_VERSION_NUM < 504 || luago_oom_real);
}

/* Keeps the message on top of the stack where the host can read it. */
static int finish (lua_State *L, int status) {
  input_done();
  report.out_of_memory = ended_in_memory(status);
  if (status == 0) {
    fflush(stdout);
    lua_settop(L, 0);
    return STATUS_DONE;
  }
  else {
    size_t len;
    const char *text = lua_tostring(L, -1);
    if (text == NULL) {
      /* Before 5.3 an error without a value is no message at all. */
      if (LUA_VERSION_NUM >= 503 || !lua_isnil(L, -1))
        text = "(error object is not a string)";
      message_only = 0;
    }
    len = (text != NULL) ? strlen(text) : 0;  /* a zero byte ends it */
    report.message = (uint32_t)(uintptr_t)text;
    report.message_len = (uint32_t)len;
    report.trace_offset =
      (uint32_t)(message_only > 0 && message_only < len ? message_only : len);
    fflush(stdout);
    lua_replace(L, 1);  /* keeps the message alive until the next call */
    lua_settop(L, 1);
    return STATUS_FAILED;
  }
}

/* Runs 'f' as the standalone interpreter runs its own main function. */
static int protected_main (lua_CFunction f, void *argument) {
  lua_State *L = main_state;
  message_only = 0;
  keep_trace = 0;
  lua_settop(L, 0);
  lua_pushcfunction(L, f);
  lua_pushlightuserdata(L, argument);
  return finish(L, lua_pcall(L, 1, 0, 0));
}

typedef struct Code {
  size_t name_len, code_len;
  int is_file;
} Code;

/* Arguments of the script, collected one by one before it runs. */
static int arguments_ref = LUA_NOREF;

static int push_arguments (lua_State *L) {
  int i, n;
  if (arguments_ref == LUA_NOREF) return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, arguments_ref);
  lua_getfield(L, -1, "n");
  n = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  luaL_checkstack(L, n + 3, "too many arguments to script");
  for (i = 1; i <= n; i++) lua_rawgeti(L, -i, i);
  lua_remove(L, -n - 1);
  luaL_unref(L, LUA_REGISTRYINDEX, arguments_ref);
  arguments_ref = LUA_NOREF;
  return n;
}

static int add_argument_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  int n = 0;
  if (arguments_ref == LUA_NOREF) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    arguments_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  else {
    lua_rawgeti(L, LUA_REGISTRYINDEX, arguments_ref);
    lua_getfield(L, -1, "n");
    n = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  lua_pushlstring(L, input_of(chunk->code_len), chunk->code_len);
  lua_rawseti(L, -2, n + 1);
  lua_pushinteger(L, n + 1);
  lua_setfield(L, -2, "n");
  return 0;
}

/* Adds the input to the arguments that the next script gets. */
EXPORT(EXPORT_ARGUMENT) int luago_argument (size_t len) {
  Code code_in = {0, len, 0};
  return protected_main(add_argument_main, &code_in);
}

typedef struct Entry { size_t len; int index; } Entry;

static int set_arg_main (lua_State *L) {
  Entry *entry = lua_touserdata(L, 1);
  lua_getglobal(L, "arg");
  if (!lua_istable(L, -1)) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "arg");
  }
  lua_pushlstring(L, input_of(entry->len), entry->len);
  lua_rawseti(L, -2, entry->index);
  return 0;
}

/* Sets the global 'arg[index]' to the input. */
EXPORT(EXPORT_SET_ARG) int luago_set_arg (int index, size_t len) {
  Entry entry = {len, index};
  return protected_main(set_arg_main, &entry);
}

static int chunk_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  char *text = input_of(chunk->name_len + 1 + chunk->code_len);
  const char *code = text + chunk->name_len + 1;
  size_t len = chunk->code_len;
  int status;
  lua_settop(L, 0);
  if (chunk->is_file) code = skip_comment(code, &len);
  status = load_code(L, code, len, text, NULL);
  input_done();
  if (status == 0) status = call_traced(L, push_arguments(L), 0);
  if (status == 0 && has_tasks()) {
    lua_pushcfunction(L, drain);
    status = call_traced(L, 0, 0);
  }
  if (ended_in_memory(status)) report.out_of_memory = keep_trace = 1;
  if (status != 0) return lua_error(L);
  return 0;
}

/*
** Runs a chunk. The input has its name, a zero byte, and its code. A file may
** start with a byte-order mark and a line of comment.
*/
EXPORT(EXPORT_RUN) int luago_run (size_t name_len, size_t code_len, int is_file) {
  Code code_in = {name_len, code_len, is_file};
  int status;
  int failed_in_memory;
  report.out_of_memory = keep_trace = error_kept = 0;
  reported = NULL;
  lua_settop(main_state, 0);
  message_only = 0;
  lua_pushcfunction(main_state, chunk_main);
  lua_pushlightuserdata(main_state, &code_in);
  status = lua_pcall(main_state, 1, 0, 0);
  failed_in_memory = (status != 0 && report.out_of_memory);
  if (status != 0 && has_tasks()) drop_tasks(main_state);
  status = finish(main_state, status);
  if (failed_in_memory) report.out_of_memory = 1;
  return status;
}

static int require_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  char *text = input_of(chunk->code_len);
  size_t global_len = chunk->name_len;  /* of 'GLOBAL=' in front, or 0 */
  int status;
  lua_settop(L, 0);
  lua_pushlstring(L, text, global_len > 0 ? global_len - 1 : chunk->code_len);
  lua_getglobal(L, "require");
  lua_pushlstring(L, text + global_len, chunk->code_len - global_len);
  status = call_traced(L, 1, 1);
  if (status != 0) return lua_error(L);
#if LUA_VERSION_NUM >= 502
  lua_setglobal(L, lua_tostring(L, 1));
#endif
  return 0;
}

/* Requires the module named by the input, as the option '-l' does. */
EXPORT(EXPORT_REQUIRE) int luago_require (size_t global_len, size_t len) {
  Code code_in = {global_len, len, 0};
  return protected_main(require_main, &code_in);
}

static int set_path_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  lua_getglobal(L, "package");
  lua_pushlstring(L, input_of(chunk->code_len), chunk->code_len);
  lua_setfield(L, -2, "path");
  return 0;
}

EXPORT(EXPORT_SET_PATH) int luago_set_path (size_t len) {
  Code code_in = {0, len, 0};
  return protected_main(set_path_main, &code_in);
}

/* Closes the state: finalizers run, files are closed. Nothing runs after it. */
EXPORT(EXPORT_CLOSE) void luago_close (void) {
  lua_close(main_state);
  fflush(NULL);
  fflush(stdin);  /* what was read ahead of a file is there for the next program */
}
