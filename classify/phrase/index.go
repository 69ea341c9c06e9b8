package phrase

import (
	"fmt"
	"slices"
)

// What a word of a text leads to.

// Compile makes the Matcher.
func (c *Compiler) Compile() *Matcher {
	m := &Matcher{sets: c.wordSets, rows: c.rows, written: &written{phrases: c.phrases, names: c.names, members: c.members}}
	rows := c.setClasses(m)
	x := m.setReferences(c.setPatterns(m))
	m.classes = make([]classInfo, len(rows)+1)
	for i, row := range rows {
		m.setClass(&m.classes[i], row, x)
	}
	m.begin(&m.classes[len(rows)])
	m.setBits(rows, c.sets)
	return m
}

// setClass appends what words of a class match and lead to.
func (m *Matcher) setClass(info *classInfo, row []entry, x [wheres][]span) {
	m.begin(info)
	for _, e := range row {
		if e >= maxSetEntries {
			m.plain = append(m.plain, e)
		}
		for where := range x {
			if s := x[where][e]; s.len() > 0 {
				m.leads[where] = append(m.leads[where], s)
			}
		}
	}
}

// begin notes where a class begins, and the one before ends.
func (m *Matcher) begin(info *classInfo) {
	info.plain = uint32(len(m.plain))
	for where := range m.leads {
		info.leads[where] = uint32(len(m.leads[where]))
	}
}

// setBits gives each class its entries of sets as a row of bits. Classes of the
// same entries share one.
func (m *Matcher) setBits(rows [][]entry, sets int) {
	m.width = (sets + 63) / 64
	m.bits = make([]uint64, m.width) // row 0: none
	places := map[string]int{}
	for c, row := range rows {
		n, _ := slices.BinarySearch(row, maxSetEntries) // those of sets come first
		if n == 0 {
			continue
		}
		key := fmt.Sprint(row[:n])
		if places[key] == 0 {
			places[key] = len(m.bits)
			m.bits = append(m.bits, bitsOf(row[:n], m.width)...)
		}
		m.classes[c].sets = uint32(places[key])
	}
}

func bitsOf(entries []entry, width int) []uint64 {
	bits := make([]uint64, width)
	for _, e := range entries {
		bits[e/64] |= 1 << (e % 64)
	}
	return bits
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
