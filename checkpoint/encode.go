package checkpoint

import (
	"encoding/binary"
	"time"
)

// An Encoder puts values in a row, without names: a Decoder must take them in the
// same order. The zero Encoder is ready; Reset keeps its memory.
type Encoder struct{ b []byte }

// Bytes are what was put so far, good until the next call.
func (e *Encoder) Bytes() []byte { return e.b }

// Reset begins anew.
func (e *Encoder) Reset() { e.b = e.b[:0] }

// Uint puts a number, small ones in a byte (Protocol Buffers' varint).
func (e *Encoder) Uint(n uint64) { e.b = binary.AppendUvarint(e.b, n) }

// Int puts a number that may be negative.
func (e *Encoder) Int(n int64) { e.b = binary.AppendVarint(e.b, n) }

// Fixed puts a number that is mostly large, such as a hash, in eight bytes.
func (e *Encoder) Fixed(n uint64) { e.b = binary.LittleEndian.AppendUint64(e.b, n) }

// Bool puts a truth.
func (e *Encoder) Bool(v bool) {
	if v {
		e.b = append(e.b, 1)
		return
	}
	e.b = append(e.b, 0)
}

// String puts a text.
func (e *Encoder) String(s string) {
	e.Uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

// Strings puts a list of texts.
func (e *Encoder) Strings(list []string) {
	e.Uint(uint64(len(list)))
	for _, s := range list {
		e.String(s)
	}
}

// Time puts a moment, without its location.
func (e *Encoder) Time(t time.Time) {
	e.Bool(!t.IsZero())
	if !t.IsZero() {
		e.Int(t.Unix())
		e.Uint(uint64(t.Nanosecond()))
	}
}
