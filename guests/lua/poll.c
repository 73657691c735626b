/*
** Where the interpreter's own loops look whether the host wants something. The host replaces
** what is read here by a byte of its own, which no guest can write; it is 0 for ever where it
** has other ways to get in. It has to be read wherever 'pc' goes back or to another function:
** elsewhere the loop that runs instructions can only be trapped.
*/

static volatile uint32_t luago_poll;

EXPORT(EXPORT_POLL_WORD) const volatile void *luago_poll_word (void) {
  return &luago_poll;
}

/* What was wanted is done at the next instruction, by a hook that this has set. */
static __attribute__((noinline, cold)) void luago_look (void) {
  host_tick();
}

#define luago_polled()	(__builtin_expect(luago_poll != 0, 0))
