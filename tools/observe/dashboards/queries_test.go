package dashboards

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

	"postfix_exporter/tools/observe/alerts"
)

// foreign are metrics of others, and their labels beside job and instance.
var foreign = map[string][]string{
	"up": nil, "scrape_samples_scraped": nil, "scrape_duration_seconds": nil,
	"process_resident_memory_bytes": nil, "process_cpu_seconds_total": nil,
	"postfix_exporter_build_info": {"version"},
	"ALERTS":                      {"alertname", "alertstate", "severity", "provider"},
	"ALERTS_FOR_STATE":            {"alertname", "severity", "provider"},
}

// unused are families that no dashboard asks for, and why.
var unused = map[string]string{
	"postfix_messages_expired_total":       "postfix_expirations_total tells the same by provider and class",
	"postfix_queue_files":                  "a check of postfix_queue_messages that most exporters may not make",
	"postfix_exporter_queue_unread_values": "a curiosity of the queue's list; the families' own help tells of it",
}

// Each query parses, asks for metrics and labels that there are, of the hosts chosen.
func TestQueries(t *testing.T) {
	known, used := families(t), map[string]bool{}
	maps.Copy(known, recordedSeries(t))
	for _, d := range read(t) {
		for _, p := range d.Panels {
			for _, x := range p.Targets {
				checkQuery(t, d.UID+", "+p.Title, x.Expr, known, used)
			}
		}
		for _, a := range d.Annotations.List {
			if a.Target.Expr != "" {
				checkQuery(t, d.UID+", annotation "+a.Name, a.Target.Expr, known, used)
			}
		}
	}
	for name := range known {
		_, isForeign := foreign[name]
		if strings.Contains(name, ":") {
			continue // most are for alerts
		}
		switch why := unused[name]; {
		case used[name] && why != "":
			t.Errorf("%s is used: take it out of unused", name)
		case !used[name] && why == "" && !isForeign:
			t.Errorf("no dashboard uses %s: use it, or say in unused why not", name)
		}
	}
}

func checkQuery(t *testing.T, where, expr string, known map[string][]string, used map[string]bool) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(grafana.Replace(expr))
	if err != nil {
		t.Errorf("%s: %v\n%s", where, err, expr)
		return
	}
	chosen, what := hosts, "job and instance"
	if strings.HasPrefix(where, "postfix-fleet,") {
		chosen, what = jobs, "job alone"
	}
	if n := len(chosen.FindAllString(expr, -1)); n != len(selectors(parsed)) {
		t.Errorf("%s: %d of %d selectors match %s: %s", where, n, len(selectors(parsed)), what, expr)
	}
	allowed := []string{"job", "le"}
	for _, s := range selectors(parsed) {
		allowed = append(allowed, checkSelector(t, where, s, known, used)...)
	}
	for _, l := range groupings(parsed) {
		if !slices.Contains(allowed, l) {
			t.Errorf("%s: none of its metrics has the label %s: %s", where, l, expr)
		}
	}
}

// hosts are the matchers that each selector must have.
var (
	hosts = regexp.MustCompile(`job=~"\$job\|?", instance=~"\$instance\|?"`)
	jobs  = regexp.MustCompile(`job=~"\$job"(, [^i]|\})`) // no instance: what is recorded of all hosts has none
)

func checkSelector(t *testing.T, where string, s *parser.VectorSelector, known map[string][]string, used map[string]bool) []string {
	t.Helper()
	name := s.Name
	if _, ok := known[name]; !ok {
		name = regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
	}
	have, ok := known[name]
	if !ok {
		t.Errorf("%s: there is no metric %s", where, s.Name)
	}
	used[name] = true
	for _, m := range s.LabelMatchers {
		if !slices.Contains(append(have, "__name__"), m.Name) {
			t.Errorf("%s: %s has no label %s", where, s.Name, m.Name)
		}
	}
	return have
}

func selectors(e parser.Expr) (all []*parser.VectorSelector) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			all = append(all, s)
		}
		return nil
	})
	return all
}

func groupings(e parser.Expr) (all []string) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			all = append(all, n.Grouping...)
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				all = append(append(all, n.VectorMatching.MatchingLabels...), n.VectorMatching.Include...)
			}
		}
		return nil
	})
	return all
}

var (
	heading  = regexp.MustCompile(`^### (postfix_\w+)$`)
	typeLine = regexp.MustCompile(`^(counter|gauge|histogram|untyped)( by (.*))?$`)
)

// families are those of docs/METRICS.md, which is made from their declarations, and
// foreign ones, with their labels.
func families(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	known, name := map[string][]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if m := heading.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if m := typeLine.FindStringSubmatch(line); m != nil && name != "" {
			known[name] = ofHost(strings.FieldsFunc(m[3], func(r rune) bool { return strings.ContainsRune(`, \*`, r) }))
			name = ""
		}
	}
	if len(known) < 50 {
		t.Fatalf("only %d families in METRICS.md", len(known))
	}
	for name, have := range foreign {
		known[name] = ofHost(have)
	}
	return known
}

// ofHost are labels with those that each scraped series has.
func ofHost(labels []string) []string { return append(slices.Clone(labels), "job", "instance") }

// recordedSeries are what the rules record, with the labels that their names tell. Where
// a rule's expression says which labels it keeps, they are these.
func recordedSeries(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(alertsFolder, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := alerts.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range f.Groups {
			for _, r := range g.Rules {
				if r.Record != "" {
					known[r.Record] = labelsOf(t, r)
				}
			}
		}
	}
	if len(known) < 30 {
		t.Fatalf("only %d recorded series", len(known))
	}
	return known
}

func labelsOf(t *testing.T, r alerts.Rule) []string {
	t.Helper()
	level, _, _ := strings.Cut(r.Record, ":")
	labels := append([]string{"job"}, strings.Split(level, "_")...)
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(r.Expr)
	if err != nil {
		t.Fatal(err)
	}
	if sum, ok := parsed.(*parser.AggregateExpr); ok {
		if kept := slices.Clone(sum.Grouping); !slices.Equal(slices.Sorted(slices.Values(kept)), slices.Sorted(slices.Values(labels))) {
			t.Errorf("%s keeps %v", r.Record, kept)
		}
	}
	return labels
}

var legendLabel = regexp.MustCompile(`\{\{(\w+)\}\}`)

// A legend names labels that its query keeps.
func TestLegends(t *testing.T) {
	for _, d := range read(t) {
		for _, p := range d.Panels {
			for _, x := range p.Targets {
				parsed, err := parser.NewParser(parser.Options{}).ParseExpr(grafana.Replace(x.Expr))
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range legendLabel.FindAllStringSubmatch(x.LegendFormat, -1) {
					if !slices.Contains(groupings(parsed), m[1]) {
						t.Errorf("%s, %q: the legend's %s is not kept: %s", d.UID, p.Title, m[1], x.Expr)
					}
				}
			}
		}
	}
}

// Counters stand under rate or increase only; a gauge stands under neither, but what
// is recorded may be summed up over time.
func TestCounters(t *testing.T) {
	for _, d := range read(t) {
		for _, p := range d.Panels {
			for _, x := range p.Targets {
				parsed, _ := parser.NewParser(parser.Options{}).ParseExpr(grafana.Replace(x.Expr))
				parser.Inspect(parsed, func(n parser.Node, path []parser.Node) error {
					s, ok := n.(*parser.VectorSelector)
					if !ok {
						return nil
					}
					if isNewly(path) || isOver(path, "last_over_time") {
						return nil
					}
					if strings.Contains(s.Name, ":") && isOver(path, "sum_over_time", "avg_over_time") {
						return nil
					}
					_, inRange := path[len(path)-1].(*parser.MatrixSelector)
					if counter := isCounter(s.Name); counter != inRange {
						t.Errorf("%s, %q: %s: counter %v, rated %v", d.UID, p.Title, s.Name, counter, inRange)
					}
					return nil
				})
			}
		}
	}
}

// isNewly is true in the part of newly that takes series which began meanwhile.
func isNewly(path []parser.Node) bool {
	return slices.ContainsFunc(path, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && b.Op == parser.LUNLESS && len(selectors(b)) == 2 && selectors(b)[0].Name == selectors(b)[1].Name && selectors(b)[1].OriginalOffset > 0
	})
}

// isOver is true within one of these functions, as of what a target was within the
// time shown.
func isOver(path []parser.Node, functions ...string) bool {
	return slices.ContainsFunc(path, func(n parser.Node) bool {
		c, ok := n.(*parser.Call)
		return ok && slices.Contains(functions, c.Func.Name)
	})
}

func isCounter(name string) bool {
	return !strings.HasPrefix(name, "postfix_queue_") &&
		(strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_bucket") || strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_sum"))
}
