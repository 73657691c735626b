/*
** What a person at a terminal needs: lines that are run as they are typed, prompts,
** and names that can be completed.
*/

#define EOF_MARK	(LUA_VERSION_NUM >= 502 ? "<eof>" : "'<eof>'")

/* Whether a syntax error says that the text may go on. */
static int is_incomplete (lua_State *L, int status) {
  if (status == LUA_ERRSYNTAX) {
    size_t len, mark = strlen(EOF_MARK);
    const char *text = lua_tolstring(L, -1, &len);
    return len >= mark && strcmp(text + len - mark, EOF_MARK) == 0;
  }
  return 0;
}

static int line_is_incomplete;

static int line_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  const char *code = input_of(chunk->code_len);
  int status, n;
  lua_settop(L, 0);
  lua_pushliteral(L, "return ");
  lua_pushlstring(L, code, chunk->code_len);
  lua_concat(L, 2);
  code = lua_tostring(L, 1);
  status = load_code(L, code, strlen(code), "=stdin", NULL);
  if (status != 0) {
    lua_settop(L, 1);
    code += strlen("return ");
    if (LUA_VERSION_NUM < 503 && *code == '=') {
      lua_pushfstring(L, "return %s", code + 1);
      code = lua_tostring(L, -1);
    }
    status = load_code(L, code, strlen(code), "=stdin", NULL);
    if (is_incomplete(L, status)) {
      line_is_incomplete = 1;
      return 0;
    }
    if (status != 0) return lua_error(L);
  }
  lua_replace(L, 1);
  lua_settop(L, 1);
  status = call_traced(L, 0, LUA_MULTRET);
  if (status != 0) return lua_error(L);
  n = lua_gettop(L);
  if (n > 0) {
    luaL_checkstack(L, LUA_MINSTACK, "too many results to print");
    lua_getglobal(L, "print");
    lua_insert(L, 1);
    if (lua_pcall(L, n, 0, 0) != 0)
      return luaL_error(L, "error calling 'print' (%s)", lua_tostring(L, -1));
  }
  return 0;
}

/* Runs a line typed by a person and prints its results. */
EXPORT(EXPORT_LINE) int luago_line (size_t len) {
  Code code_in = {0, len, 0};
  int status;
  line_is_incomplete = 0;
  status = protected_main(line_main, &code_in);
  return (status == STATUS_DONE && line_is_incomplete) ? STATUS_INCOMPLETE : status;
}

/*
** Sends the prompt: of the first line of a statement, or of one that goes on. As
** in the standalone interpreter, a global of the script's says what it is.
*/
static int prompt_main (lua_State *L) {
  int is_first = *(int *)lua_touserdata(L, 1);
  lua_settop(L, 0);
  lua_getglobal(L, is_first ? "_PROMPT" : "_PROMPT2");
#if LUA_VERSION_NUM >= 504
  if (!lua_isnil(L, 1)) luaL_tolstring(L, 1, NULL);
#else
  lua_tostring(L, 1);  /* a number becomes a string */
#endif
  if (lua_type(L, -1) != LUA_TSTRING) lua_pushstring(L, is_first ? "> " : ">> ");
  lua_insert(L, 1);
  lua_settop(L, 1);
  refused = 0;
  put_values(L, 1, &refused);
  return 0;
}

EXPORT(EXPORT_PROMPT) int luago_prompt (int is_first) {
  int status;
  error_kept = 0;
  status = protected_main(prompt_main, &is_first);
  return (status == STATUS_DONE && refused != 0) ? STATUS_UNSENDABLE : status;
}

/* So many tables are looked through for one field, each the '__index' of the one before. */
#define MAX_HOPS	16

/* So many fields are looked at, and so many names are found, for one completion. */
#define MOST_FIELDS	100000
#define LONGEST_NAMES	500

/* Nobody types a name that is longer. */
#define LONGEST_NAME	100

/* Puts the table that is the '__index' of a value in its place; 0 if there is none. */
static int step_to_index (lua_State *L, int at) {
  if (!lua_getmetatable(L, at)) return 0;
  lua_pushliteral(L, "__index");
  lua_rawget(L, -2);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 2);
    return 0;
  }
  lua_replace(L, at);
  lua_pop(L, 1);
  return 1;
}

/* Puts a field of the value at 'at' in its place. No code of the script's runs. */
static void step_to_field (lua_State *L, int at, const char *name, size_t len) {
  int hops;
  for (hops = 0; hops < MAX_HOPS; hops++) {
    if (lua_istable(L, at)) {
      lua_pushlstring(L, name, len);
      lua_rawget(L, at);
      if (!lua_isnil(L, -1)) {
        lua_replace(L, at);
        return;
      }
      lua_pop(L, 1);
    }
    if (!step_to_index(L, at)) break;
  }
  lua_pushnil(L);
  lua_replace(L, at);
}

static int can_be_typed (const char *text, size_t len) {
  size_t i;
  for (i = 0; i < len; i++) {
    char c = text[i];
    int is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!is_letter && !(i > 0 && c >= '0' && c <= '9')) return 0;
  }
  return len > 0 && len <= LONGEST_NAME;
}

static int is_reserved (const char *text) {
  int i;
  for (i = 0; i < NUM_RESERVED; i++)
    if (strcmp(luaX_tokens[i], text) == 0) return 1;
  return 0;
}

/*
** Sends the names that the input, such as 'string.fo' or 'file:re', can go on
** with. Tables are read without metamethods.
*/
static int complete_main (lua_State *L) {
  Code *chunk = lua_touserdata(L, 1);
  const char *text = input_of(chunk->code_len), *end = text + chunk->code_len;
  const char *dot;
  int hops, fields = 0, names = 0, is_field = 0, is_method = 0;
  enum { FOUND = 1, VALUE = 2 };
  lua_settop(L, 0);
  lua_newtable(L);
  push_globals(L);
  for (dot = text; dot < end; dot++) {
    if (*dot != '.' && *dot != ':') continue;
    step_to_field(L, VALUE, text, (size_t)(dot - text));
    is_field = 1;
    is_method = (*dot == ':');
    text = dot + 1;
  }
  for (hops = 0; hops < MAX_HOPS && names < LONGEST_NAMES; hops++) {
    if (lua_istable(L, VALUE)) {
      lua_pushnil(L);
      while (lua_next(L, VALUE)) {
        int fits = (!is_method || lua_isfunction(L, -1)) && lua_type(L, -2) == LUA_TSTRING;
        lua_pop(L, 1);
        if (fits) {
          size_t len, typed = (size_t)(end - text);
          const char *name = lua_tolstring(L, -1, &len);
          if (len >= typed && memcmp(name, text, typed) == 0 && can_be_typed(name, len) &&
              !is_reserved(name)) {
            lua_pushvalue(L, -1);
            lua_rawseti(L, FOUND, ++names);
          }
        }
        if (++fields == MOST_FIELDS || names == LONGEST_NAMES) break;
      }
      lua_settop(L, VALUE);
    }
    if (fields == MOST_FIELDS || !step_to_index(L, VALUE)) break;
  }
  if (!is_field) {
    int i;
    for (i = 0; i < NUM_RESERVED; i++) {
      if (strncmp(luaX_tokens[i], text, (size_t)(end - text)) != 0) continue;
      lua_pushstring(L, luaX_tokens[i]);
      lua_rawseti(L, FOUND, ++names);
    }
  }
  lua_settop(L, FOUND);
  refused = 0;
  put_values(L, FOUND, &refused);
  return 0;
}

static int collector_runs (lua_State *L) {
#if LUA_VERSION_NUM >= 502
  return lua_gc(L, LUA_GCISRUNNING, 0);
#else
  return G(L)->GCthreshold != MAX_LUMEM;
#endif
}

EXPORT(EXPORT_COMPLETE) int luago_complete (size_t len) {
  Code code_in = {0, len, 0};
  int status, runs = collector_runs(main_state);
  error_kept = 0;
  /* A finalizer would be code of the script's, too. */
  lua_gc(main_state, LUA_GCSTOP, 0);
  status = protected_main(complete_main, &code_in);
  if (runs) lua_gc(main_state, LUA_GCRESTART, 0);
  return (status == STATUS_DONE && refused != 0) ? STATUS_UNSENDABLE : status;
}
