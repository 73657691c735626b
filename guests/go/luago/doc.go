// Package luago makes a Go program a guest of luago: a module whose functions
// Lua scripts call, and which can call functions of Lua and of the host.
//
// A guest is a main package with an empty main. It registers its functions
// while its packages are initialised:
//
//	package main
//
//	import (
//		"context"
//		"math"
//
//		"github.com/luago-project/luago/guests/go/luago"
//	)
//
//	type Point struct{ X, Y float64 }
//
//	func init() {
//		luago.Func2("distance", func(_ context.Context, a, b Point) (float64, error) {
//			return math.Hypot(a.X-b.X, a.Y-b.Y), nil
//		})
//	}
//
//	func main() {}
//
// It is built as a reactor, with Go 1.24 or later,
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o geo.wasm
//
// and granted to a script as a module:
//
//	luago-run --go geo=geo.wasm script.lua
//
//	local geo = require "geo"
//	print(geo.distance({ x = 0, y = 0 }, { x = 3, y = 4 }))  --> 5.0
//
// # Functions
//
// [Func0] to [Func4] and [Proc0] to [Proc4] register functions with fixed
// types. [Register] takes a function of any signature and calls it by
// reflection. [Raw] and [Bytes] leave out the conversion of values.
//
// Each call from Lua is a task: it has a goroutine and a context of its own, and
// the calling coroutine waits for it. A function with the option [NonBlocking]
// runs at once on the caller's stack instead, which is several times faster; it
// must neither wait nor call Lua.
//
// A function whose result is an iter.Seq, an iter.Seq2 or a channel is a
// stream: Lua reads it with a for loop. The context of a stream lasts until the
// stream ends or Lua drops it. Each step of an iter.Seq2 gives two values,
// except that the error of an iter.Seq2[V, error] is raised and ends the stream.
//
// # Values
//
//	Go                              Lua
//	bool                            boolean
//	int, int8 … uint64              integer, or a number that is whole; range-checked
//	float32, float64                number; what is beyond a float32 is refused
//	string, []byte, [N]byte         string
//	slice, array                    sequence
//	map                             table
//	struct                          table with a field for each exported field
//	pointer                         nil or what it points to
//	any                             nil, bool, int64, float64, string, []any, map[string]any,
//	                                *Error, Function, *Segment, AnyView, *Sender, *Receiver
//	time.Duration                   number of seconds
//	time.Time                       string as in RFC 3339, empty for the zero time
//	encoding.TextMarshaler          string
//	error                           error value
//	Function                        function, from Lua to Go only
//	*Segment                        segment
//	View[T]                         typed array, or view of structs
//	*Sender, *Receiver              ends of a ring
//
// A field's name in Lua is that of its tag `lua:"name"`, or else of its tag
// `json:"name"`, or else its own with the first letter in lower case (all of it
// where it is all capitals, as in ID). The option omitempty leaves out zero
// values and empty slices and maps; "-" leaves out the field. Embedded structs
// are flattened. Fields that a table lacks become zero, fields that a struct
// lacks are ignored, and nil never stands in a table. Nil slices and maps become
// empty tables.
//
// A table that arrives as any is a []any if its keys are 1 to n. Any other table is a
// map[string]any in which integer keys are written in decimal, so that encoding/json accepts it:
// {"a", x = 1} is {"1": "a", "x": 1}. A table that such a map cannot represent, with both 1 and
// "1" or with keys that are neither strings nor integers, is a map[any]any. On the way back to
// Lua, keys stay what they are in Go. To keep integer keys, declare a parameter as map[any]any
// or map[int]any.
//
// A []byte result passes to Lua without a copy in Go: do not change it before
// the caller has received it. The same holds for arguments of [Call].
//
// # Segments
//
// A [Segment] is memory that the host, Lua and other guests share: passing it copies nothing.
// A [View] shows a part of it as values of one type, with the same layout in all languages. A
// ring is a queue of messages in a segment, from a [Sender] in one guest to a [Receiver] in
// another. In tests and tools that run outside of luago, segments are on the heap.
//
// # Errors
//
// An error that a function returns is raised in Lua, with the chain of its
// causes. A panic or a call of [runtime.Goexit] ends the task with an error
// that has the Go stack; the guest lives on. The same holds for a panic in a
// method of a value that is returned or passed to panic, such as Error of a nil
// pointer. An error of Lua or of the host arrives as an [*Error].
//
// # Scheduling
//
// All goroutines of a guest share one thread and are not preempted: a
// goroutine that computes for long should call [runtime.Gosched] now and then
// and look at its context, so that it can be cancelled.
package luago
