// Stream receives lines that can't be read again: syslog messages over the network
// and Unix sockets, and what is written to pipes and standard input. Here is what is
// handed out. Goroutines receive: stream_datagram.go, stream_tcp.go, stream_pipe.go;
// stream_queue.go is between them and us.

package source

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Stream is the source of lines that are sent to us. Nothing of it can be taken up
// after a restart. To end without loss, call Stop and go on with Next and Wait until
// io.EOF, then Close.
type Stream struct {
	o       StreamOptions
	log     string // canonical names of all it receives from
	queue   *lineQueue
	readers []streamReader
	alive   sync.WaitGroup // readers; the queue ends with the last one
	own     sync.WaitGroup // goroutines that Close ends
	local   *maillog.Sender

	stopped  chan struct{} // Stop or Close was called
	stopOnce sync.Once
	stopAt   time.Time // when reading is given up after Stop
	closing  sync.Once

	have   *streamBatch // being handed out; nil: none
	next   int          // line of it
	begin  int          // byte of it at which that begins
	at     checkpoint.Pos
	closed bool
	state  streamState
}

// streamReader is one goroutine, or some, that receives.
type streamReader interface {
	run()         // until everything came, or end
	ebb()         // after Stop: what is there now is read, then run ends
	end()         // run ends as soon as it can
	fault() error // what is wrong now
}

// streamState is what is left for others to read.
type streamState struct {
	received, dropped, cut    atomic.Int64
	conns, refused, badFrames atomic.Int64
}

// NewStream begins to receive. An address that is in use or can't be had is an error,
// and so is a pipe that is none; one that isn't there is waited for.
func NewStream(o StreamOptions) (*Stream, error) {
	o.setDefaults()
	s := &Stream{o: o, stopped: make(chan struct{}), local: &maillog.Sender{Host: o.Host}}
	s.queue = newLineQueue(o.QueueBytes, o.Wake)
	if err := s.open(); err != nil {
		for _, r := range s.readers {
			r.end()
		}
		return nil, err
	}
	for _, r := range s.readers {
		s.start(r)
	}
	go func() {
		s.alive.Wait()
		s.queue.end()
	}()
	return s, nil
}

// Next is the next line, and when it came. io.EOF: nothing now. There is no other
// error: Err tells what is wrong.
func (s *Stream) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	for s.have == nil || s.next == len(s.have.lines) {
		if !s.more() {
			return maillog.Line{}, s.at, io.EOF
		}
	}
	l := &s.have.lines[s.next]
	text := s.have.text[s.begin:l.end]
	s.next, s.begin, s.at.NotAfter = s.next+1, int(l.end), l.at
	return maillog.Line{Text: alias(text), Sender: l.from}, s.at, nil
}

// more takes the next batch and gives the last one back: its lines have been counted.
func (s *Stream) more() bool {
	if s.closed {
		return false
	}
	s.have = s.queue.take(s.have)
	s.next, s.begin = 0, 0
	return s.have != nil
}

// Done is true once all was handed out and nothing more can come: standard input and
// nothing else was read, and it ended; or after Stop. It belongs to Next's goroutine.
func (s *Stream) Done() bool {
	return s.closed || s.have == nil && s.queue.isOver()
}

// Wait blocks until there may be more, for a second at most. It is io.EOF once the
// stream is Done.
func (s *Stream) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.Done() {
		return io.EOF
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.o.wake:
	case <-s.o.After(DefaultTick):
	}
	return nil
}

// Stop ends the receiving in good order: nothing new is let in, what was sent already
// is still read, for a second at most, and then Wait tells the end. It doesn't wait
// for that. It may be called from any goroutine.
func (s *Stream) Stop() {
	s.stopOnce.Do(func() {
		s.stopAt = time.Now().Add(stopPatience)
		close(s.stopped)
		for _, r := range s.readers {
			r.ebb()
		}
		time.AfterFunc(stopPatience, s.queue.end)
	})
}

// Close ends the receiving at once. What was received and not handed out is lost.
func (s *Stream) Close() error {
	s.closed = true
	s.closing.Do(func() {
		s.stopOnce.Do(func() { close(s.stopped) })
		s.queue.end()
		for _, r := range s.readers {
			r.end()
		}
		s.own.Wait()
		s.queue.drop()
	})
	return nil
}

// Place says which stream it is, and no place: there is none.
func (s *Stream) Place() checkpoint.Place { return checkpoint.Place{Log: s.log} }

// alias is b as a string, as long as b isn't written to.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
