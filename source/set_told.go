// What is told about a Set, and what is kept of it.

package source

import (
	"slices"

	"postfix_exporter/checkpoint"
)

// roster is what a Set's goroutine leaves for others to read. It isn't changed: a
// new one takes its place.
type roster struct {
	members []*member
	past    Stats    // of members that were let go of
	resumed []Resume // of those, and of places that nobody took up
	faults  []Fault  // of patterns
}

// publish leaves a new roster.
func (s *Set) publish(change func(*roster)) {
	r := roster{}
	if old := s.roster.Load(); old != nil {
		r = *old
	}
	r.members = slices.Clone(s.members)
	if change != nil {
		change(&r)
	}
	s.roster.Store(&r)
}

// Places are the places behind the last lines that Next gave, one for each log, and
// one for each pattern, which says that it was looked for. A Set that is made with
// them (SetOptions.At) goes on with the next lines. They stay as they were after
// Close.
func (s *Set) Places() []checkpoint.Place {
	if s.closed {
		return s.last
	}
	places := slices.Clone(s.places)
	for _, m := range s.members {
		p, ok := m.place()
		if ok {
			places = append(places, p)
		}
	}
	for _, p := range s.patterns {
		places = append(places, checkpoint.Place{Log: p.text, NotAfter: p.since})
	}
	return places
}

func (m *member) place() (p checkpoint.Place, ok bool) {
	if m.file != nil {
		return m.file.placeOf()
	}
	p = m.Place()
	return p, p.Log != ""
}

// CaughtUp is true once all that was there at the start was handed out. It stays
// true.
func (s *Set) CaughtUp() bool { return s.caughtUp.Load() }

// Behind are the logs that were not read to their ends yet.
func (s *Set) Behind() (logs []string) {
	for _, m := range s.roster.Load().members {
		if !m.CaughtUp() {
			logs = append(logs, m.log)
		}
	}
	return logs
}

// Stats are the sums of the members'. It is Watched if all files are.
func (s *Set) Stats() Stats {
	r := s.roster.Load()
	sum := r.past
	sum.Watched = true
	for _, m := range r.members {
		st := m.Stats()
		sum.add(&st)
		sum.Size, sum.Offset, sum.Lag = sum.Size+st.Size, sum.Offset+st.Offset, sum.Lag+st.Lag
		sum.Connections += st.Connections
		sum.Watched = sum.Watched && st.Watched
	}
	return sum
}

// add adds what is counted.
func (s *Stats) add(t *Stats) {
	s.Rotations += t.Rotations
	s.Truncations += t.Truncations
	s.Missed += t.Missed
	s.Gaps += t.Gaps
	s.LongLines += t.LongLines
	s.Receives = s.Receives || t.Receives
	s.Received += t.Received
	s.Dropped += t.Dropped
	s.KernelDropped += t.KernelDropped
	s.Refused += t.Refused
	s.BadFrames += t.BadFrames
}

// Resumed says of each place that the Set was made with how it was taken up.
func (s *Set) Resumed() []Resume {
	r := s.roster.Load()
	all := slices.Clone(r.resumed)
	for _, m := range r.members {
		if m.resumed {
			all = append(all, m.resume())
		}
	}
	return all
}

func (m *member) resume() Resume {
	r := m.Resumed()
	r.Log = m.log
	return r
}
