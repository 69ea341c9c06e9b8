package collector

import (
	"math"
	"math/bits"

	"postfix_exporter/checkpoint"
)

// A distribution in a state: how many values it has; if any, their sum, and how
// many are in each bucket.

func (d *distribution) save(to *checkpoint.Encoder) {
	total := d.count()
	if to.Uint(total); total == 0 {
		return
	}
	to.Uint(d.sumHigh)
	to.Uint(d.sumLow)
	saveCounts(to, d.classic)
	to.Uint(d.zero)
	to.Int(int64(d.first))
	to.Uint(uint64(len(d.native)))
	saveCounts(to, d.native)
}

func saveCounts(to *checkpoint.Encoder, counts []uint64) {
	for _, n := range counts {
		to.Uint(n)
	}
}

// count is how many values there were.
func (d *distribution) count() (total uint64) {
	for _, n := range d.classic {
		total += n
	}
	return total
}

// restore adds the distribution that comes to what is there: nothing, or another
// host's.
func (d *distribution) restore(r *restorer, s *shape) {
	var taken distribution
	total := taken.take(r, s)
	switch before := d.count(); {
	case total == 0:
	case before == 0:
		*d = taken
	default:
		r.sum(before, total)
		d.add(&taken)
	}
}

// add makes one distribution of two of the same shape.
func (d *distribution) add(more *distribution) {
	var carry uint64
	d.sumLow, carry = bits.Add64(d.sumLow, more.sumLow, 0)
	d.sumHigh += more.sumHigh + carry
	for i, n := range more.classic {
		d.classic[i] += n
	}
	d.zero += more.zero
	for i, n := range more.native {
		*d.bucket(more.first + i) += n
	}
}

// take takes a distribution, and is how many values it has. Both kinds of buckets
// must hold as many, and the sum must be one that as many can have.
func (d *distribution) take(r *restorer, s *shape) (total uint64) {
	total = r.count()
	if total == 0 {
		return 0
	}
	d.sumHigh, d.sumLow = r.Uint(), r.Uint()
	d.classic = r.counts(len(s.bounds)+1, total)
	d.zero = r.count()
	first, n := r.Int(), r.Count(1)
	if n > 0 && (first <= nativeMin || first > int64(s.lastNative()) || n > s.lastNative()-int(first)+1) {
		r.Fail("%d native buckets from %d on can't be", n, first)
		return 0
	}
	if d.zero > total || n == 0 && d.zero != total {
		r.Fail("%d values in the zero bucket, of %d", d.zero, total)
		return 0
	}
	if n > 0 {
		d.first, d.native = int(first), r.counts(n, total-d.zero)
	}
	if high, low := bits.Mul64(total, math.MaxInt64); d.sumHigh > high || d.sumHigh == high && d.sumLow > low {
		r.Fail("%d values can't have a sum so great", total)
	}
	return total
}

// counts takes as many counts, of as many values in all.
func (r *restorer) counts(n int, total uint64) []uint64 {
	counts, left := make([]uint64, n), total
	for i := range counts {
		counts[i] = r.count()
		if counts[i] > left {
			r.Fail("more than %d values in the buckets", total)
			return counts
		}
		left -= counts[i]
	}
	if left > 0 {
		r.Fail("%d values are in no bucket", left)
	}
	return counts
}

// lastNative is the index of the native bucket of the greatest value.
func (s *shape) lastNative() int { return nativeIndex(math.MaxInt64 / s.perUnit) }
