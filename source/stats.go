// What is told about a Follow while it runs.

package source

import (
	"fmt"
	"sync/atomic"
)

// Stats is how the following of a file stands.
type Stats struct {
	Size        int64 // of the file being read, when it was last looked at
	Offset      int64 // how far it was read
	Lag         int64 // bytes that are written and not read, those of a newer file included
	Rotations   int64 // files that took the place of another
	Truncations int64 // times that a file was emptied and written anew
	Missed      int64 // rotated files that couldn't be read, or not to their end
	LongLines   int64 // lines cut at MaxLine
	Watched     bool  // notifications come; else there are only the ticks
}

// state is what Follow's goroutine leaves for others to read.
type state struct {
	size, live, offset             atomic.Int64
	rotations, truncations, missed atomic.Int64
	cut                            atomic.Int64
	err                            atomic.Pointer[error]
}

func (s *state) setErr(err error) {
	if err == nil {
		s.err.Store(nil)
		return
	}
	s.err.Store(&err)
}

// publish leaves the numbers, once a buffer.
func (f *Follow) publish() {
	s := &f.state
	if info, err := f.in.file.Stat(); err == nil {
		s.size.Store(info.Size())
	}
	if !f.moved {
		s.live.Store(0)
	}
	s.offset.Store(f.split.read)
	s.cut.Store(f.split.cut)
}

// Stats may be called from any goroutine.
func (f *Follow) Stats() Stats {
	s := &f.state
	st := Stats{
		Size:        s.size.Load(),
		Offset:      s.offset.Load(),
		Rotations:   s.rotations.Load(),
		Truncations: s.truncations.Load(),
		Missed:      s.missed.Load(),
		LongLines:   s.cut.Load(),
		Watched:     f.waker != nil && f.waker.on.Load(),
	}
	st.Lag = max(0, st.Size-st.Offset) + s.live.Load()
	return st
}

// Err is what keeps the log from being read now: a file or directory that isn't
// there, or may not be read. It is nil if all is well. It may be called from any
// goroutine.
func (f *Follow) Err() error {
	if err := f.state.err.Load(); err != nil {
		return fmt.Errorf("waiting for the log: %w", *err)
	}
	return nil
}
