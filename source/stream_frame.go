// Messages in the bytes of a connection: RFC 6587.

package source

import "bytes"

// maxFrame is the longest frame whose end is waited for. What claims to be longer is
// no count, and where the next frame begins can't be known.
const maxFrame = 1 << 20

// framing is where a framer stands.
type framing int

const (
	between framing = iota // no byte of the next frame has come
	inCount                // digits so far
	inLine                 // up to the next newline
	inFrame                // so many bytes are left of it
	lost                   // for good
)

// framer finds the messages in what a connection sends. Each frame says how it is
// framed: a digit from 1 to 9 begins a count, "27 <22>Nov ...", anything else a line
// up to a newline. Digits that no blank follows are the beginning of a line. NULs,
// carriage returns and newlines between two frames are trailers that some add.
type framer struct {
	max   int // longest message; what is longer is cut
	stage framing
	part  []byte // of the message at hand, at most max+beyond
	left  int    // bytes of the frame at hand; the count, while it is read
	long  int    // messages that were longer
	bad   int    // frames that were none
}

// write takes what was read and gives out the messages in it, which are good until
// give returns. It is false when the framing is lost: nothing more can be read.
func (f *framer) write(b []byte, give func(message []byte)) bool {
	for len(b) > 0 && f.stage != lost {
		switch f.stage {
		case between:
			b = f.begin(b)
		case inCount:
			b = f.count(b)
		case inLine:
			b = f.line(b, give)
		case inFrame:
			b = f.frame(b, give)
		}
	}
	return f.stage != lost
}

func (f *framer) begin(b []byte) []byte {
	b = bytes.TrimLeft(b, "\x00\r\n")
	if len(b) == 0 {
		return b
	}
	f.part, f.left, f.stage = f.part[:0], 0, inLine
	if b[0] >= '1' && b[0] <= '9' {
		f.stage = inCount
	}
	return b
}

// count reads one more byte of a count.
func (f *framer) count(b []byte) []byte {
	c := b[0]
	switch {
	case c >= '0' && c <= '9':
		f.left = min(10*f.left+int(c-'0'), maxFrame+1)
		f.keep(b[:1])
		return b[1:]
	case c != ' ':
		f.stage = inLine
		return b
	case f.left > maxFrame:
		f.bad++
		f.stage = lost
		return nil
	}
	f.part, f.stage = f.part[:0], inFrame
	return b[1:]
}

func (f *framer) line(b []byte, give func([]byte)) []byte {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		f.keep(b)
		return nil
	}
	f.end(b[:i], give)
	return b[i+1:]
}

func (f *framer) frame(b []byte, give func([]byte)) []byte {
	n := min(f.left, len(b))
	if f.left -= n; f.left > 0 {
		f.keep(b)
		return nil
	}
	f.end(b[:n], give)
	return b[n:]
}

// end gives out a message whose last bytes are b.
func (f *framer) end(b []byte, give func([]byte)) {
	if len(f.part) > 0 {
		f.keep(b)
		b = f.part
	}
	counted := f.stage == inFrame
	f.stage = between
	text, cut, whole := cutMessage(b, f.max)
	if cut {
		f.long++
	}
	if counted && !whole { // a frame that holds others: its count was none
		f.bad++
	}
	give(text)
}

// keep holds a part of a message, as much as cutMessage looks at.
func (f *framer) keep(b []byte) {
	f.part = append(f.part, b[:min(len(b), f.max+beyond-len(f.part))]...)
}

// close is the end of the connection. A line that lacks its newline is one, if the
// sender ended the connection; half of a counted frame never is.
func (f *framer) close(orderly bool, give func([]byte)) {
	switch {
	case f.stage == inLine && orderly:
		f.end(nil, give)
	case f.stage != between && f.stage != lost:
		f.bad++
	}
	f.stage = lost
}

// beyond is how many bytes behind the longest message are looked at: two of an end,
// and one that tells that there are more.
const beyond = 3

// cutMessage makes one line of a message: without the NULs, carriage returns and
// newlines at its end, up to the first newline in it, and no longer than max. whole
// says that there was no newline in it. No more than max+beyond bytes are looked at.
func cutMessage(b []byte, max int) (text []byte, cut, whole bool) {
	if len(b) < max+beyond {
		b = bytes.TrimRight(b, "\x00\r\n")
	} else {
		b = b[:max+beyond]
	}
	i := bytes.IndexByte(b, '\n')
	if whole = i < 0; !whole {
		b = b[:i]
	}
	if cut = len(b) > max; cut {
		b = b[:max]
	}
	return b, cut, whole
}
