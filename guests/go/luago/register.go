package luago

import (
	"context"
	"reflect"
	"strconv"
)

var typeContext = reflect.TypeFor[context.Context]()

// Register registers a function of any signature, which is called by reflection. It may take a
// context as its first parameter, may be variadic, and may have any number of results, the last
// of which may be an error. [Func0] to [Func4] are faster.
//
// It panics if a type cannot pass or the name is taken.
func Register(name string, f any, opts ...Option) {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		panic("luago: cannot register '" + name + "': it is no function but a " + reflect.TypeOf(f).String())
	}
	t := v.Type()
	fn := &function{name: name}
	made := &reflected{name: name, f: v, variadic: t.IsVariadic()}
	for i := range t.NumIn() {
		in := t.In(i)
		if i == 0 && in == typeContext {
			made.hasContext = true
			continue
		}
		element := in
		if t.IsVariadic() && i == t.NumIn()-1 {
			element = in.Elem()
		}
		c, err := codecOf(element)
		if err != nil {
			panic("luago: cannot register '" + name + "': parameter " + strconv.Itoa(len(made.types)+1) + ": " + err.Error())
		}
		made.types = append(made.types, element)
		made.codecs = append(made.codecs, c)
	}
	for i := range t.NumOut() {
		if i == t.NumOut()-1 && t.Out(i) == typeError {
			made.hasError = true
			continue
		}
		made.results = append(made.results, newResult(fn, t.Out(i)))
	}
	fn.callee = made
	register(fn, opts)
}

// reflected is a function that is called by reflection.
type reflected struct {
	name                           string
	f                              reflect.Value
	types                          []reflect.Type
	codecs                         []*codec
	results                        []result
	hasContext, hasError, variadic bool
}

type reflectedCall struct {
	function *reflected
	in       []reflect.Value
}

func (f *reflected) bind(r *reader) (invocation, error) {
	c := &reflectedCall{function: f, in: make([]reflect.Value, 0, len(f.types)+1)}
	if f.hasContext {
		c.in = append(c.in, reflect.Value{})
	}
	count := len(f.types)
	if f.variadic {
		count = max(count-1, r.count)
	}
	for i := range count {
		which := min(i, len(f.types)-1)
		v := reflect.New(f.types[which])
		if err := r.argument(f.codecs[which], v.UnsafePointer(), f.name, i+1); err != nil {
			return nil, err
		}
		c.in = append(c.in, v.Elem())
	}
	return c, nil
}

func (f *reflected) callDirect(r *reader, w *writer) error { return bindAndInvoke(f, r, w) }

func (c *reflectedCall) invoke(ctx context.Context, w *writer) error {
	f := c.function
	if f.hasContext {
		c.in[0] = reflect.ValueOf(ctx)
	}
	out := f.f.Call(c.in)
	if f.hasError {
		if err, _ := out[len(out)-1].Interface().(error); err != nil {
			return err
		}
	}
	for i := range f.results {
		box := reflect.New(out[i].Type())
		box.Elem().Set(out[i])
		if err := f.results[i].write(w, box.UnsafePointer(), f.name, ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *reflectedCall) release() {}
