package collector

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"
)

// The whole path of a line: parse, judge, track, count.
func BenchmarkFeed(b *testing.B) {
	e := New(Options{})
	lines := strings.Split(strings.TrimSpace(readGolden(b, "deliveries")+readGolden(b, "sessions")), "\n")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Feed(maillog.Line{Text: lines[i%len(lines)]}, checkpoint.Pos{})
	}
}

// The same of many hosts, each line of another than before; with the label host
// and without it.
func BenchmarkFeedOfHosts(b *testing.B) {
	lines := strings.Split(strings.TrimSpace(readGolden(b, "deliveries")+readGolden(b, "sessions")), "\n")
	for _, c := range []struct {
		name   string
		hosts  int
		byHost bool
	}{{"10off", 10, false}, {"10on", 10, true}, {"1on", 1, true}} {
		b.Run(c.name, func(b *testing.B) {
			e := New(Options{ByHost: c.byHost})
			var all []string
			for i := range len(lines) * c.hosts {
				all = append(all, strings.Replace(lines[i%len(lines)], " mx ", fmt.Sprintf(" m%d ", i%c.hosts), 1))
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				e.Feed(maillog.Line{Text: all[i%len(all)]}, checkpoint.Pos{})
			}
		})
	}
}

// What the books cost of it: the lines are parsed before.
func BenchmarkCount(b *testing.B) {
	readings := parsed(b, readGolden(b, "deliveries")+readGolden(b, "sessions"))
	f := newFamilies(DefaultMaxSeries)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.count(&readings[i%len(readings)])
	}
}

func parsed(b *testing.B, log string) (all []reading) {
	var p maillog.Parser
	for line := range strings.Lines(log) {
		r := reading{known: true, verdict: classify.Verdict{Class: "unclassified", Kind: "unknown", Provider: "other"}}
		if !p.Parse(strings.TrimSuffix(line, "\n"), &r.event) {
			b.Fatal(line)
		}
		all = append(all, r)
	}
	return all
}

// A whole scrape of 5,000 series, histograms among them.
func BenchmarkScrape5000(b *testing.B) {
	r := prometheus.NewRegistry()
	r.MustRegister(newBigEngine(b))
	for b.Loop() {
		all, err := r.Gather()
		if err != nil {
			b.Fatal(err)
		}
		enc := expfmt.NewEncoder(io.Discard, expfmt.NewFormat(expfmt.TypeTextPlain))
		for _, f := range all {
			if err := enc.Encode(f); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// How long such a scrape holds up the counting.
func BenchmarkCopy5000(b *testing.B) {
	e := newBigEngine(b)
	b.ReportAllocs()
	for b.Loop() {
		e.freeze(&moment{})
	}
}

// The same of busy hosts on a central log host.
func BenchmarkCopyByHost(b *testing.B) {
	for _, hosts := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(hosts), func(b *testing.B) {
			e := New(Options{Rules: shippedRules(b), ByHost: true})
			lines := made(traffic.Options{Rate: 5}, 20_000)
			for i := range hosts {
				for _, line := range lines {
					e.Feed(maillog.Line{Text: strings.Replace(line, " mx1 ", fmt.Sprintf(" m%d ", i), 1)}, checkpoint.Pos{})
				}
			}
			for b.Loop() {
				e.freeze(&moment{})
			}
			b.ReportMetric(float64(seriesOf(e)), "series")
		})
	}
}

func newBigEngine(b *testing.B) *Engine {
	e := New(Options{})
	readings := parsed(b, readGolden(b, "deliveries")+readGolden(b, "sessions"))
	for i := 0; seriesOf(e) < 5000; i++ {
		for _, r := range readings {
			r.event.Instance = fmt.Sprint("postfix-", i)
			for j := range r.event.Delivery.Delays { // so that native buckets are many
				r.event.Delivery.Delays[j] *= float64(1 + i%7*j)
			}
			e.families.count(&r)
		}
	}
	return e
}

func seriesOf(e *Engine) (n int) {
	ch := make(chan prometheus.Metric, 100_000)
	e.Collect(ch)
	return len(ch)
}
