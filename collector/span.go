package collector

import (
	"time"

	"postfix_exporter/checkpoint"
)

// A span is the time from the first line of something to its last, whatever
// the order in which they come. Both are zero where no line has a stamp.
type span struct{ first, last time.Time }

func (s *span) extend(t time.Time) {
	if t.IsZero() {
		return
	}
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

// maxOffset is where offsets from UTC end that a time can be shown with
// (RFC 3339 section 5.6), in seconds.
const maxOffset = 24 * 60 * 60

// offsetOf is how far east of UTC a time is told; 0 if that can't be.
func offsetOf(t time.Time) int {
	if _, offset := t.Zone(); -maxOffset < offset && offset < maxOffset {
		return offset
	}
	return 0
}

// shown is a line's time as it can be shown: in the line's zone; zero if no
// calendar has it.
func shown(t time.Time) time.Time {
	if offsetOf(t) == 0 {
		t = t.UTC()
	}
	if t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// save puts the offsets, too, so that times look as they did.
func (s *span) save(to *checkpoint.Encoder) {
	for _, t := range [...]time.Time{s.first, s.last} {
		to.Time(t)
		to.Int(int64(offsetOf(t)))
	}
}

func (r *restorer) span() span { return span{first: r.told(), last: r.told()} }

// told takes a time and its offset.
func (r *restorer) told() time.Time {
	t, offset := r.Time(), r.Int()
	if offset <= -maxOffset || offset >= maxOffset {
		r.Fail("%d seconds east of UTC is nowhere", offset)
	}
	if offset == 0 || r.Err() != nil {
		return t
	}
	return t.In(time.FixedZone("", int(offset)))
}
