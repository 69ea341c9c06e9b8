// Truncation: the same file, written anew (logrotate's copytruncate).

package source

import (
	"bytes"
	"io"

	"postfix_exporter/checkpoint"
)

// rewound is true if in was truncated: it is shorter than what was read, or has
// been filled anew and begins with other bytes.
func (f *Follow) rewound() bool {
	if f.in.packed != nil {
		return false
	}
	info, err := f.in.file.Stat()
	if err != nil {
		return false
	}
	f.state.size.Store(info.Size())
	if info.Size() < f.split.read {
		return true
	}
	var b [checkpoint.HeadSize]byte
	n, err := f.in.file.ReadAt(b[:len(f.in.head)], 0)
	return (err == nil || err == io.EOF) && !bytes.Equal(b[:n], f.in.head)
}

// rewind goes on after a truncation: first in the copy that copytruncate made, if
// there is one, behind what was read; then in the file from its start.
func (f *Follow) rewind() bool {
	p := f.Place()
	in := f.copied(&p)
	if in == nil {
		return f.finish(nil)
	}
	in.whole = true
	f.adopt(in)
	f.beginAt(&p)
	f.state.truncations.Add(1)
	f.publish()
	return true
}

// copied opens the newest rotated file that begins as in did and holds what was
// read, at that place.
func (f *Follow) copied(p *checkpoint.Place) *input {
	if p.Offset == 0 && p.Head < surely {
		return f.freshCopy(p)
	}
	files, err := f.family(p)
	if err != nil {
		return nil
	}
	another := func(c checkpoint.File) bool { return c.Inode != p.Inode || c.Device != p.Device }
	in, _ := f.newest(files, another, p)
	if in == nil || in.packed == nil {
		return in
	}
	if _, err := io.CopyN(io.Discard, in.r, p.Offset); err != nil {
		in.Close()
		return nil
	}
	return in
}

// freshCopy opens the newest rotated file if it may be a copy of in, of which half
// a line was read: that says too little alone, so it must have been made since.
func (f *Follow) freshCopy(p *checkpoint.Place) *input {
	paths := f.lastKind()
	if len(paths) == 0 || p.Head == 0 {
		return nil
	}
	in, err := openAt(paths[len(paths)-1], p)
	if err != nil {
		return nil
	}
	if in.info.ModTime().Before(f.read) {
		in.Close()
		return nil
	}
	return in
}
