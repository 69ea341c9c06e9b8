// What the goroutines of a Stream have in common: how they hand over lines, and how
// they end.

package source

import (
	"errors"
	"os"
	"sync"
	"time"

	"postfix_exporter/maillog"
)

// drainQuiet is how long nothing may come after Stop: then all was read.
const drainQuiet = 20 * time.Millisecond

// start runs a reader beside us. Standard input may block for ever: Close doesn't
// wait for it.
func (s *Stream) start(r streamReader) {
	s.alive.Add(1)
	if in, ok := r.(*standardInput); ok {
		in.ended = sync.OnceFunc(s.alive.Done)
		go in.run()
		return
	}
	s.own.Go(func() {
		defer s.alive.Done()
		r.run()
	})
}

func (s *Stream) isStopped() bool {
	select {
	case <-s.stopped:
		return true
	default:
		return false
	}
}

// pause sleeps, or is false when the stream is stopped.
func (s *Stream) pause(d time.Duration) bool {
	select {
	case <-s.stopped:
		return false
	case <-time.After(d):
		return true
	}
}

// offer hands over a datagram. Where the queue is full it is dropped, and counted.
func (s *Stream) offer(message []byte, from *maillog.Sender, at int64) {
	text, cut, _ := cutMessage(message, MaxLine)
	if cut {
		s.state.cut.Add(1)
	}
	s.state.received.Add(1)
	if !s.queue.offer(alias(text), streamLine{at: at, from: from}) {
		s.state.dropped.Add(1)
	}
}

// hand hands over a line of a stream, once there is room. It is false after the end.
func (s *Stream) hand(line string, from *maillog.Sender, at int64) bool {
	if !s.queue.wait(line, streamLine{at: at, from: from}) {
		return false
	}
	s.state.received.Add(1)
	return true
}

// handAll hands over the lines of a pipe.
func (s *Stream) handAll(split *splitter) bool {
	now, cut := s.o.Now().Unix(), split.cut
	for line, ok := split.next(); ok; line, ok = split.next() {
		if !s.hand(line, nil, now) {
			return false
		}
	}
	s.state.cut.Add(split.cut - cut)
	return true
}

// deadline ends a read that blocks: when nothing came for long, and when the stream is
// stopped. Then what is there is still read.
type deadline struct {
	mu       sync.Mutex
	set      func(time.Time) error
	draining bool
}

// wake ends the read that is under way.
func (d *deadline) wake() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.draining {
		_ = d.set(time.Unix(1, 0))
	}
}

// begin is called before each read, which may take so long; 0: for ever. It is false
// when the reading is to end.
func (d *deadline) begin(s *Stream, patience time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	switch {
	case s.isStopped():
		d.draining = true
		_ = d.set(now.Add(drainQuiet))
		return now.Before(s.stopAt)
	case patience > 0:
		_ = d.set(now.Add(patience))
	}
	return true
}

// passed says whether a read ended by its deadline, and whether that is the end.
func (d *deadline) passed(err error) (timeout, drained bool) {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return false, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return true, d.draining
}
