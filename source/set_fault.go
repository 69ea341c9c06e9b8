// What keeps a Set's members from being read.

package source

import (
	"fmt"
	"slices"
)

// Fault is what keeps a log from being read now.
type Fault struct {
	Log string // its path, or the pattern
	Err error
}

// Faults are those of now, in no order. That a file of a pattern is gone is none.
func (s *Set) Faults() []Fault {
	r := s.roster.Load()
	faults := slices.Clone(r.faults)
	for _, m := range r.members {
		if m.file != nil && !m.named && m.file.missing() {
			continue
		}
		if err := m.Err(); err != nil {
			faults = append(faults, Fault{m.log, err})
		}
	}
	return faults
}

// maxTold is how many faults Err tells.
const maxTold = 5

// Err is what keeps logs from being read now. It is nil if all is well.
func (s *Set) Err() error {
	faults := s.Faults()
	var errs []error
	for _, f := range faults[:min(len(faults), maxTold)] {
		errs = append(errs, f.Err)
	}
	if more := len(faults) - maxTold; more > 0 {
		errs = append(errs, fmt.Errorf("and %d more", more))
	}
	return joined(errs).orNil()
}

// joined are errors, told in one line.
type joined []error

func (j joined) orNil() error {
	switch len(j) {
	case 0:
		return nil
	case 1:
		return j[0]
	}
	return j
}

func (j joined) Error() string {
	text := j[0].Error()
	for _, err := range j[1:] {
		text += "; " + err.Error()
	}
	return text
}

func (j joined) Unwrap() []error { return j }

var _ error = joined(nil)
