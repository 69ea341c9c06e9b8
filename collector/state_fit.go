package collector

import (
	"slices"

	"postfix_exporter/checkpoint"
)

// A state says of each family what it is: its name, labels, values and buckets. It
// fits by name: a program may order these in another way, have more families, and
// more values in a set, which begin at 0. Whatever else differs is an error that
// names it, for counts must not be lost, nor land elsewhere.

// describe puts a family's declaration.
func (f *family) describe(to *checkpoint.Encoder) {
	to.String(f.name)
	if f.host == nil {
		to.Uint(uint64(len(f.key)))
	} else {
		to.Uint(uint64(len(f.key) + 1))
		to.String(hostLabel)
	}
	for i := range f.key {
		to.String(f.key[i].name)
	}
	to.Uint(uint64(len(f.sets)))
	for i := range f.sets {
		to.String(f.sets[i].label)
		to.Strings(f.sets[i].values)
	}
	to.Bool(f.shape != nil)
	if f.shape != nil {
		f.shape.describe(to)
	}
}

func (s *shape) describe(to *checkpoint.Encoder) {
	to.Uint(uint64(s.perUnit))
	to.Int(nativeSchema)
	to.Int(nativeZeroExp)
	to.Uint(uint64(len(s.bounds)))
	for _, b := range s.bounds {
		to.Int(b)
	}
}

// A fit says where the things of a saved family are in this program's.
type fit struct {
	*family
	saved string // its name in the state
	key   []place
	parts []int // of a row, in the state's order

	values []string        // of the key, of the row at hand
	host   string          // whose rows come; "": the state doesn't say
	hosts  map[string]bool // whose rows came
	seen   []bool          // rows of the host that were taken
}

// keyLabel is the name of a label that a key has.
func (t *fit) keyLabel(p place) string {
	if p.at == len(t.family.key) {
		return hostLabel
	}
	return t.family.key[p.at].name
}

// A place is a label's name in the state, and which it is of the key or the sets;
// behind the key is host.
type place struct {
	saved string
	at    int
}

// fit takes what describe put, behind the name.
func (r *restorer) fit(f *family, saved string) *fit {
	t := &fit{family: f, saved: saved, values: make([]string, len(f.key)), hosts: make(map[string]bool)}
	mayHave := ""
	if f.ofLines {
		mayHave = hostLabel
	}
	t.key = r.fitLabels(t, f.keyLabels(), mayHave, func(place) {})
	parts := []int{0}
	r.fitLabels(t, f.setLabels(), "", func(p place) {
		// The last set's values change fastest, there and here.
		parts = combine(parts, r.fitValues(t, p), f.stride(p.at))
	})
	t.parts = parts
	r.fitShape(f)
	return t
}

// fitLabels takes labels and what belongs to each. They must be those of the
// family, all of them, in any order; one more may be there, or not.
func (r *restorer) fitLabels(t *fit, ours []string, mayHave string, each func(place)) (places []place) {
	for range r.Count(1) {
		p := place{saved: r.text(maxLabelValue)}
		if r.Err() != nil {
			return nil
		}
		name := r.names.label(t.saved, p.saved)
		if p.at = slices.Index(ours, name); p.at < 0 && name != "" && name == mayHave {
			p.at = len(ours)
		}
		if p.at < 0 {
			r.other("%s has the label %q, which this version does not know there", t.name, name)
			return nil
		}
		if slices.ContainsFunc(places, func(q place) bool { return q.at == p.at }) {
			r.Fail("the label %q is there twice", name)
			return nil
		}
		places = append(places, p)
		each(p)
	}
	for i, name := range ours {
		if !slices.ContainsFunc(places, func(p place) bool { return p.at == i }) {
			r.other("%s lacks the label %q, which it has in this version", t.name, name)
		}
	}
	return places
}

// fitValues takes the values of a set: each must be one of ours.
func (r *restorer) fitValues(t *fit, p place) (at []int) {
	ours := &t.sets[p.at]
	for range r.Count(1) {
		value := r.names.value(t.saved, p.saved, r.text(maxLabelValue))
		if r.Err() != nil {
			return nil
		}
		i := slices.Index(ours.values, value)
		switch {
		case i < 0:
			r.other("%s has the %s %q, which this version does not know", t.name, ours.label, value)
			return nil
		case slices.Contains(at, i):
			r.Fail("the %s %q is there twice", ours.label, value)
			return nil
		}
		at = append(at, i)
	}
	if len(at) == 0 {
		r.Fail("the label %q has no values", ours.label)
	}
	return at
}

// combine makes each of the parts as many as there are values.
func combine(parts, values []int, stride int) (all []int) {
	for _, p := range parts {
		for _, v := range values {
			all = append(all, p+v*stride)
		}
	}
	return all
}

func (r *restorer) fitShape(f *family) {
	switch isHistogram := r.Bool(); {
	case r.Err() != nil:
	case isHistogram != (f.shape != nil):
		r.other("%s is a histogram in one version and a counter in the other", f.name)
	case isHistogram && !r.hasShape(f.shape) && r.Err() == nil:
		r.other("%s has other buckets than in this version", f.name)
	}
}

// hasShape says whether the shape that comes is s.
func (r *restorer) hasShape(s *shape) bool {
	same := r.Uint() == uint64(s.perUnit)
	same = r.Int() == nativeSchema && same
	same = r.Int() == nativeZeroExp && same
	n := r.Count(1)
	same = n == len(s.bounds) && same
	for i := range n {
		b := r.Int()
		same = same && b == s.bounds[i]
	}
	return same
}
