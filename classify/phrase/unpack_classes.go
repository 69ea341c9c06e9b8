package phrase

import "postfix_exporter/classify/packed"

// classSize is how many bytes a class has: its row of bits, and how many entries
// and references are its.
const classSize = 2 * (2 + int(wheres))

func (m *Matcher) unpackClasses(r *packed.Reader, n int) {
	m.plain = packed.Take16[entry](r, maxEntries)
	rows := m.unpackBits(r)
	column := r.Uint16s(classSize / 2 * n)
	m.classes = make([]classInfo, n+1)
	next := classInfo{}
	for i := range m.classes[:n] {
		at := classSize / 2 * i
		row := uint32(column.At(at))
		m.classes[i] = next
		m.classes[i].sets = row * uint32(m.width)
		next.plain += uint32(column.At(at + 1))
		for where := range next.leads {
			next.leads[where] += uint32(column.At(at + 2 + where))
		}
		if row >= uint32(rows) || int(next.plain) > len(m.plain) {
			r.Fail()
			return
		}
	}
	m.classes[n] = next
}

// unpackBits returns how many rows there are.
func (m *Matcher) unpackBits(r *packed.Reader) (rows int) {
	m.width = r.Index(maxSetEntries/64 + 1)
	if 2*len(m.sets) >= 64*m.width { // a bit for each entry, and 0
		r.Fail()
	}
	rows = r.Count(8*m.width + 1)
	column := r.Uint32s(2 * rows * m.width)
	m.bits = make([]uint64, rows*m.width)
	for i := range m.bits {
		m.bits[i] = uint64(column.At(2*i)) | uint64(column.At(2*i+1))<<32
	}
	return rows
}

// unpackLeads reads what classes lead to.
func (m *Matcher) unpackLeads(r *packed.Reader) {
	end := m.classes[len(m.classes)-1].leads
	for where := range m.leads {
		m.leads[where] = unpackSpans(r, len(m.references))
		if int(end[where]) != len(m.leads[where]) {
			r.Fail()
		}
	}
}

// unpackSpans reads spans of a list of some length.
func unpackSpans(r *packed.Reader, length int) []span {
	n := r.Count(2 * 4)
	column := r.Uint32s(2 * n)
	list := make([]span, n)
	for i := range list {
		s := span{column.At(2 * i), column.At(2*i + 1)}
		if s.from > s.to || s.to > uint32(length) {
			r.Fail()
			return nil
		}
		list[i] = s
	}
	return list
}

func (m *Matcher) unpackReferences(r *packed.Reader, owners int) {
	const size = 4 + 2*2 // bytes of a reference
	n := r.Count(size)
	patterns, others := r.Uint32s(n), r.Uint16s(2*n)
	m.references = make([]reference, n)
	for i := range m.references {
		pattern, owner, second := patterns.At(i), others.At(2*i), others.At(2*i+1)
		if pattern >= uint32(len(m.patterns)) || int(owner) >= owners || second >= maxSetEntries+sharedBits {
			r.Fail()
			return
		}
		m.references[i] = reference{ID(pattern), owner, bit(second)}
	}
}
