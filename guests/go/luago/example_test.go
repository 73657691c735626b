package luago_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"

	"github.com/luago-project/luago/guests/go/luago"
)

// Point is { x = …, y = …, label = … } in Lua.
type Point struct {
	X, Y  float64
	Label string `lua:"label,omitempty"`
}

// Structs pass as tables. This function never waits, so it needs no goroutine.
func ExampleFunc2() {
	luago.Func2("distance", func(_ context.Context, a, b Point) (float64, error) {
		return math.Hypot(a.X-b.X, a.Y-b.Y), nil
	}, luago.NonBlocking, luago.Doc("distance(a, b): how far apart two points are"))

	luago.Script("distance", map[string]any{"x": 0, "y": 0}, map[string]any{"x": 3, "y": 4})
	// Output: 5
}

// A function whose result is an iterator is a stream, which Lua reads with a for loop.
func ExampleFunc1() {
	luago.Func1("count", func(_ context.Context, n int) (iter.Seq[int], error) {
		return func(yield func(int) bool) {
			for i := range n {
				if !yield(i) {
					return
				}
			}
		}, nil
	})

	luago.Script("count", 3)
	// Output:
	// 0
	// 1
	// 2
}

// Register takes any signature.
func ExampleRegister() {
	luago.Register("divmod", func(a, b int) (int, int, error) {
		if b == 0 {
			return 0, 0, errors.New("division by zero")
		}
		return a / b, a % b, nil
	})

	luago.Script("divmod", 7, 2)
	luago.Script("divmod", 7, 0)
	// Output:
	// 3 1
	// error: division by zero
}

// Raw leaves out the conversion of values.
func ExampleRaw() {
	luago.Raw("sum", func(_ context.Context, args *luago.Args, out *luago.Results) error {
		sum := 0.0
		for i := range args.Len() {
			f, err := args.Float(i)
			if err != nil {
				return err
			}
			sum += f
		}
		out.Float(sum)
		return nil
	}, luago.NonBlocking)

	luago.Script("sum", 1, 2, 0.5)
	// Output: 3.5
}

// Call blocks the goroutine until Lua has answered or the context ends.
func ExampleCall1() {
	luago.Func1("shout", func(ctx context.Context, text string) (string, error) {
		upper, err := luago.Call1[string](ctx, "string.upper", text)
		if err != nil {
			return "", fmt.Errorf("shouting: %w", err)
		}
		return upper + "!", nil
	})

	luago.Script("shout", "hey")
	// Output: HEY!
}

// A Lua function can be called during the call that it was passed to.
func ExampleFunction() {
	luago.Func2("apply", func(ctx context.Context, f luago.Function, n int) (int, error) {
		return luago.Invoke[int](ctx, f, n)
	})
	// Output:
}

// An error of Lua has its message and its causes separately.
func ExampleError() {
	err := fmt.Errorf("saving: %w", &luago.Error{Message: "disk", Causes: []string{"full"}})
	var e *luago.Error
	fmt.Println(errors.As(err, &e), e.Message, e.Causes)
	fmt.Println(err)
	// Output:
	// true disk [full]
	// saving: disk: full
}

// Go starts a goroutine whose panic ends the task instead of the guest.
func ExampleGo() {
	luago.Func1("copy", func(ctx context.Context, text string) (int, error) {
		r, w := io.Pipe()
		luago.Go(ctx, func(context.Context) {
			_, err := io.WriteString(w, text)
			w.CloseWithError(err)
		})
		b, err := io.ReadAll(r)
		return len(b), err
	})

	luago.Script("copy", "seven b")
	// Output: 7
}

// A view is memory that is shared with the caller: nothing is copied.
func ExampleView() {
	luago.Func1("normalize", func(_ context.Context, v luago.View[float64]) (float64, error) {
		values, err := v.Slice()
		if err != nil {
			return 0, err
		}
		most := 0.0
		for _, f := range values {
			most = max(most, f)
		}
		for i := range values {
			values[i] /= most
		}
		return most, nil
	}, luago.NonBlocking)

	s, _ := luago.NewSegment(3 * 8)
	v, _ := luago.ViewOf[float64](s, 0, 3)
	for i := range v.Len() {
		v.Set(i, float64(i))
	}
	luago.Script("normalize", v)
	fmt.Println(v.At(0), v.At(1), v.At(2))
	// Output:
	// 2
	// 0 0.5 1
}

// Packet is luago.struct{ {"seq", "u32"}, {"flags", "u8"}, {"data", "u8", 3}, packed = true }
// in Lua.
type Packet struct {
	_     luago.Packed
	Seq   uint32
	Flags uint8
	Data  [3]byte
}

// Everyone who shares a segment agrees on the layout of structs.
func ExampleLayoutOf() {
	l, err := luago.LayoutOf[Packet]()
	fmt.Println(l.Description(), err)
	// Output: size 8 align 1; Seq u32 @0; Flags u8 @4; Data u8[3] @5 <nil>
}

// A segment is bytes that can be read and written in place.
func ExampleSegment() {
	luago.Proc1("upper", func(_ context.Context, s *luago.Segment) error {
		text, err := s.Bytes()
		for i, c := range text {
			if c >= 'a' && c <= 'z' {
				text[i] = c - 'a' + 'A'
			}
		}
		return err
	}, luago.NonBlocking)

	s, _ := luago.NewSegment(5)
	defer s.Close()
	s.WriteAt([]byte("hello"), 0)
	luago.Script("upper", s.Sub(1, 4))
	b, _ := s.Bytes()
	fmt.Printf("%s\n", b)
	// Output:
	// hELLO
}

// One goroutine or guest sends, and another one receives.
func ExampleNewRing() {
	sender, receiver, err := luago.NewRing(1024)
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		for i := range 3 {
			sender.Send(context.Background(), fmt.Append(nil, "message ", i))
		}
		sender.Close()
	}()
	for message, err := range receiver.Messages(context.Background()) {
		fmt.Printf("%s %v\n", message, err)
	}
	// Output:
	// message 0 <nil>
	// message 1 <nil>
	// message 2 <nil>
}
