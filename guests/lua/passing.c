/*
** Segments and views of them in frames. A view from elsewhere is an array, or the end of a
** ring, if its description says so; of any other, 'layout:of' makes structs.
*/

/* The slots of a segment: its handle, and the range that is shown. */
static int put_range (const View *view) {
  Slot *slot = new_slot(TAG_SEGMENT);
  if (slot == NULL) return 0;
  slot->aux = view->core->handle;
  slot->u.bits = view->core->flags | (uint64_t)view->core->length << 32;
  slot = new_slot(TAG_INTEGER);
  if (slot == NULL) return 0;
  slot->u.bits = view->offset | (uint64_t)view->length << 32;
  return 1;
}

/* What describes a view; it stays alive as long as the view does. */
static const char *description_of (lua_State *L, int index, const View *view, Sort sort,
                                   size_t *len) {
  const char *text = "";
  switch (sort) {
    case SORT_ARRAY: text = scalar_names[view->kind]; break;
    case SORT_SENDER: text = RING_SENDER_DESCRIPTION; break;
    case SORT_RECEIVER: text = RING_RECEIVER_DESCRIPTION; break;
    case SORT_RECORD: case SORT_RECORDS:
      *len = view->layout->description_len;
      return view->layout->description;
    default:
      get_companion(L, index);
      lua_rawgeti(L, -1, COMPANION_OTHER);
      text = lua_tolstring(L, -1, len);
      lua_pop(L, 2);
      return text;
  }
  *len = strlen(text);
  return text;
}

/*
** Appends a userdata to the frame: 1 if it was a view, 0 if there is no memory for it, or
** -1 if it is something else.
*/
static int put_view (lua_State *L, int index, const char **why) {
  Sort sort;
  const View *view = NULL;
  const char *text;
  size_t len;
  Slot *slot;
  for (sort = 0; sort < N_SORTS; sort++)
    if ((view = test_view(L, index, sort)) != NULL) break;
  if (view == NULL) return -1;
  *why = NO_MEMORY;
  if (view->core->handle == 0) *why = "a closed segment cannot be passed";
  if (view->core->handle == 0 || !lua_checkstack(L, 4)) return 0;
  if (sort == SORT_SEGMENT) return put_range(view);
  text = description_of(L, index, view, sort, &len);
  if (text == NULL || (slot = new_slot(TAG_VIEW)) == NULL) return 0;
  slot->aux = VIEW_VALUES;
  slot->u.bits = fingerprint_of(text, len);
  if (!put_range(view) || (slot = new_slot(TAG_STRING)) == NULL) return 0;
  slot->aux = (uint32_t)len;
  slot->u.bits = (uint64_t)(uintptr_t)text;
  return 1;
}

/* Pushes a segment whose range follows its slot. */
static const Slot *push_segment (lua_State *L, const Slot *slot) {
  const Slot *range = slot + 1;
  Core *core = push_core(L, slot->aux, (uint32_t)slot->u.bits, (uint32_t)(slot->u.bits >> 32));
  new_view(L, SORT_SEGMENT, core, (uint32_t)range->u.bits, (uint32_t)(range->u.bits >> 32));
  return range + 1;
}

/* Makes what it describes of the segment below the description on the top. */
static void describe_segment (lua_State *L) {
  size_t len;
  const char *text = lua_tolstring(L, -1, &len);
  int kind = kind_named(text, len), sender = strcmp(text, RING_SENDER_DESCRIPTION) == 0;
  View *of = lua_touserdata(L, -2), *view;
  luaL_checkstack(L, 6, NULL);
  if (kind >= 0) {
    lua_pop(L, 1);
    to_array(L, (unsigned int)kind);
    return;
  }
  if (sender || strcmp(text, RING_RECEIVER_DESCRIPTION) == 0)
    new_part(L, sender ? SORT_SENDER : SORT_RECEIVER, lua_gettop(L) - 1, of->offset, of->length);
  else {
    lua_createtable(L, 2, 0);
    get_companion(L, -3);
    lua_rawgeti(L, -1, COMPANION_CORE);
    lua_rawseti(L, -3, COMPANION_CORE);
    lua_pop(L, 1);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, COMPANION_OTHER);
    view = new_view(L, SORT_OPAQUE, of->core, of->offset, of->length);
    view->writable = of->writable;
  }
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* Pushes a view: its slot, those of the segment, and its description. */
static const Slot *push_view (lua_State *L, const Slot *slot, uint32_t reply) {
  slot = push_segment(L, slot + 1);
  slot = push_value(L, slot, reply);
  describe_segment(L);
  return slot;
}

/* layout:of(view): a struct, or an array of them, if the view's layout is the same */
static int layout_of (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  Sort sort;
  View *view = NULL;
  const char *text;
  size_t len;
  uint32_t count;
  for (sort = SORT_ARRAY; sort < N_SORTS; sort++)
    if ((view = test_view(L, 2, sort)) != NULL) break;
  if (view == NULL) return type_error(L, 2, "view");
  text = description_of(L, 2, view, sort, &len);
  if (fingerprint_of(text, len) != layout->fingerprint) {
    luaL_where(L, 1);
    push_mismatch(L, text, len, layout->description, layout->description_len);
    lua_concat(L, 2);
    return lua_error(L);
  }
  count = view->length / layout->size;
  if (count * layout->size != view->length)
    return luaL_error(L, "a view of %d bytes is no number of structs of %d", (int)view->length,
                      (int)layout->size);
  new_record(L, count == 1 ? SORT_RECORD : SORT_RECORDS, 2, 1, view->offset, count);
  return 1;
}

/* view.description; methods are in the upvalue. */
static int opaque_index (lua_State *L) {
  View *view = check_view(L, 1, SORT_OPAQUE);
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  lua_settop(L, 2);
  if (strcmp(name, "description") == 0) {
    size_t len;
    const char *text = description_of(L, 1, view, SORT_OPAQUE, &len);
    lua_pushlstring(L, text, len);
  }
  else lua_rawget(L, lua_upvalueindex(1));
  return 1;
}

/* view:fingerprint() */
static int opaque_fingerprint (lua_State *L) {
  View *view = check_view(L, 1, SORT_OPAQUE);
  size_t len;
  const char *text = description_of(L, 1, view, SORT_OPAQUE, &len);
  push_fingerprint(L, fingerprint_of(text, len));
  return 1;
}

static int opaque_tostring (lua_State *L) {
  lua_pushfstring(L, "view of %d bytes", (int)check_view(L, 1, SORT_OPAQUE)->length);
  return 1;
}
