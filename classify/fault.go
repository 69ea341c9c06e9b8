package classify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is something wrong with a rules file.
type Fault struct {
	File string
	Line int // 0: the whole file
	Text string
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults are all faults of a set of rules files, a line each.
type Faults []Fault //nolint:errname // it is a list first

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].String()
	}
	return strings.Join(lines, "\n")
}

// asError is nil where there is no fault.
func (f Faults) asError() error {
	if len(f) == 0 {
		return nil
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return f
}
