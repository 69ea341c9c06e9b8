// Package packed keeps numbers and texts in bytes: for what is made at build time
// and read at each start. There is no schema in it: a [Reader] reads what a
// [Writer] wrote, in the same order.
//
//	Number(983) Text("our-gate") Uint16(0x0102)  ->  d7 07  08 "our-gate"  02 01
package packed

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// Writer packs. The zero Writer is ready.
type Writer struct{ out []byte }

// Number packs 0 to [MaxNumber], small ones in a byte. What is beyond reads as a
// fault.
func (w *Writer) Number(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

// MaxNumber is the largest number that Reader.Number reads.
const MaxNumber = math.MaxInt32

// Text packs a string.
func (w *Writer) Text(s string) {
	w.Number(len(s))
	w.out = append(w.out, s...)
}

// Byte, Uint16 and Uint32 pack numbers of fixed width: many of one kind in a row
// are read fast.
func (w *Writer) Byte(n byte)     { w.out = append(w.out, n) }
func (w *Writer) Uint16(n uint16) { w.out = binary.LittleEndian.AppendUint16(w.out, n) }
func (w *Writer) Uint32(n uint32) { w.out = binary.LittleEndian.AppendUint32(w.out, n) }

// Flag packs a yes or no.
func (w *Writer) Flag(yes bool) {
	if yes {
		w.Byte(1)
	} else {
		w.Byte(0)
	}
}

// Bytes are all that was packed, without a head.
func (w *Writer) Bytes() []byte { return w.out }

// What Open refuses.
var (
	ErrFormat  = errors.New("begins as no file of this version does")
	ErrDamaged = errors.New("is damaged: its checksum differs")
)

const sumSize = 4

// Seal puts a head before body: a name for the format, and a checksum.
func Seal(format string, body []byte) []byte {
	out := append(make([]byte, 0, len(format)+sumSize+len(body)), format...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	return append(out, body...)
}

// Open reads what Seal made of a format's body. Its error is ErrFormat or
// ErrDamaged. The Reader's texts alias data.
func Open(format, data string) (*Reader, error) {
	if len(data) < len(format)+sumSize || data[:len(format)] != format {
		return nil, ErrFormat
	}
	r := &Reader{rest: data[len(format):]}
	want := r.Uint32s(1).At(0)
	if checksum(r.rest) != want {
		return nil, ErrDamaged
	}
	return r, nil
}

// checksum goes by blocks: a string can't be given as bytes without a copy.
func checksum(s string) (sum uint32) {
	var block [4096]byte
	for len(s) > 0 {
		n := copy(block[:], s)
		sum = crc32.Update(sum, crc32.IEEETable, block[:n])
		s = s[n:]
	}
	return sum
}
