package collector

import (
	"math"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// A shape is how a histogram divides its values. They are whole numbers of a
// small unit, so that sums are exact whatever the order of the lines.
type shape struct {
	perUnit float64 // small units in the unit that is shown: 1e6 for seconds held as microseconds
	bounds  []int64 // upper bounds of the classic buckets, in small units, ascending
	shown   []float64
	starts  []uint8 // by native index from nativeMin on: the first of bounds that a value may be below
}

const (
	microseconds = 1e6 // shown as seconds
	whole        = 1   // bytes, recipients
)

// newShape takes the bounds as shown.
func newShape(perUnit float64, shown ...float64) *shape {
	s := &shape{perUnit: perUnit, shown: shown}
	for _, b := range shown {
		s.bounds = append(s.bounds, int64(math.Round(b*perUnit)))
	}
	s.starts = []uint8{0}
	for n, i := nativeMin+1, 0; n <= nativeMax; n++ {
		for i < len(shown) && shown[i] < math.Exp2(float64(n-1)/nativePerTwo) {
			i++
		}
		s.starts = append(s.starts, uint8(i))
	}
	return s
}

// classic is the classic bucket of a value whose native index is n: the native
// buckets are the narrower ones, so it is found at once.
func (s *shape) classic(v int64, n int) int {
	i := int(s.starts[n-nativeMin])
	for i < len(s.bounds) && v > s.bounds[i] {
		i++
	}
	return i
}

// A histogram is a family of distributions.
type histogram[L comparable] struct {
	book[L]
	width int // parts
	h     []distribution
}

// observe takes a value in small units; it must not be negative.
func (h *histogram[L]) observe(l L, v int64) { h.row(l)[0].observe(h.shape, v) }

// row is the distributions of a key, by part.
func (h *histogram[L]) row(l L) []distribution { return h.rowAt(h.at(l)) }

// tagRow is row for keys that follow from the line's tag alone.
func (h *histogram[L]) tagRow(tag int, l L) []distribution { return h.rowAt(h.atTag(tag, l)) }

// pairRow is row for keys that follow from the line's tag and one value.
func (h *histogram[L]) pairRow(tag int, value string, l L) []distribution {
	return h.rowAt(h.atPair(tag, value, l))
}

func (h *histogram[L]) rowAt(row int) []distribution {
	i := row * h.width
	for len(h.h) < i+h.width {
		h.h = append(h.h, distribution{classic: make([]uint64, len(h.shape.bounds)+1)})
	}
	return h.h[i : i+h.width]
}

// freeze copies the numbers; what it returns needs no lock.
func (h *histogram[L]) freeze() frozen {
	total := 0
	for i := range h.h {
		total += len(h.h[i].classic) + len(h.h[i].native)
	}
	numbers := make([]uint64, 0, total)
	copied := slices.Clone(h.h)
	for i := range copied {
		d := &copied[i]
		numbers, d.classic = appendCopy(numbers, d.classic)
		numbers, d.native = appendCopy(numbers, d.native)
	}
	return &frozenHistogram{h.desc, h.shape, h.rows, copied, h.width}
}

// appendCopy puts a copy of s at the end of all, and returns both.
func appendCopy(all, s []uint64) (longer, copied []uint64) {
	n := len(all)
	all = append(all, s...)
	return all, all[n:len(all):len(all)]
}

type frozenHistogram struct {
	desc  *prometheus.Desc
	shape *shape
	rows  []row
	h     []distribution
	width int
}

func (f *frozenHistogram) send(ch chan<- prometheus.Metric) {
	metrics := make([]histogramMetric, len(f.h))
	for i := range metrics {
		metrics[i] = histogramMetric{f.desc, f.shape, f.rows[i/f.width][i%f.width], &f.h[i]}
		ch <- &metrics[i]
	}
}
