// Whose turn it is among a Set's members.

package source

import (
	"math"
	"time"
)

// A turn of one member, while others may have something too.
const (
	turnReads = 4       // of a file: a few thousand lines, and no half-read buffer is left
	turnLines = 4 << 10 // of another source
	allLines  = math.MaxInt
)

// turn is false when all were asked.
func (s *Set) turn() bool {
	if s.busy = false; s.closed {
		return false
	}
	if now := s.o.Now(); !s.pass || now.Sub(s.passed) >= s.tickLength() {
		s.beginPass(now)
	}
	if len(s.todo) == 0 {
		s.endPass()
		return false
	}
	m := s.todo[0]
	s.todo = s.todo[1:]
	m.queued = false
	s.cur, s.left = m, turnLines
	if m.file != nil {
		s.left, m.file.fills = allLines, turnReads
	}
	return true
}

// beginPass has all members asked, or those that have news.
func (s *Set) beginPass(now time.Time) {
	only := s.only && !s.pass
	s.pass, s.only = true, false
	if !only {
		s.passed = now
		s.lookAround(now)
	}
	for _, m := range s.members {
		if !only || m.hasNews() {
			s.queue(m)
		}
	}
}

// endPass notes once that all that was there at the start was read.
func (s *Set) endPass() {
	s.pass, s.todo = false, nil
	if s.caughtUp.Load() {
		return
	}
	for _, m := range s.members {
		if !m.CaughtUp() {
			return
		}
	}
	s.caughtUp.Store(true)
}

func (s *Set) queue(m *member) {
	if !m.queued && m != s.cur {
		m.queued = true
		s.todo = append(s.todo, m)
	}
}

// endTurn is for a member that has no line now, or had its turn.
func (s *Set) endTurn() {
	m := s.cur
	s.cur = nil
	switch {
	case m.file == nil:
		if s.left < 0 {
			s.queue(m)
		}
	case m.file.skip != nil: // its memory is to be freed before another's is taken
		s.busy, m.queued = true, true
		s.todo = append([]*member{m}, s.todo...)
	case m.file.paused():
		m.file.split.park()
		s.queue(m)
	default:
		m.file.split.park()
		m.file.subscribe()
		s.lookAfter(m)
	}
}
