package collector

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// client_golang's own histogram is the oracle: the same values must give the same
// classic and native buckets.
func TestHistogramAgainstClientGolang(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := map[string]func() int64{
		"nothing":    nil,
		"zeros":      func() int64 { return 0 },
		"one":        func() int64 { return 1_000_000 },
		"near zero":  func() int64 { return 970 + r.Int64N(15) }, // 2^-10 is 976.6 us
		"fractions":  func() int64 { return r.Int64N(1000) * 10_000 },
		"wide":       func() int64 { return int64(math.Exp(r.Float64()*30)) - 1 },
		"powers":     func() int64 { return 1_000_000 << r.Int64N(24) },
		"downwards":  func() int64 { return 1 << (40 - r.Int64N(41)) },
		"far apart":  func() int64 { return []int64{2000, 1e6, 432e9}[r.IntN(3)] },
		"the limits": func() int64 { return int64(r.IntN(2)) * math.MaxInt64 },
	}
	for name, next := range values {
		t.Run(name, func(t *testing.T) {
			h := newHistogram[NoLabels](&declarer{limit: 1}, "test_seconds", "Test.", queueBuckets)
			oracle := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "test_seconds", Help: "Test.",
				Buckets: queueBuckets.shown, NativeHistogramBucketFactor: 1.1, NativeHistogramZeroThreshold: 1.0 / 1024})
			h.row(NoLabels{})
			for range 500 {
				if next != nil {
					v := next()
					h.observe(NoLabels{}, v)
					oracle.Observe(float64(v) / 1e6)
				}
			}
			compareHistograms(t, write(t, frozenSeries(h.freeze())[0]), write(t, oracle))
		})
	}
}

func compareHistograms(t *testing.T, got, want *dto.Histogram) {
	t.Helper()
	if g, w := got.GetSampleSum(), want.GetSampleSum(); math.Abs(g-w) > 1e-9*w {
		t.Errorf("sum %v, want about %v", g, w)
	}
	got.SampleSum, want.SampleSum, want.CreatedTimestamp = nil, nil, nil
	if g, w := got.String(), want.String(); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func write(t *testing.T, m prometheus.Metric) *dto.Histogram {
	t.Helper()
	var out dto.Metric
	if err := m.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Histogram
}

func frozenSeries(f frozen) (all []prometheus.Metric) {
	ch := make(chan prometheus.Metric, 1000)
	f.send(ch)
	close(ch)
	for m := range ch {
		all = append(all, m)
	}
	return all
}

// Each value is in the first bucket whose bound it is not above.
func TestClassicBuckets(t *testing.T) {
	for i, s := range []*shape{queueBuckets, sessionBuckets, sizeBuckets, recipientBuckets} {
		values := []int64{0, 1, 975, 976, 977, math.MaxInt64}
		for _, b := range s.bounds {
			values = append(values, b-1, b, b+1, b+b/20, b-b/20)
		}
		for _, v := range values {
			want := 0
			for want < len(s.bounds) && v > s.bounds[want] {
				want++
			}
			if got := s.classic(v, nativeIndex(float64(v)/s.perUnit)); got != want {
				t.Errorf("shape %d: %d is in bucket %d, want %d", i, v, got, want)
			}
		}
	}
}

// Sums of float64 depend on the order of the terms; these must not.
func TestSumIsExact(t *testing.T) {
	values := []int64{100_000, 200_000, 300_000, 1, 432_000_000_000}
	sum := func(order []int) float64 {
		var d distribution
		d.classic = make([]uint64, len(queueBuckets.bounds)+1)
		for range 1000 {
			for _, i := range order {
				d.observe(queueBuckets, values[i])
			}
		}
		return d.sum(queueBuckets)
	}
	const want = 432000600.001
	if a, b := sum([]int{0, 1, 2, 3, 4}), sum([]int{4, 2, 0, 1, 3}); a != want || b != want {
		t.Errorf("%v and %v, want %v", a, b, want)
	}
}

func TestSumDoesNotWrap(t *testing.T) {
	d := distribution{classic: make([]uint64, len(sizeBuckets.bounds)+1)}
	for range 8 {
		d.observe(sizeBuckets, math.MaxInt64)
	}
	if got := d.sum(sizeBuckets); got != 8*math.MaxInt64 {
		t.Errorf("%v", got)
	}
}

// A frozen family is one moment: what is counted later doesn't change it.
func TestFrozenStaysStill(t *testing.T) {
	h := newHistogram[NoLabels](&declarer{limit: 1}, "test_seconds", "Test.", queueBuckets)
	h.observe(NoLabels{}, 1_000_000)
	f := h.freeze()
	before := write(t, frozenSeries(f)[0]).String()
	h.observe(NoLabels{}, 1_000_000)
	h.observe(NoLabels{}, 2_000_000)
	if after := write(t, frozenSeries(f)[0]).String(); after != before {
		t.Errorf("changed from\n%s\nto\n%s", before, after)
	}
}
