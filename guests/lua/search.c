/*
** Runs of bytes that an item of a pattern stands for, and where a pattern can match at all.
** Part of 'lstrlib.c'.
*/

#if LUAGO_VERSION == 501
#define pattern_end(ms, p)	(*(p) == '\0')
#else
#define pattern_end(ms, p)	((p) == (ms)->p_end)
#endif

/*
** The first place from 's' on where the item from 'p' to 'ep' does not match, or does if
** 'matching' is 0; the end of the subject if there is none.
*/
static const char *end_of_run (MatchState *ms, const char *s, const char *p, const char *ep,
                               int matching) {
  const char *end = ms->src_end;
  int c = (unsigned char)*p;
  switch (c) {
    case '.': return matching ? end : s;
    case L_ESC: {
      unsigned int mask;
      c = (unsigned char)p[1];
      mask = class_mask(c);
      if (mask == 0) break;
      if (!(c & 32)) matching = !matching;
      while (s < end && ((byte_classes[(unsigned char)*s] & mask) != 0) == matching) s++;
      return s;
    }
    case '[': {
      if (p[1] != '^' || ep - p != 4 || p[2] == L_ESC) {
        while (s < end && matchbracketclass((unsigned char)*s, p, ep - 1) == matching) s++;
        return s;
      }
      matching = !matching;  /* all but one byte */
      c = (unsigned char)p[2];
      break;
    }
    default: break;
  }
  if (!matching) {
    s = find_byte(s, c, (size_t)(end - s));
    return s != NULL ? s : end;
  }
  while (s < end && (unsigned char)*s == c) s++;
  return s;
}

/* Whether an item matches the byte at 's', which is in front of the end. */
static inline int matches_item (const char *s, const char *p, const char *ep) {
  int c = (unsigned char)*s;
  switch (*p) {
    case '.': return 1;
    case L_ESC: return match_class(c, (unsigned char)p[1]);
    case '[': return matchbracketclass(c, p, ep - 1);
    default: return (unsigned char)*p == c;
  }
}

/* What a pattern begins with, if each match begins with exactly one byte of one item. */
typedef struct Opening {
  const char *item, *item_end;  /* or NULL */
} Opening;

/* The pattern has been tried, so it has no error that would be found here. */
static Opening opening_of (MatchState *ms, const char *p) {
  Opening none = {NULL, NULL}, o;
  while (!pattern_end(ms, p) && (*p == '(' || *p == ')')) p++;
  if (pattern_end(ms, p) || *p == '$' || *p == '.') return none;
  if (*p == L_ESC && (p[1] == 'b' || p[1] == 'f' || (p[1] >= '0' && p[1] <= '9'))) return none;
  o.item = p;
  o.item_end = classend(ms, p);
  if (!pattern_end(ms, o.item_end) &&
      (*o.item_end == '*' || *o.item_end == '?' || *o.item_end == '-')) return none;
  return o;
}

/*
** Where to try next, after 's', at which there was no match: behind the subject if it cannot
** match any more.
*/
static const char *next_try (MatchState *ms, const char *s, const char *p) {
  if (s++ < ms->src_end) {
    Opening o = opening_of(ms, p);
    if (o.item == NULL) return s;
    s = end_of_run(ms, s, o.item, o.item_end, 0);
    if (s < ms->src_end) return s;
  }
  return ms->src_end + 1;
}

/* Adds what is skipped until then. */
static const char *add_until_next_try (MatchState *ms, luaL_Buffer *b, const char *s,
                                       const char *p) {
  const char *next = next_try(ms, s, p);
  if (next > ms->src_end) next = ms->src_end;
  luaL_addlstring(b, s, (size_t)(next - s));
  return next;
}

static const char *match (MatchState *ms, const char *s, const char *p);

/* As many as there are of an item, and then the rest of the pattern; else fewer and fewer. */
static const char *max_expand (MatchState *ms, const char *s, const char *p, const char *ep) {
  const char *at = end_of_run(ms, s, p, ep, 1), *res = match(ms, at, ep + 1);
  Opening o;
  if (res != NULL || at == s) return res;
  o = opening_of(ms, ep + 1);
  while (at-- > s) {
    if (o.item != NULL && !matches_item(at, o.item, o.item_end)) continue;
    if ((res = match(ms, at, ep + 1)) != NULL) return res;
  }
  return NULL;
}

/* As few as there can be of an item before the rest of the pattern. */
static const char *min_expand (MatchState *ms, const char *s, const char *p, const char *ep) {
  const char *res = match(ms, s, ep + 1);
  Opening o;
  if (res != NULL) return res;
  o = opening_of(ms, ep + 1);
  while (s < ms->src_end && matches_item(s, p, ep)) {
    s++;
    if (o.item != NULL) {
      if (*p == '.') s = end_of_run(ms, s, o.item, o.item_end, 0);
      if (s == ms->src_end) return NULL;
      if (!matches_item(s, o.item, o.item_end)) continue;
    }
    if ((res = match(ms, s, ep + 1)) != NULL) return res;
  }
  return NULL;
}
