/*
** Rings: one sender and one receiver pass messages through a part of a segment. The other
** side may write anything there, so each of its numbers is read once and checked.
*/

/* A ring while something is done with it. */
typedef struct Ring {
  char *base;
  Core *core;
  uint32_t at;  /* where it is in the segment */
  uint32_t capacity;
} Ring;

static inline uint32_t ring_load (const Ring *ring, uint32_t at) {
  return *(volatile uint32_t *)(void *)(ring->base + at);
}

static inline void ring_store (const Ring *ring, uint32_t at, uint32_t value) {
  *(volatile uint32_t *)(void *)(ring->base + at) = value;
}

/* Between the data and the index that says that it is there, or free. */
static inline void ring_fence (const Ring *ring) {
  __asm__ volatile ("" ::: "memory");
  if (ring->core->flags & SEGMENT_WEAK_ORDER) host_segment_fence();
}

/* Sends and fetches what was written, where memory is not shared. */
static inline void ring_sync (const Ring *ring) {
  if (ring->core->flags & SEGMENT_COPIED) host_segment_sync(ring->core->handle);
}

static inline char *ring_data (const Ring *ring, uint32_t counter) {
  return ring->base + RING_DATA + (counter & (ring->capacity - 1));
}

static int is_capacity (uint32_t n) {
  return n >= RING_MIN_CAPACITY && n <= RING_MAX_CAPACITY && (n & (n - 1)) == 0;
}

/* Bytes of the record of a message, with the zeros that fill it up. */
static inline uint32_t record_size (uint32_t len) {
  return RECORD_HEAD + ((len + (RECORD_ALIGN - 1u)) & ~(RECORD_ALIGN - 1u));
}

static inline uint32_t longest_message (const Ring *ring) {
  return ring->capacity / 2 - RECORD_HEAD;
}

static void ring_begin (char *base, uint32_t capacity) {
  Ring ring = {base, NULL, 0, capacity};
  memset(base, 0, RING_DATA);
  ring_store(&ring, RING_CAPACITY, capacity);
  ring_store(&ring, RING_MAGIC, RING_MAGIC_NUMBER);
}

/* Leaves an index of this side for the other one, which is woken if it waits for that. */
static void publish (const Ring *ring, uint32_t tail) {
  ring_fence(ring);
  ring_store(ring, RING_TAIL, tail);
  ring_sync(ring);
  if (ring_load(ring, RING_RECEIVER_WAITS) != 0)
    host_ring_wake(ring->core->handle, ring->at, SIDE_RECEIVER);
}

static void release_room (const Ring *ring, uint32_t head, uint32_t tail) {
  uint32_t wanted;
  ring_fence(ring);
  ring_store(ring, RING_HEAD, head);
  ring_sync(ring);
  wanted = ring_load(ring, RING_SENDER_WAITS);
  if (wanted != 0 && (head == tail || wanted <= ring->capacity - (tail - head)))
    host_ring_wake(ring->core->handle, ring->at, SIDE_SENDER);
}

/* Closes a side, with the text of an error or without; both sides are told. */
static void ring_close (const Ring *ring, int side, const char *text, size_t len) {
  uint32_t closed = side == SIDE_SENDER ? RING_SENDER_CLOSED : RING_RECEIVER_CLOSED;
  uint32_t error = side == SIDE_SENDER ? RING_SENDER_ERROR : RING_RECEIVER_ERROR;
  if (ring_load(ring, closed) != RING_OPEN) return;
  if (text != NULL) {
    if (len > RING_MAX_ERROR) {
      len = RING_MAX_ERROR;
      while (len > 0 && (text[len] & 0xC0) == 0x80) len--;  /* whole characters */
    }
    ring_store(ring, error, (uint32_t)len);
    memcpy(ring->base + error + 4, text, len);
  }
  ring_fence(ring);
  ring_store(ring, closed, text != NULL ? RING_FAILED : RING_CLOSED);
  ring_sync(ring);
  host_ring_wake(ring->core->handle, ring->at, SIDE_SENDER);
  host_ring_wake(ring->core->handle, ring->at, SIDE_RECEIVER);
}

/* What the sender knows while it writes. */
typedef struct Room {
  uint32_t tail;  /* where the next record begins */
  uint32_t free;  /* bytes from there on */
  uint32_t needed;  /* bytes that the last record needed, for which there was no room */
} Room;

/* False if the other side has written nonsense. */
static int find_room (const Ring *ring, Room *room) {
  uint32_t head, used;
  room->tail = ring_load(ring, RING_TAIL);
  head = ring_load(ring, RING_HEAD);
  used = room->tail - head;
  if (used > ring->capacity || ((room->tail | head) & (RECORD_ALIGN - 1)) != 0) return 0;
  ring_fence(ring);
  room->free = ring->capacity - used;
  room->needed = 0;
  return ring_load(ring, RING_MAGIC) == RING_MAGIC_NUMBER;
}

/* Writes a message that is not too long, which publish shows; false if there is no room. */
static int write_message (const Ring *ring, Room *room, const char *s, uint32_t len) {
  uint32_t size = record_size(len);
  uint32_t to_end = ring->capacity - (room->tail & (ring->capacity - 1));
  uint32_t skipped = size > to_end ? to_end : 0;
  char *p = ring_data(ring, room->tail);
  if (skipped + size > room->free) {
    room->needed = skipped + size;
    return 0;
  }
  if (skipped != 0) {
    STORE(uint32_t, p, RECORD_SKIP);
    STORE(uint32_t, p + 4, 0);
    p = ring_data(ring, 0);
  }
  STORE(uint64_t, p + size - 8, 0);
  STORE(uint32_t, p, len);
  STORE(uint32_t, p + 4, 0);
  memcpy(p + RECORD_HEAD, s, len);
  room->tail += skipped + size;
  room->free -= skipped + size;
  return 1;
}

/* What the receiver knows while it reads. */
typedef struct Stock {
  uint32_t head, tail;
} Stock;

static int find_stock (const Ring *ring, Stock *stock) {
  uint32_t used;
  stock->head = ring_load(ring, RING_HEAD);
  stock->tail = ring_load(ring, RING_TAIL);
  used = stock->tail - stock->head;
  if (used > ring->capacity || ((stock->tail | stock->head) & (RECORD_ALIGN - 1)) != 0) return 0;
  ring_fence(ring);
  return ring_load(ring, RING_MAGIC) == RING_MAGIC_NUMBER;
}

enum { MESSAGE, NO_MESSAGE, BROKEN_RING };

/* Finds the next message, and goes behind it. */
static int read_message (const Ring *ring, Stock *stock, const char **s, uint32_t *len) {
  while (stock->head != stock->tail) {
    uint32_t used = stock->tail - stock->head, size;
    uint32_t to_end = ring->capacity - (stock->head & (ring->capacity - 1));
    const char *p = ring_data(ring, stock->head);
    uint32_t n = *(const volatile uint32_t *)(const void *)p;
    if (n == RECORD_SKIP) {
      if (to_end > used) return BROKEN_RING;
      stock->head += to_end;
      continue;
    }
    if (n > longest_message(ring)) return BROKEN_RING;
    size = record_size(n);
    if (size > used || size > to_end) return BROKEN_RING;
    stock->head += size;
    *s = p + RECORD_HEAD;
    *len = n;
    return MESSAGE;
  }
  return NO_MESSAGE;
}
