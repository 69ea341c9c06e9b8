// When Follow's file is finished, and what comes after it.

package source

import (
	"io"
	"os"
	"path/filepath"
	"time"
)

// open looks whether the file is there now.
func (f *Follow) open() bool {
	in, err := openRegular(f.path)
	if f.state.setErr(err); err != nil {
		return false
	}
	f.adopt(in)
	if f.fromEnd {
		f.skipTo(in.info.Size())
	}
	f.fromEnd = false
	f.publish()
	return true
}

// adopt makes in the file that is read, from its start.
func (f *Follow) adopt(in *input) {
	if f.in != nil {
		f.in.Close()
	}
	f.in, f.next = in, nil
	if in.name == f.path {
		f.real = f.path
		if real, err := filepath.EvalSymlinks(f.path); err == nil {
			f.real = real
		}
	}
	f.at.File = in.id
	f.begin(0)
}

// begin reads in from offset, where it stands.
func (f *Follow) begin(offset int64) {
	f.split.reset(offset)
	f.head = f.head[:0]
	f.idle, f.partial, f.moved = false, false, false
}

// skipTo reads from the last byte before offset: is that a newline, then it ends
// the one line that is skipped; if not, the rest of its line is.
func (f *Follow) skipTo(offset int64) {
	if offset == 0 {
		return
	}
	if _, err := f.in.file.Seek(offset-1, io.SeekStart); err != nil {
		return // it is read from its start
	}
	f.begin(offset - 1)
	f.partial = true
}

// atEnd decides what the end of the open file means. It is true if reading goes
// on: from the start of a file that was truncated, or in the next file once the
// path names that and nobody writes to this one any more. looked is a time before
// the read that found the end: until then it was quiet, however late it is now.
func (f *Follow) atEnd(looked time.Time, readErr error) bool {
	if f.rewound() {
		return f.rewind()
	}
	live, err := os.Stat(f.path)
	if err != nil { // gone for now, or hidden: writers may still have it open
		f.moved = false
		f.state.setErr(err)
		return false
	}
	f.state.setErr(notEOF(readErr))
	if os.SameFile(live, f.in.info) {
		f.moved = false
		return false
	}
	if !f.moved {
		f.moved, f.quiet = true, f.o.Now()
	}
	f.state.live.Store(live.Size())
	if !f.in.packed && !f.in.whole && looked.Sub(f.quiet) < f.o.Drain {
		return false
	}
	next, err := f.successor(live)
	if f.state.setErr(err); err != nil {
		return false
	}
	if f.in.packed && readErr != io.EOF {
		f.state.missed.Add(1)
	}
	return f.finish(next)
}

func notEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// finish lets the splitter give out half a line, and remembers what comes then.
func (f *Follow) finish(next *input) bool {
	f.split.final, f.next = true, next
	return true
}

// proceed does what finish announced.
func (f *Follow) proceed() bool {
	if f.next != nil {
		if !f.in.whole { // else it was a copy of the file that comes now again
			f.state.rotations.Add(1)
		}
		f.adopt(f.next)
		f.publish()
		return true
	}
	f.state.truncations.Add(1)
	if _, err := f.in.file.Seek(0, io.SeekStart); err != nil {
		f.state.setErr(err)
		return false
	}
	f.begin(0)
	f.publish()
	return true
}
