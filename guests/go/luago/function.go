package luago

import (
	"context"
	"strconv"
	"sync"
)

// Option changes how a function is registered.
type Option interface{ apply(f *function) }

type optionFunc func(f *function)

func (o optionFunc) apply(f *function) { o(f) }

// NonBlocking makes calls run at once on the stack of the caller, without a goroutine
// or a task. Such a function must not wait for anything, its context never ends, and it
// cannot call Lua.
var NonBlocking Option = optionFunc(func(f *function) { f.flags |= functionNonBlocking })

// Doc describes the function, for people who list what a guest has.
func Doc(text string) Option {
	return optionFunc(func(f *function) { f.doc = text })
}

// function is one that Lua can call.
type function struct {
	name, doc string
	flags     uint32
	// Keeps nothing of its frame.
	borrows bool
	callee
}

// callee is how a function is called: as a task, in two steps, or at once.
type callee interface {
	// begin reads the arguments. It runs in the host's entry, as the frame does not
	// outlive that.
	begin(r *reader) (invocation, error)
	// now reads the arguments, runs the function and writes its results.
	now(r *reader, w *writer) error
}

// invocation is a call whose arguments have been read.
type invocation interface {
	// invoke runs the function and writes its results.
	invoke(ctx context.Context, w *writer) error
	// release forgets the arguments and results, so that it can be used again. It is
	// called in a later entry, when the host has read the results.
	release()
}

// beginNow is now for those who gain nothing from doing it in one step.
func beginNow(f callee, r *reader, w *writer) error {
	c, err := f.begin(r)
	if err != nil {
		return err
	}
	err = c.invoke(atOnce{}, w)
	// What the results point to is kept by the writer.
	c.release()
	return err
}

// mostFree bounds what is kept of a kind for reuse, as the finished calls of a function.
const mostFree = 64

var registry struct {
	sync.Mutex
	functions []*function
	names     map[string]bool
	isSealed  bool
}

func register(f *function, opts []Option) {
	for _, option := range opts {
		option.apply(f)
	}
	registry.Lock()
	defer registry.Unlock()
	switch {
	case f.name == "":
		panic("luago: a function is registered without a name")
	case registry.isSealed:
		panic("luago: '" + f.name + "' is registered too late: register functions in func init, which runs before the host asks for them")
	case registry.names[f.name]:
		panic("luago: two functions are registered as '" + f.name + "'")
	case f.flags == functionNonBlocking|functionStream:
		panic("luago: '" + f.name + "' is a stream and so cannot be non-blocking")
	}
	if registry.names == nil {
		registry.names = make(map[string]bool)
	}
	registry.names[f.name] = true
	registry.functions = append(registry.functions, f)
}

// functionTable lists the functions for the host, and lets no more be registered.
func functionTable() *writer {
	registry.Lock()
	defer registry.Unlock()
	registry.isSealed = true
	w := new(writer)
	for _, f := range registry.functions {
		// Names and docs are far below the length that cannot pass.
		_ = w.string(f.name)
		w.integer(int64(f.flags))
		_ = w.string(f.doc)
		w.count += functionValues
	}
	return w
}

func functionNumber(n int32) *function {
	if uint(n) >= uint(len(registry.functions)) {
		return nil
	}
	return registry.functions[n]
}

// parameter is the codec of a parameter; what cannot pass is found at registration.
func parameter[T any](function string, number int) *codec {
	return mustCodec[T]("luago: cannot register '" + function + "': parameter " + strconv.Itoa(number) + ": ")
}
