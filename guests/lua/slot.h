/*
** Tables in place: what is there already is read and written without a call. 5.1 and 5.2 call
** functions for each access; later versions do this by themselves.
*/

/* The value of a key that is there, or nil. It may be there all the same. */
static IN_PLACE const TValue *get_slot (const TValue *t, const TValue *key) {
  const Table *h;
  if (!ttistable(t)) return luaO_nilobject;
  h = hvalue(t);
#if LUAGO_VERSION == 501
  if (ttisstring(key)) {
#else
  if (ttisshrstring(key)) {
#endif
    const TString *name = rawtsvalue(key);
    const Node *n = hashstr(h, name);
    do {
      if (ttype(gkey(n)) == ttype(key) && rawtsvalue(gkey(n)) == name) return gval(n);
      n = gnext(n);
    } while (n != NULL);
  }
  else if (ttisnumber(key)) {
    lua_Number number = nvalue(key);
    /* What is outside becomes one of the ends, and is not equal. */
    int k = (int)__builtin_wasm_trunc_saturate_s_i32_f64(number);
    if (cast_num(k) == number && cast(unsigned int, k - 1) < cast(unsigned int, h->sizearray))
      return &h->array[k - 1];
  }
  return luaO_nilobject;
}

#define get_in_table(L,t,key,val,slow) \
  { const TValue *get_t = (t), *get_key = (key); \
    const TValue *slot = get_slot(get_t, get_key); \
    if (__builtin_expect(!ttisnil(slot), 1)) { setobj2s(L, val, slot); } \
    else Protect(slow); }

#define set_in_table(L,t,key,val,slow) \
  { const TValue *set_t = (t), *set_key = (key), *set_val = (val); \
    TValue *slot = cast(TValue *, get_slot(set_t, set_key)); \
    if (__builtin_expect(!ttisnil(slot), 1)) { \
      Table *set_h = hvalue(set_t); \
      setobj2t(L, slot, set_val); \
      SET_FLAGS(set_h); \
      SET_BARRIER(L, set_h, set_val); } \
    else Protect(slow); }

#if LUAGO_VERSION == 501
#define SET_FLAGS(h)	((h)->flags = 0)
#define SET_BARRIER(L,h,v)	luaC_barriert(L, h, v)
#else
#define SET_FLAGS(h)	invalidateTMcache(h)
#define SET_BARRIER(L,h,v)	luaC_barrierback(L, obj2gco(h), v)
#endif
