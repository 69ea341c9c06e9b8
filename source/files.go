// Files read once: old logs, packed or not, and standard input.

package source

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// FilesOptions of Files.
type FilesOptions struct {
	Stdin io.Reader        // what the path "-" reads; nil is os.Stdin
	Now   func() time.Time // nil is time.Now
}

// Files reads each file once, the oldest of each log first.
type Files struct {
	stdin io.Reader
	now   func() time.Time
	left  []string // to read
	in    *input   // being read; nil: none
	at    checkpoint.Pos
	split *joiner
	fault error // what ended in, told after its last line

	read  atomic.Int64
	total int64
}

// NewFiles looks at all paths, so that a missing file is told before anything is
// read, and sorts them. A path given twice is read once.
func NewFiles(paths []string, o FilesOptions) (*Files, error) {
	f := &Files{stdin: o.Stdin, now: o.Now, split: newJoiner(newSplitter(bufferSize, MaxLine))}
	if f.stdin == nil {
		f.stdin = os.Stdin
	}
	if f.now == nil {
		f.now = time.Now
	}
	seen := make(map[checkpoint.File]bool)
	for _, path := range paths {
		id, size, err := examine(path)
		if err != nil {
			return nil, err
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		f.left = append(f.left, path)
		f.total = addSize(f.total, size)
	}
	oldestFirst(f.left)
	return f, nil
}

// examine tells who a path is, the same for each name of it, and how much there
// is to read; size is below 0 where nobody knows. What is not a regular file
// isn't opened here: a pipe can be opened once.
func examine(path string) (id checkpoint.File, size int64, err error) {
	if path == "-" {
		return checkpoint.File{Path: path}, -1, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return id, 0, err
	}
	id = *identify("", info)
	if info.IsDir() {
		return id, 0, notAFile(path, info)
	}
	if !info.Mode().IsRegular() {
		return id, -1, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return id, 0, err
	}
	return id, info.Size(), file.Close()
}

// addSize is -1, unknown, from the first part on that is unknown.
func addSize(total, size int64) int64 {
	if total < 0 || size < 0 {
		return -1
	}
	return total + size
}

// Next is the next line and the place after it. io.EOF: all was read. Another
// error names the file that couldn't be read on, after its readable lines; the
// next call goes on with the next file.
func (f *Files) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	for {
		if text, ok := f.split.next(); ok {
			f.at.Offset = f.split.offset()
			return maillog.Line{Text: text}, f.at, nil
		}
		if err := f.more(); err != nil {
			return maillog.Line{}, f.at, err
		}
	}
}

// more reads on, in the next file where one has ended.
func (f *Files) more() error {
	if f.in == nil || f.split.final {
		return f.open()
	}
	if f.fault == nil {
		_, f.fault = f.split.fill(f.in.r)
		f.at.NotAfter = f.notAfter()
		return nil
	}
	if f.fault == io.EOF {
		f.split.final = true
		return nil
	}
	err := fmt.Errorf("read %s: %w", f.in.name, f.fault)
	f.close()
	return err
}

// open goes to the next file.
func (f *Files) open() error {
	f.close()
	if len(f.left) == 0 {
		return io.EOF
	}
	path := f.left[0]
	f.left = f.left[1:]
	in, err := f.input(path)
	if err != nil {
		return err
	}
	in.r = counted{in.r, &f.read}
	if err := in.unpack(); err != nil {
		in.Close()
		return err
	}
	f.in = in
	f.at = checkpoint.Pos{File: in.id}
	return nil
}

func (f *Files) input(path string) (*input, error) {
	if path == "-" {
		return &input{r: f.stdin, name: "standard input"}, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in, err := newInput(file, path)
	if err != nil {
		file.Close()
		return nil, err
	}
	if !in.info.Mode().IsRegular() {
		in.id = nil // a pipe is not read again
	}
	return in, nil
}

// notAfter is when what was just read had been written at the latest: the time
// of the last change. It is asked for again each time, for the file may grow.
func (f *Files) notAfter() int64 {
	if f.in.id != nil {
		if info, err := f.in.file.Stat(); err == nil {
			return info.ModTime().Unix()
		}
	}
	return f.now().Unix()
}

// Wait never waits: there is more, or there is nothing ever again.
func (f *Files) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.in == nil && len(f.left) == 0 {
		return io.EOF
	}
	return nil
}

// Progress is how many bytes of how many were read, as they lie on the disk.
// total is below 0 where it can't be known (standard input, a pipe).
func (f *Files) Progress() (read, total int64) { return f.read.Load(), f.total }

// LongLines is how many lines were cut. It belongs to Next's goroutine.
func (f *Files) LongLines() int64 { return f.split.cut }

func (f *Files) close() error {
	f.split.reset(0)
	f.fault = nil
	if f.in == nil {
		return nil
	}
	in := f.in
	f.in = nil
	return in.Close()
}

// Close ends reading.
func (f *Files) Close() error {
	f.left = nil
	return f.close()
}
