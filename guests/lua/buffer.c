/*
** The buffers of Lua 5.1, made as those of later versions: what does not fit into the
** structure goes to a block on the stack, which doubles. (Lua's own make a string of each
** piece, and all of these are hashed, kept, and put together again.)
*/

#define has_block(B)	((B)->start != (B)->buffer)

/* Room for 'n' more bytes. */
static char *luaL_prepbuffsize (luaL_Buffer *B, size_t n) {
  lua_State *L = B->L;
  size_t used = (size_t)(B->p - B->start), size = (size_t)(B->end - B->start);
  char *block;
  if ((size_t)(B->end - B->p) >= n) return B->p;
  if (used + n < n) luaD_throw(L, LUA_ERRMEM);
  size *= 2;
  if (size < used + n) size = used + n;
  block = lua_newuserdata(L, size);
  memcpy(block, B->start, used);
  if (has_block(B)) lua_remove(L, -2);
  B->start = block;
  B->end = block + size;
  B->p = block + used;
  return B->p;
}

LUALIB_API char *luaL_prepbuffer (luaL_Buffer *B) {
  return luaL_prepbuffsize(B, LUAL_BUFFERSIZE);
}

LUALIB_API void luaL_addlstring (luaL_Buffer *B, const char *s, size_t l) {
  memcpy(luaL_prepbuffsize(B, l), s, l);
  B->p += l;
}

LUALIB_API void luaL_addstring (luaL_Buffer *B, const char *s) {
  luaL_addlstring(B, s, strlen(s));
}

LUALIB_API void luaL_pushresult (luaL_Buffer *B) {
  lua_pushlstring(B->L, B->start, (size_t)(B->p - B->start));
  if (has_block(B)) lua_remove(B->L, -2);
}

LUALIB_API void luaL_addvalue (luaL_Buffer *B) {
  lua_State *L = B->L;
  size_t l;
  const char *s = lua_tolstring(L, -1, &l);
  if (has_block(B)) lua_insert(L, -2);
  memcpy(luaL_prepbuffsize(B, l), s, l);
  B->p += l;
  lua_remove(L, has_block(B) ? -2 : -1);
}

LUALIB_API void luaL_buffinit (lua_State *L, luaL_Buffer *B) {
  B->L = L;
  B->p = B->start = B->buffer;
  B->end = B->buffer + LUAL_BUFFERSIZE;
}

static char *luaL_buffinitsize (lua_State *L, luaL_Buffer *B, size_t n) {
  luaL_buffinit(L, B);
  return luaL_prepbuffsize(B, n);
}

static void luaL_pushresultsize (luaL_Buffer *B, size_t n) {
  B->p += n;
  luaL_pushresult(B);
}
