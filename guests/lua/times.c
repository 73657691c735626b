/*
** Times as glibc has them, where the C library of the guest differs and programs
** can tell.
*/

/* In UTC no time is daylight saving time; one that says so is an hour earlier. */
static time_t luago_mktime (struct tm *tm) {
  if (tm->tm_isdst > 0 && tm->tm_hour > INT32_MIN) tm->tm_hour--;
  return (mktime)(tm);
}
#define mktime(tm)	luago_mktime(tm)

#if LUAGO_VERSION == 501
/*
** One conversion, '%' and a character: 5.1 passes any on. What is none stays as it
** is, but a digit is its width.
*/
static size_t luago_strftime (char *to, size_t size, const char *form,
                              const struct tm *tm) {
  static const char known[] = "%aAbBcCdDeFgGhHIjmMnprRsStTuUVwWxXyYzZ";
  char c = form[1];
  int width = (c >= '0' && c <= '9') ? c - '0' : 0;
  if (memchr(known, c, sizeof(known) - 1) != NULL)
    return (strftime)(to, size, form, tm);
  if (c == 'k') return (size_t)(snprintf)(to, size, "%2d", tm->tm_hour);
  if (c == 'l') return (size_t)(snprintf)(to, size, "%2d", (tm->tm_hour + 11) % 12 + 1);
  if (c == 'P') return (size_t)(snprintf)(to, size, "%s", tm->tm_hour < 12 ? "am" : "pm");
  if (width < 2) width = 2;
  memset(to, ' ', (size_t)width);
  to[width - 2] = '%';
  to[width - 1] = c;
  return (size_t)width;
}
#define strftime(to,size,form,tm)	luago_strftime(to, size, form, tm)
#endif
