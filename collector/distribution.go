package collector

import (
	"math"
	"math/bits"
	"slices"
)

// Native buckets (Prometheus' "native histograms"): schema 3 divides each power
// of two into 8, so that a bucket's bounds are 9 % apart. No index is above that
// of the greatest integer: a series has at most some 600 native buckets, and
// holds those between its least and its greatest.
const (
	nativeSchema  = 3
	nativePerTwo  = 1 << nativeSchema
	nativeZeroExp = -10 // values up to 2^-10 are in the zero bucket
	nativeMin     = nativeZeroExp * nativePerTwo
	nativeMax     = 63 * nativePerTwo // of math.MaxInt64
)

// A distribution is the numbers of one series. None of its counts is cumulative.
type distribution struct {
	sumHigh, sumLow uint64   // in small units
	classic         []uint64 // the last one is above all bounds
	zero            uint64   // native zero bucket
	first           int      // index of native[0]
	native          []uint64
}

func (d *distribution) observe(s *shape, v int64) {
	var carry uint64
	d.sumLow, carry = bits.Add64(d.sumLow, uint64(v), 0)
	d.sumHigh += carry
	n := nativeIndex(float64(v) / s.perUnit)
	d.classic[s.classic(v, n)]++
	if n > nativeMin {
		*d.bucket(n)++
	} else {
		d.zero++
	}
}

// bucket is the native bucket of an index, made if need be.
func (d *distribution) bucket(n int) *uint64 {
	switch {
	case len(d.native) == 0:
		d.first, d.native = n, make([]uint64, 1, nativePerTwo)
	case n < d.first:
		d.native = slices.Concat(make([]uint64, d.first-n), d.native)
		d.first = n
	}
	for len(d.native) <= n-d.first {
		d.native = append(d.native, 0)
	}
	return &d.native[n-d.first]
}

// sum is in the unit that is shown.
func (d *distribution) sum(s *shape) float64 {
	return (float64(d.sumHigh)*(1<<64) + float64(d.sumLow)) / s.perUnit
}

// nativeIndex is the native bucket of v: the least i with v <= 2^(i/8);
// nativeMin for all of the zero bucket.
func nativeIndex(v float64) int {
	if v <= 1.0/(1<<-nativeZeroExp) {
		return nativeMin
	}
	// v = fraction * 2^exp, 0.5 <= fraction < 1, as math.Frexp has it for all but
	// what the zero bucket took (IEEE 754 binary64).
	bits := math.Float64bits(v)
	exp := int(bits>>52) - 1022
	fraction := math.Float64frombits(bits&(1<<52-1) | 1022<<52)
	i := int(nativeStarts[bits>>48&15])
	for i < nativePerTwo && fraction > nativeFractions[i] { // one step at most
		i++
	}
	return i + (exp-1)*nativePerTwo
}

// nativeStarts are the first of nativeFractions that a fraction may be below, by the
// 16th of 0.5 to 1 that it lies in: a search from 0 is one that no processor foresees.
var nativeStarts = func() (starts [16]uint8) {
	for i := range starts {
		for starts[i] < nativePerTwo && nativeFractions[starts[i]] < 0.5+float64(i)/32 {
			starts[i]++
		}
	}
	return starts
}()

// nativeFractions are the upper bounds of the native buckets from 0.5 to 1:
// 2^(i/8) / 2. They are the bounds that all others of schema 3 are multiples of.
var nativeFractions = [nativePerTwo]float64{
	0.5, 0.5452538663326288, 0.5946035575013605, 0.6484197773255048,
	0.7071067811865475, 0.7711054127039704, 0.8408964152537144, 0.9170040432046711,
}
