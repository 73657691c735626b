/*
** Loops over all elements of one kind. The address need not be aligned, and others may
** write there meanwhile: then what is found may be of either moment, but is an element.
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

/* Element 'j' from 'p' on. */
#define ELEMENT(type, j)	LOAD(type, p + (j) * sizeof(type))

/* Eight elements in one round: each round also has to see whether time is up. */
#define EIGHT(DO, type) \
  DO(type, 0) DO(type, 1) DO(type, 2) DO(type, 3) DO(type, 4) DO(type, 5) DO(type, 6) DO(type, 7)

#define ALL(DO, type) \
  for (; n >= 8; n -= 8, p += 8 * sizeof(type)) { EIGHT(DO, type) } \
  for (; n > 0; n--, p += sizeof(type)) { DO(type, 0) }

#define FLOATS_IN_ROUND	32u  /* the sum goes through memory from round to round */

/* Adds from the first to the last, as a plain loop does, so that floats round the same. */
static double sum_floats (unsigned int kind, const char *p, uint32_t n) {
  double sum = 0;
  uint32_t j;
#define ADD(type, j) sum += (double)ELEMENT(type, j);
#define SUM(type) \
  for (; n >= FLOATS_IN_ROUND; n -= FLOATS_IN_ROUND, p += FLOATS_IN_ROUND * sizeof(type)) { \
    _Pragma("clang loop unroll(full)") \
    for (j = 0; j < FLOATS_IN_ROUND; j++) ADD(type, j) \
  } \
  for (; n > 0; n--, p += sizeof(type)) ADD(type, 0)
  switch (kind) {
    case KIND_F32: SUM(float) break;
    case KIND_F64: SUM(double) break;
#if LUA_VERSION_NUM < 503
    case KIND_U64: SUM(uint64_t) break;
    case KIND_I64: SUM(int64_t) break;
#endif
    default: break;
  }
#undef ADD
#undef SUM
  return sum;
}

/* Wraps around at 64 bits. */
static uint64_t sum_integers (unsigned int kind, const char *p, uint32_t n) {
  uint64_t sum = 0;
#define ADD(type, j) sum += (uint64_t)ELEMENT(type, j);
#define SUM(type) ALL(ADD, type)
  WITH_KIND(kind, SUM)
#undef ADD
#undef SUM
  return sum;
}

/*
** Where the least element is, or the greatest, as a loop with '<' finds it: the first of
** equal ones, and no NaN but the first element. Of eight it is seen first whether one of
** them is better.
*/
static uint32_t find_extreme (unsigned int kind, const char *p, uint32_t n, int greatest) {
  const char *first = p, *at = p, *end;
#define IS_LESS(type, j) | (ELEMENT(type, j) < best)
#define IS_GREATER(type, j) | (best < ELEMENT(type, j))
#define BEST(type, IS_BETTER) \
    while (n >= 8) { \
      if (__builtin_expect(0 EIGHT(IS_BETTER, type), 0)) { \
        for (end = p + 8 * sizeof(type); p < end; p += sizeof(type)) \
          if (0 IS_BETTER(type, 0)) { best = ELEMENT(type, 0); at = p; } \
      } \
      else p += 8 * sizeof(type); \
      n -= 8; \
    } \
    for (; n > 0; n--, p += sizeof(type)) \
      if (0 IS_BETTER(type, 0)) { best = ELEMENT(type, 0); at = p; }
#define EXTREME(type) { \
    type best = ELEMENT(type, 0); \
    if (greatest) { BEST(type, IS_GREATER) } \
    else { BEST(type, IS_LESS) } \
  }
  WITH_KIND(kind, EXTREME)
#undef EXTREME
#undef BEST
#undef IS_GREATER
#undef IS_LESS
  return (uint32_t)(at - first) / scalar_size(kind);
}

/* The first element from 'i' on that equals the one at 'wanted'; 'n' if there is none. */
static uint32_t find_element (unsigned int kind, const char *p, uint32_t i, uint32_t n,
                              const char *wanted) {
#define IS_IT(type, j) | (ELEMENT(type, j) == x)
#define FIND(type) { \
    type x = LOAD(type, wanted); \
    for (p += i * sizeof(type); n - i >= 8; i += 8, p += 8 * sizeof(type)) \
      if (__builtin_expect(0 EIGHT(IS_IT, type), 0)) break; \
    for (; i < n && ELEMENT(type, 0) != x; p += sizeof(type)) i++; \
  }
  if (scalar_size(kind) == 1) {
    const char *hit = find_byte(p + i, *wanted, n - i);
    return hit != NULL ? (uint32_t)(hit - p) : n;
  }
  WITH_KIND(kind, FIND)
#undef FIND
#undef IS_IT
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
