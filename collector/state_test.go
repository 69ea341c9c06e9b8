package collector

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

// A passage is lines, and engines that are to count them.
type passage struct {
	name    string
	lines   []string
	options Options
	small   bool // nearly no room for anything
}

func (p *passage) engine(observed io.Writer) *Engine {
	o := p.options
	if p.small {
		o.MaxSeries, o.MaxMessages, o.MaxHosts = 50, 20, 2
	}
	o.Observe = func(e *maillog.Event, o *track.Outcome, _ *classify.Verdict) { writeOutcome(observed, o) }
	e := New(o)
	if p.small {
		e.unclassified.limit, e.blocks.limit = 4, 3
		if o.ByHost {
			e.families.hosts.spare = 500
		}
	}
	return e
}

// writeOutcome writes what an event was found to mean, so that what is known of a
// message shows though no metric has it.
func writeOutcome(w io.Writer, o *track.Outcome) {
	if o.Known || o.SessionTime != 0 {
		m := o.Message
		m.Received = m.Received.UTC()
		fmt.Fprintln(w, m, o.FirstActivation, o.QueueTime, o.SessionTime, o.GivenUp)
	}
}

var notAfter = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC).Unix()

// run feeds all lines, and before those with a number in cuts it goes on with
// another engine. It returns all that can be seen of the last one.
func (p *passage) run(t *testing.T, cuts map[int]bool) string {
	t.Helper()
	observed := fnv.New64a()
	e := p.engine(observed)
	for i, line := range p.lines {
		if cuts[i] {
			e = p.replace(t, e, observed)
		}
		e.Feed(maillog.Line{Text: line}, checkpoint.Pos{NotAfter: notAfter})
	}
	return fmt.Sprintf("%sobserved %x\n", show(t, e), observed.Sum64())
}

// replace is an engine with the state of another.
func (p *passage) replace(t *testing.T, e *Engine, observed io.Writer) *Engine {
	t.Helper()
	state := saved(e)
	next := p.engine(observed)
	restore(t, next, state)
	if again := saved(next); again != state {
		t.Fatalf("a state of %d bytes is restored, saved again, and has %d, or others", len(state), len(again))
	}
	return next
}

func saved(e *Engine) string {
	var to checkpoint.Encoder
	e.Save(&to)
	return string(to.Bytes())
}

func restore(t testing.TB, e *Engine, state string) {
	t.Helper()
	d := checkpoint.NewDecoder([]byte(state))
	if err := e.Restore(d); err != nil {
		t.Fatal(err)
	}
	if d.End(); d.Err() != nil {
		t.Fatal(d.Err())
	}
}

// show is all that can be seen of an engine: native buckets are in protobuf only.
func show(t testing.TB, e *Engine) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(scrape(t, e, ""))
	fmt.Fprintf(&b, "%q\n", scrape(t, e, string(expfmt.NewFormat(expfmt.TypeProtoDelim))))
	for _, page := range []any{e.Unclassified(), e.Blocks()} {
		text, err := json.MarshalIndent(page, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", text)
	}
	_, last := e.Progress()
	fmt.Fprintln(&b, last.UTC())
	return b.String()
}

// Counting, saving, restoring and counting on is counting: wherever it is cut, and
// however often.
func TestRestoreAnywhere(t *testing.T) {
	for _, p := range passages(t) {
		for _, small := range []bool{false, true} {
			p := p // its tests run beside each other
			p.small = small
			t.Run(fmt.Sprintf("%s, small %v", p.name, p.small), func(t *testing.T) {
				t.Parallel()
				want := p.run(t, nil)
				random := rand.New(rand.NewPCG(1, uint64(len(p.lines))))
				for _, n := range []int{1, 2, 30} {
					cuts := map[int]bool{}
					for range n {
						cuts[random.IntN(len(p.lines))] = true
					}
					if got := p.run(t, cuts); got != want {
						t.Errorf("cut at %v: %s", cuts, firstDifference(got, want))
					}
				}
			})
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("got  %.500s\nwant %.500s", g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func passages(t *testing.T) (all []passage) {
	rules := shippedRules(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob("../testdata/logs/*.log")
	for _, name := range names {
		all = append(all, passage{name: filepath.Base(name), lines: linesOf(t, name), options: Options{Rules: rules, Location: berlin}})
	}
	one := made(traffic.Options{Seed: 1, Rate: 2}, 12_000)
	two := made(traffic.Options{Seed: 2, Rate: 2, LongIDs: true, Host: "mx2"}, 6_000)
	for i := range two {
		two[i] = strings.ReplaceAll(two[i], " postfix/", " postfix-out/")
	}
	return append(all,
		passage{name: "golden", lines: goldenLines(t), options: Options{Rules: rules}},
		passage{name: "golden without rules", lines: append(goldenLines(t), goldenLines(t)...)},
		passage{name: "who blocks us", lines: strings.Split(strings.TrimSpace(strings.Repeat(blockLog, 3)), "\n"), options: Options{Rules: loadRules(t, blockRules)}},
		passage{name: "who blocks us in other zones", lines: strings.Split(strings.TrimSpace(strings.ReplaceAll(blockLog, ":00Z", ":00+03:00")), "\n"),
			options: Options{Rules: loadRules(t, blockRules), Location: berlin}},
		passage{name: "floods of words", lines: floods()},
		passage{name: "traffic", lines: one, options: Options{Rules: rules}},
		passage{name: "two hosts", lines: interleave(one[:6000], two), options: Options{Rules: rules}},
		passage{name: "four hosts by label", lines: hostLines(4, 1500), options: Options{Rules: rules, ByHost: true}},
		passage{name: "golden by label", lines: goldenLines(t), options: Options{Rules: rules, ByHost: true}})
}

func shippedRules(t testing.TB) *classify.Set {
	t.Helper()
	files, err := classify.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	set, err := classify.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func linesOf(t testing.TB, name string) (all []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		all = append(all, in.Text())
	}
	return all
}

func goldenLines(t testing.TB) (all []string) {
	t.Helper()
	names, _ := filepath.Glob("../testdata/golden/*.txtar")
	for _, name := range names {
		log := readGolden(t, strings.TrimSuffix(filepath.Base(name), ".txtar"))
		all = append(all, strings.Split(strings.TrimSuffix(log, "\n"), "\n")...)
	}
	return all
}

func made(o traffic.Options, n int) []string {
	var all []byte
	for g := traffic.New(o); n > 0; n-- {
		all, _ = g.AppendLine(all)
	}
	return strings.Split(strings.TrimSuffix(string(all), "\n"), "\n")
}

// interleave is two logs in one, each in its order.
func interleave(one, two []string) (all []string) {
	random := rand.New(rand.NewPCG(3, 4))
	for len(one) > 0 && len(two) > 0 {
		if random.IntN(2) == 0 {
			one, two = two, one
		}
		all, one = append(all, one[0]), one[1:]
	}
	return append(append(all, one...), two...)
}

// floods are more unclassified replies than there is room for, from few networks
// and from many.
func floods() (all []string) {
	for n := range 700 {
		address := []string{"198.51.100.1", fmt.Sprintf("192.0.%d.1", n%50), fmt.Sprintf("2001:db8:%x::1", n%9), "no address"}[n%4]
		all = append(all, strings.TrimSpace(said(n%60, address, words(n/2*3))))
	}
	return all
}

// What a scrape does meanwhile changes nothing.
func TestSaveBesideScrapes(t *testing.T) {
	p := passage{lines: made(traffic.Options{Seed: 5}, 3000), small: true}
	e := p.engine(io.Discard)
	done := make(chan struct{})
	var scraper sync.WaitGroup
	scraper.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				gather(t, e)
				e.Unclassified()
				e.Blocks()
				e.Progress()
			}
		}
	})
	for i, line := range p.lines {
		if e.Feed(maillog.Line{Text: line}, checkpoint.Pos{}); i%100 == 0 {
			saved(e)
		}
	}
	close(done)
	scraper.Wait()
	if got := show(t, p.replace(t, e, io.Discard)); got != show(t, e) {
		t.Error(firstDifference(got, show(t, e)))
	}
}
