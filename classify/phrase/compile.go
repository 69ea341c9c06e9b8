package phrase

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Compiler takes the phrases of a Matcher. Sets come first.
type Compiler struct {
	entries  map[string]entry    // "word", "stem*"
	sets     int                 // entries of sets
	names    []string            // of the entries
	declared map[string][]string // the sets
	compiled map[string]element  // those that phrases have
	members  map[entry][]entry   // of the entries of sets
	patterns []pattern
	owners   []int32 // of the patterns; none: not in the index
	root     node
}

// NewCompiler makes a Compiler.
func NewCompiler() *Compiler {
	return &Compiler{
		entries: map[string]entry{}, names: make([]string, maxSetEntries), sets: 1,
		declared: map[string][]string{}, compiled: map[string]element{}, members: map[entry][]entry{},
	}
}

// maxMembers bounds a set, maxElements and maxGaps a phrase.
const (
	maxMembers  = 500
	maxElements = 24
	maxGaps     = 3
)

// Set declares a word set. Its members are plain words, or rows of them.
func (c *Compiler) Set(name string, members []string) error {
	if !isSetName(name) {
		return fmt.Errorf("word set %q: a name is lower-case letters, digits and dashes", name)
	}
	if len(members) == 0 || len(members) > maxMembers {
		return fmt.Errorf("word set %q has %d members, not 1 to %d", name, len(members), maxMembers)
	}
	if c.declared[name] != nil {
		return fmt.Errorf("word set %q is declared twice", name)
	}
	for _, m := range members {
		if err := checkMember(m); err != nil {
			return fmt.Errorf("word set %q: %w", name, err)
		}
	}
	c.declared[name] = members
	return nil
}

func checkMember(m string) error {
	words := 0
	for _, token := range strings.Fields(m) {
		if token == "..." || strings.ContainsAny(token, "{}?") {
			return fmt.Errorf("%q: a member of a set has plain words only", m)
		}
		split, _ := cutStar(token)
		words += len(split)
	}
	if words == 0 || words > maxElements {
		return fmt.Errorf("%q has %d words, not 1 to %d", m, words, maxElements)
	}
	return nil
}

// set is the element of a declared set, compiled when a phrase first has it.
func (c *Compiler) set(name string) (e element, err error) {
	if e, ok := c.compiled[name]; ok {
		return e, nil
	}
	members, ok := c.declared[name]
	if !ok {
		return e, fmt.Errorf("no word set %q is declared", name)
	}
	if c.sets+3 > maxSetEntries {
		return e, fmt.Errorf("more than %d word sets", (maxSetEntries-1)/3)
	}
	single, begins, ends := entry(c.sets), entry(c.sets+1), entry(c.sets+2)
	c.names[single] = "{" + name + "}"
	c.sets += 3
	e.begins, e.ends = begins, ends
	var rows [][]entry
	for _, m := range members {
		row, err := c.row(m)
		switch {
		case err != nil:
			return e, err
		case len(row) == 1:
			e.entry = single
			c.members[single] = append(c.members[single], row[0])
		default:
			rows = append(rows, row)
		}
		c.members[begins] = append(c.members[begins], row[0])
		c.members[ends] = append(c.members[ends], row[len(row)-1])
	}
	e.longer = newLonger(rows)
	for i, row := range rows {
		rows[i] = slices.Clone(row)
		slices.Reverse(rows[i])
	}
	e.reversed = newLonger(rows)
	c.compiled[name] = e
	return e, nil
}

func newLonger(rows [][]entry) *longer {
	l := &longer{}
	l.rows = slices.SortedStableFunc(slices.Values(rows), func(a, b []entry) int { return int(a[0]) - int(b[0]) })
	for _, row := range l.rows {
		l.firsts = append(l.firsts, row[0])
	}
	return l
}

func isSetName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// row reads plain words and stems.
func (c *Compiler) row(text string) ([]entry, error) {
	var row []entry
	for _, token := range strings.Fields(text) {
		words, stem := cutStar(token)
		for i, w := range words {
			e, err := c.entry(starred(w, stem && i == len(words)-1))
			if err != nil {
				return nil, err
			}
			row = append(row, e)
		}
	}
	return row, nil
}

func starred(word string, stem bool) string {
	if stem {
		return word + "*"
	}
	return word
}

// cutStar reads the words of a token of a phrase; stem: the last is a stem.
func cutStar(token string) (words []string, stem bool) {
	token, stem = strings.CutSuffix(token, "*")
	if isWord(token) { // most are
		return []string{token}, stem
	}
	return Split(token), stem
}

func (c *Compiler) entry(name string) (entry, error) {
	if e, ok := c.entries[name]; ok {
		return e, nil
	}
	if len(c.names) == maxEntries {
		return 0, fmt.Errorf("more than %d different words in all phrases", maxEntries)
	}
	e := entry(len(c.names))
	c.entries[name] = e
	c.names = append(c.names, name)
	c.grow(name, e)
	return e, nil
}

func (c *Compiler) grow(name string, e entry) {
	word, stem := strings.CutSuffix(name, "*")
	n := &c.root
	for i := range len(word) {
		n = n.child(word[i])
	}
	if stem {
		n.stem = e
	} else {
		n.word = e
	}
}

// Add compiles a phrase. An owner of 0 or more has Find report it where the
// phrase stands in a text; a negative one leaves it to Has.
func (c *Compiler) Add(where Where, text string, owner int) (ID, error) {
	elements, err := c.elements(text)
	if err != nil {
		return 0, fmt.Errorf("phrase %q: %w", text, err)
	}
	c.patterns = append(c.patterns, pattern{where: where, right: elements})
	c.owners = append(c.owners, int32(max(owner, none)))
	return ID(len(c.patterns) - 1), nil
}

func (c *Compiler) elements(text string) ([]element, error) {
	var list []element
	gaps := 0
	for _, token := range strings.Fields(text) {
		next, err := c.token(token)
		if err != nil {
			return nil, err
		}
		list = append(list, next...)
		if next != nil && next[0].gap {
			gaps++
		}
	}
	switch {
	case len(list) == 0:
		return nil, errors.New("has no word")
	case len(list) > maxElements:
		return nil, fmt.Errorf("has more than %d words", maxElements)
	case gaps > maxGaps:
		return nil, fmt.Errorf("has more than %d gaps", maxGaps)
	case !list[0].fixed() || !list[len(list)-1].fixed():
		return nil, errors.New(`begins or ends with what may be missing ("...", "?")`)
	}
	return list, nil
}

func (e *element) fixed() bool { return !e.gap && !e.optional }

func (c *Compiler) token(token string) ([]element, error) {
	if token == "..." || token == "…" {
		return []element{{gap: true}}, nil
	}
	token, optional := strings.CutSuffix(token, "?")
	if name, ok := strings.CutPrefix(token, "{"); ok {
		name, closed := strings.CutSuffix(name, "}")
		if !closed {
			return nil, fmt.Errorf("%q lacks its closing brace", token)
		}
		e, err := c.set(name)
		e.optional = optional
		return []element{e}, err
	}
	words, stem := cutStar(token)
	if len(words) > 1 && optional {
		return nil, fmt.Errorf("%q is more than one word; only one may be optional", token)
	}
	var list []element
	for i, w := range words {
		e, err := c.entry(starred(w, stem && i == len(words)-1))
		if err != nil {
			return nil, err
		}
		list = append(list, element{entry: e, begins: e, ends: e, optional: optional})
	}
	return list, nil
}

// Split is text in words as a phrase has them: in lower case, without accents
// and apostrophes, cut at all that is no letter and no digit.
func Split(text string) []string {
	var words []string
	var word []byte
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	for _, r := range strings.ReplaceAll(strings.ToLower(text), "e-mail", "email") {
		switch {
		case r < utf8.RuneSelf && bytesOf[r].lower != 0:
			word = append(word, bytesOf[r].lower)
		case isApostrophe(r):
		case r < utf8.RuneSelf || r == utf8.RuneError || endsSentence(r) || isBlank(r):
			end()
		case standsAlone(r):
			end()
			word = foldRune(word, r)
			end()
		default:
			word = foldRune(word, r)
		}
	}
	end()
	return words
}

// isWord says whether text is one word as it stands.
func isWord(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < '0' || c > 'z' || bytesOf[c].lower != c {
			return false
		}
	}
	return text != ""
}

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
