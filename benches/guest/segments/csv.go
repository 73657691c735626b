package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/luago-project/luago/guests/go/luago"
)

// Which fields of a line are wanted, counted from 0.
const (
	regionField = 2
	amountField = 6
)

// table is what Lua gets of a text as columns in segments. A region is its position in
// Regions, counted from 0.
type table struct {
	Amounts luago.View[float64]
	Region  luago.View[uint32]
	Regions []string
}

func columns(_ context.Context, s *luago.Segment) (table, error) {
	text, err := s.Bytes()
	if err != nil {
		return table{}, err
	}
	n := bytes.Count(text, []byte{'\n'})
	amounts, err := newColumn[float64](n, 8)
	if err != nil {
		return table{}, err
	}
	region, err := newColumn[uint32](n, 4)
	if err != nil {
		return table{}, err
	}
	amountsHere, err := amounts.Slice()
	if err != nil {
		return table{}, err
	}
	regionHere, err := region.Slice()
	if err != nil {
		return table{}, err
	}
	t := table{Amounts: amounts, Region: region}
	numbers := map[string]uint32{}
	for i := range n {
		var name []byte
		name, amountsHere[i], text, err = line(text)
		if err != nil {
			return table{}, fmt.Errorf("line %d: %w", i+1, err)
		}
		number, ok := numbers[string(name)]
		if !ok {
			number = uint32(len(t.Regions))
			numbers[string(name)] = number
			t.Regions = append(t.Regions, string(name))
		}
		regionHere[i] = number
	}
	return t, nil
}

func newColumn[T any](n, size int) (luago.View[T], error) {
	s, err := luago.NewSegment(max(n, 1) * size)
	if err != nil {
		return luago.View[T]{}, err
	}
	return luago.ViewOf[T](s, 0, n)
}

// lists is what Lua gets of a text without segments.
type lists struct {
	Amounts []float64
	Regions []string
}

func rows(_ context.Context, text []byte) (lists, error) {
	n := bytes.Count(text, []byte{'\n'})
	l := lists{make([]float64, n), make([]string, n)}
	names := map[string]string{}
	for i := range n {
		var name []byte
		var err error
		name, l.Amounts[i], text, err = line(text)
		if err != nil {
			return lists{}, fmt.Errorf("line %d: %w", i+1, err)
		}
		known, ok := names[string(name)]
		if !ok {
			known = string(name)
			names[known] = known
		}
		l.Regions[i] = known
	}
	return l, nil
}

// line takes the next line, which has an end, off a text.
func line(text []byte) (region []byte, amount float64, rest []byte, err error) {
	end := bytes.IndexByte(text, '\n')
	rest, text = text[end+1:], text[:end]
	for field := range amountField + 1 {
		value := text
		if end := bytes.IndexByte(text, ','); end >= 0 {
			value, text = text[:end], text[end+1:]
		} else if field < amountField {
			return nil, 0, rest, fmt.Errorf("%d fields", field+1)
		}
		switch field {
		case regionField:
			region = value
		case amountField:
			amount, err = decimal(value)
		}
	}
	return region, amount, rest, err
}

// decimal is exact up to 15 digits, as then both numbers of the quotient are.
func decimal(text []byte) (float64, error) {
	var digits, scale uint64 = 0, 1
	isFraction := false
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits = 10*digits + uint64(c-'0')
			if isFraction {
				scale *= 10
			}
		case c == '.' && !isFraction:
			isFraction = true
		default:
			return 0, fmt.Errorf("'%s' is no amount", text)
		}
	}
	if len(text) == 0 || len(text) > 16 {
		return 0, fmt.Errorf("'%s' is no amount", text)
	}
	return float64(digits) / float64(scale), nil
}
