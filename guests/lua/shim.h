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

#define IMPORT(name) __attribute__((import_module("luago"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name), used))

/* Host functions. A length below zero is a negated errno. */
IMPORT("write") int host_write (int fd, const char *data, size_t len);
IMPORT("read") int host_read (int fd, char *data, size_t len);
IMPORT("is_terminal") int host_is_terminal (int fd);
IMPORT("source_open") int host_source_open (const char *path, size_t len);
IMPORT("source_take") int host_source_take (char *data, size_t size);
IMPORT("temp_dir") int host_temp_dir (char *data, size_t cap);
IMPORT("commands") int host_commands (void);
IMPORT("command_run") int host_command_run (const char *text, size_t len);
IMPORT("command_start") int host_command_start (const char *text, size_t len, int writes);
IMPORT("command_close") int host_command_close (int fd, int kill);
IMPORT("command_refusal") size_t host_command_refusal (char *to, size_t room);
IMPORT("change_dir") int host_change_dir (const char *path, size_t len);
IMPORT("working_dir") int host_working_dir (char *data, size_t cap);
IMPORT("file_mode") int host_file_mode (const char *path, size_t len, int follows);
IMPORT("lock") int host_lock (int fd, int how, int64_t start, int64_t len);
IMPORT("cpu_seconds") double host_cpu_seconds (void);
IMPORT("entropy") uint64_t host_entropy (void);
IMPORT("stopped") void host_stopped (void);
IMPORT("call") int host_call (uint32_t id);
IMPORT("start") int host_start (uint32_t id, uint32_t ticket);
IMPORT("result") int host_result (uint32_t ticket);
IMPORT("frame") void host_frame (uint32_t reply, void *to);
IMPORT("taken") void host_taken (uint32_t reply);
IMPORT("large") void host_large (uint32_t reply, uint32_t offset, size_t len, char *to);
IMPORT("drop") void host_drop (uint32_t id);
IMPORT("function_name") uint32_t host_function_name (uint32_t id, char *to, uint32_t room);
IMPORT("problem") uint32_t host_problem (char *to, uint32_t room);
IMPORT("released") uint32_t host_released (uint32_t *ids, uint32_t room);
IMPORT("wait") int host_wait (int block);
IMPORT("completed") uint32_t host_completed (void);
IMPORT("cancel") void host_cancel (void);
IMPORT("abandon") void host_abandon (uint32_t ticket, int how);
IMPORT("timer") void host_timer (uint32_t ticket, double seconds);
IMPORT("now") double host_now (void);
IMPORT("is_deterministic") int host_is_deterministic (void);
IMPORT("event") void host_event (int event, uint32_t task, uint32_t other);
IMPORT("guest") int host_guest (const char *name, size_t len);
IMPORT("next_value") int host_next_value (uint32_t stream, uint32_t ticket);
IMPORT("drop_stream") void host_drop_stream (uint32_t stream);
IMPORT("next_call") uint32_t host_next_call (void);
IMPORT("answer") void host_answer (uint32_t call, int kind);
IMPORT("output") void host_output (void);
IMPORT("segment_new") uint32_t host_segment_new (uint32_t len);
IMPORT("segment_map") int64_t host_segment_map (uint32_t handle);
IMPORT("segment_flags") int64_t host_segment_flags (uint32_t handle);
IMPORT("segment_read_only") uint32_t host_segment_read_only (uint32_t handle);
IMPORT("segment_drop") void host_segment_drop (uint32_t handle, uint32_t count);
IMPORT("segment_sync") void host_segment_sync (uint32_t handle);
IMPORT("segment_fence") void host_segment_fence (void);
IMPORT("segment_error") int host_segment_error (char *to, uint32_t room);
IMPORT("ring_wait") int host_ring_wait (uint32_t handle, uint32_t at, int side, uint32_t ticket);
IMPORT("ring_wake") void host_ring_wake (uint32_t handle, uint32_t at, int side);

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

/* wait.c: can what waits now leave its coroutine? */
static int can_leave (struct lua_State *L);

/* sort.c, gsub.c */
static int luago_sort (struct lua_State *L, int n);
static int luago_gsub (struct lua_State *L);

/* task.c: is this the coroutine of the task that runs? */
static int luago_is_task (struct lua_State *L);

/* stop.c */
static void luago_note_oom (struct lua_State *L);

/*
** From 5.4 on a string like the message of an allocation error is one, whoever
** raises it. Did memory really run out for the last of these errors, and is the
** next one that is thrown none of its own?
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
