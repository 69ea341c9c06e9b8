// Any reader as a source: standard input of a daemon that is fed by a pipe.

package source

import (
	"context"
	"fmt"
	"io"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Reader reads lines from a reader until its end. A read that blocks can't be
// given up in Go, so a goroutine does the reads, one ahead, and Wait can end
// with its context.
type Reader struct {
	name   string
	now    func() time.Time
	full   chan chunk  // what was read; room for all there is, so pump never blocks on it
	free   chan []byte // where to read the next
	have   chunk       // if ready
	ready  bool
	at     checkpoint.Pos
	split  *splitter
	closed bool
	fault  error // why it ended, until that was told
}

// chunk is the outcome of one read.
type chunk struct {
	b   []byte
	at  int64 // Unix time
	err error
}

// NewReader begins to read. The name is for errors; now may be nil.
func NewReader(r io.Reader, name string, now func() time.Time) *Reader {
	if now == nil {
		now = time.Now
	}
	s := &Reader{
		name:  name,
		now:   now,
		full:  make(chan chunk, 2),
		free:  make(chan []byte, 2),
		split: newSplitter(bufferSize, MaxLine),
	}
	const room = bufferSize - MaxLine - 2 // beside the longest half line
	s.free <- make([]byte, room)
	s.free <- make([]byte, room)
	go s.pump(r)
	return s
}

// pump reads until the end, an error, or Close. It ends on Close once the read
// that it is in comes back.
func (s *Reader) pump(r io.Reader) {
	for buf := range s.free {
		n, err := readSome(r, buf)
		s.full <- chunk{buf[:n], s.now().Unix(), err}
		if err != nil {
			return
		}
	}
}

// readSome reads at least a byte. A reader that gives nothing and no error
// would keep us busy for ever.
func readSome(r io.Reader, buf []byte) (n int, err error) {
	for range 100 {
		if n, err = r.Read(buf); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// Next is the next line. io.EOF: nothing now. Another error is why there will be
// nothing more.
func (s *Reader) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	for {
		if text, ok := s.split.next(); ok {
			s.at.Offset = s.split.offset()
			return maillog.Line{Text: text}, s.at, nil
		}
		if err := s.more(); err != nil {
			return maillog.Line{}, s.at, err
		}
	}
}

// more takes what was read meanwhile.
func (s *Reader) more() error {
	if s.split.final {
		return s.end()
	}
	if !s.ready {
		select {
		case s.have = <-s.full:
		default:
			return io.EOF
		}
	}
	s.ready = false
	s.take(s.have)
	return nil
}

// take hands the chunk to the splitter.
func (s *Reader) take(c chunk) {
	s.split.add(c.b)
	s.at.NotAfter = c.at
	if c.err == nil {
		s.free <- c.b[:cap(c.b)]
		return
	}
	s.split.final = true
	if c.err != io.EOF {
		s.fault = fmt.Errorf("read %s: %w", s.name, c.err)
	}
}

// end tells the fault once.
func (s *Reader) end() error {
	err := s.fault
	if s.fault = nil; err != nil {
		return err
	}
	return io.EOF
}

// Wait blocks until something was read, or ctx ends.
func (s *Reader) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.ready {
		return nil
	}
	if s.split.final {
		return io.EOF
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case s.have = <-s.full:
		s.ready = true
		return nil
	}
}

// LongLines is how many lines were cut. It belongs to Next's goroutine.
func (s *Reader) LongLines() int64 { return s.split.cut }

// Close ends reading. The reader itself stays its owner's to close.
func (s *Reader) Close() error {
	if !s.closed {
		s.closed, s.split.final = true, true
		close(s.free)
	}
	return nil
}
