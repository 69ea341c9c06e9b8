package checkpoint

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// errShort is the fault of a row that ends too early, or holds what was not put there.
var errShort = errors.New("a value is missing or out of its range")

// A Decoder takes values out of a row. After a fault all further ones are zero,
// so that callers ask for Err once, at the end. It allocates no more than a
// small multiple of what it was given.
type Decoder struct {
	b     []byte
	fault error
}

// NewDecoder takes from what an Encoder put.
func NewDecoder(b []byte) *Decoder { return &Decoder{b: b} }

// Err is the first fault: its own, or one that a caller found (Fail).
func (d *Decoder) Err() error { return d.fault }

// Fail notes a fault of the values.
func (d *Decoder) Fail(format string, args ...any) {
	if d.fault == nil {
		d.fault = fmt.Errorf(format, args...)
	}
	d.b = nil
}

// End is a fault if anything is left.
func (d *Decoder) End() {
	if d.fault == nil && len(d.b) > 0 {
		d.Fail("%d bytes too many", len(d.b))
	}
}

// took goes on behind n bytes; none and less mean that there is no value.
func (d *Decoder) took(n int) bool {
	if n <= 0 || n > len(d.b) || d.fault != nil {
		if d.fault == nil {
			d.fault = errShort
		}
		d.b = nil
		return false
	}
	d.b = d.b[n:]
	return true
}

// Uint takes a number.
func (d *Decoder) Uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if !d.took(n) {
		return 0
	}
	return v
}

// Int takes a number that may be negative.
func (d *Decoder) Int() int64 {
	v, n := binary.Varint(d.b)
	if !d.took(n) {
		return 0
	}
	return v
}

// Fixed takes a number of eight bytes.
func (d *Decoder) Fixed() uint64 {
	b := d.b
	if !d.took(8) {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// Bool takes a truth.
func (d *Decoder) Bool() bool {
	b := d.b
	if !d.took(1) {
		return false
	}
	if b[0] > 1 {
		d.Fail("%d is no truth", b[0])
	}
	return b[0] == 1
}

// Count takes the length of a list whose members take size bytes at least. It
// is bounded by what is left, so that a list can be made as long at once.
func (d *Decoder) Count(size int) int {
	n := d.Uint()
	if n > uint64(len(d.b)/max(size, 1)) {
		d.Fail("a list of %d in %d bytes", n, len(d.b))
		return 0
	}
	return int(n)
}

// String takes a text.
func (d *Decoder) String() string {
	n := d.Count(1)
	b := d.b
	if n == 0 || !d.took(n) {
		return ""
	}
	return string(b[:n])
}

// Strings takes a list of texts.
func (d *Decoder) Strings() []string {
	var list []string
	for range d.Count(1) {
		list = append(list, d.String())
	}
	return list
}

// Time takes a moment, in UTC.
func (d *Decoder) Time() time.Time {
	if !d.Bool() {
		return time.Time{}
	}
	seconds, nanos := d.Int(), d.Uint()
	if nanos >= uint64(time.Second) {
		d.Fail("%d nanoseconds", nanos)
	}
	if d.fault != nil {
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).UTC()
}
