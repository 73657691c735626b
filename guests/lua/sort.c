/*
** 'table.sort' where its caller can wait: in the same steps as Lua's own, with all that it
** knows in a userdata, so that a comparator can leave it and come back. It has the table at
** index 1, the comparator at 2, and that userdata at 3.
*/

/* An interval that is sorted after the shorter one beside it. */
typedef struct Rest { unsigned int lo, up, rnd, shorter; } Rest;

typedef struct Sorting {
  int at;  /* the comparison that it waits for */
  unsigned int lo, up, p, i, j, rnd;
  int depth;
  Rest rest[32];  /* each is at least as long as all before it */
} Sorting;

#if LUA_VERSION_NUM >= 503
#define element(L,i)	((void)lua_geti(L, 1, i))
#define set_element(L,i)	lua_seti(L, 1, i)
#define is_too_high(s)	((s)->i == (s)->up - 1)
#define is_too_low(s)	((s)->j < (s)->i)
#else
#define element(L,i)	lua_rawgeti(L, 1, (int)(i))
#define set_element(L,i)	lua_rawseti(L, 1, (int)(i))
#if LUA_VERSION_NUM == 502
#define is_too_high(s)	((int)(s)->i >= (int)(s)->up)
#define is_too_low(s)	((int)(s)->j <= (int)(s)->lo)
#else
#define is_too_high(s)	((int)(s)->i > (int)(s)->up)
#define is_too_low(s)	((int)(s)->j < (int)(s)->lo)
#endif
#endif

static void set_two (lua_State *L, unsigned int i, unsigned int j) {
  set_element(L, i);
  set_element(L, j);
}

static unsigned int pick_pivot (const Sorting *s) {
#if LUA_VERSION_NUM >= 503
  if (s->up - s->lo >= RANLIMIT && s->rnd != 0) return choosePivot(s->lo, s->up, s->rnd);
#endif
  return (s->lo + s->up) / 2;
}

/* Goes on with what is left to sort; false if that is nothing. */
static int take_rest (lua_State *L, Sorting *s) {
  const Rest *rest;
  (void)L;
  if (s->depth == 0) return 0;
  rest = &s->rest[--s->depth];
  s->lo = rest->lo;
  s->up = rest->up;
  s->rnd = rest->rnd;
#if LUA_VERSION_NUM >= 503
  if ((s->up - s->lo) / 128 > rest->shorter) s->rnd = l_randomizePivot(L);
#endif
  return 1;
}

/* Leaves the longer of the two intervals beside 'p' for later. */
static void take_shorter (Sorting *s) {
  Rest *rest = &s->rest[s->depth++];
  int lower = (s->p - s->lo < s->up - s->p);
  rest->rnd = s->rnd;
  rest->shorter = lower ? s->p - s->lo : s->up - s->p;
  rest->lo = lower ? s->p + 1 : s->lo;
  rest->up = lower ? s->up : s->p - 1;
  if (lower) s->up = s->p - 1;
  else s->lo = s->p + 1;
}

CONTINUATION(sort_on);

/* Whether the value at 'a' is less than that at 'b', as a boolean on the top. */
#define COMPARE(L,s,n,a,b) \
  (s)->at = n; \
  lua_pushvalue(L, 2); \
  lua_pushvalue(L, (a) - 1); \
  lua_pushvalue(L, (b) - 2); \
  if (leave_call(L, 2, 1, sort_on)) return -1; \
  /* FALLTHROUGH */ \
  case n:

static int take_boolean (lua_State *L) {
  int value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

CONTINUATION(sort_on) {
  Sorting *s = lua_touserdata(L, 3);
  IN_CONTINUATION;
  switch (s->at) {
    case 0:
    do {
      while ((int)s->lo < (int)s->up) {
        element(L, s->lo);
        element(L, s->up);
        COMPARE(L, s, 1, -1, -2)
        if (take_boolean(L)) set_two(L, s->lo, s->up);
        else lua_pop(L, 2);
        if (s->up - s->lo == 1) break;
        s->p = pick_pivot(s);
        element(L, s->p);
        element(L, s->lo);
        COMPARE(L, s, 2, -2, -1)
        if (take_boolean(L)) set_two(L, s->p, s->lo);
        else {
          lua_pop(L, 1);
          element(L, s->up);
          COMPARE(L, s, 3, -1, -2)
          if (take_boolean(L)) set_two(L, s->p, s->up);
          else lua_pop(L, 2);
        }
        if (s->up - s->lo == 2) break;
        element(L, s->p);  /* the pivot stays on the stack */
        lua_pushvalue(L, -1);
        element(L, s->up - 1);
        set_two(L, s->p, s->up - 1);
        s->i = s->lo;
        s->j = s->up - 1;
        for (;;) {
          for (;;) {
            element(L, ++s->i);
            COMPARE(L, s, 4, -1, -2)
            if (!take_boolean(L)) break;
            if (is_too_high(s)) return luaL_error(L, "invalid order function for sorting");
            lua_pop(L, 1);
          }
          for (;;) {
            element(L, --s->j);
            COMPARE(L, s, 5, -3, -1)
            if (!take_boolean(L)) break;
            if (is_too_low(s)) return luaL_error(L, "invalid order function for sorting");
            lua_pop(L, 1);
          }
          if ((int)s->j < (int)s->i) break;
          set_two(L, s->i, s->j);
        }
        lua_pop(L, 3);  /* the pivot, a[i] and a[j] */
        element(L, s->up - 1);
        element(L, s->i);
        set_two(L, s->up - 1, s->i);
        s->p = s->i;
        take_shorter(s);
      }
    } while (take_rest(L, s));
  }
  return 0;
}

static int luago_sort (lua_State *L, int n) {
  Sorting *s = lua_newuserdata(L, sizeof(Sorting));
  memset(s, 0, sizeof(Sorting));
  s->lo = 1;
  s->up = (unsigned int)n;
#if LUA_VERSION_NUM >= 503
  return sort_on(L, LUA_OK, 0);
#elif LUA_VERSION_NUM == 502
  return sort_on(L);
#else
  return sort_on(L, 0);
#endif
}
