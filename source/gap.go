// Going on where the file that was saved isn't found.

package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"postfix_exporter/checkpoint"
)

// gone goes on without the file that the saved place is in.
func (f *Follow) gone() bool {
	p := f.saved
	live, err := openRegular(f.path)
	if !f.sameLog(p) && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		return f.otherLog(live)
	}
	if f.state.setErr(err); err != nil {
		return false
	}
	in, ours := f.since(p, f.lastKind(), true)
	if in != nil {
		live.Close()
		if ours {
			return f.found(in)
		}
		return f.begins(in, Gap)
	}
	switch written := live.info.ModTime().Unix(); {
	case p.Head > 0 && written >= p.NotAfter && live.goTo(p) == nil:
		return f.found(live)
	case written >= p.NotAfter || isAt(p, live.info):
		return f.begins(live, Gap)
	default: // older than what was counted, so it may have been counted
		f.begins(live, Gap)
		f.skipTo(live.info.Size())
		return true
	}
}

// stamp is how many first bytes tell the second at which a file was begun: the
// shorter form ("Nov  1 00:00:00 ") and RFC 3339's.
const stamp = 20

// since opens the oldest of the last files that were all written to after p. It is
// ours if what little is known of p's file is in it: its first line, where going on
// further back makes no sense, or less. Files of the same second may have been
// counted, unless sameSecond is true and one is ours, as its first stamp says, or
// as there is nothing newer.
func (f *Follow) since(p *checkpoint.Place, files []string, sameSecond bool) (oldest *input, ours bool) {
	for _, path := range slices.Backward(files) {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		written := info.ModTime().Unix()
		same := written == p.NotAfter
		if f.o.counted != nil && p.IsZero() && f.o.counted(info) {
			break
		}
		if written < p.NotAfter || same && !(sameSecond && (p.Head >= stamp || p.Head > 0 && oldest == nil)) {
			break
		}
		in, err := openRotated(path)
		if err != nil {
			f.state.missed.Add(1)
			continue
		}
		known := in.goTo(p)
		if known != nil && known != errAnother || f.gaveUp(in) || same && known != nil {
			in.Close()
			break
		}
		closeInput(oldest)
		if oldest, ours = in, known == nil; same || ours && p.Offset > 0 {
			break
		}
	}
	return oldest, ours
}

// lastKind lists the rotated files whose names are of the kind that was written to
// last, oldest first.
func (f *Follow) lastKind() (paths []string) {
	var last os.FileInfo
	kind := live
	all := f.rotated(realPath(f.path))
	for _, path := range all {
		info, err := os.Stat(path)
		k := parseName(path).kind
		if err == nil && k != live && (last == nil || info.ModTime().After(last.ModTime())) {
			last, kind = info, k
		}
	}
	return slices.DeleteFunc(all, func(path string) bool {
		k := parseName(path).kind
		return k == live || k != kind
	})
}

// gaveUp is true if in was found not to reach to the saved place.
func (f *Follow) gaveUp(in *input) bool {
	return slices.Contains(f.tooShort, inode{in.id.Device, in.id.Inode})
}

func closeInput(in *input) {
	if in != nil {
		in.Close()
	}
}

// begins goes on at the start of in.
func (f *Follow) begins(in *input, how Resumed) bool {
	if how == Gap {
		f.state.gaps.Add(1)
	}
	if in.packed == nil {
		_, _ = in.file.Seek(0, io.SeekStart) // it may have been looked at
	}
	f.written = f.saved.NotAfter
	f.adopt(in)
	return f.taken(how)
}

// otherLog begins with a log that has no place.
func (f *Follow) otherLog(live *input) bool {
	closeInput(live)
	f.tell(OtherLog, f.path)
	f.saved, f.resuming = nil, false
	return f.anew(live == nil)
}

// sinceUnseen opens the oldest file of a log that wasn't there when its place was
// saved, if that isn't the live one.
func (f *Follow) sinceUnseen() *input {
	if !f.resuming || !f.unseen {
		return nil
	}
	f.unseen = false
	in, _ := f.since(&checkpoint.Place{NotAfter: f.written}, f.lastKind(), false)
	return in
}

// unread opens the oldest file to be read before the one that p is in, where
// nothing was read that would tell whether that was truncated since.
func (f *Follow) unread(p *checkpoint.Place, in *input) *input {
	if p.Offset > 0 || p.Head >= surely {
		return nil
	}
	files := f.lastKind()
	for i, path := range files {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, in.info) {
			files = files[:i]
			break
		}
	}
	older, _ := f.since(p, files, false)
	return older
}
