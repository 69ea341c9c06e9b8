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

// Matcher finds phrases. It is immutable and safe to share.
type Matcher struct {
	trie     *trie
	classes  []classInfo // by class
	patterns []pattern
	names    []string          // of the entries, for Sample
	members  map[entry][]entry // of the sets, single words; for Sample
}

// classInfo is what a word of a class matches.
type classInfo struct {
	sets  []uint64              // its entries of sets as bits; nil none
	plain []entry               // its other entries
	leads [wheres][][]reference // the phrases that have one of its entries as their anchor
}

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
	if !t.present[p.where].hasAll(p.needs) {
		return false
	}
	r := &t.row[p.where]
	for i := range r.n {
		if m.is(r.words[i], p.anchor.begins) && m.matches(r, p, i) {
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
			info := &m.classes[c]
			for i, bits := range info.sets {
				present[i] |= bits
			}
			for _, e := range info.plain {
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
			for _, references := range m.classes[c].leads[where] {
				for _, ref := range references {
					if int(ref.owner) >= limit {
						break
					}
					if !present.has(ref.second) {
						continue
					}
					if p := &m.patterns[ref.pattern]; present.hasAll(p.needs) && m.matches(r, p, i) {
						limit = found(int(ref.owner), limit)
					}
				}
			}
		}
	}
	return limit
}

func (m *Matcher) is(c class, e entry) bool {
	info := &m.classes[c]
	if e < maxSetEntries {
		return int(e/64) < len(info.sets) && info.sets[e/64]&(1<<(e%64)) != 0
	}
	for _, x := range info.plain {
		if x == e {
			return true
		}
	}
	return false
}

// matches says whether a phrase stands in a row with its anchor at i.
func (m *Matcher) matches(r *row, p *pattern, i int) bool {
	if !m.reads(r, p.left, i-1, -1) {
		return false
	}
	if p.anchor.longer == nil {
		return m.reads(r, p.right, i+1, 1)
	}
	return m.readsSet(r, &p.anchor, p.right, i, 1)
}

// reads says whether elements stand from i on, in one direction.
func (m *Matcher) reads(r *row, list []element, i, step int) bool {
	for len(list) > 0 {
		e := &list[0]
		if e.gap {
			return m.readsGap(r, list[1:], i, step)
		}
		if e.optional && m.reads(r, list[1:], i, step) {
			return true
		}
		if i < 0 || i >= r.n {
			return false
		}
		if e.longer != nil {
			return m.readsSet(r, e, list[1:], i, step)
		}
		if !m.is(r.words[i], e.entry) {
			return false
		}
		list, i = list[1:], i+step
	}
	return true
}

// readsSet says whether a member of a set stands at i, and the rest behind it.
func (m *Matcher) readsSet(r *row, set *element, rest []element, i, step int) bool {
	if set.entry != 0 && m.is(r.words[i], set.entry) && m.reads(r, rest, i+step, step) {
		return true
	}
	for _, first := range m.classes[r.words[i]].plain {
		k, found := slices.BinarySearch(set.longer.firsts, first)
		for ; found && k < len(set.longer.rows) && set.longer.firsts[k] == first; k++ {
			row := set.longer.rows[k]
			if m.readsRow(r, row, i, step) && m.reads(r, rest, i+len(row)*step, step) {
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
		if i < 0 || i >= r.n || !m.is(r.words[i], w) {
			return false
		}
		i += step
	}
	return true
}
