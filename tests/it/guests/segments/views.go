package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/luago-project/luago/guests/go/luago"
)

type scalars struct {
	A  int8
	B  uint8
	C  int16
	D  uint16
	E  int32
	F  uint32
	G  int64
	H  uint64
	I  float32
	J  float64
	OK bool
}

type point struct{ X, Y float64 }

type nested struct {
	UserID uint64
	Pos    [2]point
	OK     bool
}

type arrays struct {
	Name  [16]byte
	Grid  [9]float32
	_     [4]byte
	Flags [3]bool
}

type packed struct {
	_     luago.Packed
	Seq   uint32
	Flags uint8
	Data  [64]byte
}

// packet is what bump and packets work on.
type packet struct {
	Seq   uint32
	Flags uint8
	Data  [64]byte
}

type packedNested struct {
	_    luago.Packed
	Kind uint8
	At   point
	More [2]packed
}

type settings struct {
	Name  string
	Where *luago.Segment
	Parts []*luago.Segment
}

func init() {
	luago.Func1("sum_f64", func(_ context.Context, v luago.View[float64]) (float64, error) {
		values, err := v.Slice()
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for _, f := range values {
			sum += f
		}
		return sum, nil
	}, luago.NonBlocking)
	luago.Func1("sum_i32", func(_ context.Context, v luago.View[int32]) (int64, error) {
		sum := int64(0)
		for _, n := range v.All() {
			sum += int64(n)
		}
		return sum, nil
	}, luago.NonBlocking)
	// bump adds 1 to every field of every packet.
	luago.Func1("bump", func(_ context.Context, v luago.View[packet]) (luago.View[packet], error) {
		for i, p := range v.All() {
			p.Seq++
			p.Flags++
			for j := range p.Data {
				p.Data[j]++
			}
			v.Set(i, p)
		}
		return v, nil
	}, luago.NonBlocking)
	luago.Func1("bump_packed", func(_ context.Context, v luago.View[packed]) (luago.View[packed], error) {
		for i, p := range v.All() {
			p.Seq++
			p.Flags++
			for j := range p.Data {
				p.Data[j]++
			}
			v.Set(i, p)
		}
		return v, nil
	}, luago.NonBlocking)
	luago.Func1("bump_nested", func(_ context.Context, v luago.View[nested]) (luago.View[nested], error) {
		for i, n := range v.All() {
			n.UserID++
			n.Pos[0].X++
			n.Pos[1].Y++
			n.OK = !n.OK
			v.Set(i, n)
		}
		return v, nil
	}, luago.NonBlocking)
	luago.Func1("make_f64", func(_ context.Context, n int) (luago.View[float64], error) {
		s, err := luago.NewSegment(8 * n)
		if err != nil {
			return luago.View[float64]{}, err
		}
		v, err := luago.ViewOf[float64](s, 0, n)
		for i := range v.Len() {
			v.Set(i, float64(i+1))
		}
		return v, err
	}, luago.NonBlocking)
	luago.Func1("make_packets", func(_ context.Context, n int) (luago.View[packet], error) {
		layout, err := luago.LayoutOf[packet]()
		if err != nil {
			return luago.View[packet]{}, err
		}
		s, err := luago.NewSegment(n * layout.Size())
		if err != nil {
			return luago.View[packet]{}, err
		}
		v, err := luago.ViewOf[packet](s, 0, n)
		for i := range v.Len() {
			v.Set(i, packet{Seq: uint32(i + 1)})
		}
		return v, err
	}, luago.NonBlocking)
	luago.Func1("set_first", func(_ context.Context, v luago.View[float64]) (float64, error) {
		v.Set(0, 42)
		return v.At(0), nil
	}, luago.NonBlocking)
	luago.Func1("describe", func(_ context.Context, v luago.AnyView) (string, error) {
		return v.Description() + " " + hex(v.Fingerprint()), nil
	}, luago.NonBlocking)
	// inside takes segments out of a table, and gives them back in others.
	luago.Func1("inside", func(_ context.Context, s settings) (map[string]any, error) {
		lengths := make([]int, len(s.Parts))
		for i, part := range s.Parts {
			lengths[i] = part.Len()
		}
		return map[string]any{"where": s.Where, "parts": s.Parts, "lengths": lengths, "name": s.Name}, nil
	})
	luago.Func1("layout", func(_ context.Context, name string) (string, error) {
		layout, err := layoutNamed(name)
		if err != nil {
			return "", err
		}
		return layout.Description() + " " + hex(layout.Fingerprint()), nil
	}, luago.NonBlocking)
}

func hex(n uint64) string {
	text := strconv.FormatUint(n, 16)
	for len(text) < 16 {
		text = "0" + text
	}
	return text
}

func layoutNamed(name string) (luago.Layout, error) {
	switch name {
	case "f64":
		return luago.LayoutOf[float64]()
	case "scalars":
		return luago.LayoutOf[scalars]()
	case "nested":
		return luago.LayoutOf[nested]()
	case "arrays":
		return luago.LayoutOf[arrays]()
	case "packed":
		return luago.LayoutOf[packed]()
	case "packet":
		return luago.LayoutOf[packet]()
	case "packed_nested":
		return luago.LayoutOf[packedNested]()
	}
	return luago.Layout{}, errors.New("there is no layout '" + name + "'")
}
