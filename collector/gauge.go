package collector

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// A gauge is a family of values of one moment. It is filled once and shown until
// another takes its place.
type gauge[L comparable] struct {
	book[L]
	width int // parts
	v     []float64
}

func newGaugeBook[L comparable](d *declarer, name, help string, sets ...set) *gauge[L] {
	g := &gauge[L]{}
	g.start(newFamily[L](d, name, help, sets), d.limit)
	g.kind = prometheus.GaugeValue
	g.width = g.parts()
	d.declared = append(d.declared, &g.family)
	return g
}

// row is the values of a key, by part.
func (g *gauge[L]) row(l L) []float64 { return g.rowAt(g.at(l)) }

func (g *gauge[L]) rowAt(row int) []float64 {
	i := row * g.width
	for len(g.v) < i+g.width {
		g.v = append(g.v, 0)
	}
	return g.v[i : i+g.width]
}

// freeze makes the series. The gauge must not change afterwards.
func (g *gauge[L]) freeze() frozen {
	series := make(frozenGauge, len(g.v))
	for i, v := range g.v {
		series[i] = gaugeMetric{&g.family, g.rows[i/g.width][i%g.width], v}
	}
	return series
}

type frozenGauge []gaugeMetric

func (f frozenGauge) send(ch chan<- prometheus.Metric) {
	for i := range f {
		ch <- &f[i]
	}
}

// A gaugeMetric is one series at one moment.
type gaugeMetric struct {
	family *family
	pairs  []*dto.LabelPair
	v      float64
}

func (m *gaugeMetric) Desc() *prometheus.Desc { return m.family.desc }

func (m *gaugeMetric) Write(out *dto.Metric) error {
	out.Label = m.pairs
	if m.family.kind == prometheus.UntypedValue {
		out.Untyped = &dto.Untyped{Value: &m.v}
	} else {
		out.Gauge = &dto.Gauge{Value: &m.v}
	}
	return nil
}
