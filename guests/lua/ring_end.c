/*
** The two ends of a ring, as scripts have them.
*/


/* Raises an error for the script, which may have called the wrapper in Lua that called this. */
static int ring_error (lua_State *L, const char *text) {
  lua_Debug ar;
  int level = 1;
  lua_pushstring(L, text);
  if (lua_getstack(L, 1, &ar)) {
    lua_getinfo(L, "S", &ar);
    if (strcmp(ar.source, LUAGO_CHUNK) == 0) level = 2;
  }
  luaL_where(L, level);
  lua_insert(L, -2);
  lua_concat(L, 2);
  return lua_error(L);
}

static const char ring_broken[] = "the ring is broken";

/* Closes this side of a ring that is broken, and says so. */
static int broken (lua_State *L, const Ring *ring, int side) {
  ring_close(ring, side, ring_broken, sizeof(ring_broken) - 1);
  return ring_error(L, ring_broken);
}

/* The ring of an end. Its capacity is read once, when it is first used here. */
static Ring open_end (lua_State *L, int arg, Sort sort) {
  View *view = check_view(L, arg, sort);
  Ring ring = {NULL, view->core, view->offset, 0};
  if (view->core->handle == 0) ring_error(L, CLOSED);
  if (!view->writable) ring_error(L, "the segment is read-only, and a ring has to be written to");
  ring.base = bytes_of(L, view);
  if (view->count == 0) {
    uint32_t capacity;
    if (view->length < RING_DATA || view->offset % RING_ALIGN != 0)
      ring_error(L, "there is no ring here");
    ring_sync(&ring);
    capacity = ring_load(&ring, RING_CAPACITY);
    if (ring_load(&ring, RING_MAGIC) != RING_MAGIC_NUMBER || !is_capacity(capacity) ||
        capacity > view->length - RING_DATA)
      ring_error(L, "there is no ring here");
    view->count = capacity;
  }
  ring.capacity = view->count;
  return ring;
}

/* Raises an error with what the other side's error says, after 'what'. */
static void raise_closed (lua_State *L, const Ring *ring, const char *what, uint32_t state,
                          uint32_t error) {
  char text[64 + RING_MAX_ERROR];
  uint32_t len = ring_load(ring, error);
  size_t n = strlen(what);
  memcpy(text, what, n);
  if (state == RING_FAILED && len > 0 && len <= RING_MAX_ERROR) {
    memcpy(text + n, ": ", 2);
    memcpy(text + n + 2, ring->base + error + 4, len);
    n += 2 + len;
  }
  text[n] = '\0';
  ring_error(L, text);
}

static Ring sender_of (lua_State *L) {
  Ring ring = open_end(L, 1, SORT_SENDER);
  uint32_t closed;
  ring_sync(&ring);
  if (ring_load(&ring, RING_SENDER_CLOSED) != RING_OPEN) ring_error(L, "the sender is closed");
  closed = ring_load(&ring, RING_RECEIVER_CLOSED);
  if (closed != RING_OPEN)
    raise_closed(L, &ring, "the receiver has closed the ring", closed, RING_RECEIVER_ERROR);
  return ring;
}

static void check_length (lua_State *L, const Ring *ring, size_t len) {
  if (len > longest_message(ring)) {
    char text[128];
    snprintf(text, sizeof(text), "a message of %u bytes is too long for a ring of %u; it takes "
             "up to %u", (unsigned int)len, (unsigned int)ring->capacity,
             (unsigned int)longest_message(ring));
    ring_error(L, text);
  }
}

static int not_a_message (lua_State *L, int index) {
  return ring_error(L, lua_pushfstring(L, "a message is a string, not a %s",
                                       type_name(L, index)));
}

/* offer(s): true, or false and the room that it needs */
static int ring_offer (lua_State *L) {
  size_t len;
  const char *s = lua_tolstring(L, 2, &len);
  Ring ring = sender_of(L);
  Room room;
  int sent;
  if (s == NULL) return not_a_message(L, 2);
  check_length(L, &ring, len);
  if (!find_room(&ring, &room)) return broken(L, &ring, SIDE_SENDER);
  sent = write_message(&ring, &room, s, (uint32_t)len);
  if (sent) publish(&ring, room.tail);
  lua_pushboolean(L, sent);
  push_size(L, room.needed);
  return 2;
}

static int ring_try_send (lua_State *L) {
  ring_offer(L);
  lua_pop(L, 1);
  return 1;
}

/* send_some(list, i): sends from 'i' on; the first that had no room, and what it needs */
static int ring_send_some (lua_State *L) {
  Ring ring = sender_of(L);
  Room room;
  int64_t i, n, first = to_position(L, 3);
  if (!lua_istable(L, 2)) return ring_error(L, "messages are sent as a list of strings");
  n = (int64_t)lua_rawlen(L, 2);
  if (!find_room(&ring, &room)) return broken(L, &ring, SIDE_SENDER);
  for (i = first == 1 ? 1 : n + 1; i <= n; i++) {  /* nothing is sent of a bad list */
    lua_rawgeti(L, 2, (int)i);
    if (lua_type(L, -1) != LUA_TSTRING) return not_a_message(L, lua_gettop(L));
    check_length(L, &ring, lua_rawlen(L, -1));
    lua_pop(L, 1);
  }
  for (i = first; i <= n; i++) {
    size_t len;
    const char *s;
    lua_rawgeti(L, 2, (int)i);
    s = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &len) : NULL;
    if (s == NULL || len > longest_message(&ring)) {
      publish(&ring, room.tail);
      return ring_error(L, "the list was changed while it was sent");
    }
    if (!write_message(&ring, &room, s, (uint32_t)len)) break;
    lua_pop(L, 1);
  }
  if (i > first) publish(&ring, room.tail);
  if (i > n) return 0;
  push_size(L, (uint32_t)i);
  push_size(L, room.needed);
  return 2;
}

/* What there is to say when there is no message: 0 if one may come. */
static int at_end (lua_State *L, const Ring *ring) {
  uint32_t closed = ring_load(ring, RING_SENDER_CLOSED);
  if (closed == RING_FAILED)
    raise_closed(L, ring, "the sender has closed the ring", closed, RING_SENDER_ERROR);
  return closed != RING_OPEN;
}

static Ring receiver_of (lua_State *L) {
  Ring ring = open_end(L, 1, SORT_RECEIVER);
  ring_sync(&ring);
  if (ring_load(&ring, RING_RECEIVER_CLOSED) != RING_OPEN) ring_error(L, "the receiver is closed");
  return ring;
}

/*
** try_receive(): a message, or nil and "empty" or "closed". That a sender is closed is
** looked at first, so that what it has sent before is not missed.
*/
static int ring_try_receive (lua_State *L) {
  Ring ring = receiver_of(L);
  uint32_t closed, before, len;
  Stock stock;
  const char *s;
  closed = ring_load(&ring, RING_SENDER_CLOSED);
  ring_fence(&ring);
  if (!find_stock(&ring, &stock)) return broken(L, &ring, SIDE_RECEIVER);
  before = stock.head;
  switch (read_message(&ring, &stock, &s, &len)) {
    case BROKEN_RING: return broken(L, &ring, SIDE_RECEIVER);
    case MESSAGE:
      push_bytes(L, s, len);
      release_room(&ring, stock.head, stock.tail);
      luaC_checkGC(L);
      return 1;
    default:
      if (stock.head != before) release_room(&ring, stock.head, stock.tail);
      lua_pushnil(L);
      if (closed != RING_OPEN && at_end(L, &ring)) lua_pushliteral(L, "closed");
      else lua_pushliteral(L, "empty");
      return 2;
  }
}

/* receive_some(max): a list of messages, and whether more may come if it is empty */
static int ring_receive_some (lua_State *L) {
  Ring ring = receiver_of(L);
  int64_t n, max = lua_isnoneornil(L, 2) ? INT32_MAX : to_index(L, 2);
  uint32_t closed, before;
  Stock stock;
  if (max < 1) return ring_error(L, "at least one message has to be asked for");
  lua_createtable(L, 0, 0);
  ring.base = bytes_of(L, lua_touserdata(L, 1));  /* a finalizer may have closed it */
  closed = ring_load(&ring, RING_SENDER_CLOSED);
  ring_fence(&ring);
  if (!find_stock(&ring, &stock)) return broken(L, &ring, SIDE_RECEIVER);
  before = stock.head;
  for (n = 0; n < max; n++) {
    const char *s;
    uint32_t len, head = stock.head;
    int what = read_message(&ring, &stock, &s, &len);
    if (what == BROKEN_RING) {
      if (n == 0) return broken(L, &ring, SIDE_RECEIVER);
      stock.head = head;  /* to be met again when those before it have been taken */
    }
    if (what != MESSAGE) break;
    push_bytes(L, s, len);
    lua_rawseti(L, -2, (int)n + 1);
  }
  if (stock.head != before) release_room(&ring, stock.head, stock.tail);
  luaC_checkGC(L);
  lua_pushboolean(L, n == 0 && !(closed != RING_OPEN && at_end(L, &ring)));
  return 2;
}

/* rest(end, needed): waits until it is worth another try */
static int ring_rest (lua_State *L) {
  int side = test_view(L, 1, SORT_SENDER) != NULL ? SIDE_SENDER : SIDE_RECEIVER;
  Ring ring = open_end(L, 1, side == SIDE_SENDER ? SORT_SENDER : SORT_RECEIVER);
  int leaves = can_leave(L);
  Wait wait = {0, NULL, NULL};
  uint32_t call_id = leaves ? call_id_of(current) : call_id_of(&wait);
  check_asked(L);
  if (side == SIDE_SENDER) {
    /* Another task may wait here already: the one that needs less goes first. */
    uint32_t needed = (uint32_t)lua_tonumber(L, 2), other = ring_load(&ring, RING_SENDER_WAITS);
    if (other == 0 || needed < other) ring_store(&ring, RING_SENDER_WAITS, needed);
  }
  switch (host_ring_wait(ring.core->handle, ring.at, side, call_id)) {
    case RING_WAIT_READY: return 0;
    case RING_WAIT_WAITING: return wait_for_host(L, call_id, leaves ? NULL : &wait);
    default: return ring_error(L, host_text());
  }
}

/* sender:close([error]) and receiver:close([error]) */
static int ring_end_close (lua_State *L) {
  int side = test_view(L, 1, SORT_SENDER) != NULL ? SIDE_SENDER : SIDE_RECEIVER;
  View *view = check_view(L, 1, side == SIDE_SENDER ? SORT_SENDER : SORT_RECEIVER);
  size_t len = 0;
  const char *text = NULL;
  if (!lua_isnoneornil(L, 2)) {
    lua_settop(L, 2);
    if (is_error(L, 2) && luaL_callmeta(L, 2, "__tostring")) lua_replace(L, 2);
    text = luaL_checklstring(L, 2, &len);
  }
  if (view->core->handle != 0) {
    Ring ring = open_end(L, 1, side == SIDE_SENDER ? SORT_SENDER : SORT_RECEIVER);
    ring_close(&ring, side, text, len);
  }
  return 0;
}

/* At the end of a block: an error that leaves it is one for the other side. */
static int ring_end_leave (lua_State *L) {
  lua_settop(L, 2);
  if (!lua_isnil(L, 2) && !lua_isstring(L, 2) && !is_error(L, 2)) {
    lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 2));
    lua_replace(L, 2);
  }
  return ring_end_close(L);
}

/* What can wait stands in Lua, around functions that try and one that waits. */
static const char ring_source[] =
  "local offer, send_some, try_receive, receive_some, rest = ...\n"
  "local function receive(self)\n"
  "while true do local s, why = try_receive(self)\n"
  "if s then return s elseif why == 'closed' then return nil end rest(self) end end\n"
  "return function(self, s)\n"
  "while true do local sent, needed = offer(self, s)\n"
  "if sent then return end rest(self, needed) end end,\n"
  "function(self, list) local i, needed = 1\n"
  "while true do i, needed = send_some(self, list, i)\n"
  "if not i then return end rest(self, needed) end end,\n"
  "receive,\n"
  "function(self, max)\n"
  "while true do local list, more = receive_some(self, max)\n"
  "if not more then return list end rest(self) end end,\n"
  "function(self) return receive, self end";

/* Pushes send, send_all, receive, receive_all and messages. */
static void push_ring_functions (lua_State *L) {
  static const lua_CFunction parts[] = {
    ring_offer, ring_send_some, ring_try_receive, ring_receive_some, ring_rest
  };
  size_t i;
  luaL_loadbuffer(L, ring_source, sizeof(ring_source) - 1, LUAGO_CHUNK);
  for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) lua_pushcfunction(L, parts[i]);
  lua_call(L, (int)i, 5);
}

static int ring_end_tostring (lua_State *L) {
  lua_pushstring(L, test_view(L, 1, SORT_SENDER) != NULL ? "sender" : "receiver");
  return 1;
}

/* luago.ring(capacity [, segment [, offset]]): a sender and a receiver */
static int ring_new (lua_State *L) {
  lua_Number wanted = luaL_checknumber(L, 1);
  uint32_t capacity = 0, length, at;
  View *view, *end;
  int i;
  if (wanted >= RING_MIN_CAPACITY && wanted <= RING_MAX_CAPACITY) capacity = (uint32_t)wanted;
  if (capacity != wanted || !is_capacity(capacity))
    return luaL_argerror(L, 1, "a ring's capacity is a power of two from 64 to 1073741824 bytes");
  length = RING_DATA + capacity;
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 0);
    push_size(L, length);
    segment_new(L);
    lua_replace(L, 1);
    lua_settop(L, 1);
    view = lua_touserdata(L, 1);
    at = 0;
  }
  else {
    int64_t offset = opt_position(L, 3, 0);
    view = check_view(L, 2, SORT_SEGMENT);
    if (offset < 0 || offset > view->length || length > view->length - (uint32_t)offset)
      return luaL_argerror(L, 2, lua_pushfstring(L, "a ring of this capacity takes %d bytes, which"
                           " the segment does not have from there on", (int)length));
    at = view->offset + (uint32_t)offset;
    if (at % RING_ALIGN != 0)
      return luaL_argerror(L, 3, "a ring begins at a multiple of 64 bytes in its segment");
    lua_settop(L, 2);
    lua_replace(L, 1);
  }
  if (!view->writable) return luaL_error(L, "the segment is read-only");
  lua_settop(L, 1);
  ring_begin(address_of(L, view->core) + at, capacity);
  for (i = 0; i < 2; i++) {
    end = new_part(L, i == 0 ? SORT_SENDER : SORT_RECEIVER, 1, at, length);
    end->count = capacity;
  }
  return 2;
}
