// Truncation: the same file, written anew (logrotate's copytruncate).

package source

import (
	"bytes"
	"io"
	"os"
	"slices"
)

// headSize is how many first bytes a file is known by: more than the stamp, host
// and process of its first line.
const headSize = 256

// rewound is true if in was truncated: it is shorter than what was read, or has
// been filled anew and begins with other bytes.
func (f *Follow) rewound() bool {
	if f.in.packed {
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
	var b [headSize]byte
	n, err := f.in.file.ReadAt(b[:len(f.head)], 0)
	return (err == nil || err == io.EOF) && !bytes.Equal(b[:n], f.head)
}

// keepHead takes the first bytes in, as many as were read.
func (f *Follow) keepHead() {
	if len(f.head) == headSize || f.in.packed {
		return
	}
	var b [headSize]byte
	n, _ := f.in.file.ReadAt(b[:min(f.split.read, headSize)], 0)
	if bytes.HasPrefix(b[:n], f.head) {
		f.head = append(f.head[:0], b[:n]...)
	}
}

// rewind goes on after a truncation: first in the copy that copytruncate made, if
// there is one, behind what was read; then in the file from its start.
func (f *Follow) rewind() bool {
	offset := f.split.offset()
	in := f.copied(offset)
	if in == nil {
		return f.finish(nil)
	}
	f.adopt(in)
	f.begin(offset)
	f.state.truncations.Add(1)
	f.publish()
	return true
}

// copied opens the newest rotated file that begins as in did and holds more than
// what was read, at that place.
func (f *Follow) copied(offset int64) *input {
	head := f.head[:min(int64(len(f.head)), offset)]
	if len(head) == 0 {
		return nil
	}
	for _, path := range slices.Backward(rotated(f.real)) {
		if info, err := os.Stat(path); err != nil || os.SameFile(info, f.in.info) {
			continue
		}
		in, err := openRotated(path)
		if err != nil {
			continue
		}
		if in.isCopy(head, offset) {
			in.whole = true
			return in
		}
		in.Close()
	}
	return nil
}

// isCopy reads up to offset, and says whether the file begins so and reaches there.
func (in *input) isCopy(head []byte, offset int64) bool {
	b := make([]byte, len(head))
	if _, err := io.ReadFull(in.r, b); err != nil || !bytes.Equal(b, head) {
		return false
	}
	_, err := io.CopyN(io.Discard, in.r, offset-int64(len(head)))
	return err == nil
}
