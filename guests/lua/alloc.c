/*
** The allocator behind every Lua object. Lua says how large a block was when
** it frees it, so small blocks need no header: they come from 16 KiB pages,
** each cut into blocks of one size. A page whose blocks are all free again
** serves another size. Larger blocks go to the C library.
*/

#define PAGE_SIZE	16384u
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
  int listed;  /* is it in its class's list? */
  struct Page *next, *previous;
} Page;

#define HEADER		((sizeof(Page) + GRANULE - 1) & ~(GRANULE - 1))
#define page_of(p)	((Page *)((uintptr_t)(p) & ~(uintptr_t)(PAGE_SIZE - 1)))

/* Per class: pages with room, the first of which serves allocations. */
static Page *classes[N_CLASSES];
static Page *empty_pages;

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

static int more_pages (void) {
  int i;
  int n = PAGES_AT_ONCE;
  char *memory = aligned_alloc(PAGE_SIZE, PAGE_SIZE * PAGES_AT_ONCE);
  if (memory == NULL) {
    n = 1;
    memory = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
    if (memory == NULL) return 0;
  }
  for (i = n - 1; i >= 0; i--) {
    Page *page = (Page *)(memory + (size_t)i * PAGE_SIZE);
    page->next = empty_pages;
    empty_pages = page;
  }
  return 1;
}

static __attribute__((noinline)) void *small_slow (unsigned int class) {
  Page *page;
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
  page = empty_pages;
  empty_pages = page->next;
  page->size = class * GRANULE;
  page->free = NULL;
  page->fresh = (char *)page + HEADER;
  page->limit = (char *)page + PAGE_SIZE - page->size;
  page->used = 0;
  list_page(page, class);
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
    page->next = empty_pages;
    empty_pages = page;
  }
}

static inline void small_free (void *ptr) {
  Page *page = page_of(ptr);
  Block *block = ptr;
  block->next = page->free;
  page->free = block;
  page->used--;
  if (!page->listed || page->used == 0) page_has_room(page);
}

static void *resize_block (void *ptr, size_t osize, size_t nsize) {
  void *fresh;
  if (osize > MAX_SMALL && nsize > MAX_SMALL) return realloc(ptr, nsize);
  if (osize <= MAX_SMALL && nsize <= MAX_SMALL &&
      (osize + GRANULE - 1) / GRANULE == (nsize + GRANULE - 1) / GRANULE)
    return ptr;
  fresh = (nsize <= MAX_SMALL) ? small_new(nsize) : malloc(nsize);
  if (fresh == NULL) return NULL;
  memcpy(fresh, ptr, osize < nsize ? osize : nsize);
  if (osize <= MAX_SMALL) small_free(ptr);
  else free(ptr);
  return fresh;
}

static void *luago_allocate (void *ud, void *ptr, size_t osize, size_t nsize) {
  (void)ud;
  if (ptr == NULL) {
    if (nsize == 0) return NULL;
    return (nsize <= MAX_SMALL) ? small_new(nsize) : malloc(nsize);
  }
  if (nsize == 0) {
    if (osize <= MAX_SMALL) small_free(ptr);
    else free(ptr);
    return NULL;
  }
  return resize_block(ptr, osize, nsize);
}
