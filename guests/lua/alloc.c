/*
** The allocator behind every Lua object. Lua says how large a block was when
** it frees it, so small blocks need no header: they come from 16 KiB pages,
** each cut into blocks of one size. A page whose blocks are all free again
** serves another size, or goes back to the heap, from which larger blocks come.
**
** The first blocks of all sizes stand one behind the other instead, in a region of
** their own: the snapshot, and then what a script asks for first. A sandbox that runs
** one line would else write to a page of memory for each size of block, and each page
** that it wrote has to be made anew for the next one.
*/

#define SMALL_PAGE	16384u
#define PAGES_AT_ONCE	8
#define GRANULE		8u
#define MAX_SMALL	512u
#define N_CLASSES	(MAX_SMALL / GRANULE + 1)

typedef struct Block { struct Block *next; } Block;

typedef struct Page {
  Block *free;  /* blocks given back */
  char *fresh;  /* first byte never handed out */
  char *limit;  /* last address at which a fresh block fits */
  unsigned int used;  /* blocks in use */
  unsigned int size;  /* of a block */
  int listed;  /* whether it is in its class's list */
  struct Page *next, *previous;
  struct Page *batch;  /* the first page of those that were got together */
  unsigned int batch_pages, batch_empty;  /* of the first page: how many */
} Page;

#define HEADER		((sizeof(Page) + GRANULE - 1) & ~(GRANULE - 1))
#define page_of(p)	((Page *)((uintptr_t)(p) & ~(uintptr_t)(SMALL_PAGE - 1)))

/* Per class: pages with room, the first of which serves allocations. */
static Page *classes[N_CLASSES];
static Page *empty_pages;

/* The first page that is kept back. It never goes to the heap: its batch is said to
   have one page more than there is. */
static char first_spare[SMALL_PAGE] __attribute__((aligned(SMALL_PAGE)));

/* Kept back so that a block can always be made smaller. */
static Page *spare_page = (Page *)first_spare;

#define START_BYTES	(64u * 1024u)

static char start_region[START_BYTES] __attribute__((aligned(4096)));
static char *start_fresh = start_region;  /* first byte never handed out */
static Block *start_free[N_CLASSES];  /* what was given back of it */

/* Whether the snapshot is made. While it is, what was given back comes first, so that it is
   small; and then what was never handed out, so that few of its pages are written. */
static int start_is_over;

#define in_start(p)	((uintptr_t)(p) - (uintptr_t)start_region < START_BYTES)

static void *start_again (unsigned int class) {
  Block *block = start_free[class];
  if (block != NULL) start_free[class] = block->next;
  return block;
}

static void *start_new (unsigned int class) {
  unsigned int size = class * GRANULE;
  void *block = start_is_over ? NULL : start_again(class);
  if (block != NULL) return block;
  if ((size_t)(start_region + START_BYTES - start_fresh) >= size) {
    block = start_fresh;
    start_fresh += size;
    return block;
  }
  return start_again(class);
}

static void list_page (Page *page, unsigned int class) {
  page->previous = NULL;
  page->next = classes[class];
  if (page->next != NULL) page->next->previous = page;
  classes[class] = page;
  page->listed = 1;
}

static void unlist_page (Page *page, unsigned int class) {
  if (page->previous != NULL) page->previous->next = page->next;
  else classes[class] = page->next;
  if (page->next != NULL) page->next->previous = page->previous;
  page->listed = 0;
}

static void push_empty (Page *page) {
  page->batch->batch_empty++;
  page->listed = 0;
  page->previous = NULL;
  page->next = empty_pages;
  if (empty_pages != NULL) empty_pages->previous = page;
  empty_pages = page;
}

static Page *pop_empty (void) {
  Page *page = empty_pages;
  empty_pages = page->next;
  if (empty_pages != NULL) empty_pages->previous = NULL;
  page->batch->batch_empty--;
  return page;
}

static int more_pages (void) {
  int i, n = PAGES_AT_ONCE;
  char *memory = heap_aligned(SMALL_PAGE, SMALL_PAGE * PAGES_AT_ONCE);
  Page *first;
  if (memory == NULL) {
    n = 1;
    memory = heap_aligned(SMALL_PAGE, SMALL_PAGE);
    if (memory == NULL) return 0;
  }
  first = (Page *)memory;
  first->batch_pages = (unsigned int)n;
  first->batch_empty = 0;
  for (i = n - 1; i >= 0; i--) {
    Page *page = (Page *)(memory + (size_t)i * SMALL_PAGE);
    page->batch = first;
    push_empty(page);
  }
  if (spare_page == NULL) spare_page = pop_empty();
  return empty_pages != NULL;
}

/* Gives pages that nothing is in back to the heap, for larger blocks. */
static int give_back (void) {
  Page *page = empty_pages;
  int some = 0;
  while (page != NULL) {
    Page *batch = page->batch;
    if (batch->batch_empty == batch->batch_pages) {
      unsigned int i;
      for (i = 0; i < batch->batch_pages; i++) {
        Page *gone = (Page *)((char *)batch + (size_t)i * SMALL_PAGE);
        if (gone->previous != NULL) gone->previous->next = gone->next;
        else empty_pages = gone->next;
        if (gone->next != NULL) gone->next->previous = gone->previous;
      }
      heap_free(batch);
      some = 1;
      page = empty_pages;
    }
    else page = page->next;
  }
  return some;
}

static void use_page (Page *page, unsigned int class) {
  page->size = class * GRANULE;
  page->free = NULL;
  page->fresh = (char *)page + HEADER;
  page->limit = (char *)page + SMALL_PAGE - page->size;
  page->used = 0;
  list_page(page, class);
}

static __attribute__((noinline)) void *small_slow (unsigned int class) {
  Page *page;
  void *first = start_new(class);
  if (first != NULL) return first;
  while ((page = classes[class]) != NULL) {
    if (page->free != NULL) {
      Block *block = page->free;
      page->free = block->next;
      page->used++;
      return block;
    }
    if (page->fresh <= page->limit) {
      char *block = page->fresh;
      page->fresh += page->size;
      page->used++;
      return block;
    }
    unlist_page(page, class);  /* full */
  }
  if (empty_pages == NULL && !more_pages()) return NULL;
  use_page(pop_empty(), class);
  return small_slow(class);
}

static inline void *small_new (size_t size) {
  unsigned int class = (unsigned int)((size + GRANULE - 1) / GRANULE);
  Page *page = classes[class];
  if (page != NULL && page->free != NULL) {
    Block *block = page->free;
    page->free = block->next;
    page->used++;
    return block;
  }
  return small_slow(class);
}

static __attribute__((noinline)) void page_has_room (Page *page) {
  unsigned int class = page->size / GRANULE;
  if (!page->listed) list_page(page, class);
  if (page->used == 0 && (page->next != NULL || page->previous != NULL)) {
    unlist_page(page, class);
    if (spare_page == NULL) spare_page = page;
    else push_empty(page);
  }
}

static inline void small_free (void *ptr, size_t size) {
  Page *page = page_of(ptr);
  Block *block = ptr;
  if (in_start(ptr)) {
    unsigned int class = (unsigned int)((size + GRANULE - 1) / GRANULE);
    block->next = start_free[class];
    start_free[class] = block;
    return;
  }
  block->next = page->free;
  page->free = block;
  page->used--;
  if (!page->listed || page->used == 0) page_has_room(page);
}

/* A block for something that gets smaller, which Lua expects never to fail. */
static void *small_for_less (size_t size) {
  unsigned int class = (unsigned int)((size + GRANULE - 1) / GRANULE);
  if (spare_page != NULL) {
    Page *page = spare_page;
    spare_page = NULL;
    if (page == (Page *)first_spare) {
      page->batch = page;
      page->batch_pages = 2;
    }
    use_page(page, class);
    return small_slow(class);
  }
  for (class++; class < N_CLASSES; class++) {  /* a larger one will do */
    Page *page;
    for (page = classes[class]; page != NULL; page = page->next)
      if (page->free != NULL || page->fresh <= page->limit)
        return small_slow(class);
  }
  return NULL;
}

static void *large_new (size_t size) {
  void *block = heap_new(size);
  if (block == NULL && give_back()) block = heap_new(size);
  return block;
}

static void *resize_block (void *ptr, size_t osize, size_t nsize) {
  void *fresh;
  if (osize > MAX_SMALL && nsize > MAX_SMALL) {
    fresh = heap_resize(ptr, osize, nsize);
    if (fresh == NULL && give_back()) fresh = heap_resize(ptr, osize, nsize);
    return (fresh == NULL && nsize <= osize) ? ptr : fresh;
  }
  if (osize <= MAX_SMALL && nsize <= MAX_SMALL &&
      (osize + GRANULE - 1) / GRANULE == (nsize + GRANULE - 1) / GRANULE)
    return ptr;
  fresh = (nsize <= MAX_SMALL) ? small_new(nsize) : large_new(nsize);
  if (fresh == NULL && nsize < osize) {
    /* Its page knows its size, or it will be given back as one that is smaller. */
    if (osize <= MAX_SMALL) return ptr;
    fresh = small_for_less(nsize);
  }
  if (fresh == NULL) return NULL;
  memcpy(fresh, ptr, osize < nsize ? osize : nsize);
  if (osize <= MAX_SMALL) small_free(ptr, osize);
  else heap_free(ptr);
  return fresh;
}

static void *luago_allocate (void *ud, void *ptr, size_t osize, size_t nsize) {
  (void)ud;
  if (ptr == NULL) {
    if (nsize == 0) return NULL;
    return (nsize <= MAX_SMALL) ? small_new(nsize) : large_new(nsize);
  }
  if (nsize == 0) {
    if (osize <= MAX_SMALL) small_free(ptr, osize);
    else heap_free(ptr);
    return NULL;
  }
  return resize_block(ptr, osize, nsize);
}
