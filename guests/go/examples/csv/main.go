// Command csv is a guest that parses a CSV file in one segment into columns in another. Neither
// the file nor the columns are copied when they are passed.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/luago-project/luago/guests/go/luago"
)

// Table is the contents of a file.
type Table struct {
	Rows    int
	Names   []string
	Columns map[string]Column
}

// Column has numbers or texts; the other field is nil in Lua.
type Column struct {
	Numbers luago.View[float64]
	Texts   luago.View[Span]
}

// Span is the range of a text in the file, counted as in Lua: from 1, including the last byte.
// In Lua it is luago.struct{ {"first", "u32"}, {"last", "u32"} }.
type Span struct{ First, Last uint32 }

const cell = 8 // bytes of a number, and of a Span

var errNoHeader = errors.New("the file has no line with names")

func init() {
	luago.Func1("parse", parse,
		luago.Doc("parse(segment): the columns of a CSV file whose first line has their names"))
}

func main() {}

// parse takes a column as one of numbers if there is a number, or nothing, in its first row.
func parse(ctx context.Context, file *luago.Segment) (Table, error) {
	text, err := file.Bytes()
	if err != nil {
		return Table{}, err
	}
	header, at := row(text, 0)
	if len(header) == 0 {
		return Table{}, errNoHeader
	}
	first, _ := row(text, at)
	most := bytes.Count(text[at:], []byte{'\n'}) + 1
	store, err := luago.NewSegment(most * len(header) * cell)
	if err != nil {
		return Table{}, err
	}
	columns := make([]column, len(header))
	for i := range columns {
		isNumber := i < len(first) && (first[i].Len() == 0 || number(text, first[i]) == nil)
		if columns[i], err = newColumn(store, i*most*cell, most, isNumber); err != nil {
			return Table{}, err
		}
	}
	rows := 0
	var spans []Span
	for at < len(text) {
		if spans, at = appendRow(spans[:0], text, at); len(spans) == 0 {
			continue
		}
		if len(spans) != len(header) {
			return Table{}, fmt.Errorf("row %d has %d fields, not %d", rows+1, len(spans), len(header))
		}
		for i := range columns {
			if err := columns[i].set(text, rows, spans[i]); err != nil {
				return Table{}, fmt.Errorf("row %d, column '%s': %w", rows+1, show(text, header[i]), err)
			}
		}
		if rows++; rows%(1<<16) == 0 && ctx.Err() != nil {
			return Table{}, context.Cause(ctx)
		}
	}
	table := Table{Rows: rows, Columns: make(map[string]Column, len(header))}
	for i, name := range header {
		shown, err := columns[i].shown(store, i*most*cell, rows)
		if err != nil {
			return Table{}, err
		}
		table.Names = append(table.Names, show(text, name))
		table.Columns[show(text, name)] = shown
	}
	return table, nil
}

// column is a Column that is being filled: numbers or texts.
type column struct {
	numbers []float64
	texts   []Span
}

func newColumn(store *luago.Segment, offset, rows int, isNumber bool) (column, error) {
	if isNumber {
		view, err := luago.ViewOf[float64](store, offset, rows)
		if err != nil {
			return column{}, err
		}
		numbers, err := view.Slice()
		return column{numbers: numbers}, err
	}
	view, err := luago.ViewOf[Span](store, offset, rows)
	if err != nil {
		return column{}, err
	}
	texts, err := view.Slice()
	return column{texts: texts}, err
}

func (c *column) set(text []byte, row int, s Span) error {
	if c.numbers == nil {
		c.texts[row] = s
		return nil
	}
	if s.Len() == 0 {
		c.numbers[row] = math.NaN()
		return nil
	}
	value, err := strconv.ParseFloat(string(s.of(text)), 64)
	c.numbers[row] = value
	return err
}

// shown returns the rows that were filled.
func (c *column) shown(store *luago.Segment, offset, rows int) (Column, error) {
	if c.numbers != nil {
		numbers, err := luago.ViewOf[float64](store, offset, rows)
		return Column{Numbers: numbers}, err
	}
	texts, err := luago.ViewOf[Span](store, offset, rows)
	return Column{Texts: texts}, err
}

// Len returns the number of bytes.
func (s Span) Len() int { return int(s.Last) - int(s.First) + 1 }

func (s Span) of(text []byte) []byte { return text[s.First-1 : s.Last] }

func show(text []byte, s Span) string { return string(s.of(text)) }

func number(text []byte, s Span) error {
	_, err := strconv.ParseFloat(string(s.of(text)), 64)
	return err
}

func row(text []byte, at int) ([]Span, int) { return appendRow(nil, text, at) }

// appendRow appends the fields of the line at an offset, none if the line is empty, and returns
// where the next line begins. The span of a quoted field is what is between the quotes.
func appendRow(spans []Span, text []byte, at int) ([]Span, int) {
	for {
		from, to := at, 0
		isQuoted := at < len(text) && text[at] == '"'
		if isQuoted {
			from = at + 1
			to = from + until(text[from:], '"')
			for to+1 < len(text) && text[to+1] == '"' { // two of them stand for one
				to += 2
				to += until(text[to:], '"')
			}
			at = min(to+1, len(text))
		}
		for at < len(text) && text[at] != ',' && text[at] != '\n' {
			at++
		}
		isLast := at == len(text) || text[at] == '\n'
		if !isQuoted {
			to = at
			if isLast && to > from && text[to-1] == '\r' {
				to--
			}
		}
		if !isLast || len(spans) > 0 || isQuoted || to > from {
			spans = append(spans, Span{First: uint32(from + 1), Last: uint32(to)})
		}
		if at = min(at+1, len(text)); isLast {
			return spans, at
		}
	}
}

func until(text []byte, c byte) int {
	if i := bytes.IndexByte(text, c); i >= 0 {
		return i
	}
	return len(text)
}
