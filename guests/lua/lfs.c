/*
** The module 'lfs', which many programs expect: files and folders as LuaFileSystem
** has them, within the directories that were granted. It is there for 'require'
** and no global.
*/

#include <dirent.h>
#include <sys/stat.h>
#include <sys/time.h>

static int lfs_failure (lua_State *L, const char *what) {
  int code = errno;
  lua_pushnil(L);
  if (what != NULL) lua_pushfstring(L, "%s: %s", what, strerror(code));
  else lua_pushstring(L, strerror(code));
  lua_pushinteger(L, code);
  return 3;
}

static int lfs_done (lua_State *L, int result) {
  if (result != 0) return lfs_failure(L, NULL);
  lua_pushboolean(L, 1);
  return 1;
}

static const char *mode_name (mode_t mode) {
  if (S_ISREG(mode)) return "file";
  if (S_ISDIR(mode)) return "directory";
  if (S_ISLNK(mode)) return "link";
  if (S_ISCHR(mode)) return "char device";
  if (S_ISBLK(mode)) return "block device";
  if (S_ISSOCK(mode)) return "socket";
  return "other";
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

static void push_attribute (lua_State *L, const struct stat *info, int kind) {
  lua_Number n = 0;
  switch (kind) {
    case MODE: lua_pushstring(L, mode_name(info->st_mode)); return;
    /* WASI tells nothing of permissions: what is granted can be read. */
    case PERMISSIONS: lua_pushliteral(L, "rw-------"); return;
    case DEV: n = (lua_Number)info->st_dev; break;
    case INO: n = (lua_Number)info->st_ino; break;
    case NLINK: n = (lua_Number)info->st_nlink; break;
    case UID: n = (lua_Number)info->st_uid; break;
    case GID: n = (lua_Number)info->st_gid; break;
    case RDEV: n = (lua_Number)info->st_rdev; break;
    case ACCESS: n = (lua_Number)info->st_atim.tv_sec; break;
    case MODIFICATION: n = (lua_Number)info->st_mtim.tv_sec; break;
    case CHANGE: n = (lua_Number)info->st_ctim.tv_sec; break;
    case SIZE: n = (lua_Number)info->st_size; break;
    case BLOCKS: n = (lua_Number)info->st_blocks; break;
    case BLKSIZE: n = (lua_Number)info->st_blksize; break;
  }
#if LUA_VERSION_NUM >= 503
  lua_pushinteger(L, (lua_Integer)n);
#else
  lua_pushnumber(L, n);
#endif
}

static int attributes_of (lua_State *L, int (*get) (const char *, struct stat *)) {
  const char *path = luaL_checkstring(L, 1);
  const Attribute *attribute;
  struct stat info;
  if (get(luago_path(path), &info) != 0) {
    int code = errno;
    lua_pushnil(L);
    lua_pushfstring(L, "cannot obtain information from file '%s': %s", path,
                    strerror(code));
    lua_pushinteger(L, code);
    return 3;
  }
  if (lua_type(L, 2) == LUA_TSTRING) {
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
  return attributes_of(L, stat);
}

static int lfs_symlinkattributes (lua_State *L) {
  return attributes_of(L, lstat);
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
  *dir = opendir(luago_path(path));
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
  lua_pushliteral(L, "/");  /* where names in a sandbox start */
  return 1;
}

static int lfs_chdir (lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  lua_pushnil(L);
  lua_pushfstring(L, "Unable to change working directory to '%s'\n%s\n", path,
                  "a sandbox has one working directory");
  return 2;
}

static int lfs_mkdir (lua_State *L) {
  return lfs_done(L, mkdir(luago_path(luaL_checkstring(L, 1)), 0777));
}

static int lfs_rmdir (lua_State *L) {
  return lfs_done(L, rmdir(luago_path(luaL_checkstring(L, 1))));
}

static int lfs_touch (lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  struct timespec times[2];
  if (lua_isnoneornil(L, 2)) return lfs_done(L, utimensat(AT_FDCWD, luago_path(path), NULL, 0));
  times[0].tv_nsec = times[1].tv_nsec = 0;
  times[0].tv_sec = (time_t)luaL_checknumber(L, 2);
  times[1].tv_sec = (time_t)luaL_optnumber(L, 3, (lua_Number)times[0].tv_sec);
  return lfs_done(L, utimensat(AT_FDCWD, luago_path(path), times, 0));
}

static const luaL_Reg lfs_functions[] = {
  {"attributes", lfs_attributes},
  {"symlinkattributes", lfs_symlinkattributes},
  {"dir", lfs_dir},
  {"currentdir", lfs_currentdir},
  {"chdir", lfs_chdir},
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
  lua_newtable(L);
  for (function = lfs_functions; function->name != NULL; function++) {
    lua_pushcfunction(L, function->func);
    lua_setfield(L, -2, function->name);
  }
  lua_pushliteral(L, "LuaFileSystem 1.8.0");  /* the interface that this follows */
  lua_setfield(L, -2, "_VERSION");
  return 1;
}

static void setup_lfs (lua_State *L) {
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, open_lfs);
  lua_setfield(L, -2, "lfs");
  lua_pop(L, 2);
}
