package main

import (
	"context"
	"errors"

	"github.com/luago-project/luago/guests/go/luago"
)

type tiny struct{ Only uint8 }

type gaps struct {
	First  uint8
	Second uint64
	Third  uint8
}

type deep struct {
	Head gaps
	Tail [3]packed
	Last int16
}

type bools struct {
	Flags [5]bool
	Count int32
	IsOn  bool
}

type floats struct {
	Small float32
	Large float64
	Some  [3]float32
}

type tagged struct {
	ID    uint32 `luago:"identifier"`
	Value float64
}

type buffer struct {
	Data [256]byte
	Used uint16
}

type everyArray struct {
	A [1]int8
	B [2]uint16
	C [3]int32
	D [2]uint64
	E [2]float64
	F [2]point
}

var layouts = map[string]func() (luago.Layout, error){}

type described struct {
	Size, Align              int
	Description, Fingerprint string
}

// shared names a type, and registers a function that reads values of it field by field and
// writes them elsewhere.
func shared[T any](name string) {
	layouts[name] = luago.LayoutOf[T]
	luago.Proc2("copy_"+name, func(_ context.Context, from, to luago.View[T]) error {
		for i, value := range from.All() {
			to.Set(i, value)
		}
		return nil
	}, luago.NonBlocking)
}

func init() {
	shared[uint8]("u8")
	shared[int8]("i8")
	shared[uint16]("u16")
	shared[int16]("i16")
	shared[uint32]("u32")
	shared[int32]("i32")
	shared[uint64]("u64")
	shared[int64]("i64")
	shared[float32]("f32")
	shared[float64]("f64")
	shared[bool]("bool")
	shared[tiny]("tiny")
	shared[gaps]("gaps")
	shared[deep]("deep")
	shared[bools]("bools")
	shared[floats]("floats")
	shared[tagged]("tagged")
	shared[buffer]("buffer")
	shared[everyArray]("every_array")
	shared[scalars]("scalars")
	shared[nested]("nested")
	shared[arrays]("arrays")
	shared[packed]("packed")
	shared[packet]("packet")
	shared[packedNested]("packed_nested")
	luago.Func1("described", func(_ context.Context, name string) (described, error) {
		layoutOf, ok := layouts[name]
		if !ok {
			return described{}, errors.New("there is no layout '" + name + "'")
		}
		layout, err := layoutOf()
		if err != nil {
			return described{}, err
		}
		return described{layout.Size(), layout.Align(), layout.Description(), hex(layout.Fingerprint())}, nil
	}, luago.NonBlocking)
}
