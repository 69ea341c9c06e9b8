package phrase

import "strings"

// Sample is a text that holds a phrase, the nth: sets stand for one of their
// members each, what may be missing is.
func (m *Matcher) Sample(id ID, n int) string {
	var words []string
	for _, e := range m.patterns[id].all {
		if e.fixed() {
			words = append(words, m.sampleOf(&e, n)...)
		}
	}
	return strings.Join(words, " ")
}

// Samples is how many samples of a phrase differ.
func (m *Matcher) Samples(id ID) int {
	most := 1
	for _, e := range m.patterns[id].all {
		if e.longer != nil {
			most = max(most, len(m.members[e.entry])+len(e.longer.rows))
		}
	}
	return most
}

func (m *Matcher) sampleOf(e *element, n int) []string {
	members := m.members[e.entry]
	if e.longer == nil {
		return []string{m.word(e.entry)}
	}
	n %= len(members) + len(e.longer.rows)
	if n < len(members) {
		return []string{m.word(members[n])}
	}
	var words []string
	for _, w := range e.longer.rows[n-len(members)] {
		words = append(words, m.word(w))
	}
	return words
}

// word is an entry as a text may have it.
func (m *Matcher) word(e entry) string { return strings.TrimSuffix(m.names[e], "*") }
