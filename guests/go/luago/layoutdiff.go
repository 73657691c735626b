package luago

import (
	"strconv"
	"strings"
)

// What is shown of a layout is bounded, as anybody can have made it up.
const (
	mostRows   = 200
	longestRow = 120
)

// layoutsDiffer shows two descriptions side by side.
func layoutsDiffer(passed, expected string) error {
	left, right := rowsOf(passed), rowsOf(expected)
	width := len("passed")
	for _, row := range left {
		width = max(width, len(row))
	}
	var b strings.Builder
	b.WriteString("the layouts differ:")
	line := func(mark, left, right string) {
		b.WriteString("\n" + mark + left + strings.Repeat(" ", width-len(left)) + " |")
		if right != "" {
			b.WriteString(" " + right)
		}
	}
	line("  ", "passed", "expected")
	count := max(len(left), len(right))
	for i := range min(count, mostRows) {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		mark := "  "
		if alike(l) != alike(r) {
			mark = "* "
		}
		line(mark, l, r)
	}
	if count > mostRows {
		b.WriteString("\n  and " + strconv.Itoa(count-mostRows) + " more")
	}
	return unusable(b.String())
}

// rowsOf splits a description where it is not inside a nested one.
func rowsOf(description string) []string {
	var rows []string
	depth, start := 0, 0
	for i := 0; i < len(description); i++ {
		switch description[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ';':
			if depth == 0 {
				rows = append(rows, cutRow(description[start:i]))
				start = i + 1
				for start < len(description) && description[start] == ' ' {
					start++
				}
			}
		}
	}
	return append(rows, cutRow(description[start:]))
}

func cutRow(row string) string {
	if len(row) <= longestRow {
		return row
	}
	return cutText(row, longestRow-3) + "..."
}
