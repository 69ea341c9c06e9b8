package collector

import (
	"slices"
	"strings"
	"testing"
	"unsafe"
)

type pairLabels struct {
	Open   string `label:"open,open"`
	Closed string `label:"closed"`
}

func newTestCounter(limit int, sets ...set) *counter[pairLabels] {
	return newCounter[pairLabels](&declarer{limit: limit}, "test_total", "Test.", sets...)
}

func TestCounter(t *testing.T) {
	c := newTestCounter(100, commandOutcomes)
	for range 3 {
		for _, open := range []string{"a", "b", "c", "d", "e", "f", "g"} { // more than are remembered
			c.inc(pairLabels{open, "x"}, 1)
		}
	}
	c.add(pairLabels{"b", "x"}, 0, 5)
	c.inc(pairLabels{"x", "b"}, 0)
	for key, want := range map[pairLabels][2]uint64{
		{"a", "x"}: {0, 3}, {"b", "x"}: {5, 3}, {"g", "x"}: {0, 3}, {"x", "b"}: {1, 0},
	} {
		if got := [2]uint64(c.row(key)); got != want {
			t.Errorf("%v: %v, want %v", key, got, want)
		}
	}
	if len(c.rows) != 8 || len(c.n) != 16 {
		t.Errorf("%d rows, %d numbers", len(c.rows), len(c.n))
	}
}

// Rows found by a tag and a value are those of the key, also where more of them
// are asked for than have a place, and where some were folded into other.
func TestPairRows(t *testing.T) {
	for _, limit := range []int{5000, 60} {
		plain, paired := newTestCounter(limit), newTestCounter(limit)
		for range 3 {
			for tag := range 70 { // 0 is no number
				for n := range 12 {
					value := strings.Repeat("v", n/2) + []string{"", "w"}[n%2]
					l := pairLabels{value, strings.Repeat("t", tag)}
					for range 2 {
						plain.inc(l, 0)
						paired.pairRow(tag, value, l)[0]++
					}
				}
			}
		}
		if !slices.Equal(plain.n, paired.n) || plain.overflow != paired.overflow {
			t.Errorf("limit %d: %d rows, overflow %d; want %d, %d", limit, len(paired.n), paired.overflow, len(plain.n), plain.overflow)
		}
	}
}

func TestKeysAreCopied(t *testing.T) {
	line := []byte("aaa bbb")
	text := unsafe.String(&line[0], len(line))
	c := newTestCounter(100)
	c.inc(pairLabels{text[:3], text[4:]}, 0)
	copy(line, "xxx yyy") // the reader's next line
	c.inc(pairLabels{text[:3], text[4:]}, 0)
	copy(line, "aaa bbb")
	c.inc(pairLabels{text[:3], text[4:]}, 0)
	if got := c.row(pairLabels{"aaa", "bbb"})[0]; got != 2 || len(c.rows) != 2 {
		t.Errorf("%d in %d rows, want 2 in 2", got, len(c.rows))
	}
	if v := c.rows[0][0][1].GetValue(); v != "aaa" {
		t.Errorf("label is %q", v)
	}
}

func TestOverflow(t *testing.T) {
	c := newTestCounter(4, commandOutcomes) // room for two rows of two
	for _, open := range []string{"a", "b", "c", "d", "a", "c"} {
		c.inc(pairLabels{open, "x"}, 0)
	}
	c.inc(pairLabels{"e", "y"}, 0) // a closed label stays what it is
	want := map[pairLabels]uint64{{"a", "x"}: 2, {"b", "x"}: 1, {other, "x"}: 3, {other, "y"}: 1}
	for key, n := range want {
		if got := c.row(key)[0]; got != n {
			t.Errorf("%v: %d, want %d", key, got, n)
		}
	}
	if len(c.rows) != len(want) {
		t.Errorf("%d rows, want %d", len(c.rows), len(want))
	}
	if n := c.drain(); n != 4 {
		t.Errorf("%d folded, want 4", n)
	}
}

func TestOverflowNeedsNoRoomForWhatIsThere(t *testing.T) {
	c := newTestCounter(1)
	c.inc(pairLabels{other, "x"}, 0)
	c.inc(pairLabels{other, "y"}, 0) // nothing left to fold: it must fit
	if len(c.rows) != 2 || c.drain() != 0 {
		t.Errorf("%v", c.keys)
	}
}

func TestBadValues(t *testing.T) {
	c := newTestCounter(100)
	for _, bad := range []string{"\xff", "a\xc3", strings.Repeat("a", maxLabelValue+1)} {
		c.inc(pairLabels{bad, "x"}, 0)
	}
	c.inc(pairLabels{"é", "x"}, 0)
	if n := c.row(pairLabels{other, "x"})[0]; n != 3 || len(c.rows) != 2 {
		t.Errorf("%d of 3 folded, rows %q", n, c.keys)
	}
	if n := c.drain(); n != 3 {
		t.Errorf("%d folded, want 3", n)
	}
}

func TestBooksDoNotAllocate(t *testing.T) {
	c := newTestCounter(8, commandOutcomes)
	h := newHistogram[pairLabels](&declarer{limit: 100}, "test_seconds", "Test.", queueBuckets)
	keys := []pairLabels{{"a", "x"}, {"b", "x"}, {"c", "x"}, {"d", "x"}, {"e", "x"}, {"f", "x"}, {"g\xff", "x"}}
	count := func() {
		for i, k := range keys {
			c.inc(k, i%2)
			h.observe(k, int64(i)*1_000_000)
		}
	}
	count()
	if n := testing.AllocsPerRun(100, count); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
