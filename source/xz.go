// A guard before the .xz library, which takes as much memory as a file asks for,
// up to 4 GiB: each block's header says how large its dictionary is, so the
// headers are read ahead here. What is wrong otherwise is left to the library.

package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// minWindow lets the library make its dictionaries no larger than the file asks for.
const minWindow = 4 << 10

// guard passes an .xz file on, part by part (xz-file-format §2, §3).
type guard struct {
	r     *bufio.Reader
	left  int64 // of the part that is passed on
	next  func(*guard) error
	check int   // bytes of a block's checksum
	body  int64 // bytes of the block's data so far
}

func (g *guard) Read(p []byte) (int, error) {
	for g.left == 0 {
		if g.next == nil {
			g.next = (*guard).stream
		}
		if err := g.next(g); err != nil {
			return 0, err
		}
	}
	if int64(len(p)) > g.left {
		p = p[:g.left]
	}
	n, err := g.r.Read(p)
	g.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// ahead are the next n bytes, fewer at the end of the file. A file that ends
// between two blocks would be a whole one to the library.
func (g *guard) ahead(n int) ([]byte, error) {
	b, err := g.r.Peek(n)
	switch {
	case err != io.EOF:
		return b, err
	case len(b) == 0:
		return nil, io.ErrUnexpectedEOF
	default:
		return b, nil
	}
}

// part passes n bytes on, and goes on with next.
func (g *guard) part(n int64, next func(*guard) error) error {
	g.left, g.next = n, next
	return nil
}

// stream is the header of a stream, or padding before it.
func (g *guard) stream() error {
	b, err := g.r.Peek(12)
	if len(b) == 0 {
		return err
	}
	if len(b) < 12 || bytes.HasPrefix(b, make([]byte, 4)) {
		return g.part(int64(min(len(b), 4)), (*guard).stream)
	}
	// §2.1.1.2: by the check's kind; 0 is none, three kinds have each size
	g.check = []int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[b[7]&15]
	return g.part(12, (*guard).block)
}

// block is a block's header, or the index behind the last one.
func (g *guard) block() error {
	b, err := g.ahead(1)
	if err != nil {
		return err
	}
	if b[0] == 0 {
		return g.index()
	}
	size := 4 * (int(b[0]) + 1)
	if b, err = g.ahead(size); err != nil {
		return err
	}
	if err := checkWindow(b); err != nil {
		return err
	}
	g.body = 0
	return g.part(int64(size), (*guard).chunk)
}

// checkWindow looks at the dictionary's size in a block's header (§3.1, §5.3.1).
func checkWindow(header []byte) error {
	if len(header) < 4 {
		return io.ErrUnexpectedEOF
	}
	rest := header[2:]
	for _, flag := range []byte{0x40, 0x80} { // of sizes that may be there
		if header[1]&flag != 0 {
			_, n := binary.Uvarint(rest)
			rest = rest[max(n, 0):]
		}
	}
	if header[1]&3 != 0 || len(rest) < 3 || rest[0] != 0x21 || rest[1] != 1 {
		return fmt.Errorf("it is packed with other filters than LZMA2 alone")
	}
	bits := rest[2]
	if bits > 40 || int64(2|bits&1)<<(bits/2+11) > maxWindow {
		return fmt.Errorf("unpacking needs more than %d MiB of memory", maxWindow>>20)
	}
	return nil
}

// chunk is a part of a block's data: LZMA2 says how long each is.
func (g *guard) chunk() error {
	b, err := g.ahead(6)
	if err != nil {
		return err
	}
	n := int64(1)
	switch {
	case b[0] == 0: // the last one; then padding to four bytes, and the checksum
		g.body++
		return g.part(1+(4-g.body%4)%4+int64(g.check), (*guard).block)
	case len(b) < 6: // less than the shortest end of a file
	case b[0] < 0x80:
		n = 3 + 1 + int64(binary.BigEndian.Uint16(b[1:]))
	case b[0] < 0xc0:
		n = 5 + 1 + int64(binary.BigEndian.Uint16(b[3:]))
	default:
		n = 6 + 1 + int64(binary.BigEndian.Uint16(b[3:]))
	}
	g.body += n
	return g.part(n, (*guard).chunk)
}

// index is a list of two numbers for each block (§4), then the stream's footer.
func (g *guard) index() error {
	b, err := g.ahead(1 + binary.MaxVarintLen64)
	if err != nil {
		return err
	}
	count, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return io.ErrUnexpectedEOF
	}
	size, left := 1+n, 2*count
	return g.part(int64(size), g.numbers(int64(size), left))
}

// numbers passes what is left of the index.
func (g *guard) numbers(size int64, left uint64) func(*guard) error {
	return func(g *guard) error {
		if left == 0 {
			return g.part((4-size%4)%4+4+12, (*guard).stream)
		}
		b, err := g.ahead(binary.MaxVarintLen64)
		if err != nil {
			return err
		}
		_, n := binary.Uvarint(b)
		if n <= 0 {
			return io.ErrUnexpectedEOF
		}
		return g.part(int64(n), g.numbers(size+int64(n), left-1))
	}
}
