/*
** What the interpreter has to know of code that is compiled: see compiled.c.
*/

/* Frames of compiled code that are inside each other. */
static int luago_depth;
/* What functions have for their code at first. */
static int luago_first_code;

/* The code of a loop whose next turn is about to begin, or 0. */
static int luago_entry;

struct lua_State;
struct CallInfo;

/* Called for a function of Lua that is running at a tick, with its next instruction. */
static void luago_note (struct lua_State *L, struct CallInfo *ci, const uint32_t *pc);

/* Called when a state has been made. */
static void luago_keep_type_names (struct lua_State *L);
#define luai_userstateopen(L)	luago_keep_type_names(L)
