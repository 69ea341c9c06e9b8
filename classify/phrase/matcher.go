package phrase

// Matcher finds phrases. It is immutable and safe to share. What patterns and
// classes have lies in few long lists, for a quick start.
type Matcher struct {
	trie     *trie
	sets     []wordSet // in the order of their entries
	rows     rows      // of their members
	patterns []pattern
	elements []element
	needs    []bit

	classes    []classInfo    // by class, and one behind the last
	plain      []entry        // the entries of words and stems
	bits       []uint64       // rows of width: the entries of sets
	width      int            // that has a bit for each
	leads      [wheres][]span // of references, for each entry of a class
	references []reference    // of a span by owner

	written *written // nil of one that was packed
}

// classInfo is what a word of a class matches, and the phrases that have one of
// its entries as their anchor. What a list has for a class ends where it begins for
// the next.
type classInfo struct {
	plain uint32
	sets  uint32 // where its row of bits begins; at 0 is one without any
	leads [wheres]uint32
}

// Phrases is how many phrases there are: IDs are below.
func (m *Matcher) Phrases() int { return len(m.patterns) }

func (m *Matcher) plainOf(c class) []entry {
	x := m.classes[c : int(c)+2]
	return m.plain[x[0].plain:x[1].plain]
}

// setsOf is nil of words that are in no set.
func (m *Matcher) setsOf(c class) []uint64 {
	at := int(m.classes[c].sets)
	if at == 0 {
		return nil
	}
	return m.bits[at : at+m.width]
}

func (m *Matcher) leadsOf(c class, where int) []span {
	x := m.classes[c : int(c)+2]
	return m.leads[where][x[0].leads[where]:x[1].leads[where]]
}

func (m *Matcher) needsOf(p *pattern) []bit {
	return m.needs[p.needs : int(p.needs)+int(p.needed)]
}

// othersOf are those behind the anchor's and a reference's second.
func (m *Matcher) othersOf(p *pattern) []bit {
	const known = 2
	if p.needed <= known {
		return nil
	}
	return m.needs[p.needs+known : int(p.needs)+int(p.needed)]
}

// sidesOf is a pattern's anchor and what is to both sides of it.
func (m *Matcher) sidesOf(p *pattern) (anchor element, left, right []element) {
	at := int(p.elements)
	middle := at + 1 + int(p.toLeft)
	return m.elements[at], m.elements[at+1 : middle], m.elements[middle : middle+int(p.toRight)]
}

// setOf is the entry of a set's single words, and its longer rows as e reads them.
func (m *Matcher) setOf(e element) (single entry, rows span) {
	set := &m.sets[e.begins()/2-1]
	if e&toLeft != 0 {
		return set.single, set.reverse
	}
	return set.single, set.longer
}
