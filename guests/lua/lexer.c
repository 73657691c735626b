/*
** Bytes of source that belong together, taken at once from what the stream has in its buffer.
** Part of 'llex.c', where the current byte is in front of that buffer.
*/

/* Of how many more bytes that are there now all meet the condition on 'c'. */
#define COUNT_WHILE(ls, n, condition) { \
    const unsigned char *at = (const unsigned char *)(ls)->z->p; \
    for (n = 0; n < (ls)->z->n; n++) { \
      unsigned int c = at[n]; \
      if (!(condition)) break; \
    } \
  }

/* Saves the current byte and 'n' more, and goes on behind them. */
static void save_and_take (LexState *ls, size_t n) {
  ZIO *z = ls->z;
  Mbuffer *b = ls->buff;
  save(ls, ls->current);
  while (n > 0) {
    size_t part = b->buffsize - b->n;
    if (part == 0) {
      save(ls, *z->p++);  /* makes room for as many more */
      z->n--;
      n--;
      continue;
    }
    if (part > n) part = n;
    memcpy(b->buffer + b->n, z->p, part);
    b->n += part;
    z->p += part;
    z->n -= part;
    n -= part;
  }
  next(ls);
}

/* All of a name, or as much of it as is there now. */
static void save_name (LexState *ls) {
  size_t n;
#if LUAGO_VERSION == 501
  COUNT_WHILE(ls, n, isalnum(c) || c == '_')
#else
  COUNT_WHILE(ls, n, lislalnum(c))
#endif
  save_and_take(ls, n);
}

/* What stands for itself in a string that ends with 'del'. */
static void save_text (LexState *ls, int del) {
  size_t n;
  COUNT_WHILE(ls, n, (int)c != del && c != '\\' && c != '\n' && c != '\r')
  save_and_take(ls, n);
}

/* What stands for itself in a long string; in a long comment it is just skipped. */
static void long_text (LexState *ls, int is_string) {
  size_t n;
  COUNT_WHILE(ls, n, c != ']' && c != '[' && c != '\n' && c != '\r')
  if (is_string) save_and_take(ls, n);
  else {
    ls->z->p += n;
    ls->z->n -= n;
    next(ls);
  }
}

/* Up to the end of the line, or of what is there now. */
static void skip_in_line (LexState *ls) {
  size_t n;
  COUNT_WHILE(ls, n, c != '\n' && c != '\r')
  ls->z->p += n;
  ls->z->n -= n;
  next(ls);
}

#undef COUNT_WHILE
