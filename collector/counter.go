package collector

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// A counter is a family of counts.
type counter[L comparable] struct {
	book[L]
	width int // parts
	n     []uint64
}

// inc counts one event. part is the place in the closed sets, 0 where there is none.
func (c *counter[L]) inc(l L, part int) { c.add(l, part, 1) }

func (c *counter[L]) add(l L, part int, n uint64) { c.row(l)[part] += n }

// row is the counts of a key, by part.
func (c *counter[L]) row(l L) []uint64 { return c.rowAt(c.at(l)) }

// tagRow is row for keys that follow from the line's tag alone.
func (c *counter[L]) tagRow(tag int, l L) []uint64 { return c.rowAt(c.atTag(tag, l)) }

// pairRow is row for keys that follow from the line's tag and one value.
func (c *counter[L]) pairRow(tag int, value string, l L) []uint64 {
	return c.rowAt(c.atPair(tag, value, l))
}

// rowAt is the counts of a row of the book.
func (c *counter[L]) rowAt(row int) []uint64 {
	i := row * c.width
	for len(c.n) < i+c.width {
		c.n = append(c.n, 0)
	}
	return c.n[i : i+c.width]
}

// freeze copies the numbers; what it returns needs no lock.
func (c *counter[L]) freeze() frozen {
	return &frozenCounter{c.desc, c.rows, slices.Clone(c.n), c.width}
}

type frozenCounter struct {
	desc  *prometheus.Desc
	rows  []row
	n     []uint64
	width int
}

func (f *frozenCounter) send(ch chan<- prometheus.Metric) {
	metrics := make([]counterMetric, len(f.n))
	for i := range metrics {
		metrics[i] = counterMetric{f.desc, f.rows[i/f.width][i%f.width], f.n[i]}
		ch <- &metrics[i]
	}
}

// A counterMetric is one series at one moment.
type counterMetric struct {
	desc  *prometheus.Desc
	pairs []*dto.LabelPair
	n     uint64
}

func (m *counterMetric) Desc() *prometheus.Desc { return m.desc }

func (m *counterMetric) Write(out *dto.Metric) error {
	out.Label = m.pairs
	out.Counter = &dto.Counter{Value: new(float64(m.n))}
	return nil
}
