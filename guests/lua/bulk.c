/*
** Loops over all elements of one kind. The address need not be aligned, and others may
** write there meanwhile, so each element is read once.
*/

/* Does something with the C type of a kind of numbers. */
#define WITH_KIND(kind, DO) \
  switch (kind) { \
    case KIND_U8: case KIND_BOOL: DO(uint8_t) break; \
    case KIND_I8: DO(int8_t) break; \
    case KIND_U16: DO(uint16_t) break; \
    case KIND_I16: DO(int16_t) break; \
    case KIND_U32: DO(uint32_t) break; \
    case KIND_I32: DO(int32_t) break; \
    case KIND_U64: DO(uint64_t) break; \
    case KIND_I64: DO(int64_t) break; \
    case KIND_F32: DO(float) break; \
    case KIND_F64: DO(double) break; \
    default: break; \
  }

/* The first byte of that value, or NULL: eight are looked at together. */
static const char *find_byte (const char *p, char byte, size_t n) {
  const char *end = p + n;
  const uint64_t ones = 0x0101010101010101u, each = ones * (uint8_t)byte;
  for (; end - p >= 8; p += 8) {
    uint64_t x = LOAD(uint64_t, p) ^ each;
    if (((x - ones) & ~x & (ones << 7)) != 0) break;
  }
  for (; p < end; p++)
    if (*p == byte) return p;
  return NULL;
}

/* Adds from the first to the last, as a plain loop does, so that floats round the same. */
static double sum_floats (unsigned int kind, const char *p, uint32_t n) {
  double sum = 0;
  uint32_t i;
#define SUM(type) for (i = 0; i < n; i++) sum += (double)LOAD(type, p + i * sizeof(type));
  WITH_KIND(kind, SUM)
#undef SUM
  return sum;
}

/* Wraps around at 64 bits. */
static uint64_t sum_integers (unsigned int kind, const char *p, uint32_t n) {
  uint64_t sum = 0;
  uint32_t i;
#define SUM(type) for (i = 0; i < n; i++) sum += (uint64_t)LOAD(type, p + i * sizeof(type));
  WITH_KIND(kind, SUM)
#undef SUM
  return sum;
}

/*
** Where the least element is, or the greatest, as a loop with '<' finds it: the first of
** equal ones, and no NaN but the first element.
*/
static uint32_t find_extreme (unsigned int kind, const char *p, uint32_t n, int greatest) {
  uint32_t i, at = 0;
#define EXTREME(type) { \
    type best = LOAD(type, p); \
    if (greatest) { \
      for (i = 1; i < n; i++) { \
        type x = LOAD(type, p + i * sizeof(type)); \
        if (best < x) { best = x; at = i; } \
      } \
    } \
    else { \
      for (i = 1; i < n; i++) { \
        type x = LOAD(type, p + i * sizeof(type)); \
        if (x < best) { best = x; at = i; } \
      } \
    } \
  }
  WITH_KIND(kind, EXTREME)
#undef EXTREME
  return at;
}

/* The first element from 'i' on that equals the one at 'wanted'; 'n' if there is none. */
static uint32_t find_element (unsigned int kind, const char *p, uint32_t i, uint32_t n,
                              const char *wanted) {
#define FIND(type) { \
    type x = LOAD(type, wanted); \
    while (i < n && LOAD(type, p + i * sizeof(type)) != x) i++; \
  }
  if (scalar_size(kind) == 1) {
    const char *hit = find_byte(p + i, *wanted, n - i);
    return hit != NULL ? (uint32_t)(hit - p) : n;
  }
  WITH_KIND(kind, FIND)
#undef FIND
  return i;
}

#define FILL_BLOCK	16384u  /* stays in the processor's cache */

/* Repeats the 'size' bytes at 'value': a block is doubled, and then copied. */
static void fill_elements (char *p, uint32_t n, const char *value, uint32_t size) {
  uint32_t have = size, length = n * size;
  if (n == 0) return;
  if (size == 1) {
    __builtin_memset(p, *value, n);
    return;
  }
  __builtin_memcpy(p, value, size);
  while (have < length) {
    uint32_t block = have < FILL_BLOCK ? have : FILL_BLOCK;
    if (block > length - have) block = length - have;
    __builtin_memcpy(p + have, p, block);
    have += block;
  }
}
