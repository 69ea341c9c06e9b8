// One file that is read from its start to its end, unpacked where it is packed.

package source

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"
	"syscall"

	"postfix_exporter/checkpoint"
)

// input is an open file.
type input struct {
	file   *os.File    // nil: standard input
	r      io.Reader   // its text
	name   string      // for errors
	packed *unpacker   // nil: it is not packed
	copied bool        // comes after one that is whole: a later copy of the same file
	whole  bool        // nobody writes to it any more
	head   []byte      // the text's first bytes, as many as are known; files read once have none
	info   os.FileInfo // as it was opened
	id     *checkpoint.File
}

// openRegular opens a regular file; a pipe put in its place doesn't block it.
func openRegular(path string) (*input, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	in, err := newInput(file, path)
	if err == nil && !in.info.Mode().IsRegular() {
		err = notAFile(path, in.info)
	}
	if err == nil {
		err = in.readHead()
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return in, nil
}

// openRotated opens a file that was rotated away, and maybe packed since.
func openRotated(path string) (*input, error) {
	in, err := openRegular(path)
	if err != nil || formatOf(in.head) == nil {
		return in, err
	}
	if err := in.unpack(); err != nil {
		in.Close()
		return nil, err
	}
	in.head = nil
	if text, ok := in.r.(*bufio.Reader); ok {
		head, _ := text.Peek(checkpoint.HeadSize) // damage comes again when it is read
		in.head = slices.Clone(head)
	}
	if fault := in.packed.raw.fault; fault != nil {
		in.Close()
		return nil, fault
	}
	return in, nil
}

// notAFile says why a path can't be followed.
func notAFile(path string, info os.FileInfo) error {
	if info.IsDir() {
		return fmt.Errorf("%s is a directory: name the log file in it", path)
	}
	return fmt.Errorf("%s is not a regular file", path)
}

// newInput knows an open file again later.
func newInput(file *os.File, path string) (*input, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return &input{file: file, r: file, name: path, info: info, id: identify(path, info)}, nil
}

// identify names the file that info is about.
func identify(path string, info os.FileInfo) *checkpoint.File {
	f := &checkpoint.File{Path: path}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		f.Device, f.Inode = uint64(st.Dev), uint64(st.Ino)
	}
	return f
}

// readHead looks at the first bytes of a file that isn't packed.
func (in *input) readHead() error {
	var b [checkpoint.HeadSize]byte
	n, err := in.file.ReadAt(b[:], 0)
	in.head = append(in.head[:0], b[:n]...)
	if err == io.EOF {
		err = nil
	}
	return err
}

// keep takes what was just read at offset into the head: what was read counts,
// not what stands there when one looks again.
func (in *input) keep(offset int64, b []byte) {
	if offset > int64(len(in.head)) || offset >= checkpoint.HeadSize || bytes.HasPrefix(in.head[offset:], b) {
		return
	}
	in.head = append(in.head[:offset], b[:min(len(b), checkpoint.HeadSize-int(offset))]...)
}

// isEmpty is true if nothing was written to the file yet.
func (in *input) isEmpty() bool {
	info, err := in.file.Stat()
	return err == nil && info.Size() == 0
}

// Close closes the file; standard input isn't ours to close.
func (in *input) Close() error {
	if in.packed != nil {
		in.packed.close()
	}
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
