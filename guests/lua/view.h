/*
** Views of segments, and how the interpreter reads and writes an element or a field in
** place. What needs memory or raises errors is left to the metamethods: these functions
** say no, and then Lua calls those.
*/
#ifndef luago_view_h
#define luago_view_h

/*
** A segment as this guest holds it. All views of it share one core, which is a userdata
** whose finalizer gives the handle back.
*/
typedef struct Core {
  uint32_t handle;  /* 0 once it is closed */
  uint32_t count;  /* how often the host has given the handle */
  uint32_t flags;
  uint32_t length;  /* in bytes */
  char *address;  /* NULL while it is not mapped */
} Core;

typedef enum Kind {
  KIND_U8, KIND_I8, KIND_U16, KIND_I16, KIND_U32, KIND_I32, KIND_U64, KIND_I64,
  KIND_F32, KIND_F64, KIND_BOOL, KIND_STRUCT
} Kind;

#define N_SCALARS	11  /* the kinds up to KIND_BOOL */

/* What a view of bytes is for a script. */
typedef enum Sort {
  SORT_SEGMENT, SORT_ARRAY, SORT_RECORD, SORT_RECORDS, SORT_OPAQUE, SORT_SENDER, SORT_RECEIVER
} Sort;

#define N_SORTS		7
#define VIEW_MAGIC	0x4C675600u  /* and the sort */

struct Layout;

typedef struct View {
  uint32_t magic;
  Core *core;
  uint32_t offset;  /* of the first byte, in the segment */
  uint32_t length;  /* in bytes */
  uint32_t count;  /* elements of an array, or the capacity of a ring that was looked at */
  uint8_t kind;  /* of the elements of an array */
  uint8_t writable;
  const struct Layout *layout;  /* of a record, or of each record */
} View;

typedef struct Field {
  const TString *name;  /* NULL where there is none */
  const struct Layout *layout;  /* of a nested struct */
  uint32_t offset;
  uint32_t count;  /* elements of an array, or 0 */
  uint8_t kind;
} Field;

/* Fields stand where the address of their name says, or in the next free slot. */
typedef struct Layout {
  uint32_t magic;
  uint32_t size, align;  /* in bytes */
  uint32_t n;  /* fields with names */
  uint32_t levels;  /* of structs in each other, with this one */
  uint32_t mask;  /* slots for fields, less one */
  Field *fields;
  uint32_t *order;  /* where they are, from the first field to the last */
  const char *description;
  size_t description_len;
  uint64_t fingerprint;
} Layout;

/* By sort. Those of userdata with another metatable are no views any more. */
static const Table *view_metatables[N_SORTS];

#if LUA_VERSION_NUM >= 504
#define view_data(u)	((char *)(u) + udatamemoffset(1))
#define is_userdata(o)	ttisfulluserdata(o)
#elif LUA_VERSION_NUM == 503
#define view_data(u)	getudatamem(u)
#define is_userdata(o)	ttisfulluserdata(o)
#else
#define view_data(u)	((char *)(u) - offsetof(Udata, uv) + sizeof(Udata))
#define is_userdata(o)	ttisuserdata(o)
#endif

/* The view of that sort in a userdata, or NULL: scripts can give metatables to others. */
static inline View *view_in (const TValue *o, Sort sort) {
  View *view;
  if (uvalue(o)->metatable != view_metatables[sort]) return NULL;
  view = (View *)view_data(uvalue(o));
  return view->magic == VIEW_MAGIC + sort ? view : NULL;
}

#if LUA_VERSION_NUM >= 503
#define name_of(o)	tsvalue(o)
#else
#define name_of(o)	rawtsvalue(o)
#endif

/* What is called from many places is not to be in each of them. */
#define NOINLINE	__attribute__((noinline))

/* The interpreter's loop is to have them without a call. */
#define IN_PLACE	__attribute__((always_inline)) inline

#define LOAD(type, p) \
  __extension__ ({ type loaded; __builtin_memcpy(&loaded, p, sizeof(type)); loaded; })
#define STORE(type, p, value) \
  __extension__ ({ type stored = (type)(value); __builtin_memcpy(p, &stored, sizeof(type)); })

/* Bytes of a scalar. */
static inline uint32_t scalar_size (unsigned int kind) {
  return (0x18488442211ull >> (kind * 4)) & 15;
}

#if LUA_VERSION_NUM >= 503
#define set_integer(to,n)	setivalue(to, (lua_Integer)(n))
#define set_float(to,n)		setfltvalue(to, n)
#else
#define set_integer(to,n)	setnvalue(to, (lua_Number)(n))
#define set_float(to,n)		setnvalue(to, n)
#define MAX_EXACT		9007199254740992.0
#endif

#if LUA_VERSION_NUM >= 504
#define set_boolean(to,b)	do { if (b) { setbtvalue(to); } else { setbfvalue(to); } } while (0)
#else
#define set_boolean(to,b)	setbvalue(to, b)
#endif

/* Reads the i-th scalar from 'p' on; false if Lua has no number that is the same. */
static IN_PLACE int load_scalar (unsigned int kind, const char *p, uint32_t i, TValue *to) {
  switch (kind) {
    case KIND_U8: set_integer(to, LOAD(uint8_t, p + i)); break;
    case KIND_I8: set_integer(to, LOAD(int8_t, p + i)); break;
    case KIND_U16: set_integer(to, LOAD(uint16_t, p + i * 2)); break;
    case KIND_I16: set_integer(to, LOAD(int16_t, p + i * 2)); break;
    case KIND_U32: set_integer(to, LOAD(uint32_t, p + i * 4)); break;
    case KIND_I32: set_integer(to, LOAD(int32_t, p + i * 4)); break;
#if LUA_VERSION_NUM >= 503
    case KIND_U64: case KIND_I64: set_integer(to, LOAD(int64_t, p + i * 8)); break;
#else
    case KIND_U64: {
      uint64_t n = LOAD(uint64_t, p + i * 8);
      if (n > (uint64_t)MAX_EXACT) return 0;
      set_integer(to, n);
      break;
    }
    case KIND_I64: {
      int64_t n = LOAD(int64_t, p + i * 8);
      if (n > (int64_t)MAX_EXACT || n < -(int64_t)MAX_EXACT) return 0;
      set_integer(to, n);
      break;
    }
#endif
    case KIND_F32: set_float(to, (lua_Number)LOAD(float, p + i * 4)); break;
    case KIND_F64: set_float(to, LOAD(double, p + i * 8)); break;
    case KIND_BOOL: set_boolean(to, p[i] != 0); break;
    default: return 0;
  }
  return 1;
}

#define STORE_IF(type, p, n) \
  if ((n) != (type)(n)) return 0; STORE(type, p, n); break

/* Writes an integer; false if it does not fit. */
static IN_PLACE int store_integer (unsigned int kind, char *p, uint32_t i, int64_t n) {
  switch (kind) {
    case KIND_U8: STORE_IF(uint8_t, p + i, n);
    case KIND_I8: STORE_IF(int8_t, p + i, n);
    case KIND_U16: STORE_IF(uint16_t, p + i * 2, n);
    case KIND_I16: STORE_IF(int16_t, p + i * 2, n);
    case KIND_U32: STORE_IF(uint32_t, p + i * 4, n);
    case KIND_I32: STORE_IF(int32_t, p + i * 4, n);
#if LUA_VERSION_NUM < 503
    case KIND_U64: if (n < 0) return 0;  /* else there is no reading it back */
#else
    case KIND_U64:
#endif
    case KIND_I64: STORE(int64_t, p + i * 8, n); break;
    case KIND_F32: STORE(float, p + i * 4, n); break;
    case KIND_F64: STORE(double, p + i * 8, n); break;
    default: return 0;
  }
  return 1;
}

/* Writes a number or a boolean as the i-th scalar; false if it is none or does not fit. */
static IN_PLACE int store_scalar (unsigned int kind, char *p, uint32_t i, const TValue *v) {
#if LUA_VERSION_NUM >= 503
  if (ttisinteger(v)) return store_integer(kind, p, i, ivalue(v));
  if (ttisfloat(v)) {
    if (kind == KIND_F64) STORE(double, p + i * 8, fltvalue(v));
    else if (kind == KIND_F32) STORE(float, p + i * 4, fltvalue(v));
    else return 0;
    return 1;
  }
#else
  if (ttisnumber(v)) {
    double n = nvalue(v);
    if (kind == KIND_F64) STORE(double, p + i * 8, n);
    else if (kind == KIND_F32) STORE(float, p + i * 4, n);
    else return n >= -MAX_EXACT && n <= MAX_EXACT && n == (double)(int64_t)n &&
                store_integer(kind, p, i, (int64_t)n);
    return 1;
  }
#endif
  if (kind == KIND_BOOL && ttisboolean(v)) {
    p[i] = !l_isfalse(v);
    return 1;
  }
  return 0;
}

/* array[n] for a userdata, where that needs neither memory nor an error */
static IN_PLACE int get_element (const TValue *o, lua_Integer n, TValue *to) {
  View *view = view_in(o, SORT_ARRAY);
  char *base;
  if (view == NULL || (base = view->core->address) == NULL) return 0;
  if ((uint64_t)n - 1 >= view->count) {
    setnilvalue(to);
    return 1;
  }
  return load_scalar(view->kind, base + view->offset, (uint32_t)n - 1, to);
}

/* array[n] = v */
static IN_PLACE int set_element (const TValue *o, lua_Integer n, const TValue *v) {
  View *view = view_in(o, SORT_ARRAY);
  char *base;
  if (view == NULL || (base = view->core->address) == NULL) return 0;
  if ((uint64_t)n - 1 >= view->count || !view->writable) return 0;
  return store_scalar(view->kind, base + view->offset, (uint32_t)n - 1, v);
}

/* The same for the instructions that have the position in them, which are rarer. */
static NOINLINE int get_fixed (const TValue *o, int n, TValue *to) {
  return get_element(o, n, to);
}

static NOINLINE int set_fixed (const TValue *o, int n, const TValue *v) {
  return set_element(o, n, v);
}

/* The field of that name, or NULL. */
static inline const Field *find_field (const Layout *layout, const TString *name) {
  uint32_t at = (uint32_t)(uintptr_t)name >> 3;
  for (;; at++) {
    const Field *field = &layout->fields[at & layout->mask];
    if (field->name == name) return field;
    if (field->name == NULL) return NULL;
  }
}

/* record.name */
static IN_PLACE int get_field (const TValue *o, const TString *name, TValue *to) {
  View *view = view_in(o, SORT_RECORD);
  const Field *field;
  if (view == NULL || view->core->address == NULL) return 0;
  field = find_field(view->layout, name);
  if (field == NULL || field->count != 0) return 0;
  return load_scalar(field->kind, view->core->address + view->offset + field->offset, 0, to);
}

/* record.name = v */
static IN_PLACE int set_field (const TValue *o, const TString *name, const TValue *v) {
  View *view = view_in(o, SORT_RECORD);
  const Field *field;
  if (view == NULL || view->core->address == NULL || !view->writable) return 0;
  field = find_field(view->layout, name);
  if (field == NULL || field->count != 0) return 0;
  return store_scalar(field->kind, view->core->address + view->offset + field->offset, 0, v);
}

#if LUA_VERSION_NUM <= 503
#if LUA_VERSION_NUM == 503
#define is_name_key(o)	ttisshrstring(o)
#else
#define is_name_key(o)	ttisstring(o)
#endif

/* Whether a key is an element's position. */
static inline int is_position (const TValue *key, lua_Integer *n) {
#if LUA_VERSION_NUM == 503
  if (!ttisinteger(key)) return 0;
  *n = ivalue(key);
  return 1;
#else
  if (!ttisnumber(key)) return 0;
  *n = (lua_Integer)nvalue(key);
  return (lua_Number)*n == nvalue(key);
#endif
}

/* o[key] for a userdata and any key; versions before 5.4 have no instructions for names. */
static inline int get_in_place (const TValue *o, const TValue *key, TValue *to) {
  lua_Integer n;
  if (is_position(key, &n)) return get_element(o, n, to);
  return is_name_key(key) && get_field(o, name_of(key), to);
}

static inline int set_in_place (const TValue *o, const TValue *key, const TValue *v) {
  lua_Integer n;
  if (is_position(key, &n)) return set_element(o, n, v);
  return is_name_key(key) && set_field(o, name_of(key), v);
}
#endif

#endif
