// The file after a finished one. It is not always the live one: a log may have
// been rotated twice while nothing was read.

package source

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"time"
)

// successor opens the file after in: one that was rotated away before we looked,
// or the live one.
func (f *Follow) successor(live os.FileInfo) (*input, error) {
	for _, path := range f.between(live) {
		in, err := openRotated(path)
		if err == nil {
			return in, nil
		}
		f.state.missed.Add(1)
	}
	return openRegular(f.path)
}

// openRotated opens a file that was rotated away, and maybe packed since.
func openRotated(path string) (*input, error) {
	in, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	magic := make([]byte, len(gzipMagic))
	n, _ := in.file.ReadAt(magic, 0) // an error comes again with the first read
	if !bytes.Equal(magic[:n], gzipMagic) {
		return in, nil
	}
	if err := in.unpack(); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// between lists the rotated files that are newer than in and older than live,
// oldest first. A name alone says too little: files of an earlier way of rotating
// and copies made by hand lie beside them.
func (f *Follow) between(live os.FileInfo) (newer []string) {
	last := f.in.info.ModTime()
	if info, err := f.in.file.Stat(); err == nil {
		last = info.ModTime()
	}
	kind := -1 // of in's name, if it is among them
	for _, path := range rotated(f.real) {
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case os.SameFile(info, live):
			return newer
		case os.SameFile(info, f.in.info):
			kind, newer = parseName(path).kind, nil
		case kind >= 0 && parseName(path).kind != kind, f.isOlder(info, last, kind >= 0), f.beginsAlike(path):
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
	if len(f.head) == 0 {
		return false
	}
	in, err := openRotated(path)
	if err != nil {
		return false
	}
	defer in.Close()
	b := make([]byte, len(f.head))
	n, _ := io.ReadFull(in.r, b)
	return bytes.Equal(b[:n], f.head)
}

// rotated lists the files of the log at path, oldest first.
func rotated(path string) (paths []string) {
	dir, base := filepath.Dir(path), parseName(path).base
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // the live file is next then
	}
	for _, e := range entries {
		if p := filepath.Join(dir, e.Name()); parseName(p).base == base {
			paths = append(paths, p)
		}
	}
	oldestFirst(paths)
	return paths
}
