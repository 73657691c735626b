/*
** 'string.gsub' with a function where its caller can wait: what it knows is in a userdata,
** so that the function can leave it and come back. That is at index 5, above the arguments;
** its buffer has what is above.
*/

typedef struct Replacing {
  MatchState ms;
  luaL_Buffer buffer;
  const char *from, *pattern, *end;  /* of the match that the function has been asked about */
  const char *last;  /* the end of the last match */
  size_t left;  /* replacements that may still be made */
  size_t count;
  int anchor, changed;
} Replacing;

CONTINUATION(gsub_on);

/* From 5.3 on there is no empty match where the last one has ended. */
#if LUA_VERSION_NUM >= 503
#define is_match(r)	((r)->end != NULL && (r)->end != (r)->last)
#else
#define is_match(r)	((r)->end != NULL)
#endif

static void prepare_match (MatchState *ms) {
  ms->level = 0;
#if LUA_VERSION_NUM == 501
  ms->depth = 0;
#else
  ms->matchdepth = MAXCCALLS;
#endif
}

/* Takes what the function has given for a match. */
static void add_given (lua_State *L, Replacing *r) {
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(&r->buffer, r->from, (size_t)(r->end - r->from));
    return;
  }
  if (!lua_isstring(L, -1))
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  luaL_addvalue(&r->buffer);
  r->changed = 1;
}

/* Goes to where the next match may be; false at the end. */
static int move_on (Replacing *r, int matched) {
  if (matched && (r->end > r->from || LUA_VERSION_NUM >= 503)) r->from = r->last = r->end;
  else if (r->from < r->ms.src_end) luaL_addchar(&r->buffer, *r->from++);
  else return 0;
  return !r->anchor;
}

static int finish_gsub (lua_State *L, Replacing *r) {
  if (LUA_VERSION_NUM >= 504 && !r->changed) lua_pushvalue(L, 1);
  else {
    luaL_addlstring(&r->buffer, r->from, (size_t)(r->ms.src_end - r->from));
    luaL_pushresult(&r->buffer);
  }
  lua_pushinteger(L, (lua_Integer)r->count);
  return 2;
}

/* Looks for matches, and asks the function about each. */
static int replace_matches (lua_State *L, Replacing *r) {
  while (r->left > 0) {
    prepare_match(&r->ms);
    r->end = match(&r->ms, r->from, r->pattern);
    if (is_match(r)) {
      r->left--;
      r->count++;
      lua_pushvalue(L, 3);
      if (leave_call(L, push_captures(&r->ms, r->from, r->end), 1, gsub_on)) return -1;
      add_given(L, r);
      if (!move_on(r, 1)) break;
    }
    else if (!move_on(r, 0)) break;
  }
  return finish_gsub(L, r);
}

CONTINUATION(gsub_on) {
  Replacing *r = lua_touserdata(L, 5);
  IN_CONTINUATION;
  add_given(L, r);
  return move_on(r, 1) ? replace_matches(L, r) : finish_gsub(L, r);
}

static int luago_gsub (lua_State *L) {
  size_t len, pattern_len;
  const char *text = luaL_checklstring(L, 1, &len);
  const char *pattern = luaL_checklstring(L, 2, &pattern_len);
  lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)len + 1);
  Replacing *r;
  lua_settop(L, 4);
  r = lua_newuserdata(L, sizeof(Replacing));
  memset(&r->ms, 0, sizeof(MatchState));
  r->anchor = (*pattern == '^');
  r->pattern = pattern + r->anchor;
  r->from = text;
  r->last = r->end = NULL;
  r->left = len + 1;
  if (most < 0 && LUA_VERSION_NUM != 502) most = 0;
  if (most >= 0 && (size_t)most < r->left) r->left = (size_t)most;
  r->count = 0;
  r->changed = 0;
  r->ms.L = L;
  r->ms.src_init = text;
  r->ms.src_end = text + len;
#if LUA_VERSION_NUM >= 502
  r->ms.p_end = pattern + pattern_len;
#endif
  luaL_buffinit(L, &r->buffer);
  return replace_matches(L, r);
}
