/*
** What the shim and the Lua sources share. Included before any Lua source,
** so that the macros below take the place of Lua's own defaults.
*/
#ifndef luago_shim_h
#define luago_shim_h

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <time.h>

/* The same type that the sources are to be told about only by name here. */
struct lua_State;

#define IMPORT(name) __attribute__((import_module("luago"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name), used))

/* Host functions. A length below zero is a negated errno. */
IMPORT("write") int host_write (int fd, const char *data, size_t len);
IMPORT("read") int host_read (int fd, char *data, size_t len);
IMPORT("is_terminal") int host_is_terminal (int fd);
IMPORT("source_open") int host_source_open (const char *path, size_t len);
IMPORT("source_take") void host_source_take (char *data);
IMPORT("temp_dir") int host_temp_dir (char *data, size_t cap);
IMPORT("cpu_seconds") double host_cpu_seconds (void);
IMPORT("entropy") uint64_t host_entropy (void);
IMPORT("stopped") void host_stopped (void);

/* False while the snapshot is being made: no host function may be called. */
static int luago_live = 0;

/* Whether math.random has been seeded since the snapshot. */
static int luago_random_seeded = 0;

static uint64_t luago_entropy (void) {
  return luago_live ? host_entropy() : 0x9E3779B97F4A7C15u;
}

/* alloc.c */
static void *luago_allocate (void *ud, void *ptr, size_t osize, size_t nsize);

/* stop.c */
static void luago_note_oom (struct lua_State *L);

/*
** Lua's own configuration. Hash seeds are those of the snapshot, whose tables
** were built with them.
*/
#define luai_makeseed(...)	((unsigned int)luago_entropy())
#define l_randomizePivot(...)	((unsigned int)luago_entropy())

/* The variables that Lua reads while the snapshot is made do not exist yet. */
#define getenv(name)		(luago_live ? (getenv)(name) : NULL)

#define LUAGO_VDIR		LUAGO_VERSION_MAJOR "." LUAGO_VERSION_MINOR
#define LUA_PATH_DEFAULT \
  "./?.lua;./?/init.lua;" \
  "./lua_modules/share/lua/" LUAGO_VDIR "/?.lua;" \
  "./lua_modules/share/lua/" LUAGO_VDIR "/?/init.lua;" \
  "/usr/local/share/lua/" LUAGO_VDIR "/?.lua;" \
  "/usr/local/share/lua/" LUAGO_VDIR "/?/init.lua"
#define LUA_CPATH_DEFAULT	""

#endif
