package collector

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postfix_exporter/checkpoint"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"

	dto "github.com/prometheus/client_model/go"
)

// A central log host's log tells of each host what that host's own log tells:
// though queue ids and process ids are the same, however the lines come, and when a
// family of one of them is full.
func TestHostsAreApart(t *testing.T) {
	rules := shippedRules(t)
	for seed, maxSeries := range []int{0, 60, 0} {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		logs := hostLogs(t, random)
		alone := map[string]*Engine{}
		for name, lines := range logs {
			alone[name] = feedLog(New(Options{Rules: rules, MaxSeries: maxSeries}), strings.Join(lines, "\n"))
		}
		central := feedLog(New(Options{Rules: rules, MaxSeries: maxSeries, ByHost: true}), strings.Join(shuffled(logs, random), "\n"))
		slices := byHost(t, central)
		if len(slices) != len(logs)+1 {
			t.Fatalf("%d slices of %d logs", len(slices), len(logs))
		}
		for name, e := range alone {
			got, want := slices[name], byHost(t, e)[""]
			if got != want {
				t.Errorf("seed %d, host %s: %s", seed, name, firstDifference(got, want))
			}
		}
		checkSums(t, central, alone)
	}
}

// hostLogs are logs by host. Two are of one story, but lines of the one are missing.
func hostLogs(t *testing.T, random *rand.Rand) map[string][]string {
	one := made(traffic.Options{Seed: random.Uint64(), Rate: 2}, 6000)
	files, _ := filepath.Glob("../testdata/logs/*.log")
	all := append(goldenLines(t), linesOf(t, files[random.IntN(len(files))])...)
	return map[string][]string{
		"mx-a.example": renamed(one, "mx-a.example", 0, random),
		"192.0.2.7":    renamed(one, "192.0.2.7", 20, random),
		"MX-A.example": renamed(one, "MX-A.example", 3, random),
		"2001:db8::1":  renamed(made(traffic.Options{Seed: random.Uint64(), Rate: 2, LongIDs: true}, 3000), "2001:db8::1", 0, random),
		"x":            renamed(all, "x", 0, random),
	}
}

// renamed are the lines that name a host, as if this one had written them; a part
// of them, 1 in so many, is lost.
func renamed(lines []string, host string, lost int, random *rand.Rand) (all []string) {
	var p maillog.Parser
	var e maillog.Event
	for _, line := range lines {
		isPostfix := p.Parse(line, &e)
		line = strings.Replace(line, " "+e.Host+" ", " "+host+" ", 1)
		if p.Parse(line, &e) != isPostfix || e.Host != host || lost > 0 && random.IntN(lost) == 0 {
			continue
		}
		all = append(all, line)
	}
	return all
}

// shuffled are the lines of all logs, those of each in their order.
func shuffled(logs map[string][]string, random *rand.Rand) (all []string) {
	rest := map[string][]string{}
	var names []string
	for name, lines := range logs {
		names, rest[name] = append(names, name), lines
	}
	slices.Sort(names)
	for len(names) > 0 {
		i := random.IntN(len(names))
		name := names[i]
		n := min(1+random.IntN(5), len(rest[name]))
		all, rest[name] = append(all, rest[name][:n]...), rest[name][n:]
		if len(rest[name]) == 0 {
			names = slices.Delete(names, i, i+1)
		}
	}
	return all
}

// byHost is what counts lines in a scrape, by the label host and without it; native
// buckets, too. Foreign lines belong to no host.
func byHost(t *testing.T, e *Engine) map[string]string {
	t.Helper()
	all := map[string]string{}
	eachOfLines(t, e, func(name, host string, m *dto.Metric) {
		if strings.Contains(m.String(), `"foreign"`) {
			return
		}
		all[host] += name + " " + m.String() + "\n"
	})
	return all
}

// eachOfLines gives the series that count lines, without the label host.
func eachOfLines(t *testing.T, e *Engine, do func(name, host string, m *dto.Metric)) {
	t.Helper()
	for _, f := range gather(t, e) {
		for _, m := range f.Metric {
			host := ""
			m.Label = slices.DeleteFunc(slices.Clone(m.Label), func(l *dto.LabelPair) bool {
				if l.GetName() == hostLabel {
					host = l.GetValue()
				}
				return l.GetName() == hostLabel
			})
			own := strings.HasPrefix(f.GetName(), "postfix_exporter_") || f.GetName() == "postfix_block_info"
			if own && host != "" {
				t.Errorf("%s has a host", f.GetName())
			}
			if !own {
				do(f.GetName(), host, m)
			}
		}
	}
}

// checkSums: what has no host is what all hosts' own logs give together.
func checkSums(t *testing.T, central *Engine, alone map[string]*Engine) {
	t.Helper()
	for _, name := range []string{"postfix_exporter_unread_values_total", "postfix_exporter_series_overflow_total", "foreign"} {
		want := 0.0
		for _, e := range alone {
			want += total(t, e, name)
		}
		if got := total(t, central, name); got != want {
			t.Errorf("%s: %v, and %v of the hosts' own logs", name, got, want)
		}
	}
	infos := map[string]bool{}
	for _, e := range alone {
		for _, i := range e.rules.Load().infos(e.blocks.refusals()) {
			infos[fmt.Sprint(i)] = true
		}
	}
	if got := len(central.rules.Load().infos(central.blocks.refusals())); got != len(infos) || got == 0 {
		t.Errorf("%d blocks, and %d of the hosts' own logs", got, len(infos))
	}
}

// total sums a family up, or foreign lines.
func total(t *testing.T, e *Engine, name string) (sum float64) {
	t.Helper()
	for _, f := range gather(t, e) {
		for _, m := range f.Metric {
			if f.GetName() == name || name == "foreign" && f.GetName() == "postfix_log_lines_total" && strings.Contains(m.String(), `"foreign"`) {
				sum += m.Counter.GetValue()
			}
		}
	}
	return sum
}

func fromHost(host string) string {
	return "2026-11-03T10:00:00Z " + host + " postfix/smtpd[1]: connect from unknown[192.0.2.10]\n"
}

func connections(host string, n int) string {
	return fmt.Sprintf(`postfix_smtpd_connections_total{host=%q,instance_name="postfix",service=""} %d`, host, n)
}

// Hosts beyond the limit, and what is no host's name, are counted together, and
// that is counted. Lines without a host, and foreign ones, bring none.
func TestHostLimit(t *testing.T) {
	e := New(Options{ByHost: true, MaxHosts: 2})
	long := strings.Repeat("x", maxLabelValue)
	for _, h := range []string{"mx1", "mx1", "other", long, "mx3", "mx\x01", "mx1", "mx\xff", long + "x", "mx3", "none", "other", long} {
		feedLog(e, fromHost(h))
	}
	feedLog(e, "2026-11-03T10:00:00Z postfix/smtpd[1]: connect from unknown[192.0.2.10]\n2026-11-03T10:00:00Z mx9 dovecot: foreign\nforeign\n")
	text := scrape(t, e, "")
	for _, series := range []string{
		connections("mx1", 3), connections(long, 2), connections("none", 2), connections("other", 7),
		`postfix_exporter_series_overflow_total{family="host"} 5`,
		`postfix_log_lines_total{host="none",outcome="foreign"} 2`,
		`postfix_log_lines_total{host="none",outcome="parsed"} 2`,
		`postfix_log_lines_total{host="mx1",outcome="foreign"} 0`,
		`postfix_log_lines_total{host="other",outcome="parsed"} 7`,
		`postfix_messages_expired_total{forced="true",host="mx1",instance_name="postfix"} 0`,
	} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
	if n := strings.Count(text, "\npostfix_log_ambiguous_records_total{"); n != 4 || strings.Contains(text, "mx9") {
		t.Errorf("%d hosts", n)
	}
}

// All hosts together have no more series than there are to spare: then those that
// are there fold, new ones are other, and what was known is counted on.
func TestSeriesOfAllHosts(t *testing.T) {
	e := New(Options{ByHost: true})
	h := e.families.hosts
	before := seriesOf(e)
	least := h.least
	h.spare = 2*least + 5 + 3 // two hosts, and what the first one logs; not what the second does
	for i := range 9 {
		feedLog(e, fromHost("mx1")+fromHost("mx2")+fromHost("mx3")+
			strings.Replace(fromHost("mx1"), "postfix/", fmt.Sprintf("postfix-%d/", i), 1))
	}
	text := scrape(t, e, "")
	for _, series := range []string{
		connections("mx1", 9), connections("mx2", 9), connections("other", 9),
		`postfix_exporter_series_overflow_total{family="host"} 9`,
		`postfix_smtpd_connections_total{host="mx1",instance_name="other",service="other"} 9`,
		`postfix_log_messages_total{daemon="other",host="mx1",instance_name="other",severity="info"} 9`,
	} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
	// Each of the three has a row of log messages, mx1 has two rows for what was
	// folded; the time of the last line is known.
	if n := seriesOf(e) - before; n != 3*(least+5)+5+1+1 || h.spare > 0 {
		t.Errorf("%d more series, %d to spare", n, h.spare)
	}
	if h := newFamiliesByHost(100_000, 1).hosts; h.spare < 100_000*20 {
		t.Errorf("%d series to spare", h.spare)
	}
}

// One host's series, and those of none, are of what all have to spare.
func TestSeriesToSpare(t *testing.T) {
	e := New(Options{ByHost: true})
	e.families.hosts.spare = e.families.hosts.least + 5 + 5
	feedLog(e, fromHost("mx1")+strings.Replace(fromHost("mx1"), "postfix/", "postfix-1/", 1)) // its log messages; another instance of it: 5 and 1
	feedLog(e, strings.Replace(fromHost("none"), "postfix/", "postfix-2/", 1))
	text := scrape(t, e, "")
	for _, series := range []string{
		`postfix_log_messages_total{daemon="smtpd",host="mx1",instance_name="postfix-1",severity="info"} 1`,
		`postfix_smtpd_connections_total{host="mx1",instance_name="other",service="other"} 1`,
		`postfix_log_messages_total{daemon="other",host="none",instance_name="other",severity="info"} 1`,
	} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
}

// Without the label there is no trace of it.
func TestNoHosts(t *testing.T) {
	e := feedLog(New(Options{MaxHosts: 1}), fromHost("mx1")+fromHost("mx2"))
	if text := scrape(t, e, ""); strings.Contains(text, "host=") || strings.Contains(text, `"host"`) {
		t.Error("there is a host in the scrape")
	}
	if strings.Contains(saved(e), "\x04host\x0dinstance_name") {
		t.Error("there is a host in the books of the state")
	}
}

// An event from the journal has its host, too.
func TestHostOfRecord(t *testing.T) {
	e := New(Options{ByHost: true})
	r := maillog.Record{Host: "mx7", Program: "postfix/smtpd", PID: 1, Text: "connect from unknown[192.0.2.10]"}
	e.Feed(maillog.Line{Record: &r}, checkpoint.Pos{})
	if want := connections("mx7", 1); !strings.Contains(scrape(t, e, ""), want+"\n") {
		t.Errorf("no %s", want)
	}
}

// A name is kept, not the line that it stood in.
func TestHostsAreCopied(t *testing.T) {
	e := New(Options{ByHost: true})
	line := []byte(strings.TrimSpace(fromHost("mx1")))
	e.Feed(maillog.Line{Text: alias(line)}, checkpoint.Pos{})
	copy(line, fromHost("mx2"))
	e.Feed(maillog.Line{Text: alias(line)}, checkpoint.Pos{})
	feedLog(e, fromHost("mx1"))
	text := scrape(t, e, "")
	for _, series := range []string{connections("mx1", 2), connections("mx2", 1)} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
}

func TestFeedByHostDoesNotAllocate(t *testing.T) {
	e := New(Options{ByHost: true, MaxHosts: 3})
	log := readGolden(t, "deliveries") + readGolden(t, "sessions")
	for line := range strings.Lines(log) {
		var lines []string
		for i := range 6 { // three have no room
			lines = append(lines, strings.TrimSpace(strings.Replace(line, " mx ", fmt.Sprintf(" mx%d ", i), 1)))
		}
		feed := func() {
			for _, line := range lines {
				e.Feed(maillog.Line{Text: line}, checkpoint.Pos{})
			}
		}
		feed()
		if n := allocations(feed); n != 0 {
			t.Errorf("%v allocations: %s", n, line)
		}
	}
}
