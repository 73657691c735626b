/*
** Classes of bytes, '%a' and its like, in a table. Part of 'lstrlib.c', in the place of its
** own function.
*/

#define LOWER	1
#define UPPER	2
#define DIGIT	4
#define PUNCT	8
#define SPACE	16
#define CNTRL	32
#define HEX	64  /* a to f */
#define ZERO	128

#define EIGHT_OF(x)	x, x, x, x, x, x, x, x

static const unsigned char byte_classes[256] = {
  CNTRL | ZERO, CNTRL, CNTRL, CNTRL, CNTRL, CNTRL, CNTRL, CNTRL,
  CNTRL, CNTRL | SPACE, CNTRL | SPACE, CNTRL | SPACE, CNTRL | SPACE, CNTRL | SPACE, CNTRL, CNTRL,
  EIGHT_OF(CNTRL), EIGHT_OF(CNTRL),
  SPACE, PUNCT, PUNCT, PUNCT, PUNCT, PUNCT, PUNCT, PUNCT, EIGHT_OF(PUNCT),
  EIGHT_OF(DIGIT), DIGIT, DIGIT, PUNCT, PUNCT, PUNCT, PUNCT, PUNCT, PUNCT,
  PUNCT, UPPER | HEX, UPPER | HEX, UPPER | HEX, UPPER | HEX, UPPER | HEX, UPPER | HEX, UPPER,
  EIGHT_OF(UPPER), EIGHT_OF(UPPER),
  UPPER, UPPER, UPPER, PUNCT, PUNCT, PUNCT, PUNCT, PUNCT,
  PUNCT, LOWER | HEX, LOWER | HEX, LOWER | HEX, LOWER | HEX, LOWER | HEX, LOWER | HEX, LOWER,
  EIGHT_OF(LOWER), EIGHT_OF(LOWER),
  LOWER, LOWER, LOWER, PUNCT, PUNCT, PUNCT, PUNCT, CNTRL
};

/* By the letter, in whatever case: 0 for one that is no class. */
static const unsigned char class_masks[32] = {
  ['a' & 31] = LOWER | UPPER,
  ['c' & 31] = CNTRL,
  ['d' & 31] = DIGIT,
#if LUAGO_VERSION >= 502
  ['g' & 31] = LOWER | UPPER | DIGIT | PUNCT,
#endif
  ['l' & 31] = LOWER,
  ['p' & 31] = PUNCT,
  ['s' & 31] = SPACE,
  ['u' & 31] = UPPER,
  ['w' & 31] = LOWER | UPPER | DIGIT,
  ['x' & 31] = DIGIT | HEX,
  ['z' & 31] = ZERO
};

#undef LOWER
#undef UPPER
#undef DIGIT
#undef PUNCT
#undef SPACE
#undef CNTRL
#undef HEX
#undef ZERO
#undef EIGHT_OF

static inline unsigned int class_mask (int class) {
  unsigned int letter = ((unsigned int)class | 32) - 'a';
  return letter < 26 ? class_masks[letter + 1] : 0;
}

static int match_class (int c, int class) {
  unsigned int mask = class_mask(class);
  if (mask == 0) return class == c;
  return ((byte_classes[c] & mask) != 0) == ((class & 32) != 0);
}
