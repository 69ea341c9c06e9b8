package report

import (
	"cmp"
	"maps"
	"math"
	"slices"

	dto "github.com/prometheus/client_model/go"
)

// distribution is a native histogram, or several of the same schema added up.
type distribution struct {
	count   uint64
	zero    uint64
	schema  int32
	buckets map[int]uint64 // by index: bucket i ends at 2^(i/2^schema)
}

func (d *distribution) add(h *dto.Histogram) {
	d.count += h.GetSampleCount()
	d.zero += h.GetZeroCount()
	d.schema = h.GetSchema()
	if d.buckets == nil {
		d.buckets = make(map[int]uint64)
	}
	index, n, deltas := 0, int64(0), h.GetPositiveDelta()
	for _, span := range h.GetPositiveSpan() {
		index += int(span.GetOffset())
		for range min(int(span.GetLength()), len(deltas)) {
			n += deltas[0]
			deltas = deltas[1:]
			d.buckets[index] += uint64(n)
			index++
		}
	}
}

// quantile is the middle, on the scale of powers, of the bucket with the
// observation at rank q; 0 for what is in the zero bucket.
func (d *distribution) quantile(q float64) float64 {
	rank := uint64(math.Ceil(q * float64(d.count)))
	below := d.zero
	if rank <= below {
		return 0
	}
	for _, i := range slices.Sorted(maps.Keys(d.buckets)) {
		if below += d.buckets[i]; rank <= below {
			return math.Exp2((float64(i) - 0.5) / math.Exp2(float64(d.schema)))
		}
	}
	return 0
}

func (d *distribution) delay(name string) Delay {
	return Delay{Name: name, Count: d.count,
		P50: d.quantile(0.50), P90: d.quantile(0.90), P95: d.quantile(0.95), P99: d.quantile(0.99)}
}

// delays of a histogram family by one label, most first.
func (m metrics) delays(family, by string) []Delay {
	g := make(group[string, distribution])
	for _, s := range m[family] {
		if h := s.GetHistogram(); h.GetSampleCount() > 0 {
			g.at(label(s, by)).add(h)
		}
	}
	all := make([]Delay, 0, len(g))
	for name, d := range g {
		all = append(all, d.delay(name))
	}
	slices.SortFunc(all, func(a, b Delay) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// stageOrder is that of delays=a/b/c/d (global/log_adhoc.c).
var stageOrder = []string{"before_queue_manager", "queue_manager", "connection_setup", "transmission"}

func (m metrics) stages() []Delay {
	all := m.delays("postfix_delivery_stage_seconds", "stage")
	slices.SortFunc(all, func(a, b Delay) int {
		return cmp.Compare(slices.Index(stageOrder, a.Name), slices.Index(stageOrder, b.Name))
	})
	return all
}
