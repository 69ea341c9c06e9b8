package source

import (
	"fmt"
	"sync/atomic"
)

// CaughtUp is always true: nothing is read again, so no counter is ever below what it
// was. It may be called from any goroutine.
func (s *Stream) CaughtUp() bool { return true }

// Resumed tells whether the last run read another log; else there was nothing to take
// up. It may be called from any goroutine.
func (s *Stream) Resumed() Resume {
	at := &s.o.At
	if at.Log == "" || at.Log == s.log {
		return Resume{}
	}
	was := at.Path
	if was == "" {
		was = at.Log
	}
	return Resume{How: OtherLog, Was: was, Path: s.log}
}

// Stats may be called from any goroutine. Lag is what was received and not handed out.
func (s *Stream) Stats() Stats {
	st := &s.state
	stats := Stats{
		Lag:         s.queue.held(),
		LongLines:   st.cut.Load(),
		Watched:     true,
		Receives:    true,
		Received:    st.received.Load(),
		Dropped:     st.dropped.Load(),
		Connections: st.conns.Load(),
		Refused:     st.refused.Load(),
		BadFrames:   st.badFrames.Load(),
	}
	for _, r := range s.readers {
		if d, ok := r.(*datagrams); ok {
			stats.KernelDropped += d.kernelDropped()
		}
	}
	return stats
}

// maxFaults is how many are told at once.
const maxFaults = 4

// Err is what keeps lines from being received now: a pipe that isn't there,
// connections that can't be accepted. It is nil if all is well. It may be called from
// any goroutine.
func (s *Stream) Err() error {
	var all error
	told := 0
	for _, r := range s.readers {
		err := r.fault()
		switch {
		case err == nil || told == maxFaults:
			continue
		case all == nil:
			all = fmt.Errorf("waiting for the log: %w", err)
		default:
			all = fmt.Errorf("%w; %w", all, err)
		}
		told++
	}
	return all
}

// faultState is what is wrong with a reader now. Any goroutine may ask.
type faultState struct{ err atomic.Pointer[error] }

func (f *faultState) fault() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

// set has err told until it is set to nil.
func (f *faultState) set(err error) {
	switch {
	case err != nil:
		f.err.Store(&err)
	case f.err.Load() != nil:
		f.err.Store(nil)
	}
}
