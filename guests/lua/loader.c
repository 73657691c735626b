/*
** Modules beside the script. A Lua file that cannot be opened through WASI is
** asked for from the host, whose loader reaches '.lua' files and nothing else.
** So 'package.searchpath', 'require', 'loadfile' and 'dofile' agree.
*/

/* Bytes of the source that the host has ready, or -1. */
static int source_size (const char *path) {
  int size, saved = errno;
  if (!luago_live) return -1;
  size = host_source_open(path, strlen(path));
  errno = saved;
  return size;
}

/* The module beside the script that the first of these templates names; pushes its
   name. Asked for when no file was found by any of them: what is in a granted
   directory comes first. */
static const char *luago_beside (lua_State *L, const char *name,
                                 const char *templates) {
  while (*templates != '\0') {
    const char *end = strchr(templates, ';');
    if (end == NULL) end = templates + strlen(templates);
    if (end > templates) {
      const char *filename;
      lua_pushlstring(L, templates, (size_t)(end - templates));
      filename = luaL_gsub(L, lua_tostring(L, -1), "?", name);
      lua_remove(L, -2);
      if (source_size(filename) >= 0) return filename;
      lua_pop(L, 1);
    }
    templates = (*end != '\0') ? end + 1 : end;
  }
  return NULL;
}

/* Skips a byte-order mark, which 5.1 does not know, and a first line that starts with '#'. */
static const char *skip_comment (const char *code, size_t *len) {
  const char *end = code + *len;
  if (LUA_VERSION_NUM >= 502 && *len >= 3 &&
      memcmp(code, "\xEF\xBB\xBF", 3) == 0)
    code += 3;
  if (code < end && *code == '#')
    while (code < end && *code != '\n') code++;  /* keeps the line count */
  *len = (size_t)(end - code);
  return code;
}

static int load_code (lua_State *L, const char *code, size_t len,
                      const char *chunkname, const char *mode) {
#if LUA_VERSION_NUM >= 502
  return luaL_loadbufferx(L, code, len, chunkname, mode);
#else
  (void)mode;
  return luaL_loadbuffer(L, code, len, chunkname);
#endif
}

static int source_load (lua_State *L, const char *path, const char *mode) {
  int size = source_size(path);
  if (size < 0) return -1;
  else {
    size_t len = (size_t)size;
    const char *code, *chunkname;
    int status;
    char *buffer = lua_newuserdata(L, len + 1);
    /* A finalizer may have asked for another module meanwhile. */
    if (source_size(path) != size || !host_source_take(buffer, len)) {
      lua_pop(L, 1);
      return -1;
    }
    code = skip_comment(buffer, &len);
    chunkname = lua_pushfstring(L, "@%s", path);
    status = load_code(L, code, len, chunkname, mode);
    lua_remove(L, -2);  /* the name */
    lua_remove(L, -2);  /* the buffer */
    return status;
  }
}

/* Whether there is a file that Lua's own function can open. */
static int can_open (const char *path) {
  FILE *f = fopen(path, "r");
  if (f == NULL) return 0;
  fclose(f);
  return 1;
}

#if LUA_VERSION_NUM >= 502
static int luago_loadfilex (lua_State *L, const char *path, const char *mode) {
  if (path != NULL && !can_open(path)) {
    int status = source_load(L, path, mode);
    if (status >= 0) return status;
  }
  return luaL_loadfilex(L, path, mode);
}
#else
static int luago_loadfile (lua_State *L, const char *path) {
  if (path != NULL && !can_open(path)) {
    int status = source_load(L, path, NULL);
    if (status >= 0) return status;
  }
  return luaL_loadfile(L, path);
}
#endif
