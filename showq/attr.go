package showq

// Attributes as Postfix's programs exchange them (attr_print0.c, attr_scan0.c): a
// name, a NUL, a value, a NUL; an empty name ends a list of them.

import (
	"bufio"
	"errors"
	"io"
)

// maxName bounds the name of an attribute, in bytes.
const maxName = 100

// bufferSize is what is read at once.
const bufferSize = 64 << 10

// attrReader takes attributes out of a stream.
type attrReader struct{ b *bufio.Reader }

// name is the name of the next attribute, good until the next call. An empty one
// is the end of a list.
func (a attrReader) name() ([]byte, error) {
	name, err := a.b.ReadSlice(0)
	switch {
	case errors.Is(err, bufio.ErrBufferFull) || len(name) > maxName+1:
		return nil, malformed("an attribute's name is longer than %d bytes", maxName)
	case err != nil:
		return nil, cutShort(err)
	}
	return name[:len(name)-1], nil
}

// value adds a value to that field.
func (a attrReader) value(d *draft, f field) error {
	for {
		piece, err := a.b.ReadSlice(0)
		switch {
		case err == nil:
			d.add(f, piece[:len(piece)-1])
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return cutShort(err)
		}
		d.add(f, piece)
	}
}

// cutShort is an end where there should be more.
func cutShort(err error) error {
	if err == io.EOF {
		return fault(Cut, io.ErrUnexpectedEOF, "the list is cut: it ends in the middle")
	}
	return fault(Cut, err, "the list is cut: %v", err)
}
