// Command geo is a guest with plane geometry: structs pass as tables.
package main

import (
	"context"
	"errors"
	"math"

	"github.com/luago-project/luago/guests/go/luago"
)

// Point is { x = …, y = … } in Lua.
type Point struct {
	X, Y float64
}

// Shape is a polygon. A tag names a field as Lua sees it.
type Shape struct {
	Name    string  `lua:"name,omitempty"`
	Corners []Point `lua:"corners"`
}

func init() {
	// These compute and never wait, so they need no goroutine.
	luago.Func2("distance", distance, luago.NonBlocking,
		luago.Doc("distance(a, b): how far apart two points are"))
	luago.Func1("area", area, luago.NonBlocking,
		luago.Doc("area(shape): the area of a polygon"))
	luago.Func1("centroid", centroid, luago.NonBlocking,
		luago.Doc("centroid(shape): the point at which a polygon balances"))
}

func main() {}

func distance(_ context.Context, a, b Point) (float64, error) {
	return math.Hypot(a.X-b.X, a.Y-b.Y), nil
}

// errTooFew is raised in Lua, with its text as e.message.
var errTooFew = errors.New("a shape needs three corners or more")

func area(_ context.Context, s Shape) (float64, error) {
	if len(s.Corners) < 3 {
		return 0, errTooFew
	}
	return math.Abs(signedArea(s.Corners)), nil
}

func centroid(_ context.Context, s Shape) (Point, error) {
	if len(s.Corners) < 3 {
		return Point{}, errTooFew
	}
	a := signedArea(s.Corners)
	if a == 0 {
		return Point{}, errors.New("a shape without an area has no centroid")
	}
	var c Point
	for i, p := range s.Corners {
		q := s.Corners[(i+1)%len(s.Corners)]
		cross := p.X*q.Y - q.X*p.Y
		c.X += (p.X + q.X) * cross
		c.Y += (p.Y + q.Y) * cross
	}
	c.X /= 6 * a
	c.Y /= 6 * a
	return c, nil
}

func signedArea(corners []Point) float64 {
	sum := 0.0
	for i, p := range corners {
		q := corners[(i+1)%len(corners)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return sum / 2
}
