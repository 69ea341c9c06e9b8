package e2e

// A Prometheus that looks often, and never forgets what it saw.

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	scrapeEvery = 20 * time.Millisecond
	maxFaults   = 10 // that are told; the rest are like them
)

// scraper scrapes whatever exporter runs now. No counter may go down or away,
// over restarts.
type scraper struct {
	t      *testing.T
	client http.Client
	target atomic.Pointer[server]
	runs   atomic.Int64
	lines  func() int // that can have been counted, at most
	spare  []string   // counters that a crash may set back

	seen    map[string]float64
	ready   map[*server]bool // exporters that answered with 200
	scrapes int              // answers with 200
	refused int              // answers with 503
	faults  int
}

func newScraper(t *testing.T, lines func() int) *scraper {
	return &scraper{t: t, client: http.Client{Timeout: 10 * time.Second}, lines: lines, seen: map[string]float64{}, ready: map[*server]bool{}}
}

func (s *scraper) run(ctx context.Context) {
	for sleep(ctx, scrapeEvery) {
		if target := s.target.Load(); target != nil {
			s.look(target)
		}
	}
}

// turnTo scrapes another run of the exporter from now on.
func (s *scraper) turnTo(target *server) {
	s.runs.Add(1)
	s.target.Store(target)
}

// look scrapes once. An answer that breaks off, and none at all, are crashes.
func (s *scraper) look(target *server) {
	resp, err := s.client.Get(target.url)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
	case resp.StatusCode == http.StatusOK:
		s.scrapes++
		s.ready[target] = true
		s.compare(counters(s.t, string(text)))
	case resp.StatusCode == http.StatusServiceUnavailable:
		s.refused++
	default:
		s.fault("a scrape was answered with %s: %s", resp.Status, text)
	}
}

// compare finds what went back since the last scrape, and lines that were counted
// twice.
func (s *scraper) compare(now map[string]float64) {
	most, sum := float64(s.lines()), 0.0
	for key, value := range now {
		if strings.HasPrefix(key, logLines+"{") {
			sum += value
		}
	}
	if sum > most {
		s.fault("%v lines are counted, %v were written", sum, most)
	}
	var back []string
	for key, before := range s.seen {
		value, ok := now[key]
		if (!ok || value < before) && !slices.Contains(s.spare, key) {
			back = append(back, fmt.Sprintf("%s was %v, is now %v (there: %v)", key, before, value, ok))
		}
	}
	if len(back) > 0 {
		slices.Sort(back)
		s.fault("%d counters went back, as\n%s", len(back), strings.Join(back[:min(len(back), maxFaults)], "\n"))
	}
	s.seen = now
}

func (s *scraper) fault(format string, args ...any) {
	s.t.Helper()
	if s.faults++; s.faults <= maxFaults {
		s.t.Errorf("run %d, scrape %d: "+format, append([]any{s.runs.Load(), s.scrapes}, args...)...)
	}
}

// counters are the values, by name and labels, of all that only goes up: counters,
// and buckets, sums and counts of histograms. expfmt would take too long for so
// many scrapes.
func counters(t *testing.T, text string) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	family, rises := "", false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			var kind string
			family, kind, _ = strings.Cut(rest, " ")
			rises = (kind == "counter" || kind == "histogram") && strings.HasPrefix(family, "postfix_") &&
				!strings.HasPrefix(family, "postfix_exporter_queue_") // of this run only
			continue
		}
		if !rises || strings.HasPrefix(line, "#") {
			continue
		}
		space := strings.LastIndexByte(line, ' ')
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if err != nil || !strings.HasPrefix(line, family) {
			t.Errorf("a line of %s can't be read: %q", family, line)
			continue
		}
		all[line[:space]] = value
	}
	return all
}

func TestScraperSeesFaults(t *testing.T) {
	first := `# TYPE go_gc counter
go_gc 9
# HELP postfix_a_total x
# TYPE postfix_a_total counter
postfix_a_total{x="a b"} 5
# TYPE postfix_b gauge
postfix_b 7
# TYPE postfix_c histogram
postfix_c_bucket{le="+Inf"} 3
postfix_c_sum 1.5
postfix_c_count 3
`
	for _, c := range []struct {
		old, new string
		faults   bool
	}{
		{"", "", false},
		{"gc 9", "gc 1", false},
		{"_b 7", "_b 1", false},
		{`"} 5`, `"} 6`, false},
		{`"} 5`, `"} 4`, true},
		{"a b", "b a", true},
		{"Inf\"} 3", "Inf\"} 2", true},
		{"sum 1.5", "sum 1.4", true},
		{"count 3", "count 0", true},
	} {
		s := newScraper(t, func() int { return 0 })
		s.faults = maxFaults // untold
		s.compare(counters(t, first))
		s.compare(counters(t, strings.Replace(first, c.old, c.new, 1)))
		if got := s.faults > maxFaults; got != c.faults {
			t.Errorf("%q for %q: faults %v, want %v", c.new, c.old, got, c.faults)
		}
	}
	s := newScraper(t, func() int { return 1 })
	s.faults = maxFaults
	s.compare(map[string]float64{selector(logLines, "outcome", "parsed"): 2})
	if s.faults == maxFaults {
		t.Error("2 lines of 1 are not seen")
	}
}
