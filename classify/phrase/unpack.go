package phrase

import "postfix_exporter/classify/packed"

// Unpack reads what Pack wrote, for owners of numbers below a limit. What is no
// Matcher's is told by the Reader's Err; then what is returned is of no use.
func Unpack(r *packed.Reader, owners int) *Matcher {
	m := &Matcher{}
	classes := r.Count(classSize)
	m.unpackSets(r)
	m.trie = unpackTrie(r, classes)
	m.unpackPatterns(r)
	m.unpackClasses(r, classes)
	m.unpackReferences(r, owners)
	m.unpackLeads(r)
	return m
}

func (m *Matcher) unpackSets(r *packed.Reader) {
	const size = 2 // bytes at least
	m.sets = make([]wordSet, min(r.Count(size), (maxSetEntries-1)/2))
	next := uint32(0)
	for i := range m.sets {
		set := &m.sets[i]
		if r.Flag() {
			set.single = entry(2*i + 1)
		}
		n := uint32(r.Index(maxMembers + 1))
		set.longer = span{next, next + n}
		set.reverse = span{next + n, next + 2*n}
		next += 2 * n
	}
	if m.rows.unpack(r); int(next) != len(m.rows.firsts) {
		r.Fail()
	}
}

func (r *rows) unpack(in *packed.Reader) {
	n := in.Count(1)
	sizes := in.Bytes(n)
	r.entries = packed.Take16[entry](in, maxEntries)
	r.firsts, r.starts = make([]entry, n), make([]uint32, n+1)
	end := 0
	for i := range r.firsts {
		from, size := end, int(sizes.At(i))
		if end += size; size == 0 || end > len(r.entries) {
			in.Fail()
			return
		}
		r.firsts[i], r.starts[i+1] = r.entries[from], uint32(end)
	}
}

func unpackTrie(r *packed.Reader, classCount int) *trie {
	const size = 3 // numbers of a state
	n := r.Count(4 * size)
	column := r.Uint32s(size * n)
	t := &trie{states: make([]state, n)}
	for i := range t.states {
		s := &t.states[i]
		s.base, s.parent = int32(column.At(size*i)), int32(column.At(size*i+1))
		words := column.At(size*i + 2)
		s.whole, s.begun = class(words), class(words>>16)
		if s.base < 0 || int(s.base) > n || int(s.whole) >= classCount || int(s.begun) >= classCount {
			r.Fail()
			break
		}
	}
	if n == 0 { // there is always a root
		r.Fail()
	}
	return t
}

func (m *Matcher) unpackPatterns(r *packed.Reader) {
	const size = 4 // bytes of a pattern
	m.elements = packed.Take16[element](r, 1<<16)
	m.needs = packed.Take16[bit](r, maxSetEntries+sharedBits)
	for _, e := range m.elements {
		if e.isSet() && (e.begins()%2 != 0 || int(e.begins())/2 > len(m.sets)) {
			r.Fail()
		}
	}
	n := r.Count(size)
	shapes := r.Bytes(size * n)
	m.patterns = make([]pattern, n)
	next := pattern{}
	for i := range m.patterns {
		p := &m.patterns[i]
		p.elements, p.needs = next.elements, next.needs
		p.where = Where(shapes.At(size * i))
		p.needed, p.toLeft, p.toRight = shapes.At(size*i+1), shapes.At(size*i+2), shapes.At(size*i+3)
		if !m.isSound(p) {
			r.Fail()
			return
		}
		next.elements += 1 + uint32(p.toLeft) + uint32(p.toRight)
		next.needs += uint32(p.needed)
	}
}

// isSound says whether a pattern can be tried.
func (m *Matcher) isSound(p *pattern) bool {
	end := int(p.elements) + 1 + int(p.toLeft) + int(p.toRight)
	if p.where >= wheres || end > len(m.elements) || int(p.needs)+int(p.needed) > len(m.needs) {
		return false
	}
	gaps := 0
	for _, e := range m.elements[p.elements:end] {
		if e.isGap() {
			gaps++
		}
	}
	return p.needed <= maxElements && end-int(p.elements) <= maxElements && gaps <= maxGaps && !m.elements[p.elements].isGap()
}
