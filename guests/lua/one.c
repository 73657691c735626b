/*
** One translation unit: every function of Lua is visible to the optimiser,
** as link-time optimisation would have it, from a compiler that is called once.
*/

#include "shim.h"
#include <stdio_ext.h>
#include "simd.c"
#include "classes.c"

/* What Lua's own files define before they read its configuration. */
#define LUA_CORE
#define LUA_LIB
#define lobject_c
#define lvm_c
#define ltable_c
#define loslib_c
#define liolib_c

#if LUAGO_VERSION >= 503
#include "lprefix.h"
#endif
#include "luaconf.h"

#define LUAGO_VDIR	LUAGO_VERSION_MAJOR "." LUAGO_VERSION_MINOR
#undef LUA_PATH_DEFAULT
#undef LUA_CPATH_DEFAULT
#define LUA_PATH_DEFAULT \
  "./?.lua;./?/init.lua;" \
  "./lua_modules/share/lua/" LUAGO_VDIR "/?.lua;" \
  "./lua_modules/share/lua/" LUAGO_VDIR "/?/init.lua;" \
  "/usr/local/share/lua/" LUAGO_VDIR "/?.lua;" \
  "/usr/local/share/lua/" LUAGO_VDIR "/?/init.lua"
#define LUA_CPATH_DEFAULT \
  "./?.so;./lua_modules/lib/lua/" LUAGO_VDIR "/?.so"

/* 5.3 has 4 KiB of buffer in each C function that makes a string, and these can call each
   other 200 times: with as much as others have, the stack of C need not be twice theirs. */
#if LUAGO_VERSION == 503
#undef LUAL_BUFFERSIZE
#define LUAL_BUFFERSIZE	1024
#endif

#undef LUA_API
#undef LUALIB_API
#undef LUAMOD_API
#undef LUAI_FUNC
#undef LUAI_DATA
#undef LUAI_DDEC
#undef LUAI_DDEF
#define LUA_API		static
#define LUALIB_API	static
#define LUAMOD_API	static
#define LUAI_FUNC	static
#if LUAGO_VERSION >= 504
#define LUAI_DDEC(dec)	/* empty */
#define LUAI_DDEF	static
#else
#define LUAI_DATA	extern
#define LUAI_DDEC	extern
#define LUAI_DDEF
#endif

#include "lua.h"
#include "numbers.c"
#include "poll.c"
#if LUAGO_VERSION >= 504
#include "compiled.h"
#endif

static lua_State *main_state;

#include "heap.c"
#include "alloc.c"
#include "lzio.c"
#if LUAGO_VERSION >= 502
#include "lctype.c"
#endif
#include "lopcodes.c"
#include "lmem.c"
#include "lundump.c"
#include "ldump.c"
#include "lstate.c"
#include "lgc.c"
#include "llex.c"
#include "lcode.c"
#include "lparser.c"
#include "ldebug.c"
#include "lfunc.c"
#include "lobject.c"
#include "ltm.c"
#include "lstring.c"
#include "ltable.c"
#include "errors.c"
#include "leave.c"
#define lua_resume luago_inner_resume
#include "ldo.c"
#undef lua_resume
#include "view.h"
#if LUAGO_VERSION <= 502
#include "slot.h"
#endif
#include "lvm.c"
#if LUAGO_VERSION >= 504
#include "compiled.c"
#include "type_names.c"
#include "hot.c"
#endif
#include "lapi.c"

#include "lauxlib.h"
#include "lualib.h"
#include "stop.c"

#include "lauxlib.c"
#include "loader.c"
#if LUAGO_VERSION >= 502
#define luaL_loadfilex luago_loadfilex
#else
#define luaL_loadfile luago_loadfile
#endif
#include "lbaselib.c"
#include "loadlib.c"
#if LUAGO_VERSION >= 502
#undef luaL_loadfilex
#include "lcorolib.c"
#else
#undef luaL_loadfile
#endif
#include "ldblib.c"
#include "scan.c"
#include "times.c"
#include "reading.c"
#include "liolib.c"
#undef fopen
#include "lmathlib.c"
#include "loslib.c"
#include "lstrlib.c"
#include "ltablib.c"
#if LUAGO_VERSION == 502 || LUAGO_VERSION == 503
#include "lbitlib.c"
#endif
#if LUAGO_VERSION >= 503
#include "lutf8lib.c"
#endif
#include "linit.c"

#include "paths.c"
#include "stdio.c"
#include "command.c"
#include "restricted.c"
#include "lfs.c"
#include "frame.c"
#include "put.c"
#include "host.c"
#include "task.c"
#include "wait.c"
#include "expire.c"
#include "sort.c"
#include "gsub.c"
#include "guest.c"
#include "segment.c"
#include "scalar.c"
#include "bulk.c"
#include "bytes.c"
#include "array.c"
#include "description.c"
#include "layout.c"
#include "field.c"
#include "record.c"
#include "passing.c"
#include "ring.c"
#include "ring_end.c"
#include "views.c"
#include "luago.c"
#include "run.c"
#include "call.c"
#include "interactive.c"
#include "setup.c"
