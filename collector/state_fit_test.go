package collector

import (
	"errors"
	"strings"
	"testing"

	"postfix_exporter/checkpoint"
)

type otherLabels struct {
	Closed string `label:"closed"`
	Open   string `label:"open,open"`
}

type fewerLabels struct {
	Open string `label:"open,open"`
}

type classLabels struct {
	Class string `label:"class"`
}

// declared is a version of the program: families, and some counts.
func declared(declare func(*declarer)) *declarer {
	d := &declarer{limit: 1000}
	declare(d)
	return d
}

func savedBooks(d *declarer) []byte {
	var to checkpoint.Encoder
	d.save(&to)
	return to.Bytes()
}

func restoreBooks(d *declarer, state []byte, n names) error {
	r := &restorer{Decoder: checkpoint.NewDecoder(state), names: n, where: "the counts", room: maxRestored}
	if d.restore(r); r.Err() == nil {
		r.End()
	}
	if r.Err() != nil {
		return r.failure()
	}
	return nil
}

var (
	abc   = newSet("set", "a", "b", "c")
	yesNo = newSet("answer", "yes", "no")
)

func oldVersion(d *declarer) {
	c := newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo)
	for part := range 6 {
		c.add(pairLabels{"x", "y"}, part, uint64(10+part)) // a yes 10, a no 11, b yes 12, ...
	}
	c.add(pairLabels{"v", "w"}, 0, 7)
	h := newHistogram[NoLabels](d, "test_seconds", "Test.", sessionBuckets, yesNo)
	h.row(NoLabels{})[1].observe(sessionBuckets, 3_000_000)
}

// Another order, more values and more families: each count finds its place.
func TestFit(t *testing.T) {
	var c *counter[otherLabels]
	var h *histogram[NoLabels]
	var gained *counter[NoLabels]
	d := declared(func(d *declarer) {
		gained = newCounter[NoLabels](d, "test_new_total", "Test.")
		gained.row(NoLabels{})
		h = newHistogram[NoLabels](d, "test_seconds", "Test.", sessionBuckets, newSet("answer", "maybe", "no", "yes"))
		c = newCounter[otherLabels](d, "test_total", "Test.", newSet("answer", "no", "yes"), newSet("set", "c", "d", "b", "a"))
		c.row(otherLabels{"w", "v"})
	})
	if err := restoreBooks(d, savedBooks(declared(oldVersion)), nil); err != nil {
		t.Fatal(err)
	}
	want := [8]uint64{15, 0, 13, 11, 14, 0, 12, 10} // no: c d b a, yes: c d b a
	if got := [8]uint64(c.row(otherLabels{"y", "x"})); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := c.row(otherLabels{"w", "v"}); got[7] != 7 || len(c.rows) != 2 {
		t.Errorf("got %v in one of %d rows", got, len(c.rows))
	}
	if row := h.row(NoLabels{}); row[1].count() != 1 || row[1].sum(h.shape) != 3 || row[0].count()+row[2].count() != 0 {
		t.Errorf("got %v", row)
	}
	if n := gained.row(NoLabels{})[0]; n != 0 || len(gained.rows) != 1 {
		t.Errorf("a new family begins at %d", n)
	}
}

// What doesn't fit is named, and of another version.
func TestMisfit(t *testing.T) {
	for _, c := range []struct {
		name, want string
		declare    func(*declarer)
	}{
		{"no family", `test_total is not known to this version`, func(d *declarer) {}},
		{"no histogram", `test_seconds is not known to this version`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo)
		}},
		{"a label less", `test_total has the label "closed", which this version does not know there`, func(d *declarer) {
			newCounter[fewerLabels](d, "test_total", "Test.", abc, yesNo)
		}},
		{"a label more", `test_total lacks the label "list", which it has in this version`, func(d *declarer) {
			newCounter[struct {
				Open   string `label:"open"`
				List   string `label:"list"`
				Closed string `label:"closed"`
			}](d, "test_total", "Test.", abc, yesNo)
		}},
		{"a set less", `test_total has the label "answer", which this version does not know there`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc)
		}},
		{"a set more", `test_total lacks the label "outcome", which it has in this version`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo, loginOutcomes)
		}},
		{"a value less", `test_total has the set "b", which this version does not know`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", newSet("set", "a", "c"), yesNo)
		}},
		{"other bounds", `test_seconds has other buckets than in this version`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo)
			newHistogram[NoLabels](d, "test_seconds", "Test.", newShape(microseconds, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 7200), yesNo)
		}},
		{"fewer bounds", `test_seconds has other buckets than in this version`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo)
			newHistogram[NoLabels](d, "test_seconds", "Test.", newShape(microseconds, 1), yesNo)
		}},
		{"another unit", `test_seconds has other buckets than in this version`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo)
			newHistogram[NoLabels](d, "test_seconds", "Test.", &shape{perUnit: 1e3, bounds: sessionBuckets.bounds}, yesNo)
		}},
		{"a counter now", `test_seconds is a histogram in one version and a counter in the other`, func(d *declarer) {
			newCounter[pairLabels](d, "test_total", "Test.", abc, yesNo)
			newCounter[NoLabels](d, "test_seconds", "Test.", yesNo)
		}},
		{"a histogram now", `test_total is a histogram in one version and a counter in the other`, func(d *declarer) {
			newHistogram[pairLabels](d, "test_total", "Test.", sessionBuckets, abc, yesNo)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := restoreBooks(declared(c.declare), savedBooks(declared(oldVersion)), nil)
			if want := c.want + ": the state was written by another version"; err == nil || err.Error() != want || !errors.Is(err, ErrOtherVersion) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestUnknownClass(t *testing.T) {
	version := func(class string) *declarer {
		return declared(func(d *declarer) { newCounter[classLabels](d, "test_total", "Test.").inc(classLabels{class}, 0) })
	}
	const want = `test_total has the class "gone_now", which this version does not know: the state was written by another version`
	if err := restoreBooks(version("unclassified"), savedBooks(version("gone_now")), nil); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Values of closed labels are checked, so all that families are declared with must
// be in the table.
func TestClosedLabels(t *testing.T) {
	f := newFamilies(1)
	for _, b := range f.books {
		for _, l := range b.about().key {
			if closedLabels[l.name] == nil && !l.open && l.name != familyLabel {
				t.Errorf("%s: the values of %s are not known", b.about().name, l.name)
			}
		}
	}
	for label, values := range closedLabels {
		for _, v := range values {
			if v == "" || isBadValue(v) {
				t.Errorf("%s: %q", label, v)
			}
		}
	}
}

// A migration is a line in a table.
func TestRenamings(t *testing.T) {
	renamed := names{
		{family: "test_total", label: "answer", value: "yes", now: "aye"},
		{family: "test_total", label: "answer", now: "vote"},
		{family: "test_total", now: "trial_total"},
		{family: "trial_total", now: "final_total"},
		{label: "vote", value: "no", now: "nay"},
		{family: "final_total", label: "open", value: "v", now: "vvv"},
		{family: "final_total", label: "open", now: "free"},
		{family: "test_other", label: "set", value: "a", now: "wrong"},
		{family: "test_seconds", label: "set", now: "wrong"},
	}
	type freeLabels struct {
		Closed string `label:"closed"`
		Free   string `label:"free,open"`
	}
	var c *counter[freeLabels]
	d := declared(func(d *declarer) {
		c = newCounter[freeLabels](d, "final_total", "Test.", newSet("vote", "nay", "aye"), abc)
		newHistogram[NoLabels](d, "test_seconds", "Test.", sessionBuckets, newSet("answer", "yes", "no"))
	})
	if err := restoreBooks(d, savedBooks(declared(oldVersion)), renamed); err != nil {
		t.Fatal(err)
	}
	if got := [6]uint64(c.row(freeLabels{"y", "x"})); got != [6]uint64{11, 13, 15, 10, 12, 14} {
		t.Errorf("got %v", got)
	}
	if got := c.row(freeLabels{"w", "vvv"})[3]; got != 7 || len(c.rows) != 2 {
		t.Errorf("got %d in one of %d rows", got, len(c.rows))
	}
}

// The whole engine: a family's name is also a value, and classes are known to
// messages and blocks, too.
func TestRenamingsEverywhere(t *testing.T) {
	old := feedLog(New(Options{Rules: loadRules(t, blockRules), MaxSeries: 3}), blockLog+deferralLog)
	state := saved(old)
	for from, to := range map[string]string{ // as if an older version had written it; names are as long
		"postfix_bounces_total": "postfix_bouncez_total",
		"rate_limited":          "rate_limitez",
		"rdns_missing":          "rdns_missinz",
		"blocklisted":           "blocklistez",
		"config":                "confiz",
		"soft":                  "sofz",
	} {
		size := string([]byte{byte(len(from))})
		state = strings.ReplaceAll(state, size+from, size+to)
	}
	const want = `postfix_bouncez_total is not known to this version: the state was written by another version`
	if err := New(Options{}).Restore(checkpoint.NewDecoder([]byte(state))); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	e := New(Options{Rules: loadRules(t, blockRules), MaxSeries: 3})
	err := e.restore(checkpoint.NewDecoder([]byte(state)), names{
		{family: "postfix_bouncez_total", now: "postfix_bounces_total"},
		{label: "class", value: "rate_limitez", now: "rate_limited"},
		{label: "class", value: "rdns_missinz", now: "rdns_missing"},
		{label: "class", value: "blocklistez", now: "blocklisted"},
		{label: "kind", value: "confiz", now: "config"},
		{label: "kind", value: "sofz", now: "soft"},
		{label: "command", value: "sofz", now: "soft"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []*Engine{old, e} {
		feedLog(engine, expiryLog)
	}
	if got, want := show(t, e), show(t, old); got != want {
		t.Error(firstDifference(got, want))
	}
}

const (
	deferralLog = `2026-11-03T10:20:00Z mx postfix/pickup[1]: 4A0B7: uid=0 from=<root>
2026-11-03T10:20:00Z mx postfix/qmgr[1]: 4A0B7: from=<root@example.com>, size=1, nrcpt=1 (queue active)
2026-11-03T10:20:00Z mx postfix/smtp[1]: 4A0B7: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=4.7.1, status=deferred (host mx.b.example[192.0.2.1] said: 450 4.7.1 too fast)
`
	expiryLog = `2026-11-03T10:30:00Z mx postfix/qmgr[1]: 4A0B7: from=<root@example.com>, status=expired, returned to sender
2026-11-03T10:30:00Z mx postfix/qmgr[1]: 4A0B7: removed
`
)
