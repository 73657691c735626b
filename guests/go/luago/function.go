package luago

import (
	"context"
	"strconv"
	"sync"
)

//go:generate go run ./internal/gen

// Option configures a function that is registered.
type Option interface{ apply(f *function) }

type optionFunc func(f *function)

func (o optionFunc) apply(f *function) { o(f) }

// NonBlocking makes calls run at once on the caller's stack, without a goroutine or a task.
// Such a function must not wait for anything and cannot call Lua; its context never ends.
var NonBlocking Option = optionFunc(func(f *function) { f.flags |= functionNonBlocking })

// Doc sets a description of the function, for people who list the functions of a guest.
func Doc(text string) Option {
	return optionFunc(func(f *function) { f.doc = text })
}

// function is a function that Lua can call.
type function struct {
	name, doc string
	flags     uint32
	// The function keeps nothing of its frame.
	borrowsFrame bool
	callee
}

// callee is how a function is called: as a task, in two steps, or directly.
type callee interface {
	// bind reads the arguments. It runs in the host's entry, as the frame does not outlive
	// that.
	bind(r *reader) (invocation, error)
	// callDirect reads the arguments, runs the function and writes its results.
	callDirect(r *reader, w *writer) error
}

// invocation is a call whose arguments have been read.
type invocation interface {
	// invoke runs the function and writes its results.
	invoke(ctx context.Context, w *writer) error
	// release drops the arguments and results, so that the invocation can be reused. It is
	// called in a later entry, when the host has read the results.
	release()
}

// bindAndInvoke implements callDirect for callees that gain nothing from doing it in one step.
func bindAndInvoke(f callee, r *reader, w *writer) error {
	c, err := f.bind(r)
	if err != nil {
		return err
	}
	err = c.invoke(nonBlockingContext{}, w)
	// The writer keeps alive what the results point to.
	c.release()
	return err
}

// maxFree bounds the length of free lists, such as that of the finished calls of a function.
const maxFree = 64

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

// describeFunctions writes the list of functions for the host. No more can be registered then.
func describeFunctions() *writer {
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

func functionAt(n int32) *function {
	if uint(n) >= uint(len(registry.functions)) {
		return nil
	}
	return registry.functions[n]
}

// parameterCodec returns the codec of a parameter; it panics if its type cannot pass.
func parameterCodec[T any](function string, number int) *codec {
	return mustCodec[T]("luago: cannot register '" + function + "': parameter " + strconv.Itoa(number) + ": ")
}
