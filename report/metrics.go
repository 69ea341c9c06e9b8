package report

import (
	"cmp"
	"maps"
	"slices"

	dto "github.com/prometheus/client_model/go"
)

// metrics are families by name.
type metrics map[string][]*dto.Metric

func metricsOf(gathered []*dto.MetricFamily) metrics {
	m := make(metrics)
	for _, f := range gathered {
		m[f.GetName()] = f.GetMetric()
	}
	return m
}

// label is a metric's value of a label.
func label(m *dto.Metric, name string) string {
	for _, p := range m.GetLabel() {
		if p.GetName() == name {
			return p.GetValue()
		}
	}
	return ""
}

// sum adds up a counter. pairs are labels and the values they must have.
func (m metrics) sum(family string, pairs ...string) uint64 {
	total := 0.0
	for _, c := range m[family] {
		if has(c, pairs) {
			total += c.GetCounter().GetValue()
		}
	}
	return uint64(total)
}

func has(m *dto.Metric, pairs []string) bool {
	for i := 0; i < len(pairs); i += 2 {
		if label(m, pairs[i]) != pairs[i+1] {
			return false
		}
	}
	return true
}

// each gives a counter's series that are not 0.
func (m metrics) each(family string, f func(series *dto.Metric, n uint64)) {
	for _, c := range m[family] {
		if n := uint64(c.GetCounter().GetValue()); n > 0 {
			f(c, n)
		}
	}
}

// group collects series into rows, one for each key.
type group[K comparable, R any] map[K]*R

func (g group[K, R]) at(k K) *R {
	r := g[k]
	if r == nil {
		r = new(R)
		g[k] = r
	}
	return r
}

// sorted gives the rows, most first, equals by name.
func (g group[K, R]) sorted(count func(*R) uint64, name func(*R) string) []R {
	rows := slices.SortedFunc(maps.Values(g), func(a, b *R) int {
		return cmp.Or(cmp.Compare(count(b), count(a)), cmp.Compare(name(a), name(b)))
	})
	all := make([]R, 0, len(rows)) // never nil: JSON's [] instead of null
	for _, r := range rows {
		all = append(all, *r)
	}
	return all
}

// counts sums a counter by one label.
func (m metrics) counts(family, by string) []Count {
	g := make(group[string, Count])
	m.each(family, func(s *dto.Metric, n uint64) {
		c := g.at(label(s, by))
		c.Name = label(s, by)
		c.Count += n
	})
	return g.sorted(func(c *Count) uint64 { return c.Count }, func(c *Count) string { return c.Name })
}
