/*
** What the interpreter has to know of code that is compiled: see compiled.c.
*/

/* Frames of compiled code that are inside each other. */
static int luago_depth;
/* What functions have for their code at first. */
static int luago_first_code;

struct lua_State;
struct CallInfo;

/* Called for a function of Lua that is running at a tick. */
static void luago_note (struct lua_State *L, struct CallInfo *ci);
