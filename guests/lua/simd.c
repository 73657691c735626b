/*
** Loops over many bytes, sixteen at a time. What they read lies within the bounds that they
** are given, since memory may end right behind them. Each round of a loop also has to see
** whether time is up, so a round does as much as fits.
*/

#include <wasm_simd128.h>

/* Only these functions are made of vectors: elsewhere they would make the guest larger. */
#define VECTORS		__attribute__((target("simd128"), noinline))
#define VECTOR_PART	static inline __attribute__((target("simd128"), always_inline))

#define LANES		16u

VECTOR_PART v128_t load16 (const char *p) { return wasm_v128_load(p); }

/* Whether any of the 128 bytes from 'p' on is that of each lane of 'byte'. */
VECTOR_PART int any_of_128 (const char *p, v128_t byte) {
  v128_t a = wasm_v128_or(wasm_i8x16_eq(load16(p), byte), wasm_i8x16_eq(load16(p + 16), byte));
  v128_t b = wasm_v128_or(wasm_i8x16_eq(load16(p + 32), byte), wasm_i8x16_eq(load16(p + 48), byte));
  v128_t c = wasm_v128_or(wasm_i8x16_eq(load16(p + 64), byte), wasm_i8x16_eq(load16(p + 80), byte));
  v128_t d = wasm_v128_or(wasm_i8x16_eq(load16(p + 96), byte), wasm_i8x16_eq(load16(p + 112), byte));
  return wasm_v128_any_true(wasm_v128_or(wasm_v128_or(a, b), wasm_v128_or(c, d)));
}

static VECTORS const char *find_byte_16 (const char *p, int byte, size_t n) {
  const char *end = p + n;
  v128_t wanted = wasm_i8x16_splat((int8_t)byte);
  uint32_t mask;
  for (; end - p >= 128; p += 128)
    if (any_of_128(p, wanted)) break;
  for (; end - p >= 16; p += 16) {
    mask = wasm_i8x16_bitmask(wasm_i8x16_eq(load16(p), wanted));
    if (mask != 0) return p + __builtin_ctz(mask);
  }
  if (p == end) return NULL;
  p = end - LANES;  /* some of these have been looked at, and are not it */
  mask = wasm_i8x16_bitmask(wasm_i8x16_eq(load16(p), wanted));
  return mask != 0 ? p + __builtin_ctz(mask) : NULL;
}

/* The first byte of that value, or NULL. */
static inline const char *find_byte (const char *p, int byte, size_t n) {
  if (n >= LANES) return find_byte_16(p, byte, n);
  for (; n > 0; n--, p++)
    if ((unsigned char)*p == (unsigned char)byte) return p;
  return NULL;
}

/* How the first bytes that differ compare, or 0: two words, the first byte in the lowest bits. */
static inline int compare_words (uint64_t a, uint64_t b) {
  unsigned int shift;
  if (a == b) return 0;
  shift = (unsigned int)__builtin_ctzll(a ^ b) & ~7u;
  return (int)((a >> shift) & 0xFF) - (int)((b >> shift) & 0xFF);
}

static VECTORS int compare_16 (const char *a, const char *b, size_t n) {
  const char *end = a + n;
  ptrdiff_t to_b = b - a;
  uint32_t mask;
#define SAME(at)	wasm_i8x16_eq(load16(a + (at)), load16(a + to_b + (at)))
  for (; end - a >= 64; a += 64) {
    v128_t same = wasm_v128_and(wasm_v128_and(SAME(0), SAME(16)), wasm_v128_and(SAME(32), SAME(48)));
    if (!wasm_i8x16_all_true(same)) break;
  }
  for (; end - a >= 16; a += 16)
    if ((mask = wasm_i8x16_bitmask(SAME(0)) ^ 0xFFFF) != 0) goto differs;
  if (a == end) return 0;
  a = end - LANES;
  if ((mask = wasm_i8x16_bitmask(SAME(0)) ^ 0xFFFF) == 0) return 0;
 differs:
  a += __builtin_ctz(mask);
  return (int)(unsigned char)*a - (int)(unsigned char)a[to_b];
#undef SAME
}

static inline uint64_t load_word (const char *p) {
  uint64_t x;
  __builtin_memcpy(&x, p, 8);
  return x;
}

static inline uint32_t load_half (const char *p) {
  uint32_t x;
  __builtin_memcpy(&x, p, 4);
  return x;
}

/* As 'memcmp'. */
static inline int compare_bytes (const void *to_a, const void *to_b, size_t n) {
  const char *a = to_a, *b = to_b;
  if (n > LANES) return compare_16(a, b, n);
  if (n >= 8) {
    int order = compare_words(load_word(a), load_word(b));
    return order != 0 ? order : compare_words(load_word(a + n - 8), load_word(b + n - 8));
  }
  if (n >= 4) {
    int order = compare_words(load_half(a), load_half(b));
    return order != 0 ? order : compare_words(load_half(a + n - 4), load_half(b + n - 4));
  }
  for (; n > 0; n--, a++, b++)
    if (*a != *b) return (int)(unsigned char)*a - (int)(unsigned char)*b;
  return 0;
}

/* How two strings compare, in the only locale that there is. */
static inline int compare_strings (const char *a, size_t a_len, const char *b, size_t b_len) {
  int order = compare_bytes(a, b, a_len < b_len ? a_len : b_len);
  return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/*
** Of the sixteen places from 'p' on, the first where 's' is; it has at least two bytes. A
** place counts if both its first and its last byte are right.
*/
VECTOR_PART const char *find_in_16 (const char *p, v128_t first, v128_t last, const char *s,
                                    size_t len) {
  v128_t both = wasm_v128_and(wasm_i8x16_eq(load16(p), first),
                              wasm_i8x16_eq(load16(p + len - 1), last));
  uint32_t mask = wasm_i8x16_bitmask(both);
  for (; mask != 0; mask &= mask - 1) {
    const char *hit = p + __builtin_ctz(mask);
    if (compare_bytes(hit + 1, s + 1, len - 2) == 0) return hit;
  }
  return NULL;
}

static VECTORS const char *find_string_16 (const char *p, size_t places, const char *s, size_t len) {
  const char *end = p + places, *hit;
  v128_t first = wasm_i8x16_splat(s[0]), last = wasm_i8x16_splat(s[len - 1]);
  while (end - p >= 128) {
    if (any_of_128(p, first)) {
      const char *stop = p + 128;
      for (; p < stop; p += 16)
        if ((hit = find_in_16(p, first, last, s, len)) != NULL) return hit;
    }
    else p += 128;
  }
  for (; end - p >= 16; p += 16)
    if ((hit = find_in_16(p, first, last, s, len)) != NULL) return hit;
  return p == end ? NULL : find_in_16(end - LANES, first, last, s, len);
}

/* Where the 'len' bytes 's' are first in 'n' bytes, or NULL. */
static const char *find_string (const char *p, size_t n, const char *s, size_t len) {
  const char *end;
  if (len == 0) return p;
  if (len > n) return NULL;
  if (len == 1) return find_byte(p, *s, n);
  n -= len - 1;
  if (n >= LANES) return find_string_16(p, n, s, len);
  for (end = p + n; p < end; p++)
    if (*p == *s && compare_bytes(p + 1, s + 1, len - 1) == 0) return p;
  return NULL;
}

/* Bytes in the other order. */
static VECTORS void reverse_bytes (char *to, const char *from, size_t n) {
  const char *end = from + n;
#define BACK(at) \
  wasm_v128_store(to + (at), wasm_i8x16_shuffle(load16(end - (at) - 16), load16(end - (at) - 16), \
    15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
  for (; n >= 64; n -= 64, to += 64, end -= 64) { BACK(0); BACK(16); BACK(32); BACK(48); }
  for (; n >= 16; n -= 16, to += 16, end -= 16) BACK(0);
  while (n-- > 0) *to++ = *--end;
#undef BACK
}

/* Bytes with those from 'first' on, 26 letters, in the other case. */
VECTOR_PART v128_t other_case (v128_t bytes, v128_t shift) {
  v128_t letters = wasm_i8x16_lt(wasm_i8x16_add(bytes, shift), wasm_i8x16_splat(-128 + 26));
  return wasm_v128_xor(bytes, wasm_v128_and(letters, wasm_i8x16_splat(32)));
}

static VECTORS void change_case (char *to, const char *from, size_t n, char first) {
  /* The first letter becomes the least number there is. */
  v128_t shift = wasm_i8x16_splat((int8_t)(128 - first));
#define CHANGE(at)	wasm_v128_store(to + (at), other_case(load16(from + (at)), shift))
  for (; n >= 64; n -= 64, to += 64, from += 64) { CHANGE(0); CHANGE(16); CHANGE(32); CHANGE(48); }
  for (; n >= 16; n -= 16, to += 16, from += 16) CHANGE(0);
  for (; n > 0; n--, to++, from++)
    *to = (unsigned char)(*from - first) < 26 ? (char)(*from ^ 32) : *from;
#undef CHANGE
}

#define upper_bytes(to, from, n)	change_case(to, from, n, 'a')
#define lower_bytes(to, from, n)	change_case(to, from, n, 'A')

#define REPEAT_AT_ONCE	(16u << 10)  /* what stays in the nearest cache */

/*
** Writes 's' and then 'separator', again and again, until there are 'total' bytes. What is
** there is copied behind itself, as far as it is not too much at once.
*/
static void repeat_bytes (char *to, const char *s, size_t len, const char *separator,
                          size_t separator_len, size_t total) {
  size_t have = len + separator_len, piece;
  if (have == 1) {
    memset(to, len == 1 ? *s : *separator, total);
    return;
  }
  if (have > total) have = total;  /* the last separator is left out */
  memcpy(to, s, len);
  memcpy(to + len, separator, have - len);
  for (piece = have; have < total; have += piece) {
    if (piece <= REPEAT_AT_ONCE / 2) piece = have;
    if (piece > total - have) piece = total - have;
    memcpy(to + have, to, piece);
  }
}

/* How many of the bytes at the front are below 128. */
static VECTORS size_t count_ascii (const char *p, size_t n) {
  const char *start = p, *end = p + n;
  for (; end - p >= 64; p += 64) {
    v128_t all = wasm_v128_or(wasm_v128_or(load16(p), load16(p + 16)),
                              wasm_v128_or(load16(p + 32), load16(p + 48)));
    if (wasm_i8x16_bitmask(all) != 0) break;
  }
  for (; end - p >= 16; p += 16) {
    uint32_t mask = wasm_i8x16_bitmask(load16(p));
    if (mask != 0) return (size_t)(p - start) + (size_t)__builtin_ctz(mask);
  }
  while (p < end && *p >= 0) p++;
  return (size_t)(p - start);
}

static inline int is_ascii_8 (const char *p) {
  return (load_word(p) & 0x8080808080808080u) == 0;
}

/* Loads of sixteen bytes at a multiple of sixteen are within memory if one byte is. */
static VECTORS size_t length_of (const char *s) {
  const char *p = (const char *)((uintptr_t)s & ~(uintptr_t)(LANES - 1));
  v128_t zero = wasm_i8x16_splat(0);
  uint32_t mask = wasm_i8x16_bitmask(wasm_i8x16_eq(load16(p), zero)) >> (s - p);
  if (mask != 0) return (size_t)__builtin_ctz(mask);
  do p += LANES; while ((mask = wasm_i8x16_bitmask(wasm_i8x16_eq(load16(p), zero))) == 0);
  return (size_t)(p - s) + (size_t)__builtin_ctz(mask);
}

/* What Lua's sources call, and the C library itself: these take the place of its own. */

void *memchr (const void *p, int byte, size_t n) { return (void *)find_byte(p, byte, n); }
int memcmp (const void *a, const void *b, size_t n) { return compare_bytes(a, b, n); }
size_t strlen (const char *s) { return length_of(s); }

#define memchr(p, byte, n)	((void *)find_byte(p, byte, n))
#define memcmp(a, b, n)		compare_bytes(a, b, n)
