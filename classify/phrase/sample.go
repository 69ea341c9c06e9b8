package phrase

import "strings"

// written are phrases as people wrote them, for Sample.
type written struct {
	phrases []phrase          // by ID
	names   []string          // of the entries
	members map[entry][]entry // of the sets, single words
}

// Sample is a text that holds a phrase, the nth: sets stand for one of their
// members each, what may be missing is. A matcher that was packed has none: "".
func (m *Matcher) Sample(id ID, n int) string {
	if m.written == nil {
		return ""
	}
	var words []string
	for _, e := range m.written.phrases[id].elements {
		if e.isFixed() {
			words = append(words, m.sampleOf(e, n)...)
		}
	}
	return strings.Join(words, " ")
}

// Samples is how many samples of a phrase differ.
func (m *Matcher) Samples(id ID) int {
	if m.written == nil {
		return 0
	}
	most := 1
	for _, e := range m.written.phrases[id].elements {
		if e.isSet() {
			single, longer := m.setOf(e)
			most = max(most, len(m.written.members[single])+longer.len())
		}
	}
	return most
}

func (m *Matcher) sampleOf(e element, n int) []string {
	w := m.written
	if !e.isSet() {
		return []string{w.word(e.begins())}
	}
	single, longer := m.setOf(e)
	members := w.members[single]
	n %= len(members) + longer.len()
	if n < len(members) {
		return []string{w.word(members[n])}
	}
	var words []string
	for _, entry := range m.rows.at(int(longer.from) + n - len(members)) {
		words = append(words, w.word(entry))
	}
	return words
}

// word is an entry as a text may have it.
func (w *written) word(e entry) string { return strings.TrimSuffix(w.names[e], "*") }
