package alerts

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Every expression parses, also those in texts, and names only metrics, labels and
// values that there are.
func TestExpressions(t *testing.T) {
	metrics := families(t)
	for _, name := range files {
		known := map[string]*family{}
		for _, r := range rules(t, name) {
			for _, expr := range append(queries(t, r), r.Expr) {
				faults := check(parse(t, expr), func(metric string) *family {
					if f := known[metric]; f != nil {
						return f // recorded before, in the same group
					}
					return metrics[metric]
				})
				for _, f := range faults {
					t.Errorf("%s: %s%s: %s", name, r.Record, r.Alert, f)
				}
			}
			if r.Record != "" {
				known[r.Record] = recorded(r.Record)
			}
		}
	}
}

// queries are the expressions in the texts of a rule, with labels put in.
func queries(t *testing.T, r Rule) []string {
	t.Helper()
	var all []string
	for _, text := range r.Annotations {
		found := regexp.MustCompile(`query \(printf ("(?:[^"\\]|\\.)*")`).FindAllStringSubmatch(text, -1)
		if len(found) != strings.Count(text, " query ") {
			t.Errorf("%s: a query that this test can't read", r.Alert)
		}
		for _, m := range found {
			q := strings.ReplaceAll(strings.Trim(m[1], `"`), `\"`, `"`)
			all = append(all, strings.ReplaceAll(q, "%q", `"x"`))
		}
	}
	return all
}

func parse(t *testing.T, expr string) parser.Expr {
	t.Helper()
	e, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	if err != nil {
		t.Fatalf("%v\n%s", err, expr)
	}
	return e
}

// check tells which names in an expression there aren't.
func check(expr parser.Expr, find func(string) *family) (faults []string) {
	var used []string
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			f := find(s.Name)
			if f == nil {
				faults = append(faults, "there is no metric "+s.Name+", or not before in its group")
				return nil
			}
			used = append(used, f.labels...)
			for _, m := range s.LabelMatchers {
				faults = append(faults, checkMatcher(f, m)...)
			}
		}
		return nil
	})
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		for _, l := range grouped(n) {
			if !slices.Contains(used, l) {
				faults = append(faults, "no metric of it has the label "+l)
			}
		}
		return nil
	})
	return faults
}

func grouped(n parser.Node) []string {
	switch n := n.(type) {
	case *parser.AggregateExpr:
		return n.Grouping
	case *parser.BinaryExpr:
		if n.VectorMatching != nil {
			return append(slices.Clone(n.VectorMatching.MatchingLabels), n.VectorMatching.Include...)
		}
	}
	return nil
}

func checkMatcher(f *family, m *labels.Matcher) (faults []string) {
	if m.Name == model.MetricNameLabel {
		return nil
	}
	if !slices.Contains(f.labels, m.Name) {
		faults = append(faults, "no such label: "+m.String())
	}
	if known := f.values[m.Name]; known != nil && m.Value != "x" {
		for _, v := range strings.Split(m.Value, "|") {
			if !slices.Contains(known, v) {
				faults = append(faults, m.Name+" is never "+v)
			}
		}
	}
	return faults
}

// A wrong name is found.
func TestExpressionFaults(t *testing.T) {
	metrics := families(t)
	for expr, want := range map[string]bool{
		`sum by (job) (postfix_bounces_total{class="blocklisted"})`:  true,
		`sum by (job) (postfix_bounces_total{class="blocklist"})`:    false,
		`sum by (jobs) (postfix_bounces_total)`:                      false,
		`postfix_bounces`:                                            false,
		`postfix_bounces_total{status="sent"}`:                       false,
		`postfix_deliveries_total{status=~"sent|delivered"}`:         false,
		`postfix_up / on (queue) postfix_up`:                         false,
		`rate(postfix_delivery_stage_seconds_bucket{le="60"}[5m])`:   true,
		`rate(postfix_delivery_delay_seconds_bucket{stage="x"}[5m])`: false,
	} {
		faults := check(parse(t, expr), func(name string) *family { return metrics[name] })
		if (len(faults) == 0) != want {
			t.Errorf("%s: got faults %q", expr, faults)
		}
	}
}
