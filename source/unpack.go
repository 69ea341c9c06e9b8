// Packed files, known by their first bytes, whatever their names.

package source

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"postfix_exporter/checkpoint"
)

// maxWindow is the largest window, in bytes, that a packed file may ask for: as
// much as `xz -9` and `zstd --ultra -21` take. Each file that is read costs so
// much memory at most.
const maxWindow = 64 << 20

// format is a way of packing.
type format struct {
	suffix string
	magic  string // the first bytes
	open   func(*bufio.Reader) (io.Reader, error)
}

var formats = []format{
	{".gz", "\x1f\x8b\x08", func(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }}, // RFC 1952 §2.3.1
	{".xz", "\xfd7zXZ\x00", openXZ},             // xz-file-format §2.1.1.1
	{".zst", "\x28\xb5\x2f\xfd", openZstandard}, // RFC 8878 §3.1.1
	{".bz2", "BZh", func(r *bufio.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
}

func openXZ(r *bufio.Reader) (io.Reader, error) {
	return xz.ReaderConfig{DictCap: minWindow}.NewReader(&guard{r: r})
}

func openZstandard(r *bufio.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxWindow))
}

// formatOf is the format of a file that begins with head; nil: it is not packed.
func formatOf(head []byte) *format {
	for i, f := range formats {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return &formats[i]
		}
	}
	return nil
}

// cutPacked takes the suffix of a packed file off its name.
func cutPacked(name string) (rest string, packed bool) {
	for _, f := range formats {
		if rest, packed = strings.CutSuffix(name, f.suffix); packed {
			return rest, true
		}
	}
	return name, false
}

// unpacker is the text of a packed file. What it said last it says again.
type unpacker struct {
	raw rawReader
	z   io.Reader
	err error
}

// rawReader is the packed file: how much of it was read, and what was wrong
// with it. A fault of the file system is no damage.
type rawReader struct {
	r     io.Reader
	n     int64
	fault error
}

func (r *rawReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.n += int64(n)
	if err != nil && err != io.EOF {
		r.fault = err
	}
	return n, err
}

// errPanic is damage that the unpacking library had not expected.
var errPanic = errors.New("it can't be unpacked")

func (u *unpacker) Read(p []byte) (n int, err error) {
	if u.err != nil || u.z == nil {
		return 0, cmp.Or(u.err, os.ErrClosed)
	}
	defer func() {
		if recover() != nil {
			n, err = 0, errPanic
		}
		if u.err = err; err != nil { // the file may stay open for long
			u.close()
		}
	}()
	return u.z.Read(p)
}

// unpack reads on through what its first bytes call for.
func (in *input) unpack() error {
	u := &unpacker{raw: rawReader{r: in.r}}
	b := bufio.NewReaderSize(&u.raw, 64<<10)
	head, _ := b.Peek(len(formats[1].magic)) // an error comes again with the first read
	f := formatOf(head)
	if f == nil {
		in.r = b
		return nil
	}
	var err error
	if u.z, err = f.open(b); err != nil {
		if u.raw.fault != nil {
			err = u.raw.fault
		}
		return fmt.Errorf("unpack %s: %w", in.name, err)
	}
	in.packed = u
	in.r = bufio.NewReaderSize(u, checkpoint.HeadSize) // whose larger reads pass it by
	return nil
}

// close frees what the library holds.
func (u *unpacker) close() {
	if z, ok := u.z.(*zstd.Decoder); ok {
		z.Close()
	}
	u.z = nil
}
