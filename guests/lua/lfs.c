/*
** The module 'lfs', which many programs expect: files and folders as LuaFileSystem
** 1.8 has them, within the directories that were granted.
*/

#include <dirent.h>
#include <sys/stat.h>
#include <sys/time.h>

static int lfs_failure (lua_State *L, const char *what) {
  int code = errno;
  lua_pushnil(L);
  if (what != NULL) lua_pushfstring(L, "%s: %s", what, strerror(code));
  else lua_pushstring(L, strerror(code));
  lua_pushinteger(L, luago_errno(code));
  return 3;
}

static int lfs_done (lua_State *L, int result) {
  if (result != 0) return lfs_failure(L, NULL);
  lua_pushboolean(L, 1);
  return 1;
}

typedef struct Attribute {
  const char *name;
  enum { MODE, DEV, INO, NLINK, UID, GID, RDEV, ACCESS, MODIFICATION, CHANGE,
         SIZE, PERMISSIONS, BLOCKS, BLKSIZE } kind;
} Attribute;

static const Attribute attributes[] = {
  {"mode", MODE}, {"dev", DEV}, {"ino", INO}, {"nlink", NLINK}, {"uid", UID},
  {"gid", GID}, {"rdev", RDEV}, {"access", ACCESS},
  {"modification", MODIFICATION}, {"change", CHANGE}, {"size", SIZE},
  {"permissions", PERMISSIONS}, {"blocks", BLOCKS}, {"blksize", BLKSIZE},
  {NULL, MODE}
};

/* What WASI tells of a file, and the mode of it, which WASI does not. */
typedef struct Info {
  struct stat stat;
  mode_t mode;
} Info;

/* Mode bits as the host has them. */
#define HOST_TYPE	0170000
static const struct { int type; const char *name; } types[] = {
  {0100000, "file"}, {0040000, "directory"}, {0120000, "link"},
  {0140000, "socket"}, {0010000, "named pipe"}, {0020000, "char device"},
  {0060000, "block device"}
};

static void push_permissions (lua_State *L, int mode) {
  char text[10];
  int i;
  for (i = 0; i < 9; i++)
    text[i] = (mode >> (8 - i)) & 1 ? "rwx"[i % 3] : '-';
  lua_pushlstring(L, text, 9);
}

static void push_mode (lua_State *L, int mode) {
  size_t i;
  for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
    if ((mode & HOST_TYPE) == types[i].type) {
      lua_pushstring(L, types[i].name);
      return;
    }
  }
  lua_pushliteral(L, "other");
}

static void push_attribute (lua_State *L, const Info *info, int kind) {
  const struct stat *stat = &info->stat;
  lua_Number n = 0;
  switch (kind) {
    case MODE: push_mode(L, info->mode); return;
    case PERMISSIONS: push_permissions(L, info->mode); return;
    case DEV: n = (lua_Number)stat->st_dev; break;
    case INO: n = (lua_Number)stat->st_ino; break;
    case NLINK: n = (lua_Number)stat->st_nlink; break;
    case UID: n = (lua_Number)stat->st_uid; break;
    case GID: n = (lua_Number)stat->st_gid; break;
    case RDEV: n = (lua_Number)stat->st_rdev; break;
    case ACCESS: n = (lua_Number)stat->st_atim.tv_sec; break;
    case MODIFICATION: n = (lua_Number)stat->st_mtim.tv_sec; break;
    case CHANGE: n = (lua_Number)stat->st_ctim.tv_sec; break;
    case SIZE: n = (lua_Number)stat->st_size; break;
    case BLOCKS: n = (lua_Number)((stat->st_size + 511) / 512); break;
    case BLKSIZE: n = 4096; break;
  }
#if LUA_VERSION_NUM >= 503
  lua_pushinteger(L, (lua_Integer)n);
#else
  lua_pushnumber(L, n);
#endif
}

/* Asks for what is known of a file; 0 if there is something. */
static int get_info (const char *path, int follows, Info *info) {
  int mode = host_file_mode(path, strlen(path), follows);
  if (mode < 0) { errno = -mode; return -1; }
  info->mode = (mode_t)mode;
  return follows ? stat(path, &info->stat) : lstat(path, &info->stat);
}

static int attributes_of (lua_State *L, int follows) {
  const char *path = luaL_checkstring(L, 1);
  const Attribute *attribute;
  Info info;
  if (get_info(path, follows, &info) != 0) {
    int code = errno;
    lua_pushnil(L);
    lua_pushfstring(L, "cannot obtain information from file '%s': %s", path,
                    strerror(code));
    lua_pushinteger(L, luago_errno(code));
    return 3;
  }
  if (lua_isstring(L, 2)) {
    const char *name = lua_tostring(L, 2);
    for (attribute = attributes; attribute->name != NULL; attribute++) {
      if (strcmp(attribute->name, name) == 0) {
        push_attribute(L, &info, attribute->kind);
        return 1;
      }
    }
    return luaL_error(L, "invalid attribute name '%s'", name);
  }
  lua_settop(L, 2);
  if (!lua_istable(L, 2)) lua_newtable(L);
  for (attribute = attributes; attribute->name != NULL; attribute++) {
    push_attribute(L, &info, attribute->kind);
    lua_setfield(L, -2, attribute->name);
  }
  return 1;
}

static int lfs_attributes (lua_State *L) {
  return attributes_of(L, 1);
}

/* Pushes where a link leads, if it is one. */
static int push_target (lua_State *L, const char *path) {
  char target[4096];
  ssize_t len = readlink(path, target, sizeof(target));
  if (len < 0) return 0;
  lua_pushlstring(L, target, (size_t)len);
  return 1;
}

static int lfs_symlinkattributes (lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  int results;
  if (lua_isstring(L, 2) && strcmp(lua_tostring(L, 2), "target") == 0) {
    int code;
    if (push_target(L, path)) return 1;
    code = errno;
    lua_pushnil(L);
    lua_pushfstring(L, "could not obtain link target: %s", strerror(code));
    lua_pushinteger(L, luago_errno(code));
    return 3;
  }
  results = attributes_of(L, 0);
  if (results == 1 && lua_istable(L, -1) && push_target(L, path))
    lua_setfield(L, -2, "target");
  return results;
}

#define DIR_TYPE	"directory metatable"

static int dir_close (lua_State *L) {
  DIR **dir = luaL_checkudata(L, 1, DIR_TYPE);
  if (*dir != NULL) {
    closedir(*dir);
    *dir = NULL;
  }
  return 0;
}

static int dir_next (lua_State *L) {
  DIR **dir = luaL_checkudata(L, 1, DIR_TYPE);
  struct dirent *entry;
  luaL_argcheck(L, *dir != NULL, 1, "closed directory");
  errno = 0;
  entry = readdir(*dir);
  if (entry != NULL) {
    lua_pushstring(L, entry->d_name);
    return 1;
  }
  closedir(*dir);
  *dir = NULL;
  if (errno != 0) return luaL_error(L, "cannot read directory: %s", strerror(errno));
  return 0;
}

static int lfs_dir (lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **dir;
  lua_pushcfunction(L, dir_next);
  dir = lua_newuserdata(L, sizeof(DIR *));
  *dir = NULL;
  luaL_getmetatable(L, DIR_TYPE);
  lua_setmetatable(L, -2);
  *dir = opendir(path);
  if (*dir == NULL)
    return luaL_error(L, "cannot open %s: %s", path, strerror(errno));
#if LUA_VERSION_NUM >= 504
  lua_pushnil(L);
  lua_pushvalue(L, -2);  /* to be closed when the loop ends */
  return 4;
#else
  return 2;
#endif
}

static int lfs_currentdir (lua_State *L) {
  char path[4096];
  int len = host_working_dir(path, sizeof(path));
  if (len < 0) {
    errno = -len;
    return lfs_failure(L, "get_dir getcwd() failed");
  }
  lua_pushlstring(L, path, (size_t)len);
  return 1;
}

static int lfs_chdir (lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  int code = -host_change_dir(path, strlen(path));
  if (code != 0) {
    lua_pushnil(L);
    lua_pushfstring(L, "Unable to change working directory to '%s'\n%s\n", path,
                    strerror(code));
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

static int lfs_link (lua_State *L) {
  const char *from = luaL_checkstring(L, 1);
  const char *to = luaL_checkstring(L, 2);
  return lfs_done(L, (lua_toboolean(L, 3) ? symlink : link)(from, to));
}

static FILE *file_argument (lua_State *L, const char *name) {
#if LUA_VERSION_NUM >= 502
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  if (stream->closef == NULL || stream->f == NULL)
    luaL_error(L, "%s: closed file", name);
  return stream->f;
#else
  FILE **file = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  if (*file == NULL) luaL_error(L, "%s: closed file", name);
  return *file;
#endif
}

static int lock_part (lua_State *L, const char *how, int at, const char *name) {
  FILE *file = file_argument(L, name);
  int64_t start = (int64_t)luaL_optnumber(L, at, 0);
  int64_t len = (int64_t)luaL_optnumber(L, at + 1, 0);
  int code;
  if (*how != 'r' && *how != 'w' && *how != 'u')
    return luaL_error(L, "%s: invalid mode", name);
  code = -host_lock(fileno(file), *how, start, len);
  if (code != 0) {
    lua_pushnil(L);
    lua_pushstring(L, strerror(code));
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

static int lfs_lock (lua_State *L) {
  file_argument(L, "lock");
  return lock_part(L, luaL_checkstring(L, 2), 3, "lock");
}

static int lfs_unlock (lua_State *L) {
  return lock_part(L, "u", 2, "unlock");
}

/* There is one mode, as on Unix. */
static int lfs_setmode (lua_State *L) {
  static const char *const modes[] = {"binary", "text", NULL};
  file_argument(L, "setmode");
  luaL_checkoption(L, 2, NULL, modes);
  lua_pushboolean(L, 1);
  lua_pushliteral(L, "binary");
  return 2;
}

#define LOCK_TYPE	"lock metatable"
#define LOCK_FILE	"/lockfile.lfs"

/* The lock of a folder is a link in it, whose path follows this. */
typedef struct Lock {
  int is_held;
} Lock;

static int lfs_lock_dir (lua_State *L) {
  size_t len;
  const char *path = luaL_checklstring(L, 1, &len);
  Lock *lock = lua_newuserdata(L, sizeof(Lock) + len + sizeof(LOCK_FILE));
  char *name = (char *)(lock + 1);
  memcpy(name, path, len);
  memcpy(name + len, LOCK_FILE, sizeof(LOCK_FILE));
  lock->is_held = 0;
  if (symlink("lock", name) != 0) {
    int code = errno;
    lua_pushnil(L);
    lua_pushstring(L, strerror(code));
    return 2;
  }
  lock->is_held = 1;
  luaL_getmetatable(L, LOCK_TYPE);
  lua_setmetatable(L, -2);
  return 1;
}

static int lock_free (lua_State *L) {
  Lock *lock = luaL_checkudata(L, 1, LOCK_TYPE);
  if (lock->is_held) unlink((char *)(lock + 1));
  lock->is_held = 0;
  return 0;
}

static int lfs_mkdir (lua_State *L) {
  return lfs_done(L, mkdir(luaL_checkstring(L, 1), 0777));
}

static int lfs_rmdir (lua_State *L) {
  return lfs_done(L, rmdir(luaL_checkstring(L, 1)));
}

static int lfs_touch (lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  struct timespec times[2];
  if (lua_isnoneornil(L, 2)) return lfs_done(L, utimensat(AT_FDCWD, path, NULL, 0));
  times[0].tv_nsec = times[1].tv_nsec = 0;
  times[0].tv_sec = (time_t)luaL_checknumber(L, 2);
  times[1].tv_sec = (time_t)luaL_optnumber(L, 3, (lua_Number)times[0].tv_sec);
  return lfs_done(L, utimensat(AT_FDCWD, path, times, 0));
}

static const luaL_Reg lfs_functions[] = {
  {"attributes", lfs_attributes},
  {"symlinkattributes", lfs_symlinkattributes},
  {"dir", lfs_dir},
  {"currentdir", lfs_currentdir},
  {"chdir", lfs_chdir},
  {"link", lfs_link},
  {"lock", lfs_lock},
  {"unlock", lfs_unlock},
  {"lock_dir", lfs_lock_dir},
  {"setmode", lfs_setmode},
  {"mkdir", lfs_mkdir},
  {"rmdir", lfs_rmdir},
  {"touch", lfs_touch},
  {NULL, NULL}
};

static int open_lfs (lua_State *L) {
  const luaL_Reg *function;
  luaL_newmetatable(L, DIR_TYPE);
  lua_newtable(L);
  lua_pushcfunction(L, dir_next);
  lua_setfield(L, -2, "next");
  lua_pushcfunction(L, dir_close);
  lua_setfield(L, -2, "close");
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, dir_close);
  lua_setfield(L, -2, "__gc");
#if LUA_VERSION_NUM >= 504
  lua_pushcfunction(L, dir_close);
  lua_setfield(L, -2, "__close");
#endif
  luaL_newmetatable(L, LOCK_TYPE);
  lua_newtable(L);
  lua_pushcfunction(L, lock_free);
  lua_setfield(L, -2, "free");
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, lock_free);
  lua_setfield(L, -2, "__gc");
  lua_newtable(L);
  for (function = lfs_functions; function->name != NULL; function++) {
    lua_pushcfunction(L, function->func);
    lua_setfield(L, -2, function->name);
  }
  lua_pushliteral(L, "LuaFileSystem 1.8.0");  /* the interface that this follows */
  lua_setfield(L, -2, "_VERSION");
  lua_pushvalue(L, -1);
  lua_setglobal(L, "lfs");
  return 1;
}

static void setup_lfs (lua_State *L) {
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, open_lfs);
  lua_setfield(L, -2, "lfs");
  lua_pop(L, 2);
}
