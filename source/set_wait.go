// How a Set waits: for the first of its members that has news, and for the tick.

package source

import (
	"context"
	"io"
	"time"
)

// tickAFile keeps the looks at very many files cheap: the tick is at least so long
// for each.
const tickAFile = 2 * time.Millisecond

// Wait blocks until there may be more: a notification, or the next tick. io.EOF:
// nothing ever again.
func (s *Set) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed || s.isDone() {
		return io.EOF
	}
	if s.pass { // there is work to do
		return nil
	}
	if s.tick == nil {
		s.tick = s.o.After(s.tickLength())
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.wake:
		s.only = true
	case <-s.tick:
		s.tick, s.only = nil, false
	}
	return nil
}

func (s *Set) tickLength() time.Duration {
	return max(s.o.Tick, time.Duration(len(s.members))*tickAFile)
}

// isDone is true once nothing will ever come again: of files and journals, only after
// Stop.
func (s *Set) isDone() bool {
	stopped := s.stopped.Load()
	if !stopped && len(s.named)+len(s.patterns) > 0 {
		return false
	}
	for _, m := range s.members {
		d, ends := m.Source.(interface{ Done() bool })
		if ends && !d.Done() || !ends && !stopped {
			return false
		}
	}
	return true
}

// hasNews is true if the member may be the one that woke the Set. Others than files
// are quickly asked.
func (m *member) hasNews() bool {
	return m.file == nil || m.file.waker != nil && m.file.waker.news.Swap(false)
}
