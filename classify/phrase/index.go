package phrase

import "slices"

// What a word of a text leads to.

// Compile makes the Matcher.
func (c *Compiler) Compile() *Matcher {
	m := &Matcher{
		patterns: slices.Clone(c.patterns), names: c.names, members: c.members,
	}
	rows := c.setClasses(m)
	m.setEntries(rows, c.sets)
	m.setLeads(rows, c.setAnchors(m))
	return m
}

// setEntries keeps a class's entries of sets as bits, the others as a short list.
func (m *Matcher) setEntries(rows [][]entry, sets int) {
	m.classes = make([]classInfo, len(rows))
	for c, row := range rows {
		info := &m.classes[c]
		for i, e := range row { // those of sets come first
			if e >= maxSetEntries {
				info.plain = row[i:]
				break
			}
			if info.sets == nil {
				info.sets = make([]uint64, (sets+63)/64)
			}
			info.sets[e/64] |= 1 << (e % 64)
		}
	}
}

// setClasses numbers what a word of a text can match. It returns the entries of
// each class.
func (c *Compiler) setClasses(m *Matcher) [][]entry {
	w := classes{
		rows: [][]entry{unknown: nil, sentenceEnd: nil},
		sets: map[entry][]entry{}, numbers: map[string]class{"": unknown},
	}
	for set, members := range c.members {
		for _, word := range members {
			w.sets[word] = append(w.sets[word], set)
		}
	}
	w.walk(&c.root, nil, unknown)
	m.trie = newTrie(&c.root)
	return w.rows
}

// classes numbers rows of entries.
type classes struct {
	rows    [][]entry         // by class
	sets    map[entry][]entry // word or stem: the sets that have it
	numbers map[string]class
	key     []byte
}

// walk goes down a tree with the stems met so far, and their class.
func (w *classes) walk(n *node, stems []entry, of class) {
	if n.stem != 0 {
		stems = append(append(slices.Clip(stems), n.stem), w.sets[n.stem]...)
		of = w.number(stems)
	}
	n.here, n.whole = of, of
	if n.word != 0 {
		n.whole = w.number(append(append(slices.Clip(stems), n.word), w.sets[n.word]...))
	}
	for _, x := range n.children {
		w.walk(x.node, stems, of)
	}
}

func (w *classes) number(row []entry) class {
	row = slices.Clone(row)
	slices.Sort(row)
	row = slices.Compact(row)
	w.key = w.key[:0]
	for _, e := range row {
		w.key = append(w.key, byte(e), byte(e>>8))
	}
	n, ok := w.numbers[string(w.key)]
	if !ok {
		n = class(len(w.rows))
		w.numbers[string(w.key)] = n
		w.rows = append(w.rows, row)
	}
	return n
}

// setLeads gives each class the phrases that its words lead to.
func (m *Matcher) setLeads(rows [][]entry, index [wheres][][]reference) {
	for where := range index {
		for _, references := range index[where] {
			slices.SortStableFunc(references, func(a, b reference) int { return int(a.owner - b.owner) })
		}
		for c, row := range rows {
			for _, e := range row {
				if references := index[where][e]; references != nil {
					m.classes[c].leads[where] = append(m.classes[c].leads[where], references)
				}
			}
		}
	}
}

// setAnchors turns each phrase to its rarest element. It returns the phrases by
// their anchors' entries.
func (c *Compiler) setAnchors(m *Matcher) (index [wheres][][]reference) {
	uses := make([]int, len(c.names)) // by entry
	for i := range c.patterns {
		for _, e := range c.patterns[i].right {
			uses[e.begins]++
			for _, w := range c.members[e.begins] { // a set is as frequent as its words
				uses[e.begins] += uses[w]
				uses[w]++
			}
		}
	}
	for w := range index {
		index[w] = make([][]reference, len(c.names))
	}
	for i := range m.patterns {
		p := &m.patterns[i]
		p.turn(rarest(p.right, uses))
		p.setNeeds(uses)
		if c.owners[i] == none {
			continue
		}
		list := &index[p.where][p.anchor.begins]
		*list = append(*list, reference{c.owners[i], ID(i), p.needs[min(1, len(p.needs)-1)]})
	}
	return index
}

func (p *pattern) setNeeds(uses []int) {
	var needs []entry
	for i := range p.all {
		if e := &p.all[i]; e.fixed() {
			needs = append(needs, e.begins)
		}
	}
	slices.SortStableFunc(needs, func(a, b entry) int { return uses[a] - uses[b] })
	for _, e := range needs {
		p.needs = append(p.needs, bitOf(e))
	}
}

func rarest(list []element, uses []int) int {
	best := -1
	for i := range list {
		if e := &list[i]; e.fixed() && (best < 0 || uses[e.begins] < uses[list[best].begins]) {
			best = i
		}
	}
	return best
}

// turn makes element i the anchor.
func (p *pattern) turn(i int) {
	p.all = p.right
	p.anchor, p.right = p.all[i], p.all[i+1:]
	for j := i - 1; j >= 0; j-- {
		e := p.all[j]
		e.longer = e.reversed
		p.left = append(p.left, e)
	}
}
