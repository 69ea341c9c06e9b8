// Taking up a log at a saved place.

package source

import (
	"io"
	"os"

	"postfix_exporter/checkpoint"
)

// Resumed says how the taking up of FollowOptions.At ended.
type Resumed int

const (
	NoPlace  Resumed = iota // there was none
	Pending                 // nothing was found yet: the log or its directory can't be read
	Found                   // the file that was read last
	OtherLog                // the place is of another log; FollowOptions.From decided
	Gap                     // the rest of the file is gone, or was emptied: lines may be missing
	Dropped                 // the place is of a log that nobody asks for any more (of a Set only)
)

// Resume is the taking up of a saved place.
type Resume struct {
	Log  string // as it was given (of a Set only)
	How  Resumed
	Was  string // path of the file that was read last, when it was opened
	Path string // that of the file that is read on; empty while there is none
}

// Resumed may be called from any goroutine.
func (f *Follow) Resumed() Resume { return *f.state.resume.Load() }

// tell says how it ended; a place that is taken up later is another story.
func (f *Follow) tell(how Resumed, path string) {
	if r := f.Resumed(); r.How == Pending {
		f.state.resume.Store(&Resume{How: how, Was: r.Was, Path: path})
	}
}

// start begins where FollowOptions say. absent: there is no file now.
func (f *Follow) start(absent bool) {
	at := f.o.At
	f.state.resume.Store(&Resume{})
	switch {
	case !at.IsZero():
		f.saved, f.resuming = &at, true
		f.state.resume.Store(&Resume{How: Pending, Was: at.Path})
		f.resume()
	case at.Log != "" && f.sameLog(&at): // all that is there now is new
		f.resuming, f.unseen, f.written = true, true, at.NotAfter
		f.open()
	default:
		f.anew(absent)
	}
}

// anew begins a log that has no place. Rotated files are passed over.
func (f *Follow) anew(absent bool) bool {
	f.fromEnd, f.unseen = f.o.From == End && !absent, absent
	for _, path := range f.lastKind() {
		if info, err := os.Stat(path); err == nil {
			f.written = max(f.written, info.ModTime().Unix())
		}
	}
	return f.open() // if it is not there yet, Err tells
}

// skipStep is how much of a packed file is skipped at once: between two steps the
// caller may end it.
const skipStep = 4 << 20

// resume looks for the saved place. It is true once reading goes on.
func (f *Follow) resume() bool {
	if f.skip != nil {
		return f.skipOn()
	}
	in, err := f.find(f.saved)
	if f.state.setErr(err); err != nil {
		return false
	}
	if in == nil {
		return f.gone()
	}
	return f.found(in)
}

// found goes to the place in the file that it is in.
func (f *Follow) found(in *input) bool {
	if in.packed == nil {
		return f.takeUp(in)
	}
	f.skip, f.toSkip = in, f.saved.Offset
	return f.skipOn()
}

// skipOn goes on to the place in a packed file.
func (f *Follow) skipOn() bool {
	in := f.skip
	n, err := io.CopyN(io.Discard, in.r, min(f.toSkip, skipStep))
	f.toSkip -= n
	f.state.size.Store(in.info.Size())
	f.state.offset.Store(in.packed.raw.n)
	if err == nil {
		if f.toSkip > 0 {
			return false // Wait comes back at once
		}
		f.skip = nil
		return f.takeUp(in)
	}
	f.skip = nil
	in.Close()
	if fault := in.fault(err); fault != nil {
		f.state.setErr(fault)
		return false
	}
	if err != io.EOF {
		f.state.missed.Add(1)
	}
	f.tooShort = append(f.tooShort, inode{in.id.Device, in.id.Inode})
	return f.resume()
}

// takeUp goes on in the file that the place is in.
func (f *Follow) takeUp(in *input) bool {
	p := f.saved
	if older := f.unread(p, in); older != nil {
		in.Close()
		return f.begins(older, Found)
	}
	live, err := os.Stat(f.path)
	if err == nil && os.SameFile(live, in.info) {
		in.name, in.id = f.path, identify(f.path, in.info)
	} else if err == nil && in.id.Inode != p.Inode && isAt(p, live) { // copytruncate
		in.whole = true
		f.state.truncations.Add(1)
	}
	f.written = p.NotAfter
	f.adopt(in)
	f.beginAt(p)
	return f.taken(Found)
}

// isAt is true if info is of the inode that p was in.
func isAt(p *checkpoint.Place, info os.FileInfo) bool {
	id := identify("", info)
	return id.Device == p.Device && id.Inode == p.Inode
}

// taken ends the taking up.
func (f *Follow) taken(how Resumed) bool {
	f.saved, f.tooShort = nil, nil
	f.state.setErr(nil)
	f.tell(how, f.in.name)
	f.publish()
	return true
}
