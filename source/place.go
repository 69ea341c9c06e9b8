// The place of a Follow, as it is kept over a restart.

package source

import (
	"crypto/sha256"

	"postfix_exporter/checkpoint"
)

// Place is the place behind the last line that Next gave; if it gave none yet,
// where reading stands. A Follow that is made with it (FollowOptions.At) goes on
// with the next line. It has no Path if the log was never there. It belongs to
// Next's goroutine, between two calls of Next or Wait, and stays as it was after
// Close.
func (f *Follow) Place() checkpoint.Place {
	f.state.cut.Store(f.split.cut) // what is saved with it agrees with it
	switch {
	case f.closed:
		return f.last
	case f.saved != nil: // not found yet
		return *f.saved
	case f.in == nil && f.unseen:
		return checkpoint.Place{Log: f.path, NotAfter: f.written}
	case f.in == nil: // From decides as before
		return checkpoint.Place{}
	case !f.split.final, f.next != nil && f.split.open > 0:
		return f.placeIn(f.in, f.in.head, f.at.Offset, f.partial, f.split.handed())
	case f.next != nil: // its last half line was given
		return f.placeIn(f.next, f.next.head, 0, false, 0)
	}
	again := input{file: f.in.file} // it was truncated: what is there now is new
	_ = again.readHead()            // less of it is known then
	return f.placeIn(f.in, again.head, 0, false, 0)
}

func (f *Follow) placeIn(in *input, head []byte, offset int64, partial bool, given uint64) checkpoint.Place {
	path := in.name
	if path == f.path {
		path = f.real
	}
	return checkpoint.Place{
		Log:      f.path,
		Path:     path,
		Device:   in.id.Device,
		Inode:    in.id.Inode,
		Head:     len(head),
		Sum:      sha256.Sum256(head),
		Offset:   offset,
		Partial:  partial,
		Given:    given,
		NotAfter: f.written,
	}
}
