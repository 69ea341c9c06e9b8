// The file after a finished one. It is not always the live one: a log may have
// been rotated twice while nothing was read.

package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"time"
)

// successor opens the file after in: one that was rotated away before we looked,
// or the live one. What is renamed or packed meanwhile is looked for again.
func (f *Follow) successor(live os.FileInfo) (*input, error) {
	for range looks {
		in, missed, err := f.rotatedSince(live)
		if in == nil && err == nil {
			in, err = openRegular(f.path)
		}
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case err != nil:
			continue
		case in.name != f.path || os.SameFile(in.info, live):
			f.state.missed.Add(missed)
			return in, nil
		}
		live = in.info // the one before is among the rotated ones by now
		in.Close()
	}
	return nil, errMoving
}

// rotatedSince opens the oldest file between in and live that can be read; missed
// is how many before it can't. It is nil if there is none.
func (f *Follow) rotatedSince(live os.FileInfo) (in *input, missed int64, err error) {
	for _, path := range f.between(live) {
		in, err := openRotated(path)
		if err == nil {
			return in, missed, nil
		}
		if errors.Is(err, fs.ErrNotExist) || mayPass(err) {
			return nil, 0, err
		}
		missed++
	}
	return nil, missed, nil
}

// between lists the rotated files that are newer than in and older than live,
// oldest first; without live, all that are newer. A name alone says too little:
// files of an earlier way of rotating and copies made by hand lie beside them.
func (f *Follow) between(live os.FileInfo) (newer []string) {
	last := f.in.info.ModTime()
	if info, err := f.in.file.Stat(); err == nil {
		last = info.ModTime()
	}
	kind := -1 // of in's name, if it is among them
	for _, path := range f.rotated(f.real) {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case live != nil && os.SameFile(info, live):
			return newer
		case os.SameFile(info, f.in.info):
			kind, newer = parseName(path).kind, nil
		case path == f.real, // it came just now
			kind >= 0 && parseName(path).kind != kind, f.isOlder(info, last, kind >= 0), f.beginsAlike(path):
		default:
			newer = append(newer, path)
		}
	}
	return newer
}

// isOlder says whether a file was finished before in was: if in is not among the
// rotated files any more (packed or deleted), one that was not written to later;
// else one that was not even written to after in was opened, for in may have had
// late writers.
func (f *Follow) isOlder(info os.FileInfo, last time.Time, found bool) bool {
	if found {
		return info.ModTime().Before(f.in.info.ModTime())
	}
	return !info.ModTime().After(last)
}

// beginsAlike is true if the file at path is a copy of in.
func (f *Follow) beginsAlike(path string) bool {
	if len(f.in.head) == 0 {
		return false
	}
	in, err := openRotated(path)
	if err != nil {
		return false
	}
	defer in.Close()
	return bytes.HasPrefix(in.head, f.in.head)
}
