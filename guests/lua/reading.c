/*
** Reading files in more than single bytes. Part of 'liolib.c'.
*/

/* A file is opened as glibc does it: one that is only appended to begins at its end, and
   no mode at all is a mistake. */
static FILE *luago_fopen (const char *path, const char *mode) {
  FILE *f;
  if (*mode == '\0') {
    errno = EINVAL;
    return NULL;
  }
  f = (fopen)(path, mode);
  if (f != NULL && *mode == 'a' && strchr(mode, '+') == NULL) {
    int saved = errno;
    fseek(f, 0, SEEK_END);
    errno = saved;
  }
  return f;
}
#define fopen(path,mode)	luago_fopen(path, mode)

#define MOST_AT_ONCE	(64u << 10)

/* What 'f' has in its buffer of the line that is to be read, up to 'room' bytes. */
static size_t line_in_buffer (FILE *f, char *to, size_t room) {
  size_t n;
  const char *bytes = __freadptr(f, &n), *end;
  if (bytes == NULL) return 0;
  if (n > room) n = room;
  end = find_byte(bytes, '\n', n);
  if (end != NULL) n = (size_t)(end - bytes);
  memcpy(to, bytes, n);
  __freadptrinc(f, n);
  return n;
}

/* All of a file, in pieces that become larger. */
static void add_all (luaL_Buffer *b, FILE *f) {
  size_t piece = LUAL_BUFFERSIZE;
  for (;;) {
    size_t n = fread(luaL_prepbuffsize(b, piece), 1, piece, f);
    luaL_addsize(b, n);
    if (n < piece) break;
    if (piece < MOST_AT_ONCE) piece *= 2;
  }
}
