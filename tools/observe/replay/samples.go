package replay

import (
	"fmt"
	"math"
	"strconv"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// A scrape's metrics, as the samples that Prometheus makes of them.

// series is one that has been written.
type series struct {
	ref    storage.SeriesRef
	labels labels.Labels
	last   int64 // when, in ms
	stale  bool
}

func (s *scraper) metric(name string, m *dto.Metric) {
	switch {
	case m.Counter != nil:
		s.add(name, m.Label, "", m.Counter.GetValue())
	case m.Gauge != nil:
		s.add(name, m.Label, "", m.Gauge.GetValue())
	case m.Untyped != nil:
		s.add(name, m.Label, "", m.Untyped.GetValue())
	case m.Histogram != nil:
		for _, b := range m.Histogram.Bucket {
			s.add(name+"_bucket", m.Label, boundOf(b.GetUpperBound()), float64(b.GetCumulativeCount()))
		}
		s.add(name+"_bucket", m.Label, "+Inf", float64(m.Histogram.GetSampleCount()))
		s.add(name+"_count", m.Label, "", float64(m.Histogram.GetSampleCount()))
	}
}

// boundOf is a bucket's le, as Prometheus has it: 1.0, 0.25.
func boundOf(bound float64) string {
	if bound == math.Trunc(bound) {
		return strconv.FormatFloat(bound, 'f', 1, 64)
	}
	return strconv.FormatFloat(bound, 'g', -1, 64)
}

func (s *scraper) add(name string, pairs []*dto.LabelPair, le string, v float64) {
	s.key = append(append(s.key[:0], name...), 0)
	for _, p := range pairs {
		s.key = append(append(append(append(s.key, p.GetName()...), 1), p.GetValue()...), 0)
	}
	s.key = append(s.key, le...)
	one, known := s.series[string(s.key)]
	if !known {
		one = &series{labels: s.labels(name, pairs, le)}
		s.series[string(s.key)] = one
	}
	one.last, one.stale = s.at, false
	s.append(one, v)
}

func (s *scraper) append(one *series, v float64) {
	ref, err := s.to.Append(one.ref, one.labels, s.at, v)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("%v: %w", one.labels, err)
	}
	one.ref = ref
}

func (s *scraper) labels(name string, pairs []*dto.LabelPair, le string) labels.Labels {
	s.build.Reset()
	s.build.Add(model.MetricNameLabel, name)
	s.build.Add("job", s.host.Job)
	s.build.Add("instance", s.host.Instance)
	if le != "" {
		s.build.Add("le", le)
	}
	for _, p := range pairs {
		if p.GetValue() != "" {
			s.build.Add(p.GetName(), p.GetValue())
		}
	}
	s.build.Sort()
	return s.build.Labels()
}
