package luago

import (
	"strconv"
	"strings"
)

// What is shown of a layout is bounded, as it can come from anyone.
const (
	maxRows   = 200
	maxRowLen = 120
)

// layoutMismatch returns an error that shows two descriptions side by side.
func layoutMismatch(passed, expected string) error {
	left, right := splitRows(passed), splitRows(expected)
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
	for i := range min(count, maxRows) {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		mark := "  "
		if foldNames(l) != foldNames(r) {
			mark = "* "
		}
		line(mark, l, r)
	}
	if count > maxRows {
		b.WriteString("\n  and " + strconv.Itoa(count-maxRows) + " more")
	}
	return newMismatch(b.String())
}

// splitRows splits a description into its fields, but not nested ones.
func splitRows(description string) []string {
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
				rows = append(rows, truncateRow(description[start:i]))
				start = i + 1
				for start < len(description) && description[start] == ' ' {
					start++
				}
			}
		}
	}
	return append(rows, truncateRow(description[start:]))
}

func truncateRow(row string) string {
	if len(row) <= maxRowLen {
		return row
	}
	return truncateUTF8(row, maxRowLen-3) + "..."
}
