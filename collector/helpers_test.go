package collector

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/maillog"
)

// gather scrapes the engine through a registry that checks all it is given.
func gather(t testing.TB, e *Engine) []*dto.MetricFamily {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	if err := r.Register(e); err != nil {
		t.Fatal(err)
	}
	all, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// nonZero writes the series that are not 0, a line each, without those of the
// exporter's own state. Of a histogram's buckets it writes those that hold
// something, not cumulative.
func nonZero(t testing.TB, e *Engine) string {
	t.Helper()
	var b strings.Builder
	for _, f := range gather(t, e) {
		if own[f.GetName()] {
			continue
		}
		for _, m := range f.Metric {
			writeSeries(&b, f.GetName(), m)
		}
	}
	return b.String()
}

var own = map[string]bool{
	"postfix_exporter_caught_up":                   true,
	"postfix_exporter_tracked_messages":            true,
	"postfix_exporter_rules":                       true,
	"postfix_exporter_rules_reload_successful":     true,
	"postfix_exporter_last_line_timestamp_seconds": true,
}

func writeSeries(b *strings.Builder, name string, m *dto.Metric) {
	var labels []string
	for _, l := range m.Label {
		labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
	}
	series := name + "{" + strings.Join(labels, ",") + "}"
	h := m.Histogram
	switch {
	case h != nil && h.GetSampleCount() > 0:
		fmt.Fprintf(b, "%s count %d sum %v%s\n", series, h.GetSampleCount(), h.GetSampleSum(), buckets(h))
	case m.Counter.GetValue()+m.Gauge.GetValue() != 0:
		fmt.Fprintf(b, "%s %v\n", series, m.Counter.GetValue()+m.Gauge.GetValue())
	}
}

// buckets are those that hold something, with what they hold.
func buckets(h *dto.Histogram) string {
	var b strings.Builder
	before := uint64(0)
	for _, bucket := range h.Bucket {
		if n := bucket.GetCumulativeCount(); n > before {
			fmt.Fprintf(&b, " le%v:%d", bucket.GetUpperBound(), n-before)
			before = n
		}
	}
	if n := h.GetSampleCount(); n > before {
		fmt.Fprintf(&b, " le+Inf:%d", n-before)
	}
	return b.String()
}

// feed counts events made by hand, as the parser would leave them.
func feed(e *Engine, events ...maillog.Event) {
	for _, ev := range events {
		e.now.event = ev
		e.count()
	}
}
