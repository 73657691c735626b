/*
** Numbers in files, before 5.3: these versions leave it to the C library how much
** of a file a number takes. glibc reads what may become a number, and gives back no
** more than the one character after it.
*/

#if LUAGO_VERSION <= 502

typedef struct Scan {
  FILE *f;
  luaL_Buffer b;
  int c;  /* the character that was read last */
} Scan;

static int scan_next (Scan *s) {
  return s->c = getc(s->f);
}

static void scan_keep (Scan *s, int c) {
  luaL_addchar(&s->b, (char)c);
}

/* Reads the rest of a word whose first character was read. */
static int scan_word (Scan *s, const char *rest) {
  scan_keep(s, s->c);
  for (; *rest != '\0'; rest++) {
    if (luago_tolower(scan_next(s)) != *rest) return 0;
    scan_keep(s, s->c);
  }
  return 1;
}

/* Reads characters as long as a number can go on with them. */
static int scan_digits (Scan *s) {
  int kept = 0, is_hex = 0, has_digit = 0, has_dot = 0, has_exponent = 0;
  int last = 0, mark = 'e';
  if (s->c == '0') {
    scan_keep(s, s->c);
    kept = has_digit = 1;
    if (luago_tolower(scan_next(s)) == 'x') {
      scan_keep(s, s->c);
      kept = 2;
      has_digit = 0;
      is_hex = 1;
      mark = 'p';
      scan_next(s);
    }
  }
  for (;; scan_next(s)) {
    int c = s->c;
    if (c == EOF) break;
    if (isdigit(c) || (is_hex && !has_exponent && isxdigit(c))) has_digit = 1;
    else if (has_exponent && last == mark && (c == '-' || c == '+')) ;
    else if (has_digit && !has_exponent && luago_tolower(c) == mark) {
      has_exponent = has_dot = 1;
      c = mark;
    }
    else if (!has_dot && c == '.') has_dot = 1;
    else {
      ungetc(c, s->f);
      break;
    }
    scan_keep(s, last = c);
    kept++;
  }
  return kept > (is_hex ? 2 : 0);
}

/* Reads as far as glibc does; what was read is a number if it begins with one. */
static int scan_text (Scan *s) {
  while (isspace(scan_next(s))) ;
  if (s->c == EOF) return 0;
  if (s->c == '-' || s->c == '+') {
    scan_keep(s, s->c);
    if (scan_next(s) == EOF) return 0;
  }
  if (luago_tolower(s->c) == 'n') return scan_word(s, "an");
  if (luago_tolower(s->c) == 'i') {
    if (!scan_word(s, "nf")) return 0;
    if (luago_tolower(scan_next(s)) == 'i') return scan_word(s, "nity");
    if (s->c != EOF) ungetc(s->c, s->f);
    return 1;
  }
  return scan_digits(s);
}

static int luago_scan_number (lua_State *L, FILE *f, lua_Number *number) {
  Scan s;
  char *end;
  int is_number;
  s.f = f;
  luaL_buffinit(L, &s.b);
  is_number = scan_text(&s);
  luaL_pushresult(&s.b);
  if (is_number) {
    const char *text = lua_tostring(L, -1);
    *number = lua_str2number(text, &end);
    is_number = (end != text);
  }
  lua_pop(L, 1);
  return is_number;
}

#define fscanf(f,form,number)	luago_scan_number(L, f, number)

#endif
