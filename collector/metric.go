package collector

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// frozen is a family's numbers at one moment.
type frozen interface {
	send(ch chan<- prometheus.Metric)
}

// A histogramMetric is one series at one moment. It shows classic buckets to
// those who read text, and native ones beside them to those who read protobuf.
// client_golang's const histograms are either the one or the other.
type histogramMetric struct {
	desc  *prometheus.Desc
	shape *shape
	pairs []*dto.LabelPair
	*distribution
}

func (m *histogramMetric) Desc() *prometheus.Desc { return m.desc }

func (m *histogramMetric) Write(out *dto.Metric) error {
	h := &dto.Histogram{SampleSum: new(m.sum(m.shape))}
	h.Bucket, h.SampleCount = m.classicBuckets()
	h.Schema = new(int32(nativeSchema))
	h.ZeroThreshold = new(1.0 / (1 << -nativeZeroExp))
	h.ZeroCount = new(m.zero)
	h.PositiveSpan, h.PositiveDelta = m.nativeBuckets()
	out.Label, out.Histogram = m.pairs, h
	return nil
}

// classicBuckets are cumulative, the one without a bound is left to the count.
func (m *histogramMetric) classicBuckets() ([]*dto.Bucket, *uint64) {
	buckets := make([]*dto.Bucket, len(m.shape.shown))
	sum := uint64(0)
	for i, n := range m.classic {
		sum += n
		if i < len(buckets) {
			buckets[i] = &dto.Bucket{UpperBound: new(m.shape.shown[i]), CumulativeCount: new(sum)}
		}
	}
	return buckets, &sum
}

// nativeGap is how many empty buckets are cheaper written out than skipped by a
// new span, as client_golang has it.
const nativeGap = 2

// nativeBuckets are written as spans of neighbors and as differences to the
// bucket before.
func (m *histogramMetric) nativeBuckets() (spans []*dto.BucketSpan, deltas []int64) {
	var span *dto.BucketSpan
	next, last := 0, int64(0) // index after the last one written, its count
	write := func(n uint64) {
		*span.Length++
		deltas = append(deltas, int64(n)-last)
		next, last = next+1, int64(n)
	}
	for i, n := range m.native {
		if n == 0 {
			continue
		}
		if gap := m.first + i - next; span == nil || gap > nativeGap {
			span = &dto.BucketSpan{Offset: new(int32(gap)), Length: new(uint32(0))}
			spans = append(spans, span)
			next += gap
		}
		for next < m.first+i {
			write(0)
		}
		write(n)
	}
	return spans, deltas
}

// A valueMetric is a number without labels.
type valueMetric struct {
	family *family
	v      float64
}

func (m *valueMetric) Desc() *prometheus.Desc { return m.family.desc }

func (m *valueMetric) Write(out *dto.Metric) error {
	if m.family.kind == prometheus.CounterValue {
		out.Counter = &dto.Counter{Value: &m.v}
	} else {
		out.Gauge = &dto.Gauge{Value: &m.v}
	}
	return nil
}
