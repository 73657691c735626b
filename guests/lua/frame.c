/*
** Values on their way between the host and Lua. A frame is a run of slots; a
** table's contents follow its own slot, so a frame is read in one pass. What the
** host sends is right; what is sent to the host, it checks.
*/

typedef struct Slot {
  uint32_t tag, aux;
  union { uint64_t bits; int64_t integer; double number; } u;
} Slot;

ABI_FIELD(Slot, tag, SLOT_TAG);
ABI_FIELD(Slot, aux, SLOT_AUX);
ABI_FIELD(Slot, u, SLOT_PAYLOAD);
_Static_assert(sizeof(Slot) == SLOT_SIZE, "a slot has another size");

/* Where the host and the guest leave frames, and say what they have left. */
static struct Mailbox {
  uint32_t at, len;  /* of a frame for the host; 'len' of one for the guest */
  uint32_t count;  /* values in it */
  uint32_t functions;  /* handles made for it */
  uint32_t problem, problem_len;  /* why it could not be made */
  uint32_t depth;  /* how deep tables may be */
  uint32_t reply;  /* under what number the host keeps what has no room here, or 0 */
  uint32_t released;  /* whether the host gives handles back */
  uint32_t limit;  /* whether the problem is a limit */
  double timeout;  /* seconds that what is started may take, or 0 */
  uint32_t trace;  /* whether the host is to be told of tasks */
  uint32_t output;  /* whether the host holds output of Go guests */
  uint32_t unused[2];
  Slot frame[FRAME_SIZE / sizeof(Slot)];
} mailbox = {.depth = DEFAULT_DEPTH};

ABI_FIELD(struct Mailbox, at, MAILBOX_AT);
ABI_FIELD(struct Mailbox, len, MAILBOX_LEN);
ABI_FIELD(struct Mailbox, count, MAILBOX_COUNT);
ABI_FIELD(struct Mailbox, functions, MAILBOX_FUNCTIONS);
ABI_FIELD(struct Mailbox, problem, MAILBOX_PROBLEM);
ABI_FIELD(struct Mailbox, problem_len, MAILBOX_PROBLEM_LEN);
ABI_FIELD(struct Mailbox, depth, MAILBOX_DEPTH);
ABI_FIELD(struct Mailbox, reply, MAILBOX_REPLY);
ABI_FIELD(struct Mailbox, released, MAILBOX_RELEASED);
ABI_FIELD(struct Mailbox, limit, MAILBOX_LIMIT);
ABI_FIELD(struct Mailbox, timeout, MAILBOX_TIMEOUT);
ABI_FIELD(struct Mailbox, trace, MAILBOX_TRACE);
ABI_FIELD(struct Mailbox, output, MAILBOX_OUTPUT);
ABI_FIELD(struct Mailbox, frame, MAILBOX_FRAME);

EXPORT(EXPORT_MAILBOX) void *luago_mailbox (void) {
  return &mailbox;
}

/*
** An error is a list: its message, then its causes. By numbers below 1 it has what else
** is to be known. So it can be sent without room in Lua's heap, which could be made by a
** finalizer that sends something itself.
*/
enum { ERROR_ID = 0, ERROR_WHERE = -1, ERROR_STACK = -2 };

/* host.c */
static void push_host_function (lua_State *L, uint32_t id, uint32_t kind);
static void push_error (lua_State *L, uint64_t id, int n, int has_stack);
static int error_parts (lua_State *L, int index, uint64_t *id);
static int is_error (lua_State *L, int index);
static const void *error_metatable;

/* guest.c */
static void push_stream (lua_State *L, uint32_t number);

/* passing.c */
static const Slot *push_segment (lua_State *L, const Slot *slot);
static const Slot *push_view (lua_State *L, const Slot *slot, uint32_t reply);

#if LUA_VERSION_NUM < 502
#define lua_rawlen(L,i)	lua_objlen(L, i)
#endif

#if LUA_VERSION_NUM >= 504
#define TOP(L)	((L)->top.p)
#else
#define TOP(L)	((L)->top)
#endif

/* A string that the host keeps apart, for which Lua makes room first. */
static void push_large (lua_State *L, uint32_t reply, uint32_t offset, size_t len) {
#if LUA_VERSION_NUM >= 503
  TString *string = luaS_createlngstrobj(L, len);
  setsvalue2s(L, TOP(L), string);
  api_incr_top(L);
  host_large(reply, offset, len, getstr(string));
  luaC_checkGC(L);
#else
  char *buffer = lua_newuserdata(L, len);
  host_large(reply, offset, len, buffer);
  lua_pushlstring(L, buffer, len);
  lua_remove(L, -2);
#endif
}

/* Pushes a value that needs no room in Lua's heap, as most do. */
static inline void push_scalar (lua_State *L, const Slot *slot) {
  switch (slot->tag) {
    case TAG_INTEGER:
#if LUA_VERSION_NUM >= 503
      lua_pushinteger(L, slot->u.integer);
#else
      lua_pushnumber(L, (lua_Number)slot->u.integer);
#endif
      break;
    case TAG_NUMBER: lua_pushnumber(L, slot->u.number); break;
    case TAG_BOOLEAN: lua_pushboolean(L, slot->u.bits != 0); break;
    default: lua_pushnil(L); break;
  }
}

/* Pushes a value; the answer is what follows it. */
static const Slot *push_value (lua_State *L, const Slot *slot, uint32_t reply) {
  uint32_t i, n = slot->aux;
  const Slot *rest = slot + 1;
  switch (slot->tag) {
    case TAG_STRING:
      lua_pushlstring(L, (const char *)rest, n);
      rest += (n + sizeof(Slot) - 1) / sizeof(Slot);
      break;
    case TAG_LARGE: push_large(L, reply, (uint32_t)slot->u.bits, n); break;
    case TAG_SEQUENCE:
      luaL_checkstack(L, 4, "too many levels of tables");
      lua_createtable(L, (int)n, 0);
      for (i = 1; i <= n; i++) {
        rest = push_value(L, rest, reply);
        lua_rawseti(L, -2, (int)i);
      }
      break;
    case TAG_TABLE:
      luaL_checkstack(L, 4, "too many levels of tables");
      lua_createtable(L, 0, (int)n);
      for (i = 0; i < n; i++) {
        rest = push_value(L, rest, reply);
        rest = push_value(L, rest, reply);
        lua_rawset(L, -3);
      }
      break;
    case TAG_FUNCTION: lua_rawgeti(L, LUA_REGISTRYINDEX, (int)slot->u.bits); break;
    case TAG_HOST_FUNCTION: push_host_function(L, (uint32_t)slot->u.bits, n); break;
    case TAG_ERROR:
      n &= ~ERROR_HAS_STACK;
      luaL_checkstack(L, (int)n + 4, "too many causes");
      for (i = 0; i < n; i++) rest = push_value(L, rest, reply);
      push_error(L, slot->u.bits, (int)n, (slot->aux & ERROR_HAS_STACK) != 0);
      break;
    case TAG_STREAM: push_stream(L, (uint32_t)slot->u.bits); break;
    case TAG_SEGMENT: rest = push_segment(L, slot); break;
    case TAG_VIEW: rest = push_view(L, slot, reply); break;
    default: push_scalar(L, slot); break;
  }
  return rest;
}

/* Whether they can be pushed without room in Lua's heap. Then they may stay where they are. */
static int only_scalars (const Slot *slot, uint32_t count, size_t len) {
  uint32_t i;
  if (len != count * sizeof(Slot)) return 0;
  for (i = 0; i < count; i++)
    if (slot[i].tag > TAG_NUMBER) return 0;
  return 1;
}

/*
** Pushes 'count' values. A finalizer may use the mailbox as soon as one of them needs
** room in Lua's heap, so what stands there is copied first, without such room.
*/
static __attribute__((noinline)) void push_frame (lua_State *L, const Slot *slot,
                                                  uint32_t count, size_t len) {
  uint32_t reply = mailbox.reply;
  Slot copy[FRAME_SIZE / sizeof(Slot)];
  mailbox.reply = 0;
  if (slot == mailbox.frame) {
    memcpy(copy, slot, len);
    slot = copy;
  }
  luaL_checkstack(L, (int)count + 8, "too many values");
  while (count-- > 0) slot = push_value(L, slot, reply);
  if (reply != 0) host_taken(reply);
}
