package collector

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
)

// What is taken out of a state is checked here: neither a damaged one nor one that
// somebody made up may end the process, or spoil a scrape.

// A restorer takes an engine's part of a state.
type restorer struct {
	*checkpoint.Decoder
	names names
	where string // what is being taken
	room  int    // series that may still come
}

const (
	// maxCount leaves room to count on for as long as a machine lives.
	maxCount = math.MaxInt64 / 2
	// maxRestored is how many series a state may hold in all, where the limit allows
	// no more. They need 0.3 GB.
	maxRestored = 500_000
)

// room is how many series a state may hold. With hosts, what has closed labels only
// goes on to come when they have no more to spare.
func (d *declarer) room() int {
	room := max(maxRestored, d.limit*len(d.books))
	if d.hosts != nil {
		room *= 2
	}
	return room
}

// failure says what is wrong, as a person needs it.
func (r *restorer) failure() error {
	if err := r.Err(); errors.Is(err, ErrOtherVersion) {
		return err
	}
	return fmt.Errorf("%s can't be read: %w", r.where, r.Err())
}

// other fails because this version is not the one that wrote the state.
func (r *restorer) other(format string, args ...any) {
	r.Fail("%s: %w", fmt.Sprintf(format, args...), ErrOtherVersion)
}

// count takes the value of a counter.
func (r *restorer) count() uint64 {
	return r.upTo(maxCount)
}

// sum adds up two counts.
func (r *restorer) sum(a, b uint64) uint64 {
	if b > maxCount-a {
		r.Fail("%d and %d are more than can be counted", a, b)
		return a
	}
	return a + b
}

// upTo takes a number that has a greatest value.
func (r *restorer) upTo(most uint64) uint64 {
	n := r.Uint()
	if n > most {
		r.Fail("%d, where %d is the most that can be", n, most)
		return 0
	}
	return n
}

// text takes one that will be shown.
func (r *restorer) text(most int) string {
	s := r.String()
	if len(s) > most || !utf8.ValidString(s) {
		r.Fail("%s is too long, or no text", quote(s))
		return ""
	}
	return s
}

// quote is what may be shown of a text that is not known to be harmless.
func quote(s string) string { return fmt.Sprintf("%.*q", maxLabelValue, s) }

// labelValue takes the value of a label of a family's key.
func (r *restorer) labelValue(t *fit, p place) string {
	v, name := r.names.value(t.saved, p.saved, r.text(maxLabelValue)), t.keyLabel(p)
	if r.Err() == nil && !isKnown(name, v) {
		r.other("%s has the %s %q, which this version does not know", t.name, name, v)
	}
	return v
}

// isKnown is true of all values of a label that is not closed.
func isKnown(label, value string) bool {
	all, closed := closedLabels[label]
	return !closed || slices.Contains(all, value)
}

// checkVerdict brings a tracked message's verdict up to date.
func (r *restorer) checkVerdict(v *classify.Verdict) error {
	v.Class = classify.Class(r.names.value("", "class", string(v.Class)))
	v.Kind = classify.Kind(r.names.value("", "kind", string(v.Kind)))
	v.Provider = r.names.value("", "provider", v.Provider)
	r.known("a deferral", string(v.Class), string(v.Kind))
	return r.Err()
}

// known fails if this version doesn't know a class or a kind.
func (r *restorer) known(what, class, kind string) {
	if r.Err() == nil && !(isKnown("class", class) && isKnown("kind", kind)) {
		r.other("%s is of class %s and kind %s, which this version does not know", what, quote(class), quote(kind))
	}
}
