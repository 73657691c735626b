package luago

import "strings"

// mostRows bounds what is shown of a layout, which anybody can have made up.
const mostRows = 64

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
	for i := range max(len(left), len(right)) {
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
	return unusable(b.String())
}

// rowsOf splits a description where it is not inside a nested one.
func rowsOf(description string) []string {
	var rows []string
	depth, start := 0, 0
	for i := 0; i < len(description) && len(rows) < mostRows; i++ {
		switch description[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ';':
			if depth == 0 {
				rows = append(rows, shorten(description[start:i]))
				start = i + 1
				for start < len(description) && description[start] == ' ' {
					start++
				}
			}
		}
	}
	if len(rows) == mostRows {
		return append(rows, "…")
	}
	return append(rows, shorten(description[start:]))
}
