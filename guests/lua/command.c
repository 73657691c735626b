/*
** 'io.popen' and 'os.execute', for the programs that were granted. A file of
** 'popen' is one of C over a descriptor that the host serves, so all that can
** be done with a file works as with any other.
*/

#include <unistd.h>

#define NO_PROCESS	"this sandbox cannot start processes"

/* Why the host has not started the command that it was asked for last. */
static char refusal[1024];
static size_t refusal_len;

/* Results of a command that was not started. */
static int not_started (lua_State *L, const char *command) {
  int code = errno;
  lua_pushnil(L);
  lua_pushfstring(L, "%s: ", command);
  if (refusal_len > 0) lua_pushlstring(L, refusal, refusal_len);
  else lua_pushstring(L, strerror(code));
  lua_concat(L, 2);
  lua_pushinteger(L, luago_errno(code));
  return 3;
}

/* Sets 'errno', and 'refusal' to what the host has to say beside it. */
static void note_failure (int negated) {
  refusal_len = host_command_refusal(refusal, sizeof(refusal));
  errno = -negated;
}

#if LUA_VERSION_NUM >= 502
/* Results of a command that is over; a 'status' below zero is a negated errno. */
static int exec_result (lua_State *L, int status) {
  const char *what = "exit";
  int code;
  if (status < 0) {
    errno = -status;
    return luaL_fileresult(L, 0, NULL);
  }
  if ((status & 0x7f) == 0) code = (status >> 8) & 0xff;
  else {
    what = "signal";
    code = status & 0x7f;
  }
  if (*what == 'e' && code == 0) lua_pushboolean(L, 1);
  else lua_pushnil(L);
  lua_pushstring(L, what);
  lua_pushinteger(L, code);
  return 3;
}
#endif

static int os_execute_granted (lua_State *L) {
  const char *command = luaL_optstring(L, 1, NULL);
  int granted = host_commands();
  int status;
  if (command == NULL) {  /* whether there is a shell */
#if LUA_VERSION_NUM >= 502
    lua_pushboolean(L, granted);
#else
    lua_pushinteger(L, granted);
#endif
    return 1;
  }
#if LUA_VERSION_NUM >= 502
  if (!granted) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: " NO_PROCESS, command);
    lua_pushinteger(L, luago_errno(ENOTSUP));
    return 3;
  }
  status = host_command_run(command, strlen(command));
  if (status >= 0) return exec_result(L, status);
  note_failure(status);
  return not_started(L, command);
#else
  if (!granted)
    return luaL_error(L, LUA_QL("execute") " not supported: " NO_PROCESS);
  status = host_command_run(command, strlen(command));
  if (status < 0) {
    note_failure(status);
    not_started(L, command);
    return luaL_error(L, "%s", lua_tostring(L, -2));
  }
  lua_pushinteger(L, status);
  return 1;
#endif
}

/* Closes a file of 'popen' and waits for its command; the status. */
static int close_command (FILE *file) {
  int fd = fileno(file);
  fclose(file);  /* as with 'pclose', what cannot be written is lost */
  return host_command_close(fd, 0);
}

#if LUA_VERSION_NUM >= 502
static int popen_close (lua_State *L) {
  return exec_result(L, close_command(tolstream(L)->f));
}
#else
static int popen_close (lua_State *L) {
  FILE **file = tofilep(L);
  int status = close_command(*file);
  *file = NULL;
  if (status < 0) errno = -status;
  return pushresult(L, status >= 0, NULL);
}
#endif

/* Whether the command reads what the file is written; -1 if it is no mode at all. */
static int mode_writes (const char *mode) {
  int reads = 0, writes = 0;
  do {  /* as glibc has it */
    switch (*mode++) {
      case 'r': reads = 1; break;
      case 'w': writes = 1; break;
      case 'e': break;
      default: return -1;
    }
  } while (*mode != '\0');
  return reads == writes ? -1 : writes;
}

static FILE *start_command (const char *command, const char *mode) {
  int writes = mode_writes(mode);
  int fd;
  FILE *file;
  if (writes < 0) {
    refusal_len = 0;
    errno = EINVAL;
    return NULL;
  }
  fflush(NULL);
  fd = host_command_start(command, strlen(command), writes);
  if (fd < 0) {
    note_failure(fd);
    return NULL;
  }
  file = fdopen(fd, writes ? "w" : "r");
  if (file == NULL) {
    int code = errno;
    close(fd);
    host_command_close(fd, 1);
    refusal_len = 0;
    errno = code;
  }
  return file;
}

static int io_popen_granted (lua_State *L) {
  const char *command = luaL_checkstring(L, 1);
  const char *mode = luaL_optstring(L, 2, "r");
#if LUA_VERSION_NUM >= 503
  luaL_argcheck(L, (mode[0] == 'r' || mode[0] == 'w') && mode[1] == '\0', 2,
                "invalid mode");
#endif
  if (!host_commands())
    return luaL_error(L, "'popen' not supported: " NO_PROCESS);
  else {
#if LUA_VERSION_NUM >= 502
    LStream *stream = newprefile(L);
    stream->f = start_command(command, mode);
    stream->closef = &popen_close;
    return stream->f != NULL ? 1 : not_started(L, command);
#else
    FILE **file = newfile(L);
    *file = start_command(command, mode);
    return *file != NULL ? 1 : not_started(L, command);
#endif
  }
}
