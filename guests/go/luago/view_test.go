package luago

import (
	"errors"
	"math"
	"math/rand"
	"reflect"
	"testing"
	"testing/quick"
)

func newSegmentOf(t *testing.T, n int) *Segment {
	t.Helper()
	s, err := NewSegment(n)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newViewOf[T any](t *testing.T, s *Segment, offset, count int) View[T] {
	t.Helper()
	v, err := ViewOf[T](s, offset, count)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// comesBack reports whether values can be read as they were written, from any offset, without
// changing anything around them.
func comesBack[T any](t *testing.T) {
	t.Helper()
	size := mustLayout[T](t).Size()
	random := rand.New(rand.NewSource(1))
	for range 50 {
		offset := random.Intn(16)
		values := make([]T, random.Intn(8))
		for i := range values {
			randomise(random, reflect.ValueOf(&values[i]).Elem())
		}
		s := newSegmentOf(t, offset+size*len(values)+16)
		memory, _ := s.Bytes()
		for i := range memory {
			memory[i] = 0xa5
		}
		v := newViewOf[T](t, s, offset, len(values))
		for i := range values {
			v.Set(i, values[i])
		}
		for i, got := range v.All() {
			if !reflect.DeepEqual(got, values[i]) {
				t.Fatalf("%+v came back as %+v", values[i], got)
			}
		}
		for i, b := range memory {
			if (i < offset || i >= offset+size*len(values)) && b != 0xa5 {
				t.Fatalf("%v: byte %d has changed", typeOf[T](), i)
			}
		}
	}
}

func randomise(random *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "_" {
				randomise(random, v.Field(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			randomise(random, v.Index(i))
		}
	default:
		made, _ := quick.Value(v.Type(), random)
		v.Set(made)
	}
}

type testPadded struct {
	A uint8
	B uint64
	C [3]struct {
		D int16
		E bool
	}
	F float32
}

func TestValuesComeBackFromASegmentAsTheyWere(t *testing.T) {
	comesBack[bool](t)
	comesBack[int8](t)
	comesBack[uint16](t)
	comesBack[int32](t)
	comesBack[uint64](t)
	comesBack[float32](t)
	comesBack[float64](t)
	comesBack[testNested](t)
	comesBack[testPadded](t)
	comesBack[testPoint](t)
	type packedPadded struct {
		_     Packed
		A     uint8
		Inner [2]testPadded
		B     uint64
		C     [2]bool
	}
	comesBack[packedPadded](t)
	type packedPlain struct {
		_ Packed
		A [3]byte
		B uint8
	}
	comesBack[packedPlain](t)
}

func TestPackedFieldsStandWithoutGaps(t *testing.T) {
	s := newSegmentOf(t, 2*69)
	v := newViewOf[testPacket](t, s, 69, 1)
	v.Set(0, testPacket{Seq: 0x01020304, Flags: 5, Data: [64]byte{0: 6, 63: 7}})
	memory, _ := s.Sub(69, 69).Bytes()
	for at, want := range map[int]byte{0: 4, 3: 1, 4: 5, 5: 6, 68: 7} {
		if memory[at] != want {
			t.Errorf("byte %d is %d", at, memory[at])
		}
	}
	if got := v.At(0); got.Seq != 0x01020304 || got.Data[63] != 7 {
		t.Error(got)
	}
}

func TestPaddingStaysAsItIs(t *testing.T) {
	s := newSegmentOf(t, mustLayout[testPadded](t).Size())
	memory, _ := s.Bytes()
	for i := range memory {
		memory[i] = 0xee
	}
	newViewOf[testPadded](t, s, 0, 1).Set(0, testPadded{})
	if memory[1] != 0xee || memory[0] != 0 || memory[8] != 0 {
		t.Error(memory)
	}
}

func TestAnyByteButZeroIsTrue(t *testing.T) {
	type flags struct {
		A bool
		B [2]bool
		C [2]struct{ D bool }
	}
	s := newSegmentOf(t, mustLayout[flags](t).Size())
	memory, _ := s.Bytes()
	copy(memory, []byte{255, 2, 0, 7, 1})
	if got, want := newViewOf[flags](t, s, 0, 1).At(0), (flags{A: true, B: [2]bool{true, false}}); got.A != want.A || got.B != want.B || got.C[0].D != true {
		t.Error(got)
	}
	one := newViewOf[bool](t, s, 0, 1)
	if got := one.At(0); got != true {
		t.Error(got)
	}
	if _, err := one.Slice(); err == nil {
		t.Error("a view of bools has a slice")
	}
}

func TestASliceIsTheMemoryItself(t *testing.T) {
	s := newSegmentOf(t, 64)
	v := newViewOf[float64](t, s, 8, 3)
	slice, err := v.Slice()
	if err != nil || len(slice) != 3 {
		t.Fatal(slice, err)
	}
	slice[2] = math.Pi
	if v.At(2) != math.Pi || newViewOf[float64](t, s, 24, 1).At(0) != math.Pi {
		t.Error("the value is not there")
	}
	if _, err := newViewOf[float64](t, s, 1, 1).Slice(); err == nil {
		t.Error("a view from offset 1 has a slice")
	}
	if _, err := newViewOf[uint8](t, s, 1, 1).Slice(); err != nil {
		t.Error(err)
	}
	if _, err := newViewOf[testPacket](t, newSegmentOf(t, 69), 0, 1).Slice(); err == nil {
		t.Error("a view of packed structs has a slice")
	}
}

func TestAViewOutsideItsSegmentIsRefused(t *testing.T) {
	s := newSegmentOf(t, 64)
	for _, each := range [][2]int{{0, 9}, {1, 8}, {65, 0}, {-1, 1}, {0, -1}, {56, 2}, {0, math.MaxInt}} {
		if _, err := ViewOf[float64](s, each[0], each[1]); err == nil {
			t.Errorf("%v is inside", each)
		}
	}
	if v := newViewOf[float64](t, s, 64, 0); v.Len() != 0 {
		t.Error(v.Len())
	}
	if v := newViewOf[float64](t, s.Sub(32, 32), 8, 3); v.Segment().Len() != 24 || v.Segment().offset != 40 {
		t.Error(v.Segment())
	}
}

func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func TestWhatAViewCannotDoPanics(t *testing.T) {
	s := newSegmentOf(t, 8)
	v := newViewOf[uint64](t, s, 0, 1)
	for _, f := range []func(){func() { v.At(1) }, func() { v.At(-1) }, func() { v.Set(1, 0) }, func() { View[int8]{}.At(0) }, func() { s.Sub(4, 5) }} {
		if panicOf(f) == nil {
			t.Error("there was no panic")
		}
	}
	other, err := s.AsReadOnly()
	if err != nil {
		t.Fatal(err)
	}
	readOnly := newViewOf[uint64](t, other, 0, 1)
	if err, _ := panicOf(func() { readOnly.Set(0, 1) }).(error); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
	v.Set(0, 7)
	if readOnly.At(0) != 7 {
		t.Error(readOnly.At(0))
	}
	s.Close()
	if err, _ := panicOf(func() { v.At(0) }).(error); !errors.Is(err, ErrSegmentClosed) {
		t.Error(err)
	}
	if readOnly.At(0) != 7 {
		t.Error("the other handle is closed too")
	}
}
