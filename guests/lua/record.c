/*
** Structs in a segment. A record shows one, records show several behind each other.
*/

/* A view of 'count' structs; with the core, its companion keeps the layout. */
static View *new_record (lua_State *L, Sort sort, int of, int layout_index, uint32_t offset,
                         uint32_t count) {
  View *from = lua_touserdata(L, of), *view;
  const Layout *layout = lua_touserdata(L, layout_index);
  luaL_checkstack(L, 6, NULL);
  lua_createtable(L, 2, 0);
  get_companion(L, of);
  lua_rawgeti(L, -1, COMPANION_CORE);
  lua_rawseti(L, -3, COMPANION_CORE);
  lua_pop(L, 1);
  lua_pushvalue(L, layout_index);
  lua_rawseti(L, -2, COMPANION_OTHER);
  view = new_view(L, sort, from->core, offset, count * layout->size);
  view->layout = layout;
  view->count = count;
  view->writable = from->writable;
  return view;
}

/* A record inside of the view at 'of'. */
static void push_inner (lua_State *L, Sort sort, int of, const Layout *layout, uint32_t offset,
                        uint32_t count) {
  View *from = lua_touserdata(L, of);
  View *view = new_part(L, sort, of, offset, count * layout->size);
  view->layout = layout;
  view->count = count;
  view->writable = from->writable;
}

static int no_field (lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING)
    return luaL_error(L, "there is no field '%s'", lua_tostring(L, 2));
  return luaL_error(L, "a field has a name, not a %s", luaL_typename(L, 2));
}

/* record.name: a scalar, or a view of the array or the struct there */
static int record_index (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORD), *inner;
  const Field *field = field_named(L, view->layout, 2);
  uint32_t at;
  char *base;
  if (field == NULL) return no_field(L);
  base = bytes_of(L, view);
  at = view->offset + field->offset;
  if (field->kind == KIND_STRUCT)
    push_inner(L, field->count != 0 ? SORT_RECORDS : SORT_RECORD, 1, field->layout, at,
               count_of(field));
  else if (field->count != 0) {
    inner = new_part(L, SORT_ARRAY, 1, at, field->count * scalar_size(field->kind));
    inner->kind = field->kind;
    inner->count = field->count;
    inner->writable = view->writable;
  }
  else push_scalar_at(L, field->kind, base + field->offset);
  return 1;
}

static int record_newindex (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORD);
  const Field *field = field_named(L, view->layout, 2);
  const char *why;
  if (field == NULL) return no_field(L);
  lua_settop(L, 3);
  check_writable(L, view);
  why = write_field(L, field, view, 0, 3);
  return why != NULL ? luaL_error(L, "%s", why) : 0;
}

static int record_tostring (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORD);
  lua_pushfstring(L, "struct of %d bytes", (int)view->length);
  return 1;
}

/* records[i] */
static int records_index (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORDS);
  int64_t i = to_index(L, 2);
  if (lua_type(L, 2) != LUA_TNUMBER) {
    lua_settop(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    return 1;
  }
  if (view->core->handle == 0) return luaL_error(L, CLOSED);
  if (i < 1 || i > view->count) return 0;
  push_inner(L, SORT_RECORD, 1, view->layout,
             view->offset + (uint32_t)(i - 1) * view->layout->size, 1);
  return 1;
}

/* records[i] = table or record */
static int records_newindex (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORDS);
  int64_t i = to_index(L, 2);
  const char *why;
  if (i < 1 || i > view->count) {
    lua_settop(L, 2);
    return luaL_error(L, "there is no struct %s in an array of %d",
                      lua_isnumber(L, 2) ? lua_tostring(L, 2) : "of that name",
                      (int)view->count);
  }
  check_writable(L, view);
  why = write_struct(L, view->layout, view, (uint32_t)(i - 1) * view->layout->size, 3);
  return why != NULL ? luaL_error(L, "%s", why) : 0;
}

static int records_len (lua_State *L) {
  push_size(L, check_view(L, 1, SORT_RECORDS)->count);
  return 1;
}

static int records_tostring (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORDS);
  lua_pushfstring(L, "array of %d structs of %d bytes", (int)view->count,
                  (int)view->layout->size);
  return 1;
}

/* next(records, i) */
static int records_next (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORDS);
  int64_t i = opt_position(L, 2, 0);
  if (view->core->handle == 0) return luaL_error(L, CLOSED);
  if (i < 0 || i >= view->count) return 0;
  push_size(L, (uint32_t)i + 1);
  push_inner(L, SORT_RECORD, 1, view->layout, view->offset + (uint32_t)i * view->layout->size,
             1);
  return 2;
}

static int records_iter (lua_State *L) {
  check_view(L, 1, SORT_RECORDS);
  lua_pushcfunction(L, records_next);
  lua_pushvalue(L, 1);
  push_size(L, 0);
  return 3;
}

static int records_call (lua_State *L) {
  lua_settop(L, 3);
  lua_remove(L, 2);
  return records_next(L);
}

/* records:sub(i, j) */
static int records_sub (lua_State *L) {
  View *view = check_view(L, 1, SORT_RECORDS);
  uint32_t first, n = range_at(L, 2, view->count, &first);
  push_inner(L, SORT_RECORDS, 1, view->layout, view->offset + first * view->layout->size, n);
  return 1;
}

/* Where the third argument, an offset from 0, leads to in the segment that is the second. */
static uint32_t check_offset (lua_State *L, const Layout *layout, const View *view) {
  int64_t offset = opt_position(L, 3, 0);
  if (offset < 0 || offset > view->length || layout->size > view->length - (uint32_t)offset) {
    char text[160];
    snprintf(text, sizeof(text), "a struct of %u bytes at offset %lld is outside a segment of "
             "%u bytes", (unsigned int)layout->size, (long long)offset,
             (unsigned int)view->length);
    luaL_argerror(L, lua_isnoneornil(L, 3) ? 2 : 3, text);
  }
  return (uint32_t)offset;
}

/* layout:at(segment [, offset]) */
static int layout_at (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  View *view = check_view(L, 2, SORT_SEGMENT);
  uint32_t at = check_offset(L, layout, view);
  new_record(L, SORT_RECORD, 2, 1, view->offset + at, 1);
  return 1;
}

/* layout:array(segment [, offset [, count]]) */
static int layout_array (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  View *view = check_view(L, 2, SORT_SEGMENT);
  uint32_t at = check_offset(L, layout, view);
  uint32_t room = (view->length - at) / layout->size;
  int64_t count = opt_position(L, 4, room);
  if (count < 0 || count > room) {
    char text[128];
    snprintf(text, sizeof(text), "there is room for %u structs from offset %u on, not for %lld",
             (unsigned int)room, (unsigned int)at, (long long)count);
    return luaL_argerror(L, 4, text);
  }
  new_record(L, SORT_RECORDS, 2, 1, view->offset + at, (uint32_t)count);
  return 1;
}

/* layout:read(record): a table; of an array of structs a list of them */
static int layout_read (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  View *view = test_view(L, 2, SORT_RECORDS);
  uint32_t i;
  if (view == NULL) {
    view = check_view(L, 2, SORT_RECORD);
    luaL_argcheck(L, same_layout(view->layout, layout), 2, "the struct has another layout");
    read_struct(L, view, view->layout, 0);
    return 1;
  }
  luaL_argcheck(L, same_layout(view->layout, layout), 2, "the structs have another layout");
  lua_createtable(L, (int)view->count, 0);
  for (i = 0; i < view->count; i++) {
    read_struct(L, view, view->layout, i * view->layout->size);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* layout:write(record, table): fields that the table does not have stay as they are */
static int layout_write (lua_State *L) {
  const Layout *layout = check_layout(L, 1);
  View *view = check_view(L, 2, SORT_RECORD);
  const char *why;
  luaL_argcheck(L, same_layout(view->layout, layout), 2, "the struct has another layout");
  lua_settop(L, 3);
  check_writable(L, view);
  why = write_struct(L, view->layout, view, 0, 3);
  return why != NULL ? luaL_argerror(L, 3, why) : 0;
}
