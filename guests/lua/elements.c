/*
** What is in tables, and what callers want, for compiled code: how versions of Lua keep that.
*/

#if LUAGO_VERSION == 504

/* What 'luaH_finishset' has to know of a key that was looked for. */
typedef const TValue *Looked;

static const TValue *raw_get (Table *t, const TValue *key) {
  return ttisshrstring(key) ? luaH_getshortstr(t, tsvalue(key)) : luaH_get(t, key);
}

/* Puts a value where the table has one already; whether it has. */
static int put_over (lua_State *L, Table *t, const TValue *key, TValue *value, Looked *looked) {
  *looked = raw_get(t, key);
  if (isempty(*looked)) return 0;
  setobj2t(L, cast(TValue *, *looked), value);
  return 1;
}

#define finish_put(L, t, key, value, looked)	luaH_finishset(L, t, key, looked, value)
#define length_of(L, t)	luaH_getn(t)
#define elements_of(t)	luaH_realasize(t)
#define lacks_element(t, i)	isempty(&(t)->array[i])
#define get_element_at(L, t, i, to)	setobj(L, to, &(t)->array[i])
#define set_element_at(L, t, i, from)	setobj2t(L, &(t)->array[i], from)

/* The number of results that a caller of C wants, and whether it still does. */
#define want_results(ci, n)	((ci)->nresults = cast(short, n), (ci)->callstatus = CIST_C)
#define are_wanted(ci, n)	((ci)->nresults == (n))
#define move_results(L, to, n, wanted)	moveresults(L, to, n, wanted)

/* Where a generic loop has its control variable, and where what it gets. */
#define LOOP_CONTROL	2
#define LOOP_RESULTS	4

#define is_variadic(p)	((p)->is_vararg)

#else

typedef int Looked;

static TValue got;  /* what was looked for last */

static const TValue *raw_get (Table *t, const TValue *key) {
  if (ttisshrstring(key)) return luaH_Hgetshortstr(t, tsvalue(key));
  if (tagisempty(luaH_get(t, key, &got))) setempty(&got);
  return &got;
}

static int put_over (lua_State *L, Table *t, const TValue *key, TValue *value, Looked *looked) {
  (void)L;
  *looked = ttisshrstring(key) ? luaH_psetshortstr(t, tsvalue(key), value)
                               : luaH_pset(t, key, value);
  return *looked == HOK;
}

#define finish_put(L, t, key, value, looked)	luaH_finishset(L, t, key, value, looked)
#define length_of(L, t)	luaH_getn(L, t)
#define elements_of(t)	((t)->asize)
#define lacks_element(t, i)	tagisempty(*getArrTag(t, i))
#define get_element_at(L, t, i, to)	arr2obj(t, i, to)
#define set_element_at(L, t, i, from)	obj2arr(t, i, from)

#define want_results(ci, n)	((ci)->callstatus = CIST_C | cast_uint((n) + 1))
#define are_wanted(ci, n)	(!((ci)->callstatus & CIST_TBC))
#define move_results(L, to, n, wanted)	moveresults(L, to, n, cast_uint((wanted) + 1))

#define LOOP_CONTROL	3
#define LOOP_RESULTS	3

#define is_variadic(p)	(isvararg(p) != 0)

#endif
