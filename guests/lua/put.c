/*
** From Lua values to a frame for the host. What cannot be sent is refused with the
** keys that lead to it.
*/

/*
** The frame for the host that is being written. It starts in the mailbox and moves
** to the heap when it gets too large.
*/
static Slot *large_frame;
static Slot *out;
static uint32_t out_used, out_size;
static char problem[80];

static void open_frame (void) {
  if (large_frame != NULL) {
    heap_free(large_frame);
    large_frame = NULL;
  }
  out = mailbox.frame;
  out_used = 0;
  out_size = FRAME_SIZE / sizeof(Slot);
  mailbox.count = mailbox.functions = mailbox.problem = 0;
}

static void close_frame (void) {
  mailbox.at = (uint32_t)(uintptr_t)out;
  mailbox.len = out_used * (uint32_t)sizeof(Slot);
}

static int grow_frame (void) {
  size_t size = (size_t)out_size * sizeof(Slot);
  Slot *grown;
  if (size >= INT32_MAX / 2) return 0;
  grown = (large_frame != NULL) ? heap_resize(large_frame, size, size * 2)
                                : heap_new(size * 2);
  if (grown == NULL) return 0;
  if (large_frame == NULL) memcpy(grown, out, out_used * sizeof(Slot));
  out = large_frame = grown;
  out_size *= 2;
  return 1;
}

/* The tables around the value that is being written, and where their keys are. */
static struct { const void *table; int key; lua_Integer position; } levels[MAX_DEPTH];

/* Text for a message of Lua: where the problem is, and what it is. The host writes it. */
static const char *problem_message (void) {
  static char text[512];
  text[host_problem(text, sizeof(text) - 1)] = '\0';
  return text;
}

/* A slot, or NULL if there is no memory for it. */
static Slot *new_slot (uint32_t tag) {
  Slot *slot;
  if (out_used == out_size && !grow_frame()) return NULL;
  slot = &out[out_used++];
  slot->tag = tag;
  slot->aux = 0;
  slot->u.bits = 0;
  return slot;
}

/* Takes back what was written from 'used' on, and the handles in it. */
static void rewind_frame (lua_State *L, uint32_t used) {
  uint32_t i;
  for (i = used; i < out_used; i++)
    if (out[i].tag == TAG_FUNCTION) {
      luaL_unref(L, LUA_REGISTRYINDEX, (int)out[i].u.bits);
      mailbox.functions--;
    }
  out_used = used;
}

static void put_key (lua_State *L, int index, Slot *slot) {
  int type = lua_type(L, index);
  slot->u.bits = 0;
  if (type == LUA_TSTRING) {
    size_t len;
    slot->tag = TAG_STRING;
    slot->u.bits = (uint64_t)(uintptr_t)lua_tolstring(L, index, &len);
    slot->aux = (uint32_t)len;
  }
  else if (type == LUA_TNUMBER) {
    slot->tag = TAG_NUMBER;
    slot->u.number = lua_tonumber(L, index);
  }
  else if (type == LUA_TBOOLEAN) {
    slot->tag = TAG_BOOLEAN;
    slot->u.bits = (uint64_t)lua_toboolean(L, index);
  }
  else slot->tag = TAG_NIL;
}

/* Says why a value cannot be sent, and sends the keys that lead to it instead. */
static int refuse (lua_State *L, int depth, const char *text) {
  int i;
  rewind_frame(L, 0);
  for (i = 0; i < depth; i++) {
    Slot *slot = new_slot(TAG_INTEGER);
    if (slot == NULL) break;
    slot->u.integer = levels[i].position;
    if (levels[i].key != 0) put_key(L, levels[i].key, slot);
  }
  close_frame();
  mailbox.limit = 0;
  mailbox.problem_len = (uint32_t)strlen(text);
  if (mailbox.problem_len > sizeof(problem)) mailbox.problem_len = sizeof(problem);
  memcpy(problem, text, mailbox.problem_len);
  mailbox.problem = (uint32_t)(uintptr_t)problem;
  return 0;
}

#define NO_MEMORY	"there is no memory left to pass it on"

/* Functions that nobody of the host holds any more. */
static __attribute__((noinline)) void take_released (lua_State *L) {
  uint32_t ids[64], i, n;
  mailbox.released = 0;
  while ((n = host_released(ids, 64)) != 0)
    for (i = 0; i < n; i++) luaL_unref(L, LUA_REGISTRYINDEX, (int)ids[i]);
}

static int put_value (lua_State *L, int index, int depth);

/* passing.c */
static int put_view (lua_State *L, int index, const char **why);

#if LUA_VERSION_NUM < 503
/* Whether it is a whole number that no other is rounded to. */
static inline int is_exact (double n) {
  return n >= -9007199254740992.0 && n <= 9007199254740992.0 &&
         n == (double)(int64_t)n && !(n == 0 && signbit(n));
}
#endif

#if LUA_VERSION_NUM >= 504
#define value_at(L,i)	s2v((L)->ci->func.p + (i))
#elif LUA_VERSION_NUM >= 502
#define value_at(L,i)	((L)->ci->func + (i))
#else
#define value_at(L,i)	((L)->base + (i) - 1)
#endif

#if LUA_VERSION_NUM >= 505
#define array_size(h)	((h)->asize)
#elif LUA_VERSION_NUM >= 504
#define array_size(h)	luaH_realasize(h)
#else
#define array_size(h)	((size_t)(h)->sizearray)
#endif

/*
** The length of a table whose keys are 1 to n, whatever their order, or -1. Looks at no
** value, so that each table is gone through but once for all that is around it.
*/
static int sequence_length (lua_State *L, int index) {
  size_t i, pairs, n = lua_rawlen(L, index);
  if (n > INT32_MAX) return -1;
  for (i = 1; i <= n; i++) {
    int is_hole;
    lua_rawgeti(L, index, (int)i);
    is_hole = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (is_hole) return -1;
  }
  if (n <= array_size(hvalue(value_at(L, index)))) {
    /* The array comes first, so it is all there is if nothing comes after its last. */
    if (n == 0) lua_pushnil(L);
    else lua_pushinteger(L, (lua_Integer)n);
    if (!lua_next(L, index)) return (int)n;
    lua_pop(L, 2);
  }
  lua_pushnil(L);
  for (pairs = 0; lua_next(L, index); pairs++) {
    lua_pop(L, 1);
    if (pairs == n) {
      lua_pop(L, 1);
      return -1;
    }
  }
  return (pairs == n) ? (int)n : -1;
}

static int put_sequence (lua_State *L, int index, int depth, int n) {
  int i;
  levels[depth].key = 0;
  for (i = 1; i <= n; i++) {
    lua_rawgeti(L, index, i);
    levels[depth].position = i;
    if (!put_value(L, lua_gettop(L), depth + 1)) return -2;
    lua_pop(L, 1);
  }
  return n;
}

static int put_pairs (lua_State *L, int index, int depth) {
  int n = 0;
  lua_pushnil(L);
  while (lua_next(L, index)) {
    int key = lua_gettop(L) - 1;
    int type = lua_type(L, key);
    levels[depth].key = key;
    if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN) {
      char text[64];
      snprintf(text, sizeof(text), "a %s cannot be passed as a key", lua_typename(L, type));
      refuse(L, depth, text);
      return -2;
    }
    if (!put_value(L, key, depth + 1) || !put_value(L, key + 1, depth + 1)) return -2;
    lua_pop(L, 1);
    n++;
  }
  return n;
}

static int put_table (lua_State *L, int index, int depth) {
  const void *table = lua_topointer(L, index);
  uint32_t start = out_used;
  Slot *slot;
  int i, n;
  for (i = 0; i < depth; i++)
    if (levels[i].table == table)
      return refuse(L, depth, "a table that contains itself cannot be passed");
  if (depth >= (int)mailbox.depth || depth >= MAX_DEPTH || !lua_checkstack(L, 8)) {
    char text[80];
    snprintf(text, sizeof(text), "more than %d levels of tables (limit value_depth)", depth);
    refuse(L, depth, text);
    mailbox.limit = 1;
    return 0;
  }
  levels[depth].table = table;
  if (is_error(L, index)) {
    uint64_t id;
    int top = lua_gettop(L), parts = error_parts(L, index, &id);
    if (parts > 0) {
      slot = new_slot(TAG_ERROR);
      if (slot == NULL) return refuse(L, depth, NO_MEMORY);
      lua_rawgeti(L, index, ERROR_STACK);
      if (lua_type(L, -1) == LUA_TSTRING) parts++;
      slot->aux = (uint32_t)parts | (lua_type(L, -1) == LUA_TSTRING ? ERROR_HAS_STACK : 0);
      slot->u.bits = id;
      for (i = 1; i <= parts; i++)
        if (!put_value(L, top + i, depth + 1)) return 0;
      lua_settop(L, top);
      return 1;
    }
  }
  n = sequence_length(L, index);
  if (new_slot(n >= 0 ? TAG_SEQUENCE : TAG_TABLE) == NULL)
    return refuse(L, depth, NO_MEMORY);
  n = (n >= 0) ? put_sequence(L, index, depth, n) : put_pairs(L, index, depth);
  if (n < 0) return 0;
  out[start].aux = (uint32_t)n;
  return 1;
}

/*
** Appends the value at a stack index (not relative to the top). False if it cannot
** be sent; 'mailbox.problem' then says why.
*/
static int put_value (lua_State *L, int index, int depth) {
  Slot *slot;
  int type = lua_type(L, index);
  if (type == LUA_TTABLE) return put_table(L, index, depth);
  slot = new_slot(TAG_NIL);
  if (slot == NULL) return refuse(L, depth, NO_MEMORY);
  switch (type) {
    case LUA_TNIL: case LUA_TNONE: break;
    case LUA_TBOOLEAN:
      slot->tag = TAG_BOOLEAN;
      slot->u.bits = (uint64_t)lua_toboolean(L, index);
      break;
    case LUA_TNUMBER: {
#if LUA_VERSION_NUM >= 503
      if (lua_isinteger(L, index)) {
        slot->tag = TAG_INTEGER;
        slot->u.integer = lua_tointeger(L, index);
        break;
      }
      slot->u.number = lua_tonumber(L, index);
#else
      double n = lua_tonumber(L, index);
      if (is_exact(n)) {
        slot->tag = TAG_INTEGER;
        slot->u.integer = (int64_t)n;
        break;
      }
      slot->u.number = n;
#endif
      slot->tag = TAG_NUMBER;
      break;
    }
    case LUA_TSTRING: {
      size_t len;
      slot->tag = TAG_STRING;
      slot->u.bits = (uint64_t)(uintptr_t)lua_tolstring(L, index, &len);
      slot->aux = (uint32_t)len;
      break;
    }
    case LUA_TFUNCTION: {
      uint32_t at = out_used - 1;
      int ref;
      if (!lua_checkstack(L, 4)) return refuse(L, depth, NO_MEMORY);
      lua_pushvalue(L, index);
      ref = luaL_ref(L, LUA_REGISTRYINDEX);
      out[at].tag = TAG_FUNCTION;
      out[at].u.bits = (uint64_t)ref;
      mailbox.functions++;
      break;
    }
    case LUA_TUSERDATA: {
      const char *why;
      int put;
      out_used--;
      put = put_view(L, index, &why);
      if (put == 0) return refuse(L, depth, why);
      if (put > 0) break;
    }
    /* fall through */
    default: {
      char text[64];
      snprintf(text, sizeof(text), "a %s cannot be passed",
               type == LUA_TTHREAD ? "coroutine" : lua_typename(L, type));
      return refuse(L, depth, text);
    }
  }
  return 1;
}

#if LUA_VERSION_NUM >= 503
#define float_of(o)	fltvalue(o)
#define is_float(o)	ttisfloat(o)
#else
#define float_of(o)	nvalue(o)
#define is_float(o)	ttisnumber(o)
#endif

/* Puts a number or nil without a look at what else it could be; false if it is not. */
static inline int put_scalar (const TValue *o, Slot *slot) {
#if LUA_VERSION_NUM >= 503
  if (ttisinteger(o)) {
    slot->tag = TAG_INTEGER;
    slot->aux = 0;
    slot->u.integer = ivalue(o);
    return 1;
  }
#endif
  if (is_float(o)) {
    double n = float_of(o);
    slot->tag = TAG_NUMBER;
    slot->aux = 0;
    slot->u.number = n;
#if LUA_VERSION_NUM < 503
    if (is_exact(n)) {
      slot->tag = TAG_INTEGER;
      slot->u.integer = (int64_t)n;
    }
#endif
    return 1;
  }
  if (ttisnil(o)) {
    slot->tag = TAG_NIL;
    slot->aux = 0;
    slot->u.bits = 0;
    return 1;
  }
  return 0;
}

/* Sends the values from 'first' to the top; false as above, with 'which' one it was. */
static int put_values (lua_State *L, int first, int *which) {
  int i, top = lua_gettop(L);
  open_frame();
  for (i = first; i <= top; i++) {
    if (out_used < out_size && put_scalar(value_at(L, i), &out[out_used])) {
      out_used++;
      continue;
    }
    if (!put_value(L, i, 0)) {
      rewind_frame(L, 0);
      *which = i - first + 1;
      return 0;
    }
  }
  mailbox.count = (uint32_t)(top - first + 1);
  close_frame();
  return 1;
}
