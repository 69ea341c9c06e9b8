package collector

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"
)

// Times look as they did, and those that no calendar has, or that are told in a
// zone that is nowhere, make no page fail.
func TestTimesAreShown(t *testing.T) {
	zone := func(seconds int) *time.Location { return time.FixedZone("X", seconds) }
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 11, 3, 10, 1, 0, 5e8, zone(12600)), `"2026-11-03T10:01:00.5+03:30"`},
		{time.Date(2026, 11, 3, 10, 1, 0, 0, zone(-3600)), `"2026-11-03T10:01:00-01:00"`},
		{time.Date(2026, 11, 3, 10, 1, 0, 0, zone(0)), `"2026-11-03T10:01:00Z"`},
		{time.Date(2026, 11, 3, 10, 1, 0, 0, zone(maxOffset)), `"2026-11-02T10:01:00Z"`},
		{time.Date(2026, 11, 3, 10, 1, 0, 0, zone(-maxOffset)), `"2026-11-04T10:01:00Z"`},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, zone(-3600)), `"9999-12-31T23:59:59-01:00"`},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, zone(3600)), `"0001-01-01T00:00:00Z"`},
		{time.Date(-1, 12, 31, 0, 0, 0, 0, time.UTC), `"0001-01-01T00:00:00Z"`},
		{time.Time{}, `"0001-01-01T00:00:00Z"`},
	} {
		before := span{c.at, c.at.Add(time.Hour)}
		r := &restorer{Decoder: checkpoint.NewDecoder([]byte(encoded(before.save)))}
		after := r.span()
		if r.End(); r.Err() != nil || !after.first.Equal(before.first) || !after.last.Equal(before.last) {
			t.Errorf("%v is restored as %v, %v", before, after, r.Err())
		}
		for _, at := range []time.Time{before.first, after.first} {
			if got, err := json.Marshal(shown(at)); err != nil || string(got) != c.want {
				t.Errorf("%v: %s, %v, want %s", c.at, got, err, c.want)
			}
		}
	}
	r := &restorer{Decoder: checkpoint.NewDecoder([]byte(encoded(func(to *checkpoint.Encoder) {
		to.Time(time.Unix(1, 0))
		to.Int(maxOffset)
	})))}
	if r.told(); r.Err() == nil || r.Err().Error() != "86400 seconds east of UTC is nowhere" {
		t.Error(r.Err())
	}
}

// No address is in a state, though it was in the log: neither in replies, nor in
// what is known of messages.
func TestStateHoldsNoAddress(t *testing.T) {
	rules := shippedRules(t)
	lines := append(made(traffic.Options{Seed: 7, Rate: 2}, 8000), goldenLines(t)...)
	address := regexp.MustCompile(`[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+`)
	seen := map[string]bool{}
	e := New(Options{Rules: rules, ShowAddresses: true})
	for i, line := range lines {
		for _, a := range address.FindAllString(line, -1) {
			seen[a] = true
		}
		if e.Feed(maillog.Line{Text: line}, checkpoint.Pos{NotAfter: notAfter}); i%2000 != 0 && i < len(lines)-1 {
			continue
		}
		state := saved(e)
		for a := range seen {
			if len(a) >= 6 && strings.Contains(state, a) {
				t.Errorf("line %d: the state holds %s", i, a)
			}
		}
	}
	if len(seen) < 500 || len(e.Unclassified())+len(e.Blocks()) < 10 || e.tracker.Len() < 10 {
		t.Errorf("a poor log: %d addresses, %d replies, %d messages", len(seen), len(e.Unclassified()), e.tracker.Len())
	}
}

// smallState is a state that has a bit of everything.
func smallState(t testing.TB) string {
	e := feedLog(New(Options{Rules: loadRules(t, blockRules), Source: func() SourceStats { return SourceStats{Gaps: 300} }}),
		blockLog+deferralLog+said(1, "2001:db8::1", "550 odd")+connectLine)
	return saved(e)
}

// A state that ends too early, or is followed by more, is not taken.
func TestCutStates(t *testing.T) {
	state := smallState(t)
	for n := 0; n < len(state); n += 1 + n%13 {
		if err := New(Options{}).Restore(checkpoint.NewDecoder([]byte(state[:n]))); err == nil || errors.Is(err, ErrOtherVersion) {
			t.Fatalf("%d of %d bytes: %v", n, len(state), err)
		}
	}
	d := checkpoint.NewDecoder([]byte(state + "x"))
	if err := New(Options{}).Restore(d); err != nil {
		t.Fatal(err)
	}
	if d.End(); d.Err() == nil {
		t.Error("more was taken than is the engine's")
	}
	err := New(Options{}).Restore(checkpoint.NewDecoder([]byte(state[:len(state)-1])))
	if want := "the exporter's own counters can't be read: a value is missing or out of its range"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if err = New(Options{}).Restore(checkpoint.NewDecoder([]byte(state[:100]))); err == nil || !strings.HasPrefix(err.Error(), "postfix_deliveries_total can't be read: ") {
		t.Errorf("got %v", err)
	}
}

// FuzzRestore: whatever a state holds, it is refused, or the engine works. States
// are long, and most of the time would go into shortening them but for
// -fuzzminimizetime 1x.
func FuzzRestore(f *testing.F) {
	f.Add([]byte(smallState(f)))
	f.Add([]byte(saved(New(Options{}))))
	for _, name := range []string{"deliveries", "sessions", "expired", "forgery-replies"} {
		f.Add([]byte(saved(feedLog(New(Options{}), readGolden(f, name)))))
		f.Add([]byte(saved(feedLog(New(Options{ByHost: true}), strings.ReplaceAll(readGolden(f, name), "10 mx ", "10 mx2 ")))))
	}
	lines := made(traffic.Options{Seed: 9, Rate: 2}, 300)
	log := readGolden(f, "expired") + readGolden(f, "deliveries") + blockLog + deferralLog + expiryLog + said(1, "2001:db8::1", "550 odd") + strings.Join(lines, "\n")
	rules := loadRules(f, blockRules)
	f.Fuzz(func(t *testing.T, state []byte) {
		for _, o := range []Options{{Rules: rules}, {Rules: rules, ByHost: true}} {
			e := New(o)
			if err := e.Restore(checkpoint.NewDecoder(state)); err != nil {
				continue
			}
			again := saved(e)
			next := New(o)
			restore(t, next, again)
			if saved(next) != again {
				t.Error("is not the same when restored once more")
			}
			show(t, e)
			feedLog(e, log)
			show(t, e)
		}
	})
}

// What can't be is found, wherever in a state it stands.
func TestImpossibleStates(t *testing.T) {
	all := func(d *declarer) {
		newCounter[pairLabels](d, "test_total", "Test.", abc).inc(pairLabels{"x", "y"}, 2)
		newHistogram[NoLabels](d, "test_seconds", "Test.", newShape(whole, 10)).row(NoLabels{})[0].observe(newShape(whole, 10), 3)
	}
	good := encoded(func(to *checkpoint.Encoder) { declared(all).save(to) })
	const (
		rows   = "\x01\x01x\x01y\x00\x00\x01"     // one, its key and counts
		values = "\x01" + "\x00\x03" + "\x01\x00" // the count, the sum, and what is in the classic buckets
		native = "\x00" + "\x1a\x01\x01"          // none near zero; one bucket from 13 on: it holds one
	)
	for _, part := range []string{rows, values + native} {
		if strings.Count(good, part) != 1 {
			t.Fatalf("%q is not once in %q", part, good)
		}
	}
	for _, c := range []struct{ old, now, want string }{
		{rows, "\x02\x01x\x01y\x00\x00\x01\x01x\x01y\x00\x00\x01", `the series of "{x y}" are there twice`},
		{rows, "\x01\x01\xff\x01y\x00\x00\x01", `"\xff" is too long, or no text`},
		{rows, "\x01\x81\x01" + strings.Repeat("x", 129) + "\x01y\x00\x00\x01", `is too long, or no text`},
		{rows, "\x01\x01x\x01y\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f", `is the most that can be`},
		{rows, "\x7f\x01x\x01y\x00\x00\x01", `a list of 127`},
		{"\x01a\x01b\x01c", "\x01a\x01b\x01b", `the set "b" is there twice`},
		{"\x03\x01a\x01b\x01c", "\x00", `the label "set" has no values`},
		{"\x04open\x06closed", "\x04open\x04open", `the label "open" is there twice`},
		{"\x0ctest_seconds", "\x0atest_total", `it is there twice`},
		{"\x0ctest_seconds", "\x0ctest_second\xff", `is too long, or no text`},
		{values, "\x02\x00\x03\x01\x00", `1 values are in no bucket`},
		{values, "\x01\x00\x03\x01\x01", `more than 1 values in the buckets`},
		{values, "\x01\x01\x03\x01\x00", `1 values can't have a sum so great`},
		{values, "\x01\x00\x81\x80\x80\x80\x80\x80\x80\x80\x80\x01\x01\x00", `1 values can't have a sum so great`},
		{native, "\x01\x1a\x01\x01", `more than 0 values in the buckets`},
		{native, "\x02\x1a\x01\x01", `2 values in the zero bucket, of 1`},
		{native, "\x00\x1a\x00", `0 values in the zero bucket, of 1`},
		{native, "\x00\x1a\x01\x00", `1 values are in no bucket`},
		{native, "\x00\x9f\x01\x01\x01", `1 native buckets from -80 on can't be`},
		{native, "\x00\xf2\x07\x01\x01", `1 native buckets from 505 on can't be`},
		{native, "\x00\xf0\x07\x02\x01\x00", `2 native buckets from 504 on can't be`},
	} {
		if strings.Count(good, c.old) != 1 {
			t.Fatalf("%q is not once in %q", c.old, good)
		}
		err := restoreBooks(declared(all), []byte(strings.Replace(good, c.old, c.now, 1)), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, ErrOtherVersion) {
			t.Errorf("%q for %q: %v, want %s", c.now, c.old, err, c.want)
		}
	}
}

func encoded(put func(*checkpoint.Encoder)) string {
	var to checkpoint.Encoder
	put(&to)
	return string(to.Bytes())
}

// Sums beyond 64 bits, and values of all sizes.
func TestDistributionIsRestored(t *testing.T) {
	for _, values := range [][]int64{{}, {0}, {math.MaxInt64, math.MaxInt64, math.MaxInt64, 0, 7}, {1, 1 << 20, 5_000_000}} {
		want := distribution{classic: make([]uint64, len(sizeBuckets.bounds)+1)}
		for _, v := range values {
			want.observe(sizeBuckets, v)
		}
		got := distribution{classic: make([]uint64, len(sizeBuckets.bounds)+1)}
		r := &restorer{Decoder: checkpoint.NewDecoder([]byte(encoded(want.save)))}
		got.restore(r, sizeBuckets)
		if r.End(); r.Err() != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v: %v\ngot  %v\nwant %v", values, r.Err(), got, want)
		}
	}
}

// No more series come than memory allows, however small they are in the state.
func TestTooManySeries(t *testing.T) {
	e := New(Options{})
	for i := range 40 {
		e.families.commands.row(ServiceLabels{fmt.Sprint(i), ""})
	}
	var to checkpoint.Encoder
	e.families.save(&to)
	for _, room := range []int{2000, 1000} {
		r := &restorer{Decoder: checkpoint.NewDecoder(to.Bytes()), room: room}
		New(Options{}).families.restore(r)
		if tooMany := room == 1000; (r.Err() != nil) != tooMany {
			t.Errorf("room for %d: %v", room, r.Err())
		}
	}
}

// The lists that have limits of their own.
func TestTooLongLists(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Engine)
		want   string
	}{
		"templates": {func(e *Engine) {
			e.unclassified.limit = maxUnclassified + 1
			for n := range maxUnclassified + 1 {
				feedLog(e, said(1, "192.0.2.1", words(n)))
			}
		}, "the unclassified replies can't be read: 501 are too many"},
		"blocks": {func(e *Engine) {
			e.blocks.limit = maxBlocks + 1
			for n := range maxBlocks + 1 {
				e.blocks.admit(blockKey{provider: fmt.Sprint(n), class: "blocklisted"}).kind = "block"
			}
		}, "the blocks can't be read: 501 are too many"},
		"class of a block": {func(e *Engine) { e.blocks.admit(blockKey{class: "odd"}).kind = "block" },
			`a block is of class "odd" and kind "block", which this version does not know: the state was written by another version`},
		"kind of a block": {func(e *Engine) { e.blocks.admit(blockKey{class: "blocklisted"}).kind = "odd" },
			`a block is of class "blocklisted" and kind "odd", which this version does not know: the state was written by another version`},
	} {
		e := New(Options{})
		c.change(e)
		if err := New(Options{}).Restore(checkpoint.NewDecoder([]byte(saved(e)))); err == nil || err.Error() != c.want {
			t.Errorf("%s: got  %v\nwant %s", name, err, c.want)
		}
	}
}
