package phrase

import (
	"encoding/binary"
	"slices"
)

// class is a number for what a word of a text matches.
type class uint16

const (
	unknown     class = iota // no phrase has this word
	sentenceEnd              // not a word
)

// maxWords bounds the words of a text that are read: of each kind.
const maxWords = 400

// Text is a text as Read cut it. The zero Text is ready; it is about 2 kB and
// meant for the stack.
type Text struct {
	// Enhanced is the first enhanced status code that stands in the text, as an
	// index range; both 0: none.
	EnhancedFrom, EnhancedTo int

	row     [wheres]row
	present [wheres]entries
	marked  bool // present is filled in
}

// entries are those that the words of a row match, as bits.
type entries [(maxSetEntries + sharedBits) / 64]uint64

type row struct {
	words [maxWords]class
	n     int
}

// KeySize is how long a text's key is.
func (t *Text) KeySize() int { return 2 * (int(wheres) + t.row[Words].n + t.row[Names].n) }

// AppendKey appends what tells a text from those in which other phrases might be
// found: the classes of its words.
func (t *Text) AppendKey(key []byte) []byte {
	for where := range t.row {
		r := &t.row[where]
		key = binary.LittleEndian.AppendUint16(key, uint16(r.n))
		for _, c := range r.words[:r.n] {
			key = binary.LittleEndian.AppendUint16(key, uint16(c))
		}
	}
	return key
}

// Has says whether a phrase is in a text.
func (m *Matcher) Has(t *Text, id ID) bool {
	p := &m.patterns[id]
	m.mark(t)
	if !t.present[p.where].hasAll(m.needsOf(p)) {
		return false
	}
	r, begins := &t.row[p.where], m.elements[p.elements].begins()
	for i, c := range r.words[:r.n] {
		if m.is(c, begins) && m.matches(r, p, i) {
			return true
		}
	}
	return false
}

// mark notes what words a text has.
func (m *Matcher) mark(t *Text) {
	if t.marked {
		return
	}
	t.marked = true
	for where := range t.row {
		r, present := &t.row[where], &t.present[where]
		for _, c := range r.words[:r.n] {
			for i, bits := range m.setsOf(c) {
				present[i] |= bits
			}
			for _, e := range m.plainOf(c) {
				b := bitOf(e)
				present[b/64] |= 1 << (b % 64)
			}
		}
	}
}

func (p *entries) has(b bit) bool { return p[b/64]&(1<<(b%64)) != 0 }

// hasAll says whether there is a word for each element of a phrase: most phrases
// fail here. As words share bits it may err, but not where it says no.
func (p *entries) hasAll(needs []bit) bool {
	for _, b := range needs {
		if !p.has(b) {
			return false
		}
	}
	return true
}

// Find calls found for the phrases of a text whose owner is below limit. found
// returns the new limit. An owner may be found more than once, and in any order.
func (m *Matcher) Find(t *Text, limit int, found func(owner, limit int) int) int {
	m.mark(t)
	for where := range t.row {
		r, present := &t.row[where], &t.present[where]
		for i, c := range r.words[:r.n] {
			for _, lead := range m.leadsOf(c, where) {
				for _, ref := range m.references[lead.from:lead.to] {
					if int(ref.owner) >= limit {
						break
					}
					if !present.has(ref.second) {
						continue
					}
					p := &m.patterns[ref.pattern]
					if present.hasAll(m.othersOf(p)) && m.matches(r, p, i) {
						limit = found(int(ref.owner), limit)
					}
				}
			}
		}
	}
	return limit
}

func (m *Matcher) is(c class, e entry) bool {
	if e < maxSetEntries {
		return m.inSet(c, e)
	}
	return m.isWord(c, e)
}

func (m *Matcher) inSet(c class, e entry) bool {
	return m.bits[int(m.classes[c].sets)+int(e/64)]&(1<<(e%64)) != 0
}

func (m *Matcher) isWord(c class, e entry) bool {
	for _, x := range m.plainOf(c) {
		if x == e {
			return true
		}
	}
	return false
}

// matches says whether a phrase stands in a row with its anchor at i.
func (m *Matcher) matches(r *row, p *pattern, i int) bool {
	anchor, left, right := m.sidesOf(p)
	if len(left) > 0 && !m.reads(r, left, i-1, -1) {
		return false
	}
	if !anchor.isSet() {
		return m.reads(r, right, i+1, 1)
	}
	return m.readsSet(r, anchor, right, i, 1)
}

// reads says whether elements stand from i on, in one direction.
func (m *Matcher) reads(r *row, list []element, i, step int) bool {
	for len(list) > 0 {
		e := list[0]
		if e.isGap() {
			return m.readsGap(r, list[1:], i, step)
		}
		if e.isOptional() && m.reads(r, list[1:], i, step) {
			return true
		}
		if i < 0 || i >= r.n {
			return false
		}
		if e.isSet() {
			return (e&toLeft != 0 || m.inSet(r.words[i], e.begins())) && m.readsSet(r, e, list[1:], i, step)
		}
		if !m.isWord(r.words[i], e.begins()) {
			return false
		}
		list, i = list[1:], i+step
	}
	return true
}

// readsSet says whether a member of a set stands at i, and the rest behind it.
func (m *Matcher) readsSet(r *row, e element, rest []element, i, step int) bool {
	single, longer := m.setOf(e)
	if single != 0 && m.inSet(r.words[i], single) && m.reads(r, rest, i+step, step) {
		return true
	}
	firsts := m.rows.firsts[longer.from:longer.to]
	for _, first := range m.plainOf(r.words[i]) {
		k, found := slices.BinarySearch(firsts, first)
		for ; found && k < len(firsts) && firsts[k] == first; k++ {
			row := m.rows.at(int(longer.from) + k)
			if m.readsRow(r, row[1:], i+step, step) && m.reads(r, rest, i+len(row)*step, step) {
				return true
			}
		}
	}
	return false
}

// readsGap tries elements behind up to maxGap words of the same sentence.
func (m *Matcher) readsGap(r *row, list []element, i, step int) bool {
	for range maxGap + 1 {
		if m.reads(r, list, i, step) {
			return true
		}
		if i < 0 || i >= r.n || r.words[i] == sentenceEnd {
			return false
		}
		i += step
	}
	return false
}

// readsRow says whether a row of words stands from i on.
func (m *Matcher) readsRow(r *row, words []entry, i, step int) bool {
	for _, w := range words {
		if i < 0 || i >= r.n || !m.isWord(r.words[i], w) {
			return false
		}
		i += step
	}
	return true
}
