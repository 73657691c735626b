/*
** Blocks of any size, for what is too large for a page of 'alloc.c' and for the
** pages themselves. Neighbours that are free become one, a block grows in place
** where it can, and what is free stands in lists by size, four for each power of
** two. (The C library's own allocator keeps every block at a power of two for
** ever, which twice over is too much for large strings.)
*/

typedef struct Chunk {
  uint32_t before;  /* size of the chunk in front, or 0 */
  uint32_t size;  /* of this one with its header; the last bit: in use */
  struct Chunk *next, *previous;  /* of its list, while it is free */
} Chunk;

#define CHUNK_HEADER	8u
#define CHUNK_MIN	32u
#define CHUNK_STEP	16u
#define IN_USE		1u
#define WASM_PAGE	65536u
#define GROW_PAGES	2u  /* at least, where there is room */
#define N_LISTS		108

static Chunk *lists[N_LISTS];
static uint32_t list_map[(N_LISTS + 31) / 32];

/* Where the memory that was got last ends; it may go on there. */
static uintptr_t segment_end;

/* Pages of memory behind that, which are there and were never written: a sandbox that
   needs little more than the snapshot does not have to ask the host for it. */
static uint32_t room;

#define chunk_size(c)	((c)->size & ~IN_USE)
#define chunk_after(c)	((Chunk *)((char *)(c) + chunk_size(c)))
#define chunk_before(c)	((Chunk *)((char *)(c) - (c)->before))
#define chunk_of(p)	((Chunk *)((char *)(p) - CHUNK_HEADER))
#define payload_of(c)	((void *)((char *)(c) + CHUNK_HEADER))

static unsigned int list_of (uint32_t size) {
  unsigned int top = 31u - (unsigned int)__builtin_clz(size);
  return (top - 5) * 4 + ((size >> (top - 2)) & 3);
}

static void put_chunk (Chunk *c) {
  unsigned int list = list_of(c->size);
  c->previous = NULL;
  c->next = lists[list];
  if (c->next != NULL) c->next->previous = c;
  lists[list] = c;
  list_map[list / 32] |= 1u << (list % 32);
}

static void take_chunk (Chunk *c) {
  unsigned int list = list_of(c->size);
  if (c->previous != NULL) c->previous->next = c->next;
  else lists[list] = c->next;
  if (c->next != NULL) c->next->previous = c->previous;
  if (lists[list] == NULL) list_map[list / 32] &= ~(1u << (list % 32));
}

/* Makes a chunk free and one with its free neighbours. */
static Chunk *release (Chunk *c) {
  Chunk *after;
  c->size &= ~IN_USE;
  after = chunk_after(c);
  if (!(after->size & IN_USE)) {
    take_chunk(after);
    c->size += after->size;
  }
  if (c->before != 0 && !(chunk_before(c)->size & IN_USE)) {
    Chunk *before = chunk_before(c);
    take_chunk(before);
    before->size += c->size;
    c = before;
  }
  chunk_after(c)->before = c->size;
  put_chunk(c);
  return c;
}

/* Gives back what a used chunk has beyond 'size'. */
static void trim (Chunk *c, uint32_t size) {
  uint32_t rest = chunk_size(c) - size;
  if (rest >= CHUNK_MIN) {
    Chunk *tail = (Chunk *)((char *)c + size);
    c->size = size | IN_USE;
    tail->before = size;
    tail->size = rest | IN_USE;
    chunk_after(tail)->before = rest;
    release(tail);
  }
}

static void *use_chunk (Chunk *c, uint32_t size) {
  take_chunk(c);
  c->size |= IN_USE;
  trim(c, size);
  return payload_of(c);
}

/* Makes one free chunk of so many pages of memory from 'base' on, and of what is free
   in front of it. */
static Chunk *add_pages (uintptr_t base, uint32_t pages) {
  Chunk *c, *end;
  if (base == segment_end) {
    c = (Chunk *)(base - CHUNK_HEADER);  /* the mark of the end so far */
    c->size = pages * WASM_PAGE | IN_USE;
  }
  else {
    c = (Chunk *)(base + CHUNK_HEADER);
    c->before = 0;
    c->size = (pages * WASM_PAGE - 2 * CHUNK_HEADER) | IN_USE;
  }
  segment_end = base + (uintptr_t)pages * WASM_PAGE;
  end = (Chunk *)(segment_end - CHUNK_HEADER);
  end->before = chunk_size(c);
  end->size = IN_USE;  /* of size 0 and never free: nothing joins across it */
  return release(c);
}

static int more_memory (uint32_t pages, uintptr_t *base) {
  size_t old;
  if (__builtin_wasm_memory_size(0) + pages >= 65536u) return 0;
  old = __builtin_wasm_memory_grow(0, pages);
  *base = (uintptr_t)old * WASM_PAGE;
  return old != (size_t)-1;
}

/* Gets memory for 'size' more bytes; returns the free chunk at its end. */
static Chunk *grow (uint32_t size) {
  uint32_t least = (size + 2 * CHUNK_STEP + WASM_PAGE - 1) / WASM_PAGE;
  uint32_t pages = least < GROW_PAGES ? GROW_PAGES : least;
  uintptr_t base;
  if (room > 0) {
    uint32_t taken = room < pages ? room : pages;
    Chunk *c = add_pages(segment_end, taken);
    room -= taken;
    if (chunk_size(c) >= size) return c;
  }
  if (!more_memory(pages, &base) &&
      (pages == least || !more_memory(pages = least, &base))) return NULL;
  return add_pages(base, pages);
}

/* Has memory be of so many pages at the start. */
static void make_room (uint32_t pages) {
  uint32_t now = (uint32_t)__builtin_wasm_memory_size(0);
  uintptr_t base;
  if (now < pages && more_memory(pages - now, &base) && base == segment_end)
    room = pages - now;
}

static Chunk *find_chunk (uint32_t size) {
  unsigned int top = 31u - (unsigned int)__builtin_clz(size);
  unsigned int list = list_of(size);
  unsigned int fits = list_of(size + (1u << (top - 2)) - 1);
  unsigned int word = fits / 32;
  uint32_t map;
  Chunk *c;
  int tries = 8;
  if (fits < N_LISTS) {
    map = list_map[word] & (~0u << (fits % 32));
    while (map == 0 && ++word < sizeof(list_map) / sizeof(*list_map))
      map = list_map[word];
    if (map != 0) return lists[word * 32 + (unsigned int)__builtin_ctz(map)];
  }
  for (c = lists[list]; c != NULL && tries-- > 0; c = c->next)
    if (c->size >= size) return c;
  return NULL;
}

#define MAX_REQUEST	0xF0000000u

static uint32_t size_for (size_t n) {
  uint32_t size = ((uint32_t)n + CHUNK_HEADER + CHUNK_STEP - 1) & ~(CHUNK_STEP - 1);
  return size < CHUNK_MIN ? CHUNK_MIN : size;
}

static void *heap_new (size_t n) {
  uint32_t size;
  Chunk *c;
  if (n > MAX_REQUEST) return NULL;
  size = size_for(n);
  c = find_chunk(size);
  if (c == NULL) c = grow(size);
  return c != NULL ? use_chunk(c, size) : NULL;
}

static void heap_free (void *p) {
  if (p != NULL) release(chunk_of(p));
}

/* A block whose address is a multiple of 'alignment', a power of two. */
static void *heap_aligned (size_t alignment, size_t n) {
  char *p = heap_new(n + alignment + CHUNK_MIN);
  Chunk *c, *front;
  uintptr_t at;
  if (p == NULL) return NULL;
  front = chunk_of(p);
  at = ((uintptr_t)p + alignment - 1) & ~(uintptr_t)(alignment - 1);
  if (at != (uintptr_t)p) {
    uint32_t lead;
    if (at - (uintptr_t)p < CHUNK_MIN) at += alignment;
    lead = (uint32_t)(at - (uintptr_t)p);
    c = chunk_of(at);
    c->before = lead;
    c->size = (chunk_size(front) - lead) | IN_USE;
    chunk_after(c)->before = chunk_size(c);
    front->size = lead | IN_USE;
    release(front);
  }
  else c = front;
  trim(c, size_for(n));
  return payload_of(c);
}

static void *heap_resize (void *p, size_t osize, size_t n) {
  Chunk *c = chunk_of(p), *after;
  uint32_t size;
  void *fresh;
  if (n > MAX_REQUEST) return NULL;
  size = size_for(n);
  if (size <= chunk_size(c)) {
    trim(c, size);
    return p;
  }
  after = chunk_after(c);
  if ((uintptr_t)after == segment_end - CHUNK_HEADER ||
      (!(after->size & IN_USE) &&
       (uintptr_t)chunk_after(after) == segment_end - CHUNK_HEADER &&
       chunk_size(c) + after->size < size)) {
    /* The last block: memory itself can grow behind it. */
    uint32_t have = chunk_size(c) + ((after->size & IN_USE) ? 0 : after->size);
    grow(size - have);
    after = chunk_after(c);
  }
  if (!(after->size & IN_USE) && chunk_size(c) + after->size >= size) {
    take_chunk(after);
    c->size += after->size;
    chunk_after(c)->before = chunk_size(c);
    trim(c, size);
    return p;
  }
  fresh = heap_new(n);
  if (fresh == NULL) return NULL;
  memcpy(fresh, p, osize < n ? osize : n);
  heap_free(p);
  return fresh;
}
