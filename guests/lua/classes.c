/*
** Classes of bytes in a table: for patterns, in the place of Lua's own function, and for
** whatever asks the C library.
*/

#define CLASS_LOWER	1
#define CLASS_UPPER	2
#define CLASS_DIGIT	4
#define CLASS_PUNCT	8
#define CLASS_SPACE	16
#define CLASS_CNTRL	32
#define CLASS_HEX	64  /* a to f */
#define CLASS_ZERO	128

#define EIGHT_OF(x)	x, x, x, x, x, x, x, x

static const unsigned char byte_classes[256] = {
  CLASS_CNTRL | CLASS_ZERO, CLASS_CNTRL, CLASS_CNTRL, CLASS_CNTRL, CLASS_CNTRL, CLASS_CNTRL, CLASS_CNTRL, CLASS_CNTRL,
  CLASS_CNTRL, CLASS_CNTRL | CLASS_SPACE, CLASS_CNTRL | CLASS_SPACE, CLASS_CNTRL | CLASS_SPACE, CLASS_CNTRL | CLASS_SPACE, CLASS_CNTRL | CLASS_SPACE, CLASS_CNTRL, CLASS_CNTRL,
  EIGHT_OF(CLASS_CNTRL), EIGHT_OF(CLASS_CNTRL),
  CLASS_SPACE, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, EIGHT_OF(CLASS_PUNCT),
  EIGHT_OF(CLASS_DIGIT), CLASS_DIGIT, CLASS_DIGIT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT,
  CLASS_PUNCT, CLASS_UPPER | CLASS_HEX, CLASS_UPPER | CLASS_HEX, CLASS_UPPER | CLASS_HEX, CLASS_UPPER | CLASS_HEX, CLASS_UPPER | CLASS_HEX, CLASS_UPPER | CLASS_HEX, CLASS_UPPER,
  EIGHT_OF(CLASS_UPPER), EIGHT_OF(CLASS_UPPER),
  CLASS_UPPER, CLASS_UPPER, CLASS_UPPER, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT,
  CLASS_PUNCT, CLASS_LOWER | CLASS_HEX, CLASS_LOWER | CLASS_HEX, CLASS_LOWER | CLASS_HEX, CLASS_LOWER | CLASS_HEX, CLASS_LOWER | CLASS_HEX, CLASS_LOWER | CLASS_HEX, CLASS_LOWER,
  EIGHT_OF(CLASS_LOWER), EIGHT_OF(CLASS_LOWER),
  CLASS_LOWER, CLASS_LOWER, CLASS_LOWER, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_PUNCT, CLASS_CNTRL
};

/* By the letter, in whatever case: 0 for one that is no class. */
static const unsigned char class_masks[32] = {
  ['a' & 31] = CLASS_LOWER | CLASS_UPPER,
  ['c' & 31] = CLASS_CNTRL,
  ['d' & 31] = CLASS_DIGIT,
#if LUAGO_VERSION >= 502
  ['g' & 31] = CLASS_LOWER | CLASS_UPPER | CLASS_DIGIT | CLASS_PUNCT,
#endif
  ['l' & 31] = CLASS_LOWER,
  ['p' & 31] = CLASS_PUNCT,
  ['s' & 31] = CLASS_SPACE,
  ['u' & 31] = CLASS_UPPER,
  ['w' & 31] = CLASS_LOWER | CLASS_UPPER | CLASS_DIGIT,
  ['x' & 31] = CLASS_DIGIT | CLASS_HEX,
  ['z' & 31] = CLASS_ZERO
};

static inline int is_in_class (int c, unsigned int mask) {
  return c >= 0 && (byte_classes[c & 0xFF] & mask) != 0;  /* and not EOF */
}

#undef isalpha
#undef iscntrl
#undef isdigit
#undef isgraph
#undef islower
#undef ispunct
#undef isspace
#undef isupper
#undef isalnum
#undef isxdigit
#define isalpha(c)	is_in_class(c, CLASS_LOWER | CLASS_UPPER)
#define iscntrl(c)	is_in_class(c, CLASS_CNTRL)
#define isdigit(c)	is_in_class(c, CLASS_DIGIT)
#define isgraph(c)	is_in_class(c, CLASS_LOWER | CLASS_UPPER | CLASS_DIGIT | CLASS_PUNCT)
#define islower(c)	is_in_class(c, CLASS_LOWER)
#define ispunct(c)	is_in_class(c, CLASS_PUNCT)
#define isspace(c)	is_in_class(c, CLASS_SPACE)
#define isupper(c)	is_in_class(c, CLASS_UPPER)
#define isalnum(c)	is_in_class(c, CLASS_LOWER | CLASS_UPPER | CLASS_DIGIT)
#define isxdigit(c)	is_in_class(c, CLASS_DIGIT | CLASS_HEX)

static inline unsigned int class_mask (int class) {
  unsigned int letter = ((unsigned int)class | 32) - 'a';
  return letter < 26 ? class_masks[letter + 1] : 0;
}

static int match_class (int c, int class) {
  unsigned int mask = class_mask(class);
  if (mask == 0) return class == c;
  return ((byte_classes[c] & mask) != 0) == ((class & 32) != 0);
}
