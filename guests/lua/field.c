/*
** Values that go to and from the fields of a struct: tables, strings, other views. Tables
** are read without metamethods. Where a value stands is said by a view and an offset in it, since
** whatever is allocated meanwhile could close the segment.
*/

static const char *write_struct (lua_State *L, const Layout *layout, const View *view,
                                 uint32_t at, int index);

/* Writes one element of a field. NULL, or why not, which is on the top then. */
static const char *write_element (lua_State *L, const Field *field, const View *view,
                                  uint32_t at, int index) {
  if (field->kind == KIND_STRUCT) return write_struct(L, field->layout, view, at, index);
  return store_value(L, field->kind, bytes_of(L, view) + at, index);
}

static const char *too_many (lua_State *L, size_t n, const Field *field) {
  return lua_pushfstring(L, "%d elements do not fit into %d", (int)n, (int)field->count);
}

/* Fills what an array has behind its first 'length' bytes with zeros. */
static void clear_rest (lua_State *L, const Field *field, const View *view, uint32_t at,
                        uint32_t length) {
  memset(bytes_of(L, view) + at + length, 0, element_size(field) * field->count - length);
}

/* Writes an array; what is not given becomes zero. */
static const char *write_array (lua_State *L, const Field *field, const View *view, uint32_t at,
                                int index) {
  uint32_t size = element_size(field), i;
  View *from = test_view(L, index, field->kind == KIND_STRUCT ? SORT_RECORDS : SORT_ARRAY);
  size_t n;
  if (from != NULL && (field->kind == KIND_STRUCT ? same_layout(from->layout, field->layout)
                                                  : from->kind == field->kind)) {
    if (from->count > field->count) return too_many(L, from->count, field);
    move_bytes(L, view, at, from);
    clear_rest(L, field, view, at, from->length);
    return NULL;
  }
  if (lua_type(L, index) == LUA_TSTRING && field->kind == KIND_U8) {
    const char *s = lua_tolstring(L, index, &n);
    if (n > field->count) return too_many(L, n, field);
    memcpy(bytes_of(L, view) + at, s, n);
    clear_rest(L, field, view, at, (uint32_t)n);
    return NULL;
  }
  if (!lua_istable(L, index))
    return lua_pushfstring(L, "table%s expected, got %s",
                           field->kind == KIND_U8 ? " or string" : "", type_name(L, index));
  n = lua_rawlen(L, index);
  if (n > field->count) return too_many(L, n, field);
  clear_rest(L, field, view, at, (uint32_t)n * size);
  for (i = 0; i < n; i++) {
    const char *why;
    lua_rawgeti(L, index, (int)i + 1);
    why = write_element(L, field, view, at + i * size, lua_gettop(L));
    if (why != NULL) return lua_pushfstring(L, "element %d: %s", (int)i + 1, why);
    lua_pop(L, 1);
  }
  return NULL;
}

/* Writes a field of the struct that begins at 'at'. */
static const char *write_field (lua_State *L, const Field *field, const View *view, uint32_t at,
                                int index) {
  const char *why = field->count != 0
                  ? write_array(L, field, view, at + field->offset, index)
                  : write_element(L, field, view, at + field->offset, index);
  if (why == NULL) return NULL;
  return lua_pushfstring(L, "%s: %s", getstr(field->name), why);
}

/* Writes the fields that a table has, or all of another struct. */
static const char *write_struct (lua_State *L, const Layout *layout, const View *view,
                                 uint32_t at, int index) {
  View *from = test_view(L, index, SORT_RECORD);
  luaL_checkstack(L, 8, "too many levels of structs");
  if (from != NULL && same_layout(from->layout, layout) && from->length == layout->size) {
    move_bytes(L, view, at, from);
    return NULL;
  }
  if (!lua_istable(L, index))
    return lua_pushfstring(L, "table or struct of the same layout expected, got %s",
                           type_name(L, index));
  lua_pushnil(L);
  while (lua_next(L, index)) {
    int key = lua_gettop(L) - 1;
    const Field *field = field_named(L, layout, key);
    const char *why;
    if (field == NULL) {
      if (lua_type(L, key) != LUA_TSTRING)
        return lua_pushfstring(L, "a field has a name, not a %s", luaL_typename(L, key));
      return lua_pushfstring(L, "there is no field '%s'", lua_tostring(L, key));
    }
    why = write_field(L, field, view, at, key + 1);
    if (why != NULL) return why;
    lua_pop(L, 1);
  }
  return NULL;
}

static void read_struct (lua_State *L, const View *view, const Layout *layout, uint32_t at);

/* Pushes one element of a field, 'at' bytes behind the beginning of the view. */
static void read_element (lua_State *L, const View *view, const Field *field, uint32_t at) {
  if (field->kind == KIND_STRUCT) read_struct(L, view, field->layout, at);
  else push_scalar_at(L, field->kind, bytes_of(L, view) + at);
}

/* Pushes a table with all that a struct has. */
static void read_struct (lua_State *L, const View *view, const Layout *layout, uint32_t at) {
  uint32_t i, n;
  luaL_checkstack(L, 6, "too many levels of structs");
  lua_createtable(L, 0, (int)layout->n);
  for (n = 0; n < layout->n; n++) {
    const Field *field = &layout->fields[layout->order[n]];
    lua_pushstring(L, getstr(field->name));
    if (field->count == 0) read_element(L, view, field, at + field->offset);
    else {
      lua_createtable(L, (int)field->count, 0);
      for (i = 0; i < field->count; i++) {
        read_element(L, view, field, at + field->offset + i * element_size(field));
        lua_rawseti(L, -2, (int)i + 1);
      }
    }
    lua_rawset(L, -3);
  }
}
