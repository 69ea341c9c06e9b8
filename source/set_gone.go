// How a Set lets go of files that are gone.

package source

import "time"

// lookAfter looks whether a member that has no line now is gone for good.
func (s *Set) lookAfter(m *member) {
	f := m.file
	switch {
	case f.ended:
		s.release(m)
	case m.named || !f.missing():
		m.gone = time.Time{}
	case m.gone.IsZero():
		m.gone = s.o.Now()
	case s.isGone(m):
		f.giveUp()
		s.queue(m) // for the rest
	}
}

// isGone is true of a file that has been missing for so long, with all its rotated
// ones, that it won't come back. A place in a file that can't be found is waited for
// as long as a rotation may take.
func (s *Set) isGone(m *member) bool {
	f, now := m.file, s.o.Now()
	if f.saved != nil {
		return now.Sub(m.gone) >= s.o.Drain
	}
	return now.Sub(m.gone) >= s.o.Gone && now.Sub(f.quiet) >= s.o.Drain && !f.hasRotated()
}

// release closes a member. What it counted stays.
func (s *Set) release(m *member) {
	m.file.remember()
	_ = m.Close() // it was only read
	for i, other := range s.members {
		if other == m {
			s.members = append(s.members[:i:i], s.members[i+1:]...)
			break
		}
	}
	s.publish(func(r *roster) {
		st := m.Stats()
		r.past.add(&st)
		if m.resumed {
			r.resumed = append(r.resumed[:len(r.resumed):len(r.resumed)], m.resume())
		}
	})
}
