package packed

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

const format = "test 1\n"

func open(t *testing.T, body []byte) *Reader {
	t.Helper()
	r, err := Open(format, string(Seal(format, body)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRoundTrip: what is packed reads back, in its order.
func TestRoundTrip(t *testing.T) {
	numbers := []int{0, 1, 127, 128, 16383, 16384, math.MaxUint16, MaxNumber}
	w := &Writer{}
	for _, n := range numbers {
		w.Number(n)
	}
	w.Text("")
	w.Text("Boîte\x00")
	w.Flag(true)
	w.Flag(false)
	w.Byte(0xfe)
	for _, n := range []uint16{0, 1, 0xfedc} {
		w.Uint16(n)
	}
	w.Uint32(0xfedcba98)
	Put16(w, []uint16{7, 0xffff})
	Put16(w, []uint16{})
	r := open(t, w.Bytes())
	for _, n := range numbers {
		if got := r.Number(); got != n {
			t.Errorf("%d reads as %d", n, got)
		}
	}
	if a, b := r.Text(), r.Text(); a != "" || b != "Boîte\x00" {
		t.Errorf("texts %q, %q", a, b)
	}
	if a, b := r.Flag(), r.Flag(); !a || b {
		t.Errorf("flags %v, %v", a, b)
	}
	if c := r.Byte(); c != 0xfe {
		t.Errorf("byte %#x", c)
	}
	if c := r.Uint16s(3); c.At(0) != 0 || c.At(1) != 1 || c.At(2) != 0xfedc || c.At(3) != 0 {
		t.Errorf("column %q", c)
	}
	if c := r.Uint32s(1); c.At(0) != 0xfedcba98 || c.At(1) != 0 {
		t.Errorf("column %q", c)
	}
	if a, b := Take16[uint16](r, 1<<16), Take16[uint16](r, 1); !slices.Equal(a, []uint16{7, 0xffff}) || b != nil {
		t.Errorf("lists %v, %v", a, b)
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
}

// TestReaderFaults: what can't be read is zero, all that follows too, and Err
// tells.
func TestReaderFaults(t *testing.T) {
	for _, c := range []struct {
		name, body string
		read       func(r *Reader) int
	}{
		{"nothing", "", (*Reader).Number},
		{"cut number", "\x80", (*Reader).Number},
		{"too large", "\xff\xff\xff\xff\x0f\x01", (*Reader).Number},
		{"too long", "\xff\xff\xff\xff\xff\xff\xff\x01", (*Reader).Number},
		{"index", "\x05", func(r *Reader) int { return r.Index(5) }},
		{"flag", "\x02", func(r *Reader) int { r.Flag(); return 0 }},
		{"count", "\x03abcde", func(r *Reader) int { return r.Count(2) }},
		{"text", "\x06abcde", func(r *Reader) int { return len(r.Text()) }},
		{"column", "abc", func(r *Reader) int { return int(r.Uint16s(2).At(0)) }},
		{"list", "\x01\x05\x00", func(r *Reader) int { return len(Take16[uint16](r, 5)) }},
		{"pick", "\x01", func(r *Reader) int { return Pick(r, []int{7}) }},
		{"rest", "\x00x", (*Reader).Number},
	} {
		r := open(t, []byte(c.body))
		if n := c.read(r); n != 0 {
			t.Errorf("%s: %d", c.name, n)
		}
		if r.Err() == nil {
			t.Errorf("%s: no error", c.name)
		}
		if r.failed && (r.Number() != 0 || r.Text() != "" || r.Byte() != 0 || r.Uint32s(1).At(0) != 0) {
			t.Errorf("%s: something is read behind the fault", c.name)
		}
	}
}

func TestOpen(t *testing.T) {
	body := strings.Repeat("0123456789", 1000) // more than a block
	sealed := string(Seal(format, []byte(body)))
	if r, err := Open(format, sealed); err != nil || r.rest != body {
		t.Fatal(err)
	}
	for _, data := range []string{"", format, format + "abc", "test 2\n" + sealed[len(format):]} {
		if _, err := Open(format, data); !errors.Is(err, ErrFormat) {
			t.Errorf("%.20q: %v", data, err)
		}
	}
	for _, at := range []int{len(format), len(format) + sumSize, len(sealed) / 2, len(sealed) - 1} {
		if _, err := Open(format, sealed[:at]+"x"+sealed[at+1:]); !errors.Is(err, ErrDamaged) {
			t.Errorf("damaged at %d: %v", at, err)
		}
	}
	if _, err := Open(format, sealed[:len(sealed)-1]); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut: %v", err)
	}
}
