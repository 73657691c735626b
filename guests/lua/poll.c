/*
** Where the interpreter's own loops look whether the host wants something. The host replaces
** what is read here by a word of its own, which no guest can write; it is 0 for ever where it
** has other ways to get in. Wherever 'pc' goes back, this has to be read: the loop that runs
** instructions has no other poll.
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
