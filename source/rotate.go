// When Follow's file is finished, and what comes after it.

package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"postfix_exporter/checkpoint"
)

// open looks whether the file is there now.
func (f *Follow) open() bool {
	in, err := openRegular(f.path)
	if f.state.setErr(err); err != nil {
		if errors.Is(err, fs.ErrNotExist) { // there is nothing to be read
			f.state.caughtUp.Store(true)
		}
		return false
	}
	if older := f.sinceUnseen(); older != nil {
		in.Close()
		in = older
	}
	f.adopt(in)
	if f.fromEnd {
		f.written = max(f.written, in.info.ModTime().Unix())
		f.skipTo(in.info.Size())
	}
	f.fromEnd = false
	f.publish()
	return true
}

// adopt makes in the file that is read, from its start.
func (f *Follow) adopt(in *input) {
	if f.in != nil {
		f.remember()
		f.in.Close()
	}
	f.in, f.next = in, nil
	f.real = parseName(in.name).base
	if in.name == f.path || f.o.alone {
		f.real = realPath(f.path)
	}
	f.at.File = in.id
	f.moved, f.backlog, f.new = false, false, nil
	f.begin(0)
	f.state.setAhead(0, 0)
	if in.name != f.path && f.catchingUp() {
		f.comesLate()
	}
}

// begin reads in from offset, where it stands.
func (f *Follow) begin(offset int64) {
	f.split.reset(offset)
	f.at.Offset = offset
	f.partial = false
}

// beginAt reads in from a place in it.
func (f *Follow) beginAt(p *checkpoint.Place) {
	f.begin(p.Offset)
	f.partial, f.split.skip = p.Partial, p.Given
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
	if err := f.in.fault(readErr); err != nil {
		return f.lose(err)
	}
	if f.rewound() {
		return f.rewind()
	}
	f.endBacklog()
	live, err := os.Stat(f.path)
	if err != nil { // gone for now, or hidden: writers may still have it open
		f.moved = false
		f.state.setErr(err)
		return errors.Is(err, fs.ErrNotExist) && f.catchingUp() && f.readNewer(looked, readErr)
	}
	f.state.setErr(nil)
	if os.SameFile(live, f.in.info) {
		f.moved, f.real = false, realPath(f.path)
		f.state.caughtUp.Store(true)
		return false
	}
	if !f.moved {
		f.moved, f.quiet = true, f.o.Now()
		f.lookAtNew()
	}
	f.state.live.Store(live.Size())
	if !f.left(looked) {
		return false
	}
	next, err := f.successor(live)
	if f.state.setErr(err); err != nil {
		return false
	}
	if next.name == f.path && next.isEmpty() {
		return f.stay(next)
	}
	if next.name == f.path && f.goOn(next) {
		return true
	}
	f.countDamage(readErr)
	return f.finish(next)
}

// stay keeps in while the new file is empty: whoever writes has not been told of it
// yet, however quiet it is. Nothing else is to be read.
func (f *Follow) stay(next *input) bool {
	next.Close()
	if f.new == nil || f.new.Device != next.id.Device || f.new.Inode != next.id.Inode {
		f.new = next.id
	}
	f.state.caughtUp.Store(true)
	return false
}

// left is true if nobody writes to in any more.
func (f *Follow) left(looked time.Time) bool {
	return f.in.packed != nil || f.in.whole || looked.Sub(f.quiet) >= f.o.Drain
}

// countDamage counts a packed file that can't be unpacked to its end.
func (f *Follow) countDamage(readErr error) {
	if f.in.packed != nil && readErr != io.EOF {
		f.state.missed.Add(1)
	}
}

// finish lets the splitter give out half a line, and remembers what comes then.
func (f *Follow) finish(next *input) bool {
	if next != nil { // also if nothing of it was new
		f.passed(f.o.Now())
	}
	switch {
	case next == nil:
		f.state.truncations.Add(1)
	case !f.in.whole && !f.in.copied:
		f.state.rotations.Add(1)
	case next.name != f.path: // the file was truncated again since
		next.copied = true
		f.state.truncations.Add(1)
	}
	f.split.final, f.next = true, next
	return true
}

// proceed does what finish announced.
func (f *Follow) proceed() bool {
	if f.next != nil {
		f.adopt(f.next)
		f.publish()
		return true
	}
	_, err := f.in.file.Seek(0, io.SeekStart)
	if err == nil {
		err = f.in.readHead()
	}
	f.moved = false
	f.begin(0)
	if err != nil {
		return f.lose(err)
	}
	f.publish()
	return true
}
