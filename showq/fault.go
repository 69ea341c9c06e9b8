package showq

import (
	"errors"
	"fmt"
)

// Reason is why there is no list, or not the whole of it: a closed set, fit for
// a label.
type Reason string

const (
	Down      Reason = "down"       // Postfix is not running, or not there
	Forbidden Reason = "permission" // we may not ask
	Timeout   Reason = "timeout"    // no answer, or not all of it in time
	Cut       Reason = "cut"        // it ended in the middle
	Malformed Reason = "malformed"  // it is not such a list
	Other     Reason = "other"
)

// Reasons are all there are.
var Reasons = [...]Reason{Down, Forbidden, Timeout, Cut, Malformed, Other}

// An Error says what went wrong, where, and what to do.
type Error struct {
	Reason Reason
	text   string
	err    error // of the system; may be nil
}

func (e *Error) Error() string { return e.text }
func (e *Error) Unwrap() error { return e.err }

// ReasonOf is the reason of an error of List; "" for none.
func ReasonOf(err error) Reason {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Reason
	}
	return Other
}

func fault(r Reason, err error, format string, args ...any) error {
	return &Error{r, fmt.Sprintf(format, args...), err}
}

// malformed says what is wrong with a list, but does not quote it: it is full of
// addresses, and the text may be logged.
func malformed(format string, args ...any) error {
	return fault(Malformed, nil, format, args...)
}

// errTooOld is the answer of Postfix before 3.1.
var errTooOld = fault(Malformed, nil, "the list is a text for people: that is Postfix before 3.1, and 3.1 or newer is needed")

// where puts the place before what an Error says.
func where(place string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", place, err)
	}
	return &Error{e.Reason, place + ": " + err.Error(), err}
}
