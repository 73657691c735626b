/*
** What the shim and the Lua sources share. Included before any Lua source,
** so that the macros below take the place of Lua's own defaults.
*/
#ifndef luago_shim_h
#define luago_shim_h

#if LUAGO_VERSION <= 502
/* As on the hosts that these versions are compared with. */
#define LUA_USELONGLONG  /* 5.1 */
#define LUA_USE_LONGLONG  /* 5.2 */
#define LUA_USE_STRTODHEX
#define LUA_USE_AFORMAT
#endif

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <time.h>

#include <ctype.h>
#include <locale.h>

#include "abi.h"

/* There is one locale, "C". */
#define setlocale(category, name)	luago_setlocale(name)
static char *luago_setlocale (const char *name) {
  if (name == NULL || *name == '\0' || strcmp(name, "C") == 0 ||
      strcmp(name, "POSIX") == 0)
    return (char *)"C";
  return NULL;
}

/* Short copies are made in place; longer ones call the host's own 'memmove'. */
static inline void *luago_copy (void *to, const void *from, size_t n) {
  char *d = to;
  const char *s = from;
  if (n > 128) return __builtin_memcpy(to, from, n);
  if (n >= 16) {
    size_t i;
    for (i = 0; i + 16 <= n; i += 16) __builtin_memcpy(d + i, s + i, 16);
    __builtin_memcpy(d + n - 16, s + n - 16, 16);
  }
  else if (n >= 8) {
    __builtin_memcpy(d, s, 8);
    __builtin_memcpy(d + n - 8, s + n - 8, 8);
  }
  else if (n >= 4) {
    __builtin_memcpy(d, s, 4);
    __builtin_memcpy(d + n - 4, s + n - 4, 4);
  }
  else if (n != 0) {
    d[0] = s[0];
    d[n / 2] = s[n / 2];
    d[n - 1] = s[n - 1];
  }
  return to;
}
#define memcpy(to, from, n) \
  (__builtin_constant_p(n) ? __builtin_memcpy(to, from, n) : luago_copy(to, from, n))

static inline int luago_toupper (int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }
static inline int luago_tolower (int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
#undef toupper
#undef tolower
#define toupper(c)	luago_toupper(c)
#define tolower(c)	luago_tolower(c)

/* The same type that the sources are to be told about only by name here. */
struct lua_State;

#define IMPORT(name) __attribute__((import_module(IMPORT_MODULE), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name), used))

/* That a field stands where the host looks for it. */
#define ABI_FIELD(type, field, at) \
  _Static_assert(offsetof(type, field) == (at), #field " stands elsewhere in the ABI")

/* Host functions. A length below zero is a negated errno. */
IMPORT(IMPORT_WRITE) int host_write (int fd, const char *data, size_t len);
IMPORT(IMPORT_READ) int host_read (int fd, char *data, size_t len);
IMPORT(IMPORT_IS_TERMINAL) int host_is_terminal (int fd);
IMPORT(IMPORT_SOURCE_OPEN) int host_source_open (const char *path, size_t len);
IMPORT(IMPORT_SOURCE_TAKE) int host_source_take (char *data, size_t size);
IMPORT(IMPORT_TEMP_DIR) int host_temp_dir (char *data, size_t cap);
IMPORT(IMPORT_COMMANDS) int host_commands (void);
IMPORT(IMPORT_COMMAND_RUN) int host_command_run (const char *text, size_t len);
IMPORT(IMPORT_COMMAND_START) int host_command_start (const char *text, size_t len, int writes);
IMPORT(IMPORT_COMMAND_CLOSE) int host_command_close (int fd, int kill);
IMPORT(IMPORT_COMMAND_REFUSAL) size_t host_command_refusal (char *to, size_t room);
IMPORT(IMPORT_CHANGE_DIR) int host_change_dir (const char *path, size_t len);
IMPORT(IMPORT_WORKING_DIR) int host_working_dir (char *data, size_t cap);
IMPORT(IMPORT_FILE_MODE) int host_file_mode (const char *path, size_t len, int follows);
IMPORT(IMPORT_LOCK) int host_lock (int fd, int how, int64_t start, int64_t len);
IMPORT(IMPORT_CPU_SECONDS) double host_cpu_seconds (void);
IMPORT(IMPORT_ENTROPY) uint64_t host_entropy (void);
IMPORT(IMPORT_STOPPED) void host_stopped (void);
IMPORT(IMPORT_TICK) int host_tick (void);
IMPORT(IMPORT_COMPILE) int host_compile (const void *function, int only_look);
IMPORT(IMPORT_CALL) int host_call (uint32_t id);
IMPORT(IMPORT_START) int host_start (uint32_t id, uint32_t call_id);
IMPORT(IMPORT_RESULT) int host_result (uint32_t call_id);
IMPORT(IMPORT_FRAME) void host_frame (uint32_t reply, void *to);
IMPORT(IMPORT_TAKEN) void host_taken (uint32_t reply);
IMPORT(IMPORT_LARGE) void host_large (uint32_t reply, uint32_t offset, size_t len, char *to);
IMPORT(IMPORT_DROP) void host_drop (uint32_t id);
IMPORT(IMPORT_FUNCTION_NAME) uint32_t host_function_name (uint32_t id, char *to, uint32_t room);
IMPORT(IMPORT_PROBLEM) uint32_t host_problem (char *to, uint32_t room);
IMPORT(IMPORT_RELEASED) uint32_t host_released (uint32_t *ids, uint32_t room);
IMPORT(IMPORT_WAIT) int host_wait (int block);
IMPORT(IMPORT_COMPLETED) uint32_t host_completed (void);
IMPORT(IMPORT_CANCEL) void host_cancel (void);
IMPORT(IMPORT_ABANDON) void host_abandon (uint32_t call_id, int how);
IMPORT(IMPORT_TIMER) void host_timer (uint32_t call_id, double seconds);
IMPORT(IMPORT_NOW) double host_now (void);
IMPORT(IMPORT_IS_DETERMINISTIC) int host_is_deterministic (void);
IMPORT(IMPORT_EVENT) void host_event (int event, uint32_t task, uint32_t other);
IMPORT(IMPORT_GUEST) int host_guest (const char *name, size_t len);
IMPORT(IMPORT_NEXT_VALUE) int host_next_value (uint32_t stream, uint32_t call_id);
IMPORT(IMPORT_DROP_STREAM) void host_drop_stream (uint32_t stream);
IMPORT(IMPORT_NEXT_CALL) uint32_t host_next_call (void);
IMPORT(IMPORT_ANSWER) void host_answer (uint32_t call, int kind);
IMPORT(IMPORT_OUTPUT) void host_output (void);
IMPORT(IMPORT_SEGMENT_NEW) uint32_t host_segment_new (uint32_t len);
IMPORT(IMPORT_SEGMENT_MAP) int64_t host_segment_map (uint32_t handle);
IMPORT(IMPORT_SEGMENT_FLAGS) int64_t host_segment_flags (uint32_t handle);
IMPORT(IMPORT_SEGMENT_READ_ONLY) uint32_t host_segment_read_only (uint32_t handle);
IMPORT(IMPORT_SEGMENT_DROP) void host_segment_drop (uint32_t handle, uint32_t count);
IMPORT(IMPORT_SEGMENT_SYNC) void host_segment_sync (uint32_t handle);
IMPORT(IMPORT_SEGMENT_FENCE) void host_segment_fence (void);
IMPORT(IMPORT_SEGMENT_ERROR) int host_segment_error (char *to, uint32_t room);
IMPORT(IMPORT_RING_WAIT) int host_ring_wait (uint32_t handle, uint32_t at, int side, uint32_t call_id);
IMPORT(IMPORT_RING_WAKE) void host_ring_wake (uint32_t handle, uint32_t at, int side);

/* paths.c */
static const char *luago_strerror (int code);
static int luago_errno (int code);
#define strerror(code)		luago_strerror(code)

/* The greatest distance does not fit in a 'time_t'. */
#define difftime(to, from) \
  ((double)((__int128)(time_t)(to) - (__int128)(time_t)(from)))

/* False while the snapshot is being made: no host function may be called. */
static int luago_live = 0;

/* Whether math.random has been seeded since the snapshot; 2 if by the script. */
static int luago_random_seeded = 0;

static uint64_t luago_entropy (void) {
  return luago_live ? host_entropy() : 0x9E3779B97F4A7C15u;
}

/* alloc.c */
static void *luago_allocate (void *ud, void *ptr, size_t osize, size_t nsize);

/*
** A length or position as a size. What a host of 64 bits could tell from it, it
** tells here: no object is as large as the greatest.
*/
static inline size_t luago_size (long long n) {
  if (n > INT32_MAX) return INT32_MAX;
  return n < INT32_MIN ? (size_t)INT32_MIN : (size_t)n;
}

/* wait.c: whether what waits now can leave its coroutine */
static int can_leave (struct lua_State *L);

/* sort.c, gsub.c */
static int luago_sort (struct lua_State *L, int n);
static int luago_gsub (struct lua_State *L);

/* task.c: whether this is the coroutine of the task that runs */
static int luago_is_task (struct lua_State *L);

/* stop.c */
static void luago_note_oom (struct lua_State *L);

/*
** From 5.4 on a string like the message of an allocation error is one, whoever
** raises it. Whether memory really ran out for the last of these errors, and whether
** the next one that is thrown is none of its own.
*/
static int luago_oom_real = 0;
static int luago_oom_passed_on = 0;

/*
** Lua's own configuration. Hash seeds are those of the snapshot, whose tables
** were built with them.
*/
#define luai_makeseed(...)	((unsigned int)luago_entropy())
#define l_randomizePivot(...)	((unsigned int)luago_entropy())

/* The variables that Lua reads while the snapshot is made do not exist yet. */
#define getenv(name)		(luago_live ? (getenv)(name) : NULL)

#endif
