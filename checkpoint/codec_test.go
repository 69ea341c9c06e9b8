package checkpoint

import (
	"crypto/sha256"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCodec(t *testing.T) {
	var e Encoder
	e.String("dropped")
	e.Reset()
	numbers := []uint64{0, 1, 127, 128, math.MaxUint64}
	signed := []int64{0, -1, math.MinInt64, math.MaxInt64}
	times := []time.Time{{}, time.Unix(0, 0).UTC(), time.Date(2026, 11, 21, 3, 4, 5, 678, time.UTC), time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)}
	for _, n := range numbers {
		e.Uint(n)
		e.Fixed(n)
	}
	for _, n := range signed {
		e.Int(n)
	}
	for _, v := range times {
		e.Time(v.In(time.FixedZone("", 3600)))
	}
	e.Strings([]string{"a", "", "\xff\x00"})
	e.Bool(true)

	d := NewDecoder(e.Bytes())
	for _, n := range numbers {
		if a, b := d.Uint(), d.Fixed(); a != n || b != n {
			t.Errorf("%d and %d, want %d", a, b, n)
		}
	}
	for _, n := range signed {
		if got := d.Int(); got != n {
			t.Errorf("%d, want %d", got, n)
		}
	}
	for _, v := range times {
		if got := d.Time(); !got.Equal(v) || got.IsZero() != v.IsZero() {
			t.Errorf("%v, want %v", got, v)
		}
	}
	if got := d.Strings(); !slices.Equal(got, []string{"a", "", "\xff\x00"}) {
		t.Errorf("%q", got)
	}
	if !d.Bool() {
		t.Error("no longer true")
	}
	d.End()
	if d.Err() != nil {
		t.Error(d.Err())
	}
}

// TestPlaceIsKept cuts a place anywhere: each part of it is a fault.
func TestPlaceIsKept(t *testing.T) {
	want := Place{Log: "/var/log/mail.log", Path: "/var/log/mail.log.1", Device: 5, Inode: math.MaxUint64,
		Head: 3, Sum: sha256.Sum256([]byte("Nov")), Offset: 1 << 40, Cursor: "s=1f;i=2", Partial: true, Given: 300, NotAfter: -1}
	var e Encoder
	want.Encode(&e)
	for n := range len(e.Bytes()) {
		d := NewDecoder(e.Bytes()[:n])
		if DecodePlace(d); d.Err() == nil {
			t.Errorf("the first %d bytes are taken for a place", n)
		}
	}
	d := NewDecoder(e.Bytes())
	got := DecodePlace(d)
	if d.End(); got != want || d.Err() != nil {
		t.Errorf("%+v, %v\nwant %+v", got, d.Err(), want)
	}
}

// TestPlaceOfBefore: what was kept by a version that knew no Given is read.
func TestPlaceOfBefore(t *testing.T) {
	for _, partial := range []bool{false, true} {
		want := Place{Path: "/var/log/mail.log", Offset: 7, Partial: partial}
		var now, before Encoder
		want.Encode(&now)
		before.Bool(partial)
		before.Int(0)
		b := now.Bytes()[:len(now.Bytes())-len(before.Bytes())]
		d := NewDecoder(append(b[:len(b):len(b)], before.Bytes()...))
		if got := DecodePlace(d); got != want || d.Err() != nil {
			t.Errorf("%+v, %v\nwant %+v", got, d.Err(), want)
		}
	}
}

func TestImpossiblePlaces(t *testing.T) {
	for name, p := range map[string]Place{"before the start": {Offset: -1}, "a long head": {Head: HeadSize + 1}, "a long cursor": {Cursor: strings.Repeat("x", MaxCursor+1)}} {
		var e Encoder
		p.Encode(&e)
		d := NewDecoder(e.Bytes())
		if DecodePlace(d); d.Err() == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}

func TestCountIsBounded(t *testing.T) {
	var e Encoder
	e.Uint(1 << 60)
	e.String("little")
	d := NewDecoder(e.Bytes())
	if n := d.Count(1); n != 0 || d.Err() == nil {
		t.Errorf("a list of %d, %v", n, d.Err())
	}
	if d.Uint() != 0 || d.String() != "" || d.Bool() || !d.Time().IsZero() {
		t.Error("values come after a fault")
	}
}

// FuzzDecode takes values of all types from anything, in an order that the bytes
// choose.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5}, []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, order, data []byte) {
		d := NewDecoder(data)
		for _, what := range order {
			before := d.Err()
			switch what % 7 {
			case 0:
				d.Uint()
			case 1:
				d.Int()
			case 2:
				d.Fixed()
			case 3:
				if len(d.String()) > len(data) {
					t.Fatal("a text longer than all")
				}
			case 4:
				if len(d.Strings()) > len(data) {
					t.Fatal("a list longer than all")
				}
			case 5:
				d.Time()
			case 6:
				if p := DecodePlace(d); p.Offset < 0 || p.Head > HeadSize || len(p.Cursor) > MaxCursor {
					t.Fatalf("%+v", p)
				}
			}
			if before != nil && d.Err() != before {
				t.Fatal("the first fault is forgotten")
			}
		}
		d.End()
	})
}
