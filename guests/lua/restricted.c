/*
** Library functions that need something a sandbox has only when granted.
** Each fails as its own contract in the manual has it.
*/

#include <fcntl.h>
#include <unistd.h>

#define NAME_SIZE	4096

/* A new file in the directory for temporary files; its descriptor or -1. */
static int new_temporary (char *name) {
  static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
  int attempt;
  int len = host_temp_dir(name, NAME_SIZE - 16);
  if (len < 0) { errno = -len; return -1; }
  for (attempt = 0; attempt < 100; attempt++) {
    uint64_t bits = luago_entropy();
    int fd, i;
    memcpy(name + len, "/lua_", 5);
    for (i = 0; i < 8; i++, bits >>= 5) name[len + 5 + i] = digits[bits & 31];
    name[len + 13] = '\0';
    fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

#define NO_TEMPORARY	"no writable directory was granted to this sandbox"

static int os_tmpname_granted (lua_State *L) {
  char name[NAME_SIZE];
  int fd = new_temporary(name);
  if (fd < 0)
    return luaL_error(L, "unable to generate a unique filename: %s",
                      errno == ENOTCAPABLE ? NO_TEMPORARY : strerror(errno));
  close(fd);
  lua_pushstring(L, name);
  return 1;
}

static int io_tmpfile_granted (lua_State *L) {
  char name[NAME_SIZE];
  FILE *file;
  int fd = new_temporary(name);
  if (fd < 0) {
    int code = errno;
    lua_pushnil(L);
    lua_pushstring(L, code == ENOTCAPABLE ? NO_TEMPORARY : strerror(code));
    lua_pushinteger(L, luago_errno(code));
    return 3;
  }
  unlink(name);
  file = fdopen(fd, "w+");
  if (file == NULL) {
    int code = errno;
    close(fd);
    lua_pushnil(L);
    lua_pushstring(L, strerror(code));
    lua_pushinteger(L, luago_errno(code));
    return 3;
  }
#if LUA_VERSION_NUM >= 502
  newfile(L)->f = file;
#else
  *newfile(L) = file;
#endif
  return 1;
}

/* The time that this sandbox has been running. */
static int os_clock_running (lua_State *L) {
  lua_pushnumber(L, (lua_Number)host_cpu_seconds());
  return 1;
}

static void replace (lua_State *L, const char *library, const char *name,
                     lua_CFunction f) {
  lua_getglobal(L, library);
#if LUA_VERSION_NUM < 502
  lua_getfield(L, -1, name);  /* the function's environment closes its files */
  lua_getfenv(L, -1);
  lua_remove(L, -2);
  lua_pushcfunction(L, f);
  lua_insert(L, -2);
  lua_setfenv(L, -2);
#else
  lua_pushcfunction(L, f);
#endif
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

static void setup_restricted (lua_State *L) {
  replace(L, "os", "clock", os_clock_running);
  replace(L, "os", "execute", os_execute_granted);
  replace(L, "os", "tmpname", os_tmpname_granted);
  replace(L, "io", "popen", io_popen_granted);
#if LUA_VERSION_NUM < 502
  lua_getglobal(L, "io");
  lua_getfield(L, -1, "popen");
  lua_getfenv(L, -1);
  lua_pushcfunction(L, popen_close);
  lua_setfield(L, -2, "__close");
  lua_pop(L, 3);
#endif
  replace(L, "io", "tmpfile", io_tmpfile_granted);
}
