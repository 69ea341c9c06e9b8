package report

import (
	"bufio"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// width is the longest line of a text report.
const width = 96

const indent = "  "

// maxName is the longest name in a table; label values have no such limit.
const maxName = 40

// table is rows under a header. Names are aligned to the left, the numbers
// behind them to the right.
type table struct {
	names int // columns of names
	rows  [][]string
}

// newTable makes a table; an empty header is not shown.
func newTable(names int, header ...string) *table {
	t := &table{names: names}
	if len(header) > 0 {
		t.rows = append(t.rows, header)
	}
	return t
}

func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = cell(c)
	}
	t.rows = append(t.rows, row)
}

func (t *table) write(w *bufio.Writer) {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, row := range t.rows {
		line := ""
		for i, c := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
			if i < t.names {
				line += indent + c + pad
			} else {
				line += indent + pad + c
			}
		}
		w.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func cell(c any) string {
	switch c := c.(type) {
	case uint64:
		return number(c)
	case seconds:
		return c.String()
	case size:
		return c.String()
	case share:
		return string(c)
	}
	return name(fmt.Sprint(c))
}

// name makes a label value fit, and safe for a terminal.
func name(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxName {
		s = string(r[:maxName-3]) + "..."
	}
	return s
}

// wrap breaks text into lines of at most n characters, at blanks where it can.
func wrap(text string, n int) []string {
	var lines []string
	for utf8.RuneCountInString(text) > n {
		end := 0
		for range n {
			_, length := utf8.DecodeRuneInString(text[end:])
			end += length
		}
		if blank := strings.LastIndexByte(text[:end+1], ' '); blank > 0 {
			end = blank
		}
		lines = append(lines, text[:end])
		text = strings.TrimLeft(text[end:], " ")
	}
	return append(lines, text)
}
