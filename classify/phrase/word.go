package phrase

import (
	"strings"
	"unicode/utf8"
)

// Words, letter by letter.

func areLetters(s string) bool {
	for i := range len(s) {
		if bytesOf[s[i]].lower == 0 {
			return false
		}
	}
	return s != ""
}

// letters reads a chunk of ASCII letters and digits only.
func (r *reader) letters(s string) {
	if s != r.code {
		r.put(classOf(r.m.trie, s))
		if r.told != nil {
			r.told(Split(s)[0])
		}
	}
}

// words reads letters and digits; all else parts words.
func (r *reader) words(s string) {
	t := r.m.trie
	for i := 0; i < len(s); {
		if bytesOf[s[i]].flags&isLetter == 0 {
			i++
			continue
		}
		start, state := i, int32(0)
		c := unknown
		for ; i < len(s); i++ {
			b := &bytesOf[s[i]]
			if b.lower == 0 {
				if b.flags&isLetter == 0 && s[i] != '\'' && s[i] != '`' {
					break
				}
				if s[i] < utf8.RuneSelf {
					continue
				}
				i = r.beyondASCII(s, start)
				goto next
			}
			if state != none {
				next := t.step(state, b.lower)
				if next == none {
					c = t.states[state].begun
				}
				state = next
			}
		}
		if i-start == 1 && s[start]|0x20 == 'e' && len(s)-i >= 5 && s[i] == '-' && strings.EqualFold(s[i+1:i+5], "mail") {
			i = r.joined(s, start)
			continue
		}
		if state != none {
			c = t.states[state].whole
		}
		r.put(c)
		if r.told != nil {
			r.told(strings.Join(Split(s[start:i]), ""))
		}
	next:
	}
}

// joined reads "e-mail..." as one word.
func (r *reader) joined(s string, start int) int {
	end := start + 2
	for end < len(s) && bytesOf[s[end]].lower != 0 {
		end++
	}
	var buf [64]byte
	word := append(buf[:0], 'e')
	for i := start + 2; i < end && len(word) < len(buf); i++ {
		word = append(word, bytesOf[s[i]].lower)
	}
	r.folded(word)
	return end
}

// beyondASCII reads a word with other letters, from its start, and says where to
// go on.
func (r *reader) beyondASCII(s string, start int) int {
	var buf [256]byte
	word := buf[:0]
	i := start
	for i < len(s) {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c < utf8.RuneSelf && bytesOf[c].lower != 0:
			if len(word) < 64 {
				word = append(word, bytesOf[c].lower)
			}
		case isApostrophe(c):
		case c < utf8.RuneSelf:
			r.folded(word)
			return i
		case endsSentence(c):
			r.folded(word)
			r.stop()
			return i + size
		case c == utf8.RuneError, isBlank(c):
			r.folded(word)
			return i + size
		case standsAlone(c):
			r.folded(word)
			r.folded(foldRune(buf[:0], c))
			return i + size
		default:
			if len(word) < 64 {
				word = foldRune(word, c)
			}
		}
		i += size
	}
	r.folded(word)
	return i
}

// isBlank are blanks, quotes and signs beyond ASCII.
func isBlank(c rune) bool {
	return c < 0xc0 || c >= 0x2000 && c < 0x2c00 || c >= 0x3000 && c <= 0x3020 || c >= 0xff00 && c <= 0xff0f || c == '：' || c == '，'
}

// folded puts a word that is in lower case already.
func (r *reader) folded(word []byte) {
	if len(word) == 0 {
		return
	}
	r.put(classOf(r.m.trie, word))
	if r.told != nil {
		r.told(string(word))
	}
}

// put adds a word.
func (r *reader) put(c class) {
	row := &r.t.row[r.where]
	if row.n == maxWords {
		return
	}
	row.words[row.n] = c
	row.n++
}
