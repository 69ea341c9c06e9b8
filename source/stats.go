// What is told about a source while it runs; here, about a Follow.

package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
)

// Stats is how a source stands.
type Stats struct {
	Size        int64 // bytes of the file being read, on the disk, when it was last looked at
	Offset      int64 // how many of them were read
	Lag         int64 // bytes, on the disk, that are written and not read, those of newer files included
	Rotations   int64 // files that took the place of another
	Truncations int64 // times that a file was emptied and written anew
	Missed      int64 // rotated files that couldn't be read, or not to their end
	Gaps        int64 // times that the rest of the file that was read last was gone, so that lines may be missing
	LongLines   int64 // lines cut at MaxLine
	Watched     bool  // notifications come; else there are only the ticks

	// Of a Stream. What came is what was handed out, what waits (Lag) and Dropped.
	Receives      bool  // there is one
	Received      int64 // lines and messages
	Dropped       int64 // datagrams among them that found the queue full
	KernelDropped int64 // datagrams that the kernel dropped, where it tells: UDP on Linux
	Connections   int64 // open now
	Refused       int64 // connections closed at once, because there were too many
	BadFrames     int64 // of TCP: broken off, or of a length that can't be
}

// state is what Follow's goroutine leaves for others to read.
type state struct {
	size, offset                   atomic.Int64
	ahead, live                    atomic.Int64 // bytes of the rotated files still to come, and of the live one
	rotations, truncations, missed atomic.Int64
	gaps, cut                      atomic.Int64
	caughtUp                       atomic.Bool
	err                            atomic.Pointer[error]
	resume                         atomic.Pointer[Resume]
}

func (s *state) setErr(err error) {
	if err == nil {
		s.err.Store(nil)
		return
	}
	s.err.Store(&err)
}

// setAhead tells how many bytes come after the file being read.
func (s *state) setAhead(rotated, live int64) {
	s.ahead.Store(rotated)
	s.live.Store(live)
}

// publish leaves the numbers, once a buffer.
func (f *Follow) publish() {
	s := &f.state
	if info, err := f.in.file.Stat(); err == nil {
		s.size.Store(info.Size())
		f.changed = info.ModTime()
	}
	if !f.moved {
		s.live.Store(0)
	} else if live, err := os.Stat(f.path); f.backlog && err == nil {
		s.live.Store(live.Size())
	}
	s.offset.Store(f.split.read)
	if f.in.packed != nil {
		s.offset.Store(f.in.packed.raw.n)
	}
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
		Gaps:        s.gaps.Load(),
		LongLines:   s.cut.Load(),
		Watched:     f.waker != nil && f.waker.on.Load(),
	}
	st.Lag = max(0, st.Size-st.Offset) + s.ahead.Load() + s.live.Load()
	return st
}

// Err is what keeps the log from being read now: a file or directory that isn't
// there, or may not be read. It is nil if all is well. It may be called from any
// goroutine.
func (f *Follow) Err() error {
	err := f.state.fault()
	var file *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &file):
		return fmt.Errorf("waiting for the log: %w", err)
	}
	return fmt.Errorf("waiting for the log %s: %w", f.path, err)
}

func (s *state) fault() error {
	if err := s.err.Load(); err != nil {
		return *err
	}
	return nil
}
