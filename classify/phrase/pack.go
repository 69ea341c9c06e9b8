package phrase

import "postfix_exporter/classify/packed"

// Pack writes all that is needed to find phrases, but not what Sample needs: the
// lists of a Matcher, column by column. The same phrases make the same bytes.
func (m *Matcher) Pack(w *packed.Writer) {
	w.Number(len(m.classes) - 1)
	m.packSets(w)
	m.trie.pack(w)
	m.packPatterns(w)
	m.packClasses(w)
	m.packReferences(w)
	for _, leads := range m.leads {
		packSpans(w, leads)
	}
}

func (m *Matcher) packSets(w *packed.Writer) {
	w.Number(len(m.sets))
	for i := range m.sets {
		set := &m.sets[i]
		w.Flag(set.single != 0)
		w.Number(set.longer.len()) // reverse has as many, and stands behind
	}
	w.Number(len(m.rows.firsts))
	for i := range m.rows.firsts {
		w.Byte(byte(len(m.rows.at(i))))
	}
	packed.Put16(w, m.rows.entries)
}

func (t *trie) pack(w *packed.Writer) {
	w.Number(len(t.states))
	for i := range t.states {
		s := &t.states[i]
		w.Uint32(uint32(s.base))
		w.Uint32(uint32(s.parent))
		w.Uint32(uint32(s.whole) | uint32(s.begun)<<16)
	}
}

func (m *Matcher) packPatterns(w *packed.Writer) {
	packed.Put16(w, m.elements)
	packed.Put16(w, m.needs)
	w.Number(len(m.patterns))
	for i := range m.patterns {
		p := &m.patterns[i]
		w.Byte(byte(p.where))
		w.Byte(p.needed)
		w.Byte(p.toLeft)
		w.Byte(p.toRight)
	}
}

func packSpans(w *packed.Writer, list []span) {
	w.Number(len(list))
	for _, s := range list {
		w.Uint32(s.from)
		w.Uint32(s.to)
	}
}

func (m *Matcher) packReferences(w *packed.Writer) {
	w.Number(len(m.references))
	for _, ref := range m.references {
		w.Uint32(uint32(ref.pattern))
	}
	for _, ref := range m.references {
		w.Uint16(ref.owner)
		w.Uint16(uint16(ref.second))
	}
}

func (m *Matcher) packClasses(w *packed.Writer) {
	packed.Put16(w, m.plain)
	w.Number(m.width)
	w.Number(len(m.bits) / m.width)
	for _, bits := range m.bits {
		w.Uint32(uint32(bits))
		w.Uint32(uint32(bits >> 32))
	}
	for i := range len(m.classes) - 1 {
		info, next := &m.classes[i], &m.classes[i+1]
		w.Uint16(uint16(int(info.sets) / m.width))
		w.Uint16(uint16(next.plain - info.plain))
		for where := range info.leads {
			w.Uint16(uint16(next.leads[where] - info.leads[where]))
		}
	}
}
