/*
** Values that go to and from the fields of a struct: tables, strings, other views. Tables
** are read without metamethods, and nothing is allocated while one is written, so that the
** segment stays where it is.
*/

static const char *write_struct (lua_State *L, const Layout *layout, char *p, int index);

/* Writes one element of a field. NULL, or why not, which is on the top then. */
static const char *write_element (lua_State *L, const Field *field, char *p, int index) {
  return field->kind == KIND_STRUCT ? write_struct(L, field->layout, p, index)
                                    : store_value(L, field->kind, p, index);
}

static const char *too_many (lua_State *L, size_t n, const Field *field) {
  return lua_pushfstring(L, "%d elements do not fit into %d", (int)n, (int)field->count);
}

/* Copies what another view shows, if it is of the same kind. */
static const char *write_view (lua_State *L, const Field *field, char *p, const View *from) {
  if (from->length > element_size(field) * count_of(field))
    return too_many(L, from->length / element_size(field), field);
  memmove(p, bytes_of(L, from), from->length);
  memset(p + from->length, 0, element_size(field) * count_of(field) - from->length);
  return NULL;
}

/* Writes an array; what is not given becomes zero. */
static const char *write_array (lua_State *L, const Field *field, char *p, int index) {
  uint32_t size = element_size(field), i, n;
  View *from = test_view(L, index, field->kind == KIND_STRUCT ? SORT_RECORDS : SORT_ARRAY);
  if (from != NULL && (field->kind == KIND_STRUCT ? same_layout(from->layout, field->layout)
                                                  : from->kind == field->kind))
    return write_view(L, field, p, from);
  if (lua_type(L, index) == LUA_TSTRING && field->kind == KIND_U8) {
    size_t len;
    const char *s = lua_tolstring(L, index, &len);
    if (len > field->count) return too_many(L, len, field);
    memcpy(p, s, len);
    memset(p + len, 0, field->count - len);
    return NULL;
  }
  if (!lua_istable(L, index))
    return lua_pushfstring(L, "table%s expected, got %s",
                           field->kind == KIND_U8 ? " or string" : "", luaL_typename(L, index));
  if (lua_rawlen(L, index) > field->count) return too_many(L, lua_rawlen(L, index), field);
  n = (uint32_t)lua_rawlen(L, index);
  memset(p + n * size, 0, (field->count - n) * size);
  for (i = 0; i < n; i++) {
    const char *why;
    lua_rawgeti(L, index, (int)i + 1);
    why = write_element(L, field, p + i * size, lua_gettop(L));
    if (why != NULL) return lua_pushfstring(L, "element %d: %s", (int)i + 1, why);
    lua_pop(L, 1);
  }
  return NULL;
}

static const char *write_field (lua_State *L, const Field *field, char *p, int index) {
  const char *why = field->count != 0 ? write_array(L, field, p + field->offset, index)
                                      : write_element(L, field, p + field->offset, index);
  if (why == NULL) return NULL;
  return lua_pushfstring(L, "%s: %s", getstr(field->name), why);
}

/* Writes the fields that a table has, or all of another struct. */
static const char *write_struct (lua_State *L, const Layout *layout, char *p, int index) {
  View *from = test_view(L, index, SORT_RECORD);
  luaL_checkstack(L, 8, "too many levels of structs");
  if (from != NULL && same_layout(from->layout, layout) && from->length == layout->size) {
    memmove(p, bytes_of(L, from), layout->size);
    return NULL;
  }
  if (!lua_istable(L, index))
    return lua_pushfstring(L, "table or struct of the same layout expected, got %s",
                           luaL_typename(L, index));
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
    why = write_field(L, field, p, key + 1);
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
