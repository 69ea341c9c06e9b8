package phrase

// class is a number for what a word of a text matches.
type class uint16

const (
	unknown     class = iota // no phrase has this word
	sentenceEnd              // not a word
)

// Matcher finds phrases. It is immutable and safe to share.
type Matcher struct {
	trie     *trie
	sets     [][]uint64 // by class: its entries of sets as bits; nil none
	plain    [][]entry  // by class: its other entries
	patterns []pattern
	leads    [wheres][][][]reference // by class: the phrases that have one of its entries as their anchor
	names    []string                // of the entries, for Sample
	members  map[entry][]entry       // of the sets, single words; for Sample
}

// maxWords bounds the words of a text that are read: of each kind.
const maxWords = 400

// Text is a text as Read cut it. The zero Text is ready; it is about 6 kB and
// meant for the stack.
type Text struct {
	// Enhanced is the first enhanced status code that stands in the text, as an
	// index range; both 0: none.
	EnhancedFrom, EnhancedTo int

	row     [wheres]row
	present [wheres][maxEntries / 64]uint64
}

type row struct {
	words [maxWords]class
	n     int
}

// Has says whether a phrase is in a text.
func (m *Matcher) Has(t *Text, id ID) bool {
	p := &m.patterns[id]
	if !t.hasAll(p) {
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

// hasAll says whether a text has a word for each element of a phrase: most
// phrases fail here.
func (t *Text) hasAll(p *pattern) bool {
	present := &t.present[p.where]
	for _, e := range p.needs {
		if present[e/64]&(1<<(e%64)) == 0 {
			return false
		}
	}
	return true
}

// Find calls found for the phrases of a text whose owner is below limit. found
// returns the new limit. An owner may be found more than once, and in any order.
func (m *Matcher) Find(t *Text, limit int, found func(owner, limit int) int) int {
	for where := range t.row {
		r := &t.row[where]
		for i, c := range r.words[:r.n] {
			for _, references := range m.leads[where][c] {
				for _, ref := range references {
					if int(ref.owner) >= limit {
						break
					}
					if p := &m.patterns[ref.pattern]; t.hasAll(p) && m.matches(r, p, i) {
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
		bits := m.sets[c]
		return int(e/64) < len(bits) && bits[e/64]&(1<<(e%64)) != 0
	}
	for _, x := range m.plain[c] {
		if x == e {
			return true
		}
	}
	return false
}

// matches says whether a phrase stands in a row with its anchor at i.
func (m *Matcher) matches(r *row, p *pattern, i int) bool {
	if p.anchor.longer == nil {
		return m.reads(r, p.left, i-1, -1) && m.reads(r, p.right, i+1, 1)
	}
	if !m.reads(r, p.left, i-1, -1) {
		return false
	}
	if p.anchor.entry != 0 && m.is(r.words[i], p.anchor.entry) && m.reads(r, p.right, i+1, 1) {
		return true
	}
	for _, longer := range p.anchor.longer {
		if n := m.readsRow(r, longer, i, 1); n > 0 && m.reads(r, p.right, i+n, 1) {
			return true
		}
	}
	return false
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
		lead := e.begins
		if step < 0 {
			lead = e.ends
		}
		if !m.is(r.words[i], lead) {
			return false
		}
		for _, longer := range e.longer {
			if n := m.readsRow(r, longer, i, step); n > 0 && m.reads(r, list[1:], i+n*step, step) {
				return true
			}
		}
		if e.entry == 0 || !m.is(r.words[i], e.entry) {
			return false
		}
		list, i = list[1:], i+step
	}
	return true
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

// readsRow is the length of a row of words if it stands from i on, else 0.
func (m *Matcher) readsRow(r *row, words []entry, i, step int) int {
	for _, w := range words {
		if i < 0 || i >= r.n || !m.is(r.words[i], w) {
			return 0
		}
		i += step
	}
	return len(words)
}
