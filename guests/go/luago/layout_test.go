package luago

import (
	"math/rand"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

type testPacket struct {
	_     Packed
	Seq   uint32
	Flags uint8
	Data  [64]byte
}

type testPoint struct{ X, Y float64 }

type testNested struct {
	UserID uint64
	Pos    [2]testPoint
	Ok     bool
}

type testMixed struct {
	_     Packed
	Kind  uint8
	At    testPoint
	Valid [2]bool
	More  [2]testPacket
	_     [3]byte
	Last  int16
}

func mustLayout[T any](t *testing.T) Layout {
	t.Helper()
	l, err := LayoutOf[T]()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDescriptionsAndFingerprintsAreThoseOfAllLanguages(t *testing.T) {
	type C struct {
		_  Packed
		ID uint32 `luago:"seq"`
		F  uint8  `luago:"flags"`
		D  [64]uint8
	}
	for _, each := range []struct {
		got         Layout
		description string
		fingerprint uint64
	}{
		{mustLayout[float64](t), "f64", 0xdd744c18ff7ea1ab},
		{mustLayout[testPacket](t), "size 69 align 1; Seq u32 @0; Flags u8 @4; Data u8[64] @5", 0x135951f362a8d595},
		{mustLayout[testNested](t), "size 48 align 8; UserID u64 @0; Pos {size 16 align 8; X f64 @0; Y f64 @8}[2] @8; Ok bool @40", 0xa379cd0d9cf3e123},
		{mustLayout[C](t), "size 69 align 1; seq u32 @0; flags u8 @4; D u8[64] @5", fingerprint("size 69 align 1; seq u32 @0; flags u8 @4; d u8[64] @5")},
		{mustLayout[testMixed](t), "size 162 align 1; Kind u8 @0; At {size 16 align 8; X f64 @0; Y f64 @8} @1; Valid bool[2] @17; " +
			"More {size 69 align 1; Seq u32 @0; Flags u8 @4; Data u8[64] @5}[2] @19; Last i16 @160", 0x30875e7b85444a47},
	} {
		if got := each.got.Description(); got != each.description {
			t.Errorf("got  %s\nwant %s", got, each.description)
		}
		if got := each.got.Fingerprint(); got != each.fingerprint {
			t.Errorf("%s has the fingerprint %x", each.description, got)
		}
	}
	if a, b := fingerprint(ringSenderDescription), fingerprint(ringReceiverDescription); a != 0xa7a43be229fb34ca || b != 0xb64623e6f091a22a {
		t.Errorf("%x %x", a, b)
	}
}

func TestAStructThatIsNotPackedIsLaidOutAsGoDoes(t *testing.T) {
	if unsafe.Alignof(uint64(0)) != 8 {
		t.Skip("this machine aligns 64 bits to 4 bytes")
	}
	scalars := []reflect.Type{
		typeOf[bool](), typeOf[int8](), typeOf[uint8](), typeOf[int16](), typeOf[uint16](), typeOf[int32](),
		typeOf[uint32](), typeOf[float32](), typeOf[int64](), typeOf[uint64](), typeOf[float64](),
	}
	random := rand.New(rand.NewSource(1))
	var made func(depth int) reflect.Type
	made = func(depth int) reflect.Type {
		var fields []reflect.StructField
		for i := range 1 + random.Intn(6) {
			of := scalars[random.Intn(len(scalars))]
			if depth < 2 && random.Intn(4) == 0 {
				of = made(depth + 1)
			}
			if random.Intn(3) == 0 {
				of = reflect.ArrayOf(1+random.Intn(5), of)
			}
			fields = append(fields, reflect.StructField{Name: "F" + strconv.Itoa(i), Type: of})
		}
		return reflect.StructOf(fields)
	}
	for range 500 {
		of := made(0)
		l, err := layoutOf(of)
		if err != nil {
			t.Fatal(err)
		}
		if !l.isDirect || l.size != uint64(of.Size()) || l.align != uint64(of.Align()) {
			t.Errorf("%v has the layout %s", of, l.description)
		}
	}
}

func TestTypesWithoutALayoutSayWhy(t *testing.T) {
	refusal := func(l Layout, err error) string {
		if err == nil {
			t.Fatal("there is a layout: " + l.Description())
		}
		return err.Error()
	}
	type bad struct{ N int }
	type deep struct{ Bad bad }
	type grid struct{ G [2][2]byte }
	type none struct{ A [0]byte }
	type empty struct{ _ int32 }
	type named struct {
		Größe int32
	}
	type twice struct {
		A int32 `luago:"x"`
		B int32 `luago:"x"`
	}
	type huge struct{ A, B [1 << 30]byte }
	for _, each := range []struct{ got, want string }{
		{refusal(LayoutOf[int]()), "the size of int depends on the machine: use int32, int64, uint32 or uint64"},
		{refusal(LayoutOf[deep]()), "field Bad: field N: the size of int depends"},
		{refusal(LayoutOf[string]()), "string has no fixed size: use an array such as [64]byte"},
		{refusal(LayoutOf[*int32]()), "*int32 is no number, bool, struct or array"},
		{refusal(LayoutOf[[4]byte]()), "an array by itself has no layout"},
		{refusal(LayoutOf[grid]()), "an array can have only one dimension"},
		{refusal(LayoutOf[none]()), "an array needs at least one element"},
		{refusal(LayoutOf[empty]()), "at least one field with a name"},
		{refusal(LayoutOf[struct{}]()), "at least one field with a name"},
		{refusal(LayoutOf[named]()), "give it another one with a tag"},
		{refusal(LayoutOf[twice]()), "another field has the name 'x'"},
		{refusal(LayoutOf[huge]()), "ends behind 2147483647 bytes"},
	} {
		if !strings.Contains(each.got, each.want) {
			t.Errorf("got %q, want %q", each.got, each.want)
		}
	}
}

func TestLayoutsThatDifferAreShownSideBySide(t *testing.T) {
	got := layoutsDiffer("size 14 align 1; seq u32 @0; flags u8 @4; pos {size 8 align 4; x f32 @0; y f32 @4} @6",
		"size 16 align 4; SEQ u32 @0; Flags u16 @4").Error()
	want := `the layouts differ:
  passed                                      | expected
* size 14 align 1                             | size 16 align 4
  seq u32 @0                                  | SEQ u32 @0
* flags u8 @4                                 | Flags u16 @4
* pos {size 8 align 4; x f32 @0; y f32 @4} @6 |`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatIsNoDescriptionIsShownWithinBounds(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for range 200 {
		var b strings.Builder
		for range random.Intn(2000) {
			b.WriteString([]string{";", "{", "}", " ", "x", "\x00", "é"}[random.Intn(7)])
		}
		if got := layoutsDiffer(b.String(), "f64").Error(); len(got) > 64*1024 {
			t.Errorf("the text has %d bytes", len(got))
		}
	}
}
