/*
** Functions of the host as Lua sees them, and the errors that they raise.
*/

static int error_metatable_ref = LUA_NOREF;

/* Makes an error of the 'n' strings on the top, the last of which may be a stack. */
static void push_error (lua_State *L, uint64_t id, int n, int has_stack) {
  int i, first = lua_gettop(L) - n + 1;
  lua_createtable(L, n, 2);
  if (has_stack) {
    lua_pushvalue(L, first + --n);
    lua_rawseti(L, -2, ERROR_STACK);
  }
  for (i = 0; i < n; i++) {
    lua_pushvalue(L, first + i);
    lua_rawseti(L, -2, i + 1);
  }
  lua_pushnumber(L, (lua_Number)id);
  lua_rawseti(L, -2, ERROR_ID);
  lua_rawgeti(L, LUA_REGISTRYINDEX, error_metatable_ref);
  lua_setmetatable(L, -2);
  lua_replace(L, first);
  lua_settop(L, first);
}

static int is_error (lua_State *L, int index) {
  int is = 0;
  if (lua_istable(L, index) && lua_getmetatable(L, index)) {
    is = (lua_topointer(L, -1) == error_metatable);
    lua_pop(L, 1);
  }
  return is;
}

/*
** Pushes the message of an error and its causes. The answer is their number, or 0 if
** a script has changed the error into something else.
*/
static int error_parts (lua_State *L, int index, uint64_t *id) {
  int n;
  if (!lua_checkstack(L, MAX_CAUSES + 8)) return 0;
  lua_rawgeti(L, index, ERROR_ID);
  *id = (uint64_t)lua_tonumber(L, -1);
  lua_pop(L, 1);
  for (n = 0; n <= MAX_CAUSES; n++) {
    lua_rawgeti(L, index, n + 1);
    if (lua_type(L, -1) != LUA_TSTRING) {
      lua_pop(L, 1);
      break;
    }
  }
  return n;
}

/* err.message, err.causes, err.stack */
static int error_index (lua_State *L) {
  const char *name = lua_tostring(L, 2);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  if (name != NULL && strcmp(name, "message") == 0) lua_rawgeti(L, 1, 1);
  else if (name != NULL && strcmp(name, "causes") == 0) {
    int i, n = (int)lua_rawlen(L, 1);
    lua_createtable(L, n, 0);
    for (i = 2; i <= n; i++) {
      lua_rawgeti(L, 1, i);
      lua_rawseti(L, 3, i - 1);
    }
  }
  else if (name != NULL && strcmp(name, "stack") == 0) lua_rawgeti(L, 1, ERROR_STACK);
  else lua_pushnil(L);
  return 1;
}

/* 'where message: cause: cause', and the stack on lines of its own */
static int error_tostring (lua_State *L) {
  uint64_t id;
  int i, n, parts;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_rawgeti(L, 1, ERROR_WHERE);
  if (lua_type(L, 2) != LUA_TSTRING) {
    lua_pushliteral(L, "");
    lua_replace(L, 2);
  }
  parts = error_parts(L, 1, &id);
  if (parts == 0) {
    lua_pushliteral(L, "error");
    parts = 1;
  }
  n = 2 + parts;
  luaL_checkstack(L, parts * 2 + 4, "too many causes");
  for (i = n; i > 3; i--) {  /* a separator before each cause */
    lua_pushliteral(L, ": ");
    lua_insert(L, i);
  }
  lua_rawgeti(L, 1, ERROR_STACK);
  if (lua_type(L, -1) == LUA_TSTRING) {
    lua_pushliteral(L, "\n");
    lua_insert(L, -2);
  }
  else lua_pop(L, 1);
  lua_concat(L, lua_gettop(L) - 1);
  return 1;
}

static int error_concat (lua_State *L) {
  int i;
  luaL_checkstack(L, 4, NULL);
  for (i = 1; i <= 2; i++) {
    if (lua_type(L, i) == LUA_TTABLE && luaL_callmeta(L, i, "__tostring"))
      lua_replace(L, i);
    else if (!lua_isstring(L, i))
      return luaL_error(L, "attempt to concatenate a %s value", luaL_typename(L, i));
  }
  lua_settop(L, 2);
  lua_concat(L, 2);
  return 1;
}

/* Raises the error on the top, which happened where 'level' says. */
static int raise_where (lua_State *L, int level) {
  if (is_error(L, lua_gettop(L))) {
    luaL_where(L, level);
    lua_rawseti(L, -2, ERROR_WHERE);
  }
  return lua_error(L);
}

/* What Go guests have written comes after what Lua has. */
static __attribute__((noinline)) void show_output (void) {
  mailbox.output = 0;
  fflush(stdout);
  host_output();
}

/* Pushes what the host has left, after a function of it has ended. */
static int take_results (lua_State *L, int kind, int level) {
  uint32_t i, reply, count = mailbox.count;
  if (mailbox.released) take_released(L);
  if (mailbox.output) show_output();
  if (kind == REPLY_VALUES && count == 1 && mailbox.len == sizeof(Slot) &&
      mailbox.frame[0].tag <= TAG_NUMBER) {
    push_scalar(L, mailbox.frame);  /* there is always room for one */
    return 1;
  }
  if (mailbox.len > FRAME_SIZE) {
    const Slot *slot;
    luaL_checkstack(L, (int)count + 8, "too many results");
    reply = mailbox.reply;
    mailbox.reply = 0;
    slot = lua_newuserdata(L, mailbox.len);
    host_frame(reply, (void *)slot);
    for (i = 0; i < count; i++) slot = push_value(L, slot, reply);
    lua_remove(L, -(int)count - 1);  /* callers look at all of the stack */
    host_taken(reply);
  }
  else push_frame(L, mailbox.frame, count, mailbox.len);
  if (kind != REPLY_RAISE) return (int)count;
  if (count == 0)
    lua_pushliteral(L, "there was an error that is too large to pass (limits value_bytes and "
                       "value_elements)");
  return raise_where(L, level);
}

/*
** Raises that an argument cannot be passed to a function of the host. Lua does not know the
** name of a function that 'pcall' has called, but the host does.
*/
static int bad_argument (lua_State *L, uint32_t id, int arg, int level) {
  char name[64];
  name[host_function_name(id, name, sizeof(name) - 1)] = '\0';
  luaL_where(L, level);
  lua_pushfstring(L, "bad argument #%d to '%s' (%s)", arg, name, problem_message());
  lua_concat(L, 2);
  return lua_error(L);
}

/* Calls the function of the first upvalue with everything on the stack. */
static int call_host (lua_State *L) {
  int which;
  uint32_t id = (uint32_t)lua_tonumber(L, lua_upvalueindex(1));
  if (!put_values(L, 1, &which)) return bad_argument(L, id, which, 1);
  return host_call(id);
}

static int host_function (lua_State *L) {
  return take_results(L, call_host(L), 1);
}

#define OWNED	"luago.owned"

/* A function that was made for this sandbox goes when Lua has no use for it. */
static int owned_gc (lua_State *L) {
  uint32_t *id = lua_touserdata(L, 1);
  if (id != NULL && *id != 0) {
    host_drop(*id);
    *id = 0;
  }
  return 0;
}

/* wait.c */
static void push_async_function (lua_State *L, uint32_t id);

static void push_host_function (lua_State *L, uint32_t id, uint32_t kind) {
  luaL_checkstack(L, 6, NULL);
  if (kind & FUNCTION_ASYNC) {
    push_async_function(L, id);
    return;
  }
  lua_pushnumber(L, (lua_Number)id);
  if (kind & FUNCTION_OWNED) {
    uint32_t *owned = lua_newuserdata(L, sizeof(uint32_t));
    *owned = 0;
    luaL_getmetatable(L, OWNED);
    lua_setmetatable(L, -2);
    *owned = id;
    lua_pushcclosure(L, host_function, 2);
  }
  else lua_pushcclosure(L, host_function, 1);
}

static void setup_host (lua_State *L) {
  luaL_newmetatable(L, OWNED);
  lua_pushcfunction(L, owned_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushcfunction(L, error_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_pushcfunction(L, error_concat);
  lua_setfield(L, -2, "__concat");
  lua_pushcfunction(L, error_index);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "error");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "error of the host");
  lua_setfield(L, -2, "__metatable");
  error_metatable = lua_topointer(L, -1);
  error_metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
}
