/*
** Errors as WebAssembly exceptions. Lua would use 'setjmp' and 'longjmp', whose
** lowering costs two calls for each protected call and a search at each error.
** Here a protected call is one 'try_table', which costs nothing until an error
** is thrown, and the C stack pointer is all there is to restore.
*/

__asm__(
  ".globaltype __stack_pointer, i32\n"
  ".tagtype luago_error\n"
  "luago_error:\n"
  ".functype luago_throw () -> ()\n"
  ".section .text.luago_throw,\"\",@\n"
  ".hidden luago_throw\n"
  ".globl luago_throw\n"
  ".type luago_throw,@function\n"
  "luago_throw:\n"
  "  .functype luago_throw () -> ()\n"
  "  throw luago_error\n"
  "  end_function\n"
  ".section .text.luago_try,\"\",@\n"
  ".hidden luago_try\n"
  ".globl luago_try\n"
  ".type luago_try,@function\n"
  "luago_try:\n"
  "  .functype luago_try (i32, i32, i32) -> ()\n"
  "  .local i32\n"
  "  global.get __stack_pointer\n"
  "  local.set 3\n"
  "  block\n"
  "  try_table (catch luago_error 0)\n"
  "  local.get 1\n"
  "  local.get 2\n"
  "  local.get 0\n"
  "  call_indirect __indirect_function_table, (i32, i32) -> ()\n"
  "  return\n"
  "  end_try_table\n"
  "  end_block\n"
  "  local.get 3\n"
  "  global.set __stack_pointer\n"
  "  end_function\n"
);

/* Calls 'f(L, ud)'; comes back when it returns or throws. */
extern void luago_try (void (*f) (lua_State *, void *), lua_State *L, void *ud);
extern _Noreturn void luago_throw (void);

#undef LUAI_THROW
#undef LUAI_TRY
#undef luai_jmpbuf
#define LUAI_THROW(L,c)		luago_throw()
#define LUAI_TRY(L,c,...)	luago_try(f, L, ud)
#define luai_jmpbuf		int  /* not used */
