// Lines of a log from standard input.

package source

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// standardInput is read to its end.
type standardInput struct {
	faultState
	s     *Stream
	in    io.Reader
	ended func() // once; as a rule when it was read to its end

	mu      sync.Mutex
	reading bool
	reads   int // that have ended
}

// someReader gives at least a byte, or an error.
type someReader struct{ r io.Reader }

func (s someReader) Read(b []byte) (int, error) { return readSome(s.r, b) }

func (in *standardInput) run() {
	defer in.ended()
	split := newSplitter(bufferSize, MaxLine)
	for !split.final {
		in.is(true)
		n, err := split.fill(in.in)
		in.is(false)
		split.final = n == 0 || err != nil
		if !in.s.handAll(split) {
			return
		}
		if err != nil && err != io.EOF {
			in.faultState.set(fmt.Errorf("standard input: %w", err))
		}
	}
}

func (in *standardInput) is(reading bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.reading = reading; !reading {
		in.reads++
	}
}

// ebb doesn't wait for a read that blocks: there is nothing to be read. One that has
// just got something is to hand that over.
func (in *standardInput) ebb() { in.quiet(-1) }

// quiet gives up a read that lasts since the last look.
func (in *standardInput) quiet(reads int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.reading && in.reads == reads {
		in.ended()
		return
	}
	if now := in.reads; time.Now().Before(in.s.stopAt) { // then all is given up
		time.AfterFunc(drainQuiet, func() { in.quiet(now) })
	}
}

func (in *standardInput) end() {}
