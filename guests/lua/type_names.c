/*
** The names that 'type' gives, as strings: the library makes each anew, by its letters. One that is
** no reserved word is kept like those.
*/

static TString *type_names[LUA_NUMTYPES];

static void luago_keep_type_names (lua_State *L) {
  int t;
  for (t = 0; t < LUA_NUMTYPES; t++) {
    TString *name = luaS_new(L, ttypename(t));
    if (G(L)->allgc == obj2gco(name)) luaC_fix(L, obj2gco(name));
    else if (!isreserved(name) && (t != LUA_TUSERDATA || name != type_names[LUA_TLIGHTUSERDATA]))
      name = NULL;
    type_names[t] = name;
  }
}

/* Pushes the name of a type, if it is kept. */
static int luago_push_type (lua_State *L, int t) {
  if (type_names[t] == NULL) return 0;
  setsvalue2s(L, L->top.p, type_names[t]);
  L->top.p++;
  return 1;
}
