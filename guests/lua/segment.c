/*
** Segments: memory that the host and several guests see at once. What this guest knows of
** one is its core; what scripts have are views of it, which keep the core alive.
*/

/* A view's user value: a table with its core, and what else it keeps alive. */
enum { COMPANION_CORE = 1, COMPANION_OTHER = 2 };

#if LUA_VERSION_NUM >= 504
#define set_companion(L,i)	((void)lua_setiuservalue(L, i, 1))
#define get_companion(L,i)	((void)lua_getiuservalue(L, i, 1))
#define new_block(L,size)	lua_newuserdatauv(L, size, 1)
#else
#define new_block(L,size)	lua_newuserdata(L, size)
#endif

#define CORE	"luago.core"

static int core_metatable_ref = LUA_NOREF;
static int cores_ref = LUA_NOREF;  /* by handle; the values are weak */
static int view_metatable_refs[N_SORTS];

#define CLOSED	"the segment is closed"

/* What the host says of its last failure. */
static const char *host_text (void) {
  static char text[256];
  int len = host_segment_error(text, sizeof(text) - 1);
  text[len > 0 && len < (int)sizeof(text) ? len : 0] = '\0';
  return text;
}

static int host_failed (lua_State *L) {
  return luaL_error(L, "%s", host_text());
}

/* What this guest holds, and how much of it is enough to look for garbage. */
static uint32_t held, held_before_collection = 16;

static void close_core (Core *core) {
  uint32_t handle = core->handle;
  core->handle = 0;
  core->address = NULL;
  if (handle == 0) return;
  held--;
  host_segment_drop(handle, core->count);
}

/*
** To Lua a segment is a few bytes, and to the host one of a few files that a sandbox can
** have. So those that nobody has any more are looked for before there are many of them.
*/
static void collect_cores (lua_State *L) {
  if (held < held_before_collection) return;
  held_before_collection = held + 16;  /* a finalizer may get here, or raise an error */
#if LUA_VERSION_NUM >= 504
  lua_gc(L, LUA_GCSTEP, 0);  /* of a generation */
  if (held >= 16)
#endif
  lua_gc(L, LUA_GCCOLLECT, 0);
  held_before_collection = held + 16;
}

static int core_gc (lua_State *L) {
  Core *core = lua_touserdata(L, 1);
  if (core != NULL && lua_rawlen(L, 1) == sizeof(Core)) close_core(core);
  return 0;
}

/* Closes all segments: a copy of this guest has none, and gives handles from 1 on. */
static void close_cores (lua_State *L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, cores_ref);
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    close_core(lua_touserdata(L, -1));
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, -4);
  }
  lua_pop(L, 1);
}

/* Pushes the companion of the core that a handle stands for, which the host has just given. */
static Core *push_core (lua_State *L, uint32_t handle, uint32_t flags, uint32_t length) {
  Core *core;
  luaL_checkstack(L, 6, NULL);
  lua_rawgeti(L, LUA_REGISTRYINDEX, cores_ref);
  lua_rawgeti(L, -1, (int)handle);
  core = lua_touserdata(L, -1);
  if (core != NULL && core->handle == handle) {
    core->count++;
    get_companion(L, -1);
    lua_replace(L, -3);
    lua_pop(L, 1);
    return core;
  }
  lua_pop(L, 1);
  collect_cores(L);
  core = new_block(L, sizeof(Core));
  memset(core, 0, sizeof(Core));
  lua_rawgeti(L, LUA_REGISTRYINDEX, core_metatable_ref);
  lua_setmetatable(L, -2);
  core->handle = handle;
  core->count = 1;
  held++;
  core->flags = flags;
  core->length = length;
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, COMPANION_CORE);
  lua_pushvalue(L, -1);
  set_companion(L, -3);
  lua_insert(L, -3);
  lua_rawseti(L, -2, (int)handle);
  lua_pop(L, 1);
  return core;
}

/* A view with the companion on the top, which it takes the place of. */
static NOINLINE View *new_view (lua_State *L, Sort sort, Core *core, uint32_t offset,
                                uint32_t length) {
  View *view = new_block(L, sizeof(View));
  memset(view, 0, sizeof(View));
  view->core = core;
  view->offset = offset;
  view->length = length;
  view->writable = !(core->flags & SEGMENT_READ_ONLY);
  lua_insert(L, -2);
  set_companion(L, -2);
  view->magic = VIEW_MAGIC + sort;
  lua_rawgeti(L, LUA_REGISTRYINDEX, view_metatable_refs[sort]);
  lua_setmetatable(L, -2);
  return view;
}

/* A view of a part of what the view at 'index' shows, which keeps the same things alive. */
static NOINLINE View *new_part (lua_State *L, Sort sort, int index, uint32_t offset,
                                uint32_t length) {
  View *of = lua_touserdata(L, index);
  luaL_checkstack(L, 4, NULL);
  get_companion(L, index);
  return new_view(L, sort, of->core, offset, length);
}

static void push_size (lua_State *L, uint32_t n) {
#if LUA_VERSION_NUM >= 503
  lua_pushinteger(L, (lua_Integer)n);
#else
  lua_pushnumber(L, (lua_Number)n);
#endif
}

static View *test_view (lua_State *L, int index, Sort sort) {
  return lua_type(L, index) == LUA_TUSERDATA ? view_in(value_at(L, index), sort) : NULL;
}

static const char *const sort_names[N_SORTS] = {
  "segment", "array", "struct", "array of structs", "view", "sender", "receiver"
};

/* What a value is, for a message; it may push the text. */
static const char *type_name (lua_State *L, int index) {
  if (lua_type(L, index) == LUA_TUSERDATA && luaL_getmetafield(L, index, "__name") &&
      lua_type(L, -1) == LUA_TSTRING)
    return lua_tostring(L, -1);
  return luaL_typename(L, index);
}

static NOINLINE int type_error (lua_State *L, int arg, const char *expected) {
  const char *text =
    lua_pushfstring(L, "%s expected, got %s", expected, type_name(L, arg));
  return luaL_argerror(L, arg, text);
}

static NOINLINE View *check_view (lua_State *L, int arg, Sort sort) {
  View *view = test_view(L, arg, sort);
  if (view == NULL) type_error(L, arg, sort_names[sort]);
  return view;
}

/* Where the segment is in this guest's memory; it is mapped when it is first needed. */
static NOINLINE char *address_of (lua_State *L, Core *core) {
  if (core->address == NULL) {
    int64_t at;
    if (core->handle == 0) luaL_error(L, CLOSED);
    at = host_segment_map(core->handle);
    if (at <= 0) {
      lua_gc(L, LUA_GCCOLLECT, 0);
      if (core->handle == 0) luaL_error(L, CLOSED);
      at = host_segment_map(core->handle);
    }
    if (at <= 0) host_failed(L);
    core->address = (char *)(uintptr_t)at;
  }
  return core->address;
}

static char *bytes_of (lua_State *L, const View *view) {
  return address_of(L, view->core) + view->offset;
}

static void check_writable (lua_State *L, const View *view) {
  if (!view->writable) luaL_error(L, "the segment is read-only");
}

static char *writable_bytes_of (lua_State *L, const View *view) {
  check_writable(L, view);
  return bytes_of(L, view);
}

/*
** Copies between two views. To map one can run finalizers, which may close the other, so
** the addresses are taken when both are mapped.
*/
static void move_bytes (lua_State *L, const View *to, uint32_t at, const View *from) {
  const char *source;
  bytes_of(L, from);
  bytes_of(L, to);
  source = bytes_of(L, from);
  __builtin_memmove(bytes_of(L, to) + at, source, from->length);
}

/*
** A string of bytes that others may change meanwhile. No finalizer runs before they are
** copied, which could close the segment.
*/
static void push_bytes (lua_State *L, const char *bytes, size_t len) {
  luaL_checkstack(L, 1, NULL);
  setsvalue2s(L, TOP(L), luaS_newlstr(L, bytes, len));
  api_incr_top(L);
}

/* luago.segment(bytes) */
static int segment_new (lua_State *L) {
  lua_Number bytes = luaL_checknumber(L, 1);
  uint32_t handle, length = 0;
  int64_t flags;
  if (bytes >= 1 && bytes <= SEGMENT_MAX) length = (uint32_t)bytes;
  if (length == 0 || length != bytes)
    return luaL_argerror(L, 1, "a segment has 1 to 2147483647 bytes");
  handle = host_segment_new(length);
  if (handle == 0) {
    /* Garbage of a few bytes here can be what takes up all that the host allows. */
    lua_gc(L, LUA_GCCOLLECT, 0);
    handle = host_segment_new(length);
  }
  if (handle == 0) return host_failed(L);
  flags = host_segment_flags(handle);
  new_view(L, SORT_SEGMENT, push_core(L, handle, flags < 0 ? 0 : (uint32_t)flags, length), 0,
           length);
  return 1;
}

/* A handle that the host has given of another access, as a view of the same range. */
static int segment_read_only (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  uint32_t handle;
  int64_t flags;
  Core *core;
  if (view->core->handle == 0) return luaL_error(L, CLOSED);
  if (!view->writable) {
    lua_settop(L, 1);
    return 1;
  }
  handle = host_segment_read_only(view->core->handle);
  if (handle == 0) return host_failed(L);
  flags = host_segment_flags(handle);
  core = push_core(L, handle, flags < 0 ? SEGMENT_READ_ONLY : (uint32_t)flags,
                   view->core->length);
  new_view(L, SORT_SEGMENT, core, view->offset, view->length);
  return 1;
}

/* Closes the segment for this guest, with all of its views. */
static int segment_close (lua_State *L) {
  Core *core = check_view(L, 1, SORT_SEGMENT)->core;
  if (core->handle != 0) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, cores_ref);
    lua_pushnil(L);
    lua_rawseti(L, -2, (int)core->handle);
    close_core(core);
  }
  return 0;
}

static int segment_is_closed (lua_State *L) {
  lua_pushboolean(L, check_view(L, 1, SORT_SEGMENT)->core->handle == 0);
  return 1;
}

static int segment_is_read_only (lua_State *L) {
  lua_pushboolean(L, !check_view(L, 1, SORT_SEGMENT)->writable);
  return 1;
}

static int segment_len (lua_State *L) {
  push_size(L, check_view(L, 1, SORT_SEGMENT)->length);
  return 1;
}

static int segment_tostring (lua_State *L) {
  View *view = check_view(L, 1, SORT_SEGMENT);
  char text[64];
  snprintf(text, sizeof(text), "%ssegment of %u bytes",
           view->core->handle == 0 ? "closed " : "", (unsigned int)view->length);
  lua_pushstring(L, text);
  return 1;
}

/* Whether both show the same bytes in the same way. */
static int view_eq (lua_State *L) {
  Sort sort;
  int same = 0;
  for (sort = 0; sort < N_SORTS; sort++) {
    View *a = test_view(L, 1, sort), *b = test_view(L, 2, sort);
    if (a != NULL && b != NULL)
      same = a->core == b->core && a->offset == b->offset && a->length == b->length &&
             a->kind == b->kind && a->layout == b->layout;
  }
  lua_pushboolean(L, same);
  return 1;
}

/* The bytes of any other view, as a segment. */
static int view_segment (lua_State *L) {
  Sort sort;
  for (sort = 0; sort < N_SORTS; sort++) {
    View *view = test_view(L, 1, sort);
    if (view == NULL) continue;
    new_part(L, SORT_SEGMENT, 1, view->offset, view->length);
    return 1;
  }
  return type_error(L, 1, "view");
}
