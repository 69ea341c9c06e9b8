package alerts

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"postfix_exporter/tools/observe/thresholds"
)

const (
	tableBegins = "<!-- generated: thresholds -->"
	tableEnds   = "<!-- end of thresholds -->"
)

// UpdateRunbooks writes the table of thresholds in docs/RUNBOOKS.md again.
func UpdateRunbooks(path string, set *thresholds.Set) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("the runbooks: %w", err)
	}
	text, err := WithTable(old, set)
	if err != nil || bytes.Equal(text, old) {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// WithTable is the page with the table of thresholds as it should be.
func WithTable(page []byte, set *thresholds.Set) ([]byte, error) {
	before, rest, ok := strings.Cut(string(page), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !ok || !ends {
		return nil, fmt.Errorf("docs/RUNBOOKS.md: no place for the table of thresholds: put in lines %s and %s", tableBegins, tableEnds)
	}
	return []byte(before + tableBegins + table(set) + tableEnds + after), nil
}

func table(set *thresholds.Set) string {
	var b strings.Builder
	b.WriteString("\n\n| threshold | value | why |\n|---|---|---|\n")
	for _, t := range set.All {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", t.Name, amount(t), t.Why)
	}
	b.WriteString("\n")
	return b.String()
}

// amount is a threshold as people say it.
func amount(t thresholds.Threshold) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch t.Unit {
	case "ratio":
		return number(t.Value*100) + " %"
	case "times":
		return number(t.Value) + " times"
	case "seconds":
		return number(t.Value) + " s"
	case "bytes":
		return number(t.Value/(1<<20)) + " MiB"
	case "hours":
		return number(t.Value) + " h"
	}
	return number(t.Value)
}
