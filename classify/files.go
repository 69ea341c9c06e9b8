package classify

import (
	"fmt"
	"io/fs"

	"postfix_exporter/rules"
)

// File is a rules file: YAML, see docs/RULES.md.
type File struct {
	Name string // as faults and rules name it
	Data []byte
}

// lastFiles are read after all others: what is said in general comes after what
// one provider says, and what the codes say last of all.
var lastFiles = []string{
	"filters.yaml", "lists.yaml", "postfix.yaml", "languages.yaml", "general.yaml", "enhanced.yaml",
}

// Shipped are the files that are built in, in their order.
func Shipped() ([]File, error) {
	names, err := fs.Glob(rules.Files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("built-in rules: %w", err)
	}
	var first, last []File
	for _, name := range names {
		data, err := fs.ReadFile(rules.Files, name)
		if err != nil {
			return nil, fmt.Errorf("built-in rules: %w", err)
		}
		if !isLast(name) {
			first = append(first, File{"rules/" + name, data})
		}
	}
	for _, name := range lastFiles {
		if data, err := fs.ReadFile(rules.Files, name); err == nil {
			last = append(last, File{"rules/" + name, data})
		}
	}
	return append(first, last...), nil
}

func isLast(name string) bool {
	for _, last := range lastFiles {
		if name == last {
			return true
		}
	}
	return false
}
