package history

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// Storage is where samples go: a database, a head, a test's storage.
type Storage interface {
	Appender(ctx context.Context) storage.Appender
}

// Record plays all spans, and writes each scrape to a storage. After each it calls
// then, which may be nil: what reads the scrapes, such as rules, does it there.
func (f *Fleet) Record(ctx context.Context, to Storage, then func(context.Context, time.Time) error) error {
	for _, span := range f.scenario.Spans {
		for at := span.From.Truncate(f.scenario.Step); at.Before(span.To); at = at.Add(f.scenario.Step) {
			if at.Before(f.now) {
				continue
			}
			if err := f.Advance(at); err != nil {
				return err
			}
			if err := f.scrapeAll(to.Appender(ctx)); err != nil {
				return err
			}
			if then == nil {
				continue
			}
			if err := then(ctx, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Fleet) scrapeAll(to storage.Appender) error {
	for _, h := range f.hosts {
		w := scrapeWriter{to: to, at: f.now.UnixMilli(), host: h}
		if err := w.scrape(f.now); err != nil {
			_ = to.Rollback()
			return fmt.Errorf("history of %s at %v: %w", h.Instance, f.now, err)
		}
	}
	return to.Commit()
}

// scrapeWriter writes one scrape of one host.
type scrapeWriter struct {
	to    storage.Appender
	at    int64
	host  *Running
	build labels.ScratchBuilder
	count int
	err   error
}

func (w *scrapeWriter) scrape(now time.Time) error {
	if w.host.Up != nil && !w.host.Up(now) {
		w.add("up", nil, 0)
		return w.err
	}
	families, err := w.host.Scrape()
	if err != nil {
		return err
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			w.metric(f, m)
		}
	}
	w.add("scrape_duration_seconds", nil, 0.004+4e-6*float64(w.count))
	w.add("scrape_samples_scraped", nil, float64(w.count))
	w.add("up", nil, 1)
	return w.err
}

func (w *scrapeWriter) metric(f *dto.MetricFamily, m *dto.Metric) {
	name := f.GetName()
	switch f.GetType() {
	case dto.MetricType_COUNTER:
		w.add(name, m.Label, m.Counter.GetValue())
	case dto.MetricType_GAUGE:
		w.add(name, m.Label, m.Gauge.GetValue())
	case dto.MetricType_UNTYPED:
		w.add(name, m.Label, m.Untyped.GetValue())
	case dto.MetricType_HISTOGRAM:
		w.histogram(name, m)
	}
}

func (w *scrapeWriter) histogram(name string, m *dto.Metric) {
	h := m.Histogram
	bucket := func(le string, n uint64) {
		w.add(name+"_bucket", append(m.Label[:len(m.Label):len(m.Label)], &dto.LabelPair{Name: new("le"), Value: &le}), float64(n))
	}
	infinite := false
	for _, b := range h.Bucket {
		infinite = infinite || math.IsInf(b.GetUpperBound(), 1)
		bucket(labelOf(b.GetUpperBound()), b.GetCumulativeCount())
	}
	if !infinite {
		bucket("+Inf", h.GetSampleCount())
	}
	w.add(name+"_sum", m.Label, h.GetSampleSum())
	w.add(name+"_count", m.Label, float64(h.GetSampleCount()))
}

func (w *scrapeWriter) add(name string, pairs []*dto.LabelPair, v float64) {
	w.build.Reset()
	w.build.Add("__name__", name)
	w.build.Add("job", w.host.Job)
	w.build.Add("instance", w.host.Instance)
	for _, p := range pairs {
		if p.GetValue() != "" {
			w.build.Add(p.GetName(), p.GetValue())
		}
	}
	w.build.Sort()
	w.count++
	if _, err := w.to.Append(0, w.build.Labels(), w.at, v); err != nil && w.err == nil {
		w.err = err
	}
}

// labelOf writes a bound as Prometheus has it: 1.0, 0.25, 1.048576e+06, +Inf.
func labelOf(bound float64) string {
	text := strconv.FormatFloat(bound, 'g', -1, 64)
	if !strings.ContainsAny(text, ".eI") {
		text += ".0"
	}
	return text
}
