package phrase

import (
	"errors"
	"fmt"
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
	wordSets []wordSet           // these, in the order of their entries
	rows     rows                // of these
	members  map[entry][]entry   // of the entries of sets
	phrases  []phrase            // by ID
	root     node
}

// phrase is one as it was written.
type phrase struct {
	where    Where
	elements []element
	owner    int32 // none: not in the index
}

// NewCompiler makes a Compiler.
func NewCompiler() *Compiler {
	return &Compiler{
		entries: map[string]entry{}, names: make([]string, maxSetEntries), sets: 1,
		declared: map[string][]string{}, compiled: map[string]element{}, members: map[entry][]entry{}, rows: rows{starts: []uint32{0}},
	}
}

// maxMembers bounds a set, maxElements and maxGaps a phrase, maxOwner its owner.
const (
	maxMembers  = 500
	maxElements = 24
	maxGaps     = 3
	maxOwner    = 1<<16 - 1
)

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

// Add compiles a phrase. An owner of 0 to maxOwner has Find report it where the
// phrase stands in a text; a negative one leaves it to Has.
func (c *Compiler) Add(where Where, text string, owner int) (ID, error) {
	if owner > maxOwner {
		return 0, fmt.Errorf("phrase %q: its owner's number %d is more than %d", text, owner, maxOwner)
	}
	elements, err := c.elements(text)
	if err != nil {
		return 0, fmt.Errorf("phrase %q: %w", text, err)
	}
	c.phrases = append(c.phrases, phrase{where, elements, int32(max(owner, none))})
	return ID(len(c.phrases) - 1), nil
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
		if next != nil && next[0].isGap() {
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
	case !list[0].isFixed() || !list[len(list)-1].isFixed():
		return nil, errors.New(`begins or ends with what may be missing ("...", "?")`)
	}
	return list, nil
}

func (c *Compiler) token(token string) ([]element, error) {
	if token == "..." || token == "…" {
		return []element{0}, nil
	}
	token, mayMiss := strings.CutSuffix(token, "?")
	var flags element
	if mayMiss {
		flags = optional
	}
	if name, ok := strings.CutPrefix(token, "{"); ok {
		name, closed := strings.CutSuffix(name, "}")
		if !closed {
			return nil, fmt.Errorf("%q lacks its closing brace", token)
		}
		e, err := c.set(name)
		return []element{e | flags}, err
	}
	words, stem := cutStar(token)
	if len(words) > 1 && mayMiss {
		return nil, fmt.Errorf("%q is more than one word; only one may be optional", token)
	}
	var list []element
	for i, w := range words {
		e, err := c.entry(starred(w, stem && i == len(words)-1))
		if err != nil {
			return nil, err
		}
		list = append(list, element(e)|flags)
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
