package phrase

import "slices"

// Which words of a phrase a text is asked for first.

// index are the phrases by where they are looked for and by their anchors'
// entries.
type index [wheres][][]reference

// setReferences lays the lists of an index one behind the other, each by owner. It
// returns where those of the entries are.
func (m *Matcher) setReferences(x index) (spans [wheres][]span) {
	for where := range x {
		spans[where] = make([]span, len(x[where]))
		for e, list := range x[where] {
			slices.SortStableFunc(list, func(a, b reference) int { return int(a.owner) - int(b.owner) })
			from := uint32(len(m.references))
			m.references = append(m.references, list...)
			spans[where][e] = span{from, uint32(len(m.references))}
		}
	}
	return spans
}

// setPatterns turns each phrase to its rarest element.
func (c *Compiler) setPatterns(m *Matcher) (x index) {
	uses := c.uses()
	for where := range x {
		x[where] = make([][]reference, len(c.names))
	}
	for i := range c.phrases {
		p := &c.phrases[i]
		needs := needsOf(p.elements, uses)
		anchor := rarest(p.elements, uses)
		m.addPattern(p, anchor, needs)
		if p.owner == none {
			continue
		}
		list := &x[p.where][p.elements[anchor].begins()]
		*list = append(*list, reference{ID(i), uint16(p.owner), needs[min(1, len(needs)-1)]})
	}
	return x
}

// uses is how often phrases have an entry, by entry.
func (c *Compiler) uses() []int {
	uses := make([]int, len(c.names))
	for i := range c.phrases {
		for _, e := range c.phrases[i].elements {
			begins := e.begins()
			uses[begins]++
			for _, w := range c.members[begins] { // a set is as frequent as its words
				uses[begins] += uses[w]
				uses[w]++
			}
		}
	}
	return uses
}

// needsOf are the bits of the elements that may not be missing, rarest first.
func needsOf(list []element, uses []int) (needs []bit) {
	var entries []entry
	for _, e := range list {
		if e.isFixed() {
			entries = append(entries, e.begins())
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return uses[a] - uses[b] })
	for _, e := range entries {
		needs = append(needs, bitOf(e))
	}
	return needs
}

func rarest(list []element, uses []int) int {
	best := -1
	for i, e := range list {
		if e.isFixed() && (best < 0 || uses[e.begins()] < uses[list[best].begins()]) {
			best = i
		}
	}
	return best
}

// addPattern appends a phrase with its anchor, and what is to both sides of it.
func (m *Matcher) addPattern(p *phrase, anchor int, needs []bit) {
	m.patterns = append(m.patterns, pattern{
		elements: uint32(len(m.elements)), needs: uint32(len(m.needs)), needed: uint8(len(needs)),
		toLeft: uint8(anchor), toRight: uint8(len(p.elements) - anchor - 1), where: p.where,
	})
	m.needs = append(m.needs, needs...)
	m.elements = append(m.elements, p.elements[anchor])
	for _, e := range slices.Backward(p.elements[:anchor]) {
		m.elements = append(m.elements, e|toLeft)
	}
	m.elements = append(m.elements, p.elements[anchor+1:]...)
}
