// One file that is read from its start to its end, unpacked where it is packed.

package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"

	"postfix_exporter/checkpoint"
)

// input is an open file.
type input struct {
	file   *os.File  // nil: standard input
	r      io.Reader // its text
	name   string    // for errors
	packed bool
	whole  bool        // nobody writes to it any more
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
	if err != nil {
		file.Close()
		return nil, err
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

// gzipMagic begins each gzip file (RFC 1952 §2.3.1).
var gzipMagic = []byte{0x1f, 0x8b, 8}

// unpack looks at the first bytes, whatever the name, and reads through gzip if
// they say so.
func (in *input) unpack() error {
	b := bufio.NewReaderSize(in.r, 64<<10)
	in.r = b
	if magic, _ := b.Peek(len(gzipMagic)); !bytes.Equal(magic, gzipMagic) {
		return nil // an error comes again with the first read
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", in.name, err)
	}
	in.r, in.packed = z, true
	return nil
}

// Close closes the file; standard input isn't ours to close.
func (in *input) Close() error {
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
