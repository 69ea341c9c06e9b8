package collector

import (
	"fmt"
	"strings"
	"testing"

	"postfix_exporter/checkpoint"
	"postfix_exporter/internal/mklog/traffic"

	dto "github.com/prometheus/client_model/go"
)

// hostLines are lines of a few hosts.
func hostLines(hosts, lines int) (all []string) {
	for i := range hosts {
		more := made(traffic.Options{Seed: uint64(i / 2), Rate: 2, Host: fmt.Sprint("mx", i)}, lines)
		all = interleave(all, more)
	}
	return all
}

// engineAfter goes on with the state of another.
func engineAfter(t *testing.T, e *Engine, o Options) *Engine {
	t.Helper()
	next := New(o)
	restore(t, next, saved(e))
	return next
}

// The label taken away between two runs: what all hosts counted is added up, as if
// it had never been there.
func TestHostsTakenAway(t *testing.T) {
	lines := hostLines(4, 1500)
	first, then := strings.Join(lines[:4000], "\n"), strings.Join(lines[4000:], "\n")
	e := engineAfter(t, feedLog(New(Options{ByHost: true, MaxHosts: 2}), first), Options{})
	never := feedLog(New(Options{}), first+"\n"+then)
	got := dropLines(scrape(t, feedLog(e, then), ""), `family="host"`) // how much was in host="other" stays told
	if want := scrape(t, never, ""); got != want {
		t.Error(firstDifference(got, want))
	}
	if got, want := byHost(t, e)[""], byHost(t, never)[""]; got != want { // native buckets, too
		t.Error(firstDifference(got, want))
	}
	if again := engineAfter(t, e, Options{}); show(t, again) != show(t, e) {
		t.Error(firstDifference(show(t, again), show(t, e)))
	}
}

func dropLines(text, with string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, with) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// The label given between two runs: what was counted without it is that of no host,
// and what comes is its host's.
func TestHostsGiven(t *testing.T) {
	lines := hostLines(2, 1500)
	first, then := strings.Join(lines[:2000], "\n"), strings.Join(lines[2000:], "\n")
	before := feedLog(New(Options{}), first)
	e := feedLog(engineAfter(t, before, Options{ByHost: true}), then)
	slices := byHost(t, e)
	if want := byHost(t, before)[""]; slices[noHost] != want {
		t.Errorf("none: %s", firstDifference(slices[noHost], want))
	}
	sums := func(e *Engine) map[string]float64 {
		all := map[string]float64{}
		eachOfLines(t, e, func(name, _ string, m *dto.Metric) {
			all[name+fmt.Sprint(m.Label)] += m.Counter.GetValue() + float64(m.Histogram.GetSampleCount())
		})
		return all
	}
	if got, want := sums(e), sums(feedLog(before, then)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// A limit that was lowered takes no host away, and lets no more come.
func TestFewerHosts(t *testing.T) {
	e := New(Options{ByHost: true})
	for i := range 9 {
		feedLog(e, fromHost(fmt.Sprint("mx", i)))
	}
	next := engineAfter(t, e, Options{ByHost: true, MaxHosts: 3})
	feedLog(next, fromHost("mx8")+fromHost("mx9"))
	text := scrape(t, next, "")
	for _, series := range []string{connections("mx0", 1), connections("mx8", 2), connections("other", 1),
		`postfix_exporter_series_overflow_total{family="host"} 1`} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
	if strings.Contains(text, `"mx9"`) {
		t.Error("a host beyond the limit has a series")
	}
	if again := engineAfter(t, next, Options{ByHost: true, MaxHosts: 3}); saved(again) != saved(next) {
		t.Error("not the same state")
	}
}

// What can't be is found, with the label and without it.
func TestImpossibleHostsOfAnEngine(t *testing.T) {
	state := saved(feedLog(New(Options{ByHost: true}), fromHost("mx1")+fromHost("mx2")))
	for _, c := range []struct{ old, now, want string }{
		{"mx2", "mx1", `the series of "{postfix  lmtp local}" are there twice`},
		{"mx2", "m\x012", `"m\x012" is no host's name`},
		{"mx2", "m\xff2", `"m\xff2" is too long, or no text`},
	} {
		for _, withLabel := range []bool{false, true} {
			err := New(Options{ByHost: withLabel}).Restore(checkpoint.NewDecoder([]byte(strings.ReplaceAll(state, c.old, c.now))))
			if err == nil || err.Error() != "postfix_deliveries_total can't be read: "+c.want {
				t.Errorf("label %v: %v, want %s", withLabel, err, c.want)
			}
		}
	}
}

// The same, row by row.
func TestImpossibleHosts(t *testing.T) {
	declare := func(d *declarer) {
		d.ofLines = true
		newCounter[fewerLabels](d, "test_total", "Test.")
		d.ofLines = false
		newCounter[NoLabels](d, "test_own_total", "Test.")
	}
	const (
		head = "\x02\x0atest_total"
		tail = "\x0etest_own_total\x00\x00\x00\x00"
		mx1  = "\x03mx1\x01x\x05"
		mx1y = "\x03mx1\x01y\x06"
		mx2  = "\x03mx2\x01x\x07"
		most = "\xff\xff\xff\xff\xff\xff\xff\xff\x3f" // maxCount
	)
	for _, c := range []struct{ state, want string }{
		{head + "\x02\x04host\x04open\x00\x00\x03" + mx1 + mx1y + mx2 + tail, ""},
		{head + "\x02\x04open\x04host\x00\x00\x02\x01x\x03mx1\x05\x01x\x03mx2\x05" + tail, ""},
		{head + "\x01\x04open\x00\x00\x01\x01x\x05" + tail, ""},
		{head + "\x02\x04host\x04open\x00\x00\x02" + mx1 + mx1 + tail, `the series of "{x}" are there twice`},
		{head + "\x02\x04host\x04open\x00\x00\x03" + mx1 + mx2 + mx1y + tail, `the series of host "mx1" are there twice`},
		{head + "\x02\x04host\x04open\x00\x00\x01\x00\x01x\x05" + tail, `"" is no host's name`},
		{head + "\x02\x04host\x04open\x00\x00\x01\x03m x\x01x\x05" + tail, `"m x" is no host's name`},
		{head + "\x02\x04host\x04open\x00\x00\x01\x81\x01" + strings.Repeat("x", 129) + "\x01x\x05" + tail, `is too long, or no text`},
		{head + "\x02\x04host\x04host\x00\x00\x00" + tail, `the label "host" is there twice`},
		{head + "\x01\x04host\x00\x00\x01\x03mx1\x05" + tail, `lacks the label "open"`},
		{head + "\x02\x04host\x04open\x00\x00\x7f" + mx1 + tail, `a list of 127`},
		{"\x01\x0etest_own_total\x01\x04host\x00\x00\x00", `has the label "host", which this version does not know there`},
	} {
		err := restoreBooks(declared(declare), []byte(c.state), nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.state, err, c.want)
		}
	}
	d := declared(declare)
	over := head + "\x02\x04host\x04open\x00\x00\x02" + "\x03mx1\x01x" + most + "\x03mx2\x01x\x01" + tail
	if err := restoreBooks(d, []byte(over), nil); err == nil || !strings.Contains(err.Error(), "and 1 are more than can be counted") {
		t.Errorf("a sum too great: %v", err)
	}
}

// No more hosts come than memory allows, however small they are in the state.
func TestTooManyHosts(t *testing.T) {
	e := New(Options{ByHost: true})
	e.families.hosts.limit = MostHosts + 1 // which no flag allows
	for i := range MostHosts {
		e.families.of(fmt.Sprint("mx", i))
	}
	e.families.of(other)
	engineAfter(t, e, Options{ByHost: true})
	e.families.of("one-more")
	engineAfter(t, e, Options{})
	err := New(Options{ByHost: true}).Restore(checkpoint.NewDecoder([]byte(saved(e))))
	if want := "postfix_deliveries_total can't be read: it has more than 1000 hosts"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	e = New(Options{ByHost: true, MaxHosts: MostHosts + 5})
	if n := e.options.MaxHosts; n != MostHosts {
		t.Errorf("%d hosts", n)
	}
}
