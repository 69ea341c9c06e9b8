// The splitter: bytes in, lines out. It is the hot path of everything here.

package source

import (
	"bytes"
	"io"
	"unsafe"
)

// MaxLine is the length of the longest line handed out, in bytes. Postfix's own
// lines end at about 2,100 (util/msg_syslog.c).
const MaxLine = 64 << 10

// bufferSize leaves room to read beside the longest half line.
const bufferSize = 256 << 10

// splitter finds the lines in what it reads.
type splitter struct {
	buf   []byte // of size bytes while it is read into; else what is left of the last read
	size  int
	spare *[]byte // where a buffer is taken from and put back; nil: the splitter keeps its own
	start int     // where the next line begins
	scan  int     // buf[start:scan] has no newline
	end   int     // of what was read
	read  int64   // bytes of the file up to buf[end]
	max   int     // longest line
	cut   int64   // lines that were longer
	final bool    // no more will be read: half a line is a line
}

// newSplitter makes a splitter; size, of its buffer, must be well above max. The
// buffer is made with the first read.
func newSplitter(size, max int) *splitter {
	return &splitter{size: size, max: max}
}

// next is the next line in the buffer, good until the next fill.
func (s *splitter) next() (line string, ok bool) {
	i := bytes.IndexByte(s.buf[s.scan:s.end], '\n')
	if i < 0 {
		return s.rest()
	}
	b := s.buf[s.start : s.scan+i]
	s.start = s.scan + i + 1
	s.scan = s.start
	return s.text(b), true
}

// rest is what is left without a newline, if no newline can follow.
func (s *splitter) rest() (line string, ok bool) {
	s.scan = s.end
	if !s.final || s.start == s.end {
		return "", false
	}
	b := s.buf[s.start:s.end]
	s.start = s.end
	return s.text(b), true
}

// text makes the string: no carriage return before the newline, no more than max.
func (s *splitter) text(b []byte) string {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	if len(b) > s.max {
		b = b[:s.max]
		s.cut++
	}
	// The buffer is not written to before the next fill, so no copy is needed.
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// offset is the place in the file after the line that next gave last.
func (s *splitter) offset() int64 { return s.read - int64(s.end-s.start) }

// fill reads once. It is called when next has no line.
func (s *splitter) fill(r io.Reader) (int, error) {
	s.makeRoom()
	n, err := r.Read(s.buf[s.end:])
	s.end += n
	s.read += int64(n)
	return n, err
}

// add takes what was read elsewhere. It must fit beside the longest half line.
func (s *splitter) add(b []byte) {
	s.makeRoom()
	n := copy(s.buf[s.end:], b)
	s.end += n
	s.read += int64(n)
}

// makeRoom moves half a line to the front of the buffer. Of one that is too long
// already only so much stays that text can tell: max, a carriage return, one more.
func (s *splitter) makeRoom() {
	keep := min(s.end-s.start, s.max+2)
	half := s.buf[s.start : s.start+keep]
	parked := len(s.buf) < s.size
	if parked {
		s.buf = s.take()
	}
	if s.start > 0 || parked {
		copy(s.buf, half)
	}
	s.start, s.scan, s.end = 0, keep, keep
}

func (s *splitter) take() []byte {
	if s.spare == nil || *s.spare == nil {
		return make([]byte, s.size)
	}
	b := *s.spare
	*s.spare = nil
	return b
}

// park puts the buffer back, but for half a line. It is called when next has no
// line, by a source that isn't read for a while.
func (s *splitter) park() {
	if s.spare == nil || len(s.buf) < s.size {
		return
	}
	b := s.buf
	keep := min(s.end-s.start, s.max+2)
	s.buf = bytes.Clone(b[s.start : s.start+keep])
	s.start, s.scan, s.end = 0, keep, keep
	*s.spare = b
}

// reset begins another file, or the same one at another place.
func (s *splitter) reset(offset int64) {
	s.start, s.scan, s.end = 0, 0, 0
	s.read, s.final = offset, false
}
