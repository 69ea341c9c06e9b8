// Truncation: the same file, written anew (logrotate's copytruncate).

package source

import (
	"bytes"
	"io"
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
