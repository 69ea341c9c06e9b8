// A log replaced by itself: by an editor, by cp and mv, from a backup, by a file
// system that was mounted again.

package source

import (
	"bytes"
	"io"
	"os"
)

// shared is up to where the file in place of in holds what was read of in, as the
// start of a line; below 0 if it is another log. One that is shorter must be a copy
// of in throughout. One that isn't may differ in what was read, for it was edited.
func (f *Follow) shared(next *input) int64 {
	info, err := next.file.Stat()
	alike := common(next.head, f.in.head)
	switch {
	case err != nil || f.in.packed != nil || f.in.whole || alike < surely:
		return -1
	case info.Size() < f.split.read:
		if line, all := agree(f.in.file, next.file, 0, info.Size()); all {
			return line
		}
		return -1
	}
	return f.at.Offset
}

// lookAtNew notes how much of in is in the file that has its name now. Later
// writes to in are not in it.
func (f *Follow) lookAtNew() {
	f.common = -1
	next, err := openRegular(f.path)
	if err != nil {
		return
	}
	f.common = f.shared(next)
	next.Close()
}

// goOn reads on in the file that replaced in, if it holds what was read.
func (f *Follow) goOn(next *input) bool {
	from := f.common
	if from < 0 {
		from = f.shared(next)
	}
	known := min(from, int64(len(f.in.head)))
	info, err := next.file.Stat()
	if from < 0 || err != nil || info.Size() < from || int64(common(next.head, f.in.head)) < known {
		return false
	}
	line, _ := agree(f.in.file, next.file, from, f.split.read)
	if _, err := next.file.Seek(line, io.SeekStart); err != nil {
		return false
	}
	partial := f.partial
	f.adopt(next)
	if f.begin(line); partial {
		f.partial = true
	} else {
		f.skipTo(line)
	}
	f.publish()
	return true
}

// agree compares two files between two offsets, of which the first begins a line.
// It tells the start of the first line that isn't the same in both, and whether all
// is the same.
func agree(a, b *os.File, from, to int64) (line int64, all bool) {
	line = from
	var x, y [32 << 10]byte
	for from < to {
		n, _ := a.ReadAt(x[:min(to-from, int64(len(x)))], from)
		m, _ := b.ReadAt(y[:n], from)
		same := common(x[:n], y[:m])
		if i := bytes.LastIndexByte(x[:same], '\n'); i >= 0 {
			line = from + int64(i) + 1
		}
		if from += int64(same); same < len(x) {
			break
		}
	}
	return line, from == to
}

// common is how many first bytes of a and b are the same.
func common(a, b []byte) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
