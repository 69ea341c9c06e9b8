package e2e

// What the exporter says, and how it compares with the truth.

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// metrics are families by name.
type metrics map[string]*dto.MetricFamily

func parseMetrics(t *testing.T, r io.Reader) metrics {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(r)
	if err != nil {
		t.Fatalf("metrics: %v", err)
	}
	return families
}

// sum adds up the series that a selector selects. ok: the family exists.
func (m metrics) sum(selector string) (sum float64, ok bool) {
	family, labels := splitSelector(selector)
	f, ok := m[family]
	for _, series := range f.GetMetric() {
		if selects(labels, series) {
			sum += value(series)
		}
	}
	return sum, ok
}

// splitSelector takes family{name="value",...} apart.
func splitSelector(s string) (family string, labels map[string]string) {
	family, rest, _ := strings.Cut(strings.TrimSuffix(s, "}"), "{")
	labels = map[string]string{}
	for rest != "" {
		name, after, _ := strings.Cut(rest, "=")
		quoted, err := strconv.QuotedPrefix(after)
		if err != nil {
			return "", nil
		}
		labels[name], _ = strconv.Unquote(quoted)
		rest = strings.TrimPrefix(after[len(quoted):], ",")
	}
	return family, labels
}

func selects(labels map[string]string, series *dto.Metric) bool {
	found := 0
	for _, l := range series.GetLabel() {
		want, ok := labels[l.GetName()]
		if ok && want != l.GetValue() {
			return false
		}
		if ok {
			found++
		}
	}
	return found == len(labels)
}

func labels(m *dto.Metric) map[string]string {
	all := map[string]string{}
	for _, l := range m.GetLabel() {
		all[l.GetName()] = l.GetValue()
	}
	return all
}

// value is a counter's or gauge's value, or a histogram's count.
func value(m *dto.Metric) float64 {
	switch {
	case m.Counter != nil:
		return m.Counter.GetValue()
	case m.Histogram != nil:
		return float64(m.Histogram.GetSampleCount())
	}
	return m.GetGauge().GetValue() + m.GetUntyped().GetValue()
}

// check compares m with the truth, but for families and labels that the log
// does not tell.
func (tr truth) check(t *testing.T, m metrics, without ...string) {
	t.Helper()
	for selector, want := range sorted(tr) {
		family, labels := splitSelector(selector)
		if slices.ContainsFunc(without, func(s string) bool { _, ok := labels[s]; return ok || s == family }) {
			continue
		}
		if got, ok := m.sum(selector); !ok || got != want {
			t.Errorf("%s is %v, want %v", selector, got, want)
		}
	}
	if n, ok := m.sum(selector(logLines, "outcome", "unrecognized")); !ok || n != 0 {
		t.Errorf("%v lines are unrecognized", n)
	}
}

// same fails where the log-fed families of two scrapes differ.
func same(t *testing.T, got, want metrics) {
	t.Helper()
	for _, d := range differences(got, want) {
		t.Error(d)
	}
}

// differences are sentences, one for each series.
func differences(got, want metrics) (all []string) {
	a, b := got.series(), want.series()
	for key := range sorted(b) {
		if a[key] != b[key] {
			all = append(all, fmt.Sprintf("%s is %q, want %q", key, a[key], b[key]))
		}
	}
	for key := range sorted(a) {
		if _, ok := b[key]; !ok {
			all = append(all, fmt.Sprintf("%s is %q, want none", key, a[key]))
		}
	}
	return all
}

// notOfLog begin the names of families that are not fed by the log.
var notOfLog = []string{"postfix_exporter_", "postfix_queue_", "postfix_up"}

// series are the values, in text, of all series that come from the log.
func (m metrics) series() map[string]string {
	all := map[string]string{}
	for name, f := range m {
		if !strings.HasPrefix(name, "postfix_") || slices.ContainsFunc(notOfLog, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		for _, s := range f.GetMetric() {
			var pairs []string
			for name, value := range sorted(labels(s)) {
				pairs = append(pairs, name, value)
			}
			all[selector(name, pairs...)] = fmt.Sprint(value(s), " ", s.GetHistogram().GetSampleSum(), s.GetHistogram().GetBucket())
		}
	}
	return all
}

func TestSelectorSumsSeries(t *testing.T) {
	m := parseMetrics(t, strings.NewReader(`# TYPE a_total counter
a_total{x="1",y="p"} 1
a_total{x="1",y="q, \"r\"}"} 2
a_total{x="2",y="p"} 4
`))
	for _, tt := range []struct {
		selector string
		want     float64
	}{
		{"a_total", 7},
		{`a_total{x="1"}`, 3},
		{`a_total{y="p"}`, 5},
		{`a_total{x="1",y="p"}`, 1},
		{selector("a_total", "y", `q, "r"}`), 2},
		{`a_total{z="1"}`, 0},
	} {
		if got, ok := m.sum(tt.selector); !ok || got != tt.want {
			t.Errorf("%s is %v, want %v", tt.selector, got, tt.want)
		}
	}
	if _, ok := m.sum("b_total"); ok {
		t.Error("b_total exists")
	}
}
