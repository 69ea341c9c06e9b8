// What a Follow does as one of many: it takes turns, tells what it is done with, and
// may be given up.

package source

import (
	"errors"
	"io/fs"
	"slices"

	"postfix_exporter/checkpoint"
)

// turnIsOver is true if others are to be read first. What is packed is read to its
// end: unpackers take memory.
func (f *Follow) turnIsOver() bool {
	if f.fills > 0 {
		f.fills--
		return false
	}
	return f.fills == 0 && f.in.packed == nil
}

// paused is true if there may be more though Next had nothing.
func (f *Follow) paused() bool { return f.fills == 0 && !f.closed && !f.ended }

// remember tells how far the file that is left was read.
func (f *Follow) remember() {
	if f.in != nil && f.in.packed == nil && f.o.done != nil {
		f.o.done(f.placeIn(f.in, f.in.head, f.at.Offset, f.partial, f.split.handed()))
	}
}

// missing is true if there is no file at the path.
func (f *Follow) missing() bool { return errors.Is(f.state.fault(), fs.ErrNotExist) }

// hasRotated is true if rotated files of the log are there: then it comes back.
func (f *Follow) hasRotated() bool {
	real := f.real
	if real == "" {
		real = realPath(f.path)
	}
	return slices.ContainsFunc(f.rotated(real), func(path string) bool { return path != real })
}

// giveUp finishes a log whose path is gone for good: half a line at its end is a
// line. A place that wasn't found is a gap, behind which older files may still come.
func (f *Follow) giveUp() {
	if f.saved == nil {
		f.split.final, f.ended = true, true
		return
	}
	p := f.saved
	switch in, ours := f.since(p, f.lastKind(), true); {
	case in != nil && ours:
		f.found(in)
	case in != nil:
		f.begins(in, Gap)
	default:
		f.state.gaps.Add(1)
		f.tell(Gap, "")
		f.saved, f.ended = nil, true
		f.state.setErr(nil)
	}
	if f.ended {
		f.state.caughtUp.Store(true)
	}
}

// holds is true if the file is being read, or comes next.
func (f *Follow) holds(id inode) bool {
	for _, in := range []*input{f.in, f.next, f.skip} {
		if in != nil && in.inode() == id {
			return true
		}
	}
	return f.saved != nil && id == inode{f.saved.Device, f.saved.Inode}
}

func (in *input) inode() inode { return inode{in.id.Device, in.id.Inode} }

// placeOf is the place that a Set keeps of it. There is none behind the end.
func (f *Follow) placeOf() (p checkpoint.Place, ok bool) {
	if f.ended {
		return p, false
	}
	p = f.Place()
	return p, p.Log != ""
}
