// Lines of a log from FIFOs.

package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	// pipeTick is how often a FIFO without a writer is looked at. The kernel tells
	// nobody of a writer that comes.
	pipeTick = 100 * time.Millisecond
	// pipePatience is how long a FIFO may say nothing before its path is looked at.
	pipePatience = time.Second
)

// openPipe is about to read what a path names.
func (s *Stream) openPipe(path string) (streamReader, error) {
	if path == Stdin {
		if s.o.Stdin == nil {
			return nil, errors.New("standard input isn't there")
		}
		return &standardInput{s: s, in: someReader{s.o.Stdin}}, nil
	}
	info, err := os.Stat(path)
	if err == nil && info.Mode().Type() != fs.ModeNamedPipe {
		return nil, notAFIFO(path)
	}
	p := &pipe{s: s, path: path, split: newSplitter(bufferSize, MaxLine)}
	p.deadline.set = p.setDeadline
	return p, nil
}

func notAFIFO(path string) error { return fmt.Errorf("%s is no FIFO", path) }

// pipe reads the FIFO that a path names. It is opened once and kept open, so that
// what one writer leaves there is still there for us.
type pipe struct {
	faultState
	deadline
	s     *Stream
	path  string
	split *splitter

	mu     sync.Mutex
	file   *os.File // nil: not there yet
	closed bool
	quiet  time.Time // since when nothing came
}

func (p *pipe) run() {
	defer p.end()
	for p.begin(p.s, pipePatience) {
		if p.current() == nil {
			if !p.open() && !p.s.pause(pipeTick) {
				return
			}
			continue
		}
		if !p.read() {
			return
		}
	}
}

// open opens the FIFO, if it is there.
func (p *pipe) open() bool {
	// Not to wait for a writer, and not to end up in a device that has the path.
	file, err := os.OpenFile(p.path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err == nil {
		if info, statErr := file.Stat(); statErr != nil || info.Mode().Type() != fs.ModeNamedPipe {
			err = errors.Join(statErr, notAFIFO(p.path), file.Close())
		}
	}
	p.faultState.set(err)
	if err != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		_ = file.Close()
		return false
	}
	p.file, p.quiet = file, time.Now()
	return true
}

// read reads once. It is false at the end of all.
func (p *pipe) read() bool {
	file := p.current()
	n, err := p.split.fill(file)
	p.s.handAll(p.split)
	if n > 0 {
		p.quiet = time.Now()
	}
	timeout, drained := p.passed(err)
	switch {
	case drained:
		return false
	case timeout:
		p.follow(file, DefaultDrain)
	case err == io.EOF: // no writer is left, nor is a byte
		p.half()
		p.follow(file, 0)
		return !p.s.isStopped() && p.idle()
	case errors.Is(err, syscall.EAGAIN): // no poller here knows FIFOs
		return p.idle()
	case err != nil:
		p.faultState.set(err)
		return p.idle()
	}
	return true
}

// idle lets some time pass. A stop in between is seen by begin, which lets us read
// once more.
func (p *pipe) idle() bool {
	p.s.pause(pipeTick)
	return true
}

// half gives out what a writer left without a newline.
func (p *pipe) half() {
	p.split.final = true
	p.s.handAll(p.split)
	p.split.reset(0)
}

// follow looks whether the path names another FIFO. This one, which is empty, is left
// after so much quiet.
func (p *pipe) follow(file *os.File, quiet time.Duration) {
	at, err := os.Stat(p.path)
	ours, statErr := file.Stat()
	if errors.Is(err, fs.ErrNotExist) {
		p.faultState.set(err)
		return
	}
	if err != nil || statErr != nil || os.SameFile(at, ours) {
		p.faultState.set(errors.Join(err, statErr))
		return
	}
	if time.Since(p.quiet) < quiet {
		return
	}
	p.half()
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = file.Close()
	p.file = nil
}

func (p *pipe) current() *os.File {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.file
}

func (p *pipe) setDeadline(t time.Time) error {
	if file := p.current(); file != nil {
		return file.SetReadDeadline(t)
	}
	return nil
}

func (p *pipe) ebb() { p.wake() }

func (p *pipe) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.file != nil {
		_ = p.file.Close()
	}
}
