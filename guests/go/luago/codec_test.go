package luago

import (
	"errors"
	"math"
	"math/rand"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"
)

type inner struct {
	X, Y float64
	ID   int `lua:"id"`
}

type Embedded struct{ Deep string }

type sample struct {
	Embedded
	Flag    bool
	Small   int8
	Big     uint32
	Text    string
	Data    []byte
	Points  []inner
	Pair    [2]int
	Named   map[string]int
	Next    *sample `lua:"next"`
	Wait    time.Duration
	Omitted string `json:"omitted,omitempty"`
	hidden  int
}

// write encodes a value; the writer keeps what the frame points to.
func write[T any](t *testing.T, v T) (*writer, error) {
	t.Helper()
	c, err := codecOf(reflect.TypeFor[T]())
	if err != nil {
		t.Fatal(err)
	}
	w := new(writer)
	box := reflect.New(reflect.TypeFor[T]())
	box.Elem().Set(reflect.ValueOf(&v).Elem())
	return w, c.encode(w, box.UnsafePointer())
}

func read[T any](w *writer) (T, error) {
	box := new(T)
	c, err := codecOf(reflect.TypeFor[T]())
	if err != nil {
		return *box, err
	}
	r := &reader{slots: w.slots, count: 1}
	err = c.decode(r, reflect.ValueOf(box).UnsafePointer())
	if err == nil && r.at != len(w.slots) {
		err = errors.New("slots were left over")
	}
	return *box, err
}

func roundTrip[T any](t *testing.T, v T) T {
	t.Helper()
	w, err := write(t, v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read[T](w)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestValuesOfAllKindsComeBackAsTheyWere(t *testing.T) {
	check := func(flag bool, a int8, b uint32, text string, data []byte, list []float64, named map[string]int) bool {
		points := make([]inner, len(list))
		for i, x := range list {
			points[i] = inner{x, -x, i}
		}
		if data == nil {
			data = []byte{}
		}
		if named == nil {
			named = map[string]int{}
		}
		v := sample{
			Embedded: Embedded{text}, Flag: flag, Small: a, Big: b, Text: text, Data: data, Points: points,
			Pair: [2]int{1, -2}, Named: named, Wait: time.Duration(a) * time.Second,
			Next: &sample{Data: []byte{}, Points: []inner{}, Named: map[string]int{}, Omitted: "x"},
		}
		return reflect.DeepEqual(roundTrip(t, v), v)
	}
	if err := quick.Check(check, &quick.Config{Rand: rand.New(rand.NewSource(1))}); err != nil {
		t.Error(err)
	}
}

func TestAnyKeepsWhatLuaHas(t *testing.T) {
	v := map[string]any{
		"list": []any{int64(1), 0.5, true, "x", nil}, "table": map[any]any{int64(2): "two", "2": false, 0.5: true},
	}
	if got := roundTrip[any](t, v); !reflect.DeepEqual(got, v) {
		t.Errorf("got %#v", got)
	}
}

// asAny returns what a table becomes when it is read as any.
func asAny(t *testing.T, table map[any]any) any {
	t.Helper()
	w, err := write[any](t, table)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read[any](w)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestIntegersAreStringsInAMapOfAnyUnlessThatWouldLoseOne(t *testing.T) {
	for _, each := range []struct{ in, want any }{
		{map[any]any{1: "a", 3: "c"}, map[string]any{"1": "a", "3": "c"}},
		{map[any]any{-1: "a", "x": 1}, map[string]any{"-1": "a", "x": int64(1)}},
		{map[any]any{2.0: "b", "x": true}, map[string]any{"2": "b", "x": true}},
		{map[any]any{1: "a", "1": "b", "x": "c"}, map[any]any{int64(1): "a", "1": "b", "x": "c"}},
		{map[any]any{1: "a", true: "b"}, map[any]any{int64(1): "a", true: "b"}},
		{map[any]any{0x1p60: "a", "x": "b"}, map[any]any{0x1p60: "a", "x": "b"}},
	} {
		// The order of the keys does not matter.
		for range 20 {
			if got := asAny(t, each.in.(map[any]any)); !reflect.DeepEqual(got, each.want) {
				t.Fatalf("%v: got %#v", each.in, got)
			}
		}
	}
	w, _ := write[any](t, map[any]any{1: "a", "x": "b"})
	if got, err := read[map[any]any](w); err != nil || !reflect.DeepEqual(got, map[any]any{int64(1): "a", "x": "b"}) {
		t.Errorf("got %#v, %v", got, err)
	}
}

func TestAFloat32KeepsWhatItCannotHoldOut(t *testing.T) {
	for _, f := range []float64{0, math.Inf(1), math.Inf(-1), math.MaxFloat32, 1e-300, 3.4028235e38} {
		w, _ := write[any](t, f)
		if got, err := read[float32](w); got != float32(f) || err != nil {
			t.Errorf("%v: got %v, %v", f, got, err)
		}
	}
	if got, err := read[float32](must(write[any](t, math.NaN()))); got == got || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func must(w *writer, _ error) *writer { return w }

func TestTextPassesAsString(t *testing.T) {
	address := netip.MustParseAddr("10.0.0.1")
	if got := roundTrip(t, address); got != address {
		t.Errorf("got %v", got)
	}
	moment := time.Date(2024, 2, 29, 12, 0, 0, 5, time.UTC)
	if got := roundTrip(t, moment); !got.Equal(moment) {
		t.Errorf("got %v", got)
	}
	if got := roundTrip(t, [4]byte{1, 2, 0, 255}); got != [4]byte{1, 2, 0, 255} {
		t.Errorf("got %v", got)
	}
}

func TestNilPassesBothWays(t *testing.T) {
	if got := roundTrip[*inner](t, nil); got != nil {
		t.Errorf("got %v", got)
	}
	if got := roundTrip[any](t, nil); got != nil {
		t.Errorf("got %v", got)
	}
	if got := roundTrip[error](t, nil); got != nil {
		t.Errorf("got %v", got)
	}
}

// argumentError reads a value of one type as an argument of another.
func argumentError[To, From any](t *testing.T, v From) string {
	t.Helper()
	w, err := write(t, v)
	if err != nil {
		t.Fatal(err)
	}
	c, err := codecOf(reflect.TypeFor[To]())
	if err != nil {
		t.Fatal(err)
	}
	box := new(To)
	r := &reader{slots: w.slots, count: 1}
	if err = r.argument(c, reflect.ValueOf(box).UnsafePointer(), "f", 1); err == nil {
		t.Fatalf("%v was read as %v", v, *box)
	}
	return err.Error()
}

func TestAMismatchNamesArgumentAndPath(t *testing.T) {
	for _, each := range []struct{ got, want string }{
		{argumentError[float64](t, "x"), "bad argument #1 to 'f' (expected number, got string)"},
		{argumentError[inner](t, map[string]any{"x": "no"}), "bad argument #1 to 'f' (field 'x': expected number, got string)"},
		{argumentError[sample](t, map[string]any{"points": []any{map[string]any{}, map[string]any{"id": true}}}),
			"bad argument #1 to 'f' (field 'points[2].id': expected integer, got boolean)"},
		{argumentError[[]int](t, []any{1, 2.5}), "bad argument #1 to 'f' (element [2]: expected integer, got number 2.5)"},
		{argumentError[map[string]int](t, map[string]any{"a": "b"}), `bad argument #1 to 'f' (element ["a"]: expected integer, got string)`},
		{argumentError[int8](t, 128), "bad argument #1 to 'f' (expected integer from -128 to 127, got 128)"},
		{argumentError[uint64](t, -1), "bad argument #1 to 'f' (expected integer from 0 to 18446744073709551615, got -1)"},
		{argumentError[float32](t, 1e39), "bad argument #1 to 'f' (expected number from -3.4028234663852886e+38 to 3.4028234663852886e+38, got 1e+39)"},
		{argumentError[[]float32](t, []float64{1, -1e300}), "bad argument #1 to 'f' (element [2]: expected number from -3.4028234663852886e+38 to 3.4028234663852886e+38, got -1e+300)"},
		{argumentError[int64](t, 0x1p63), "bad argument #1 to 'f' (expected integer, got number 9.223372036854776e+18)"},
		{argumentError[int64](t, math.NaN()), "bad argument #1 to 'f' (expected integer, got number NaN)"},
		{argumentError[[]int](t, map[string]any{"a": 1}), `bad argument #1 to 'f' (expected sequence, got table with key "a")`},
		{argumentError[inner](t, []int{1}), "bad argument #1 to 'f' (expected table with named fields, got sequence)"},
		{argumentError[[2]int](t, []int{1}), "bad argument #1 to 'f' (expected sequence of 2, got one of 1)"},
		{argumentError[Function](t, 1), "bad argument #1 to 'f' (expected function, got number)"},
	} {
		if each.got != each.want {
			t.Errorf("got  %s\nwant %s", each.got, each.want)
		}
	}
}

func TestWholeNumbersAreTakenForIntegers(t *testing.T) {
	w, _ := write[any](t, 3.0)
	if got, err := read[int](w); got != 3 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestUnknownFieldsAreIgnoredAndMissingOnesZero(t *testing.T) {
	w, _ := write[any](t, map[string]any{"other": []any{map[string]any{"x": 1}}, "y": 2})
	if got, err := read[inner](w); got != (inner{Y: 2}) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestALargeUint64CannotPass(t *testing.T) {
	if _, err := write(t, []uint64{math.MaxInt64 + 1}); err == nil ||
		err.Error() != "element [1]: the integer 9223372036854775808 is too large for Lua" {
		t.Error(err)
	}
}

func TestACycleIsRefusedWithItsPath(t *testing.T) {
	v := &sample{}
	v.Next = &sample{Next: v}
	if _, err := write(t, v); err == nil || err.Error() != "field 'next.next': the value contains itself" {
		t.Error(err)
	}
	list := []any{nil}
	list[0] = list
	if _, err := write(t, list); err == nil || !strings.Contains(err.Error(), "the value contains itself") {
		t.Error(err)
	}
}

func TestSharedValuesAreNoCycle(t *testing.T) {
	shared := &inner{X: 1}
	if _, err := write(t, []*inner{shared, shared}); err != nil {
		t.Error(err)
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	var v any
	for range 300 {
		v = []any{v}
	}
	if _, err := write(t, v); err == nil || !strings.Contains(err.Error(), "at most 200 levels") {
		t.Error(err)
	}
}

func TestTypesThatCannotPassAreNamed(t *testing.T) {
	_, err := codecOf(reflect.TypeFor[struct{ C []chan int }]())
	if err == nil || err.Error() != "field C of struct { C []chan int }: values of type chan int cannot pass between Go and Lua" {
		t.Error(err)
	}
	// The failed attempt must not leave an incomplete codec behind.
	if _, err := codecOf(reflect.TypeFor[struct{ C []chan int }]()); err == nil {
		t.Error("the second attempt succeeded")
	}
}
