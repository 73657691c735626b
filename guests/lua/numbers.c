/*
** Numbers to text and back. The C library does this through 'long double',
** which WebAssembly does not have: it costs ten times what a machine's own does.
** What is common is done here, exactly, in integers; the rest is left to the
** library.
*/

#include <math.h>

typedef unsigned __int128 wide;

#define MAX_SCALE	22

/* 10^n for 0 <= n <= 22. */
static wide power_of_ten (int n) {
  static const uint64_t small[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
    10000000000u, 100000000000u, 1000000000000u, 10000000000000u,
    100000000000000u, 1000000000000000u, 10000000000000000u,
    100000000000000000u, 1000000000000000000u, 10000000000000000000u
  };
  return n < 20 ? small[n] : (wide)small[19] * small[n - 19];
}

/*
** Rounds 'x * 10^scale' to an integer, half to even, as 'printf' does. Exact: the
** product has at most 53 + 74 bits. False if it does not fit.
*/
static int scaled (double x, int scale, uint64_t *result) {
  uint64_t bits;
  int exponent;
  wide product, quotient;
  memcpy(&bits, &x, sizeof(bits));
  exponent = (int)(bits >> 52 & 0x7FF);
  bits &= ((uint64_t)1 << 52) - 1;
  if (exponent == 0) exponent = 1;
  else bits |= (uint64_t)1 << 52;
  exponent -= 1075;  /* now x is 'bits * 2^exponent' */
  product = bits * power_of_ten(scale);
  if (exponent >= 0) {
    if (exponent > 10 || product >> (64 - exponent) != 0) return 0;
    quotient = product << exponent;
  }
  else if (exponent <= -128) quotient = 0;
  else {
    wide rest = product & (((wide)1 << -exponent) - 1);
    wide half = (wide)1 << (-exponent - 1);
    quotient = product >> -exponent;
    if (rest > half || (rest == half && (quotient & 1))) quotient++;
  }
  if (quotient >> 64 != 0) return 0;
  *result = (uint64_t)quotient;
  return 1;
}

/* Writes the digits of 'n', at least 'least' of them, and returns how many. */
static int put_digits (char *to, uint64_t n, int least) {
  char reversed[24];
  int len = 0, i;
  while (n != 0 || len < least) {
    reversed[len++] = (char)('0' + n % 10);
    n /= 10;
  }
  for (i = 0; i < len; i++) to[i] = reversed[len - 1 - i];
  return len;
}

static int put_fixed (char *to, uint64_t n, int decimals) {
  int len = put_digits(to, n, decimals + 1);
  if (decimals > 0) {
    memmove(to + len - decimals + 1, to + len - decimals, (size_t)decimals);
    to[len - decimals] = '.';
    len++;
  }
  return len;
}

static int without_zeros (const char *text, int len) {
  if (memchr(text, '.', (size_t)len) == NULL) return len;
  while (text[len - 1] == '0') len--;
  return text[len - 1] == '.' ? len - 1 : len;
}

/* As "%.*f" writes a number that is not negative; 0 if it cannot. */
static int put_f (char *to, double x, int precision) {
  uint64_t n;
  if (precision > MAX_SCALE || !scaled(x, precision, &n)) return 0;
  return put_fixed(to, n, precision);
}

/* As "%.*g" writes a number that is not negative; 0 if it cannot. */
static int put_g (char *to, double x, int precision) {
  uint64_t n = 0, top;
  int exponent, attempt;
  if (precision == 0) precision = 1;
  if (precision > 17) return 0;
  if (x == 0) {
    *to = '0';
    return 1;
  }
  (void)frexp(x, &exponent);
  exponent = (int)floor((exponent - 1) * 0.30102999566398120);
  top = (uint64_t)power_of_ten(precision);
  for (attempt = 0; attempt < 3; attempt++) {
    int scale = precision - 1 - exponent;
    if (scale < 0 || scale > MAX_SCALE || !scaled(x, scale, &n)) return 0;
    if (n >= top) exponent++;
    else if (n < top / 10) exponent--;
    else break;
  }
  if (attempt == 3) return 0;
  if (exponent >= -4 && exponent < precision)
    return without_zeros(to, put_fixed(to, n, precision - 1 - exponent));
  else {
    int len = put_fixed(to, n, precision - 1);
    len = without_zeros(to, len);
    to[len++] = 'e';
    to[len++] = exponent < 0 ? '-' : '+';
    return len + put_digits(to + len, (uint64_t)(exponent < 0 ? -exponent : exponent), 2);
  }
}

/*
** As "%.*a" writes a subnormal number that is not negative, where glibc and musl
** differ; 0 if it is none. A precision below zero stands for what is needed.
*/
static int put_subnormal (char *to, double x, int precision, int upper) {
  static const char lower_digits[] = "0123456789abcdef";
  static const char upper_digits[] = "0123456789ABCDEF";
  const char *digits = upper ? upper_digits : lower_digits;
  uint64_t bits;
  int i, n = 13, len = 0;
  memcpy(&bits, &x, sizeof(bits));
  if (bits == 0 || bits >> 52 != 0 || precision > 30) return 0;
  if (precision < 0)
    while ((bits & 15) == 0) { bits >>= 4; n--; }
  else if (precision < 13) {
    uint64_t unit = (uint64_t)1 << (4 * (13 - precision));
    uint64_t rest = bits & (unit - 1);
    n = precision;
    bits /= unit;
    if (rest > unit / 2 || (rest == unit / 2 && (bits & 1))) bits++;
  }
  to[len++] = '0';
  to[len++] = upper ? 'X' : 'x';
  to[len++] = (char)('0' + (bits >> (4 * n)));
  if (n > 0 || precision > 0) to[len++] = '.';
  for (i = n - 1; i >= 0; i--) to[len++] = digits[bits >> (4 * i) & 15];
  for (i = n; i < precision; i++) to[len++] = '0';
  memcpy(to + len, upper ? "P-1022" : "p-1022", 6);
  return len + 6;
}

/* Writes 'x' as 'snprintf' does with a single "%...f", "%...g" or "%...a". */
static int luago_format_double (char *to, size_t size, const char *form, double x) {
  const char *p = form + 1;
  int left = 0, zero = 0, width = 0, precision = -1, len = 0, prefix = 0;
  char sign = 0, text[48];
  for (;; p++) {
    if (*p == '-') left = 1;
    else if (*p == '0') zero = 1;
    else if (*p == '+') sign = '+';
    else if (*p == ' ') { if (sign == 0) sign = ' '; }
    else break;
  }
  while (*p >= '0' && *p <= '9' && width < 1000) width = width * 10 + (*p++ - '0');
  if (*p == '.') {
    precision = 0;
    for (p++; *p >= '0' && *p <= '9' && precision < 1000; p++)
      precision = precision * 10 + (*p - '0');
  }
  if ((*p == 'f' || *p == 'g') && p[1] == '\0' && fabs(x) < 1e19 &&
      (size_t)width < size && size > sizeof(text)) {
    if (signbit(x)) sign = '-';
    if (precision < 0) precision = 6;
    len = (*p == 'f') ? put_f(text, fabs(x), precision)
                      : put_g(text, fabs(x), precision);
  }
  else if ((*p | 32) == 'a' && p[1] == '\0' && (size_t)width < size &&
           size > sizeof(text)) {
    if (signbit(x)) sign = '-';
    len = put_subnormal(text, fabs(x), precision, *p == 'A');
    prefix = 2;  /* zeros come after it */
  }
  if (len == 0) return (snprintf)(to, size, form, x);
  else {
    int total = len + (sign != 0);
    int padding = width > total ? width - total : 0;
    char *out = to;
    if (!left && !zero) { memset(out, ' ', (size_t)padding); out += padding; }
    if (sign != 0) *out++ = sign;
    if (!left && zero) {
      memcpy(out, text, (size_t)prefix);
      memset(out + prefix, '0', (size_t)padding);
      out += padding;
    }
    else memcpy(out, text, (size_t)prefix);
    memcpy(out + prefix, text + prefix, (size_t)(len - prefix));
    out += len;
    if (left) { memset(out, ' ', (size_t)padding); out += padding; }
    *out = '\0';
    return (int)(out - to);
  }
}

static int luago_format_unbounded (char *to, const char *form, double x) {
  return luago_format_double(to, 512, form, x);
}

/*
** Numbers as integers, as x86-64 converts them: what does not fit is the lowest
** integer. WebAssembly would give the nearest.
*/
static inline long long luago_to_integer (double x) {
  return (x >= -0x1p63 && x < 0x1p63) ? (long long)x : INT64_MIN;
}

static inline int luago_to_int (double x) {
  return (x > -0x1p31 - 1 && x < 0x1p31) ? (int)x : INT32_MIN;
}

static inline unsigned long long luago_to_unsigned (double x) {
  if (x >= 0x1p63)
    return (unsigned long long)luago_to_integer(x - 0x1p63) ^ (1ull << 63);
  return (unsigned long long)luago_to_integer(x);
}

/* An argument that is a time, before 5.3. */
#define luago_checktime(L,n)	((time_t)luago_to_integer(luaL_checknumber(L, n)))

#if LUAGO_VERSION == 501
/* As 'strtoull', which stops too early where the number does not fit. */
static unsigned long long luago_text_to_unsigned (const char *text, char **end,
                                                  int base) {
  const char *p = text;
  unsigned long long n = 0;
  int negative = 0, any = 0, overflow = 0;
  while (*p == ' ' || (*p >= '\t' && *p <= '\r')) p++;
  if (*p == '-' || *p == '+') negative = (*p++ == '-');
  if (base == 16 && *p == '0' && (p[1] | 32) == 'x' &&
      isxdigit((unsigned char)p[2]))
    p += 2;
  for (;; p++) {
    int digit;
    if (*p >= '0' && *p <= '9') digit = *p - '0';
    else if ((*p | 32) >= 'a' && (*p | 32) <= 'z') digit = (*p | 32) - 'a' + 10;
    else break;
    if (digit >= base) break;
    any = 1;
    overflow |= __builtin_mul_overflow(n, (unsigned long long)base, &n);
    overflow |= __builtin_add_overflow(n, (unsigned long long)digit, &n);
  }
  *end = (char *)(any ? p : text);
  if (overflow) return ~0ull;
  return negative ? 0u - n : n;
}
#endif

#if LUAGO_VERSION <= 502
/* The C library's own loses the sign of what is not a number. */
static double luago_modf (double x, double *whole) {
  if (x != x) return *whole = x;
  return modf(x, whole);
}
#define modf	luago_modf
#endif

/* "%.14g" into at least 32 bytes. */
static int luago_number_to_text (char *to, double x) {
  if (fabs(x) < 1e19) {
    int negative = signbit(x) != 0;
    int len = put_g(to + negative, fabs(x), 14);
    if (len > 0) {
      if (negative) *to = '-';
      to[len + negative] = '\0';
      return len + negative;
    }
  }
  return (snprintf)(to, 32, "%.14g", x);
}

static int luago_integer_to_text (char *to, long long n) {
  int negative = n < 0;
  int len;
  if (negative) *to = '-';
  len = put_digits(to + negative, negative ? 0u - (uint64_t)n : (uint64_t)n, 1);
  to[len + negative] = '\0';
  return len + negative;
}

/* As 'strtod', whose own loses the sign of what is not a number. */
static double luago_strtod (const char *text, char **end) {
  double x = (strtod)(text, end);
  if (x != x) {
    while (*text == ' ' || (*text >= '\t' && *text <= '\r')) text++;
    if (*text == '-') return copysign(x, -1.0);
  }
  return x;
}

/*
** As 'strtod'. Up to 2^53 and 10^22 both factors are exact, so one rounding is
** all there is (W. D. Clinger, "How to read floating point numbers accurately").
*/
static double luago_text_to_number (const char *text, char **end) {
  static const double powers[] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
    1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  const char *p = text;
  uint64_t n = 0;
  int digits = 0, exponent = 0, negative = 0;
  double x;
  while (*p == ' ' || (*p >= '\t' && *p <= '\r')) p++;
  if (*p == '-' || *p == '+') negative = (*p++ == '-');
  if (*p == '0' && (p[1] | 32) == 'x') return luago_strtod(text, end);
  for (; *p >= '0' && *p <= '9'; p++, digits++) n = n * 10 + (uint64_t)(*p - '0');
  if (*p == '.')
    for (p++; *p >= '0' && *p <= '9'; p++, digits++, exponent--)
      n = n * 10 + (uint64_t)(*p - '0');
  if (digits == 0 || digits > 18) return luago_strtod(text, end);
  if ((*p | 32) == 'e') {
    const char *q = p + 1;
    int minus = 0, e = 0;
    if (*q == '-' || *q == '+') minus = (*q++ == '-');
    if (!(*q >= '0' && *q <= '9')) return luago_strtod(text, end);
    for (; *q >= '0' && *q <= '9'; q++) if (e < 10000) e = e * 10 + (*q - '0');
    exponent += minus ? -e : e;
    p = q;
  }
  if (n >> 53 != 0 || exponent < -22 || exponent > 22) return luago_strtod(text, end);
  x = (double)n;
  x = exponent < 0 ? x / powers[-exponent] : x * powers[exponent];
  if (end != NULL) *end = (char *)p;
  return negative ? -x : x;
}

#undef lua_str2number
#define lua_str2number(s,p)	luago_text_to_number(s, p)
#undef lua_number2str
#if LUAGO_VERSION >= 503
#define lua_number2str(s,sz,n)	luago_number_to_text(s, n)
#undef lua_integer2str
#define lua_integer2str(s,sz,n)	luago_integer_to_text(s, n)
#undef l_sprintf
#define l_sprintf(s,sz,f,i) \
  _Generic((i), double: luago_format_double, default: snprintf)(s, sz, f, i)
#else
#define lua_number2str(s,n)	luago_number_to_text(s, n)
#define sprintf(s,f,x) \
  _Generic((x), double: luago_format_unbounded, default: (sprintf))(s, f, x)
#endif
