package phrase

import (
	"strings"
	"unicode/utf8"
)

// reader cuts one text into words and names.
type reader struct {
	m     *Matcher
	t     *Text
	s     string
	code  string       // the reply's SMTP code: repeated in a multi-line reply it says nothing
	local string       // the recipient's local part: between quotes it is no word
	told  func(string) // for Explain; nil else
	where Where
}

// Read cuts a text into t, which must be zero. code is the SMTP code that the reply begins
// with, local the recipient's local part; both may be "".
func (m *Matcher) Read(t *Text, s, code, local string) {
	r := reader{m: m, t: t, s: s, code: code, local: local}
	r.text()
}

// Explain shows the words and the names of a text as they are matched.
func (m *Matcher) Explain(s, code, local string) (words, names string) {
	var t Text
	var rows [wheres][]string
	r := reader{m: m, t: &t, s: s, code: code, local: local}
	r.told = func(word string) { rows[r.where] = append(rows[r.where], word) }
	r.text()
	return strings.Join(rows[Words], " "), strings.Join(rows[Names], " ")
}

// text goes through the text by chunks: runs without blanks, brackets and quotes.
func (r *reader) text() {
	s := r.s
	for i := 0; i < len(s); {
		c := s[i]
		flags := bytesOf[c].flags
		if flags&endsChunk != 0 {
			i = r.between(i)
			continue
		}
		end, all := i+1, flags
		for end < len(s) {
			f := bytesOf[s[end]].flags
			if f&endsChunk != 0 {
				break
			}
			flags |= f
			all &= f
			end++
		}
		if all == isLetter && flags == isLetter { // most chunks
			r.letters(s[i:end])
			i = end
			continue
		}
		i = r.chunk(i, end, flags)
	}
}

// between reads a byte that is part of no chunk, and what it opens.
func (r *reader) between(i int) int {
	switch c := r.s[i]; c {
	case '<':
		if end := angle(r.s[i:]); end > 0 {
			r.inAngles(r.s[i+1 : i+end])
			return i + end + 1
		}
	case ';':
		r.endSentence(i + 1)
	case '"', '(', '[', '{':
		return r.opened(i)
	}
	return i + 1
}

// opened passes over a quoted local part, and the recipient's between brackets.
func (r *reader) opened(i int) int {
	rest := r.s[i+1:]
	if r.s[i] == '"' {
		if end := strings.IndexByte(rest, '"'); end >= 0 && end+1 < len(rest) && rest[end+1] == '@' {
			return i + 1 + end + 1 // the rest of the address begins with @
		}
	}
	if after, ok := strings.CutPrefix(rest, r.local); ok && r.local != "" && after != "" && strings.IndexByte("\")]}'", after[0]) >= 0 {
		return i + 1 + len(r.local)
	}
	return i + 1
}

// angle is where the ">" of "<...>" stands if there is no blank outside quotes
// between them, else 0.
func angle(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == '>' && !quoted:
			return i
		case c <= ' ' && !quoted, c == '<' && !quoted:
			return 0
		}
	}
	return 0
}

// inAngles reads what stands between < and >: of use only if it is a name.
func (r *reader) inAngles(s string) {
	if strings.IndexByte(s, '@') < 0 && strings.IndexByte(s, '.') >= 0 && len(s) < 256 {
		r.name(s)
	}
}

// chunk reads s[i:end], and is where to go on.
func (r *reader) chunk(i, end int, flags byte) int {
	s := r.s[i:end]
	if flags&special == 0 {
		if s != r.code {
			r.words(s)
		}
		return end
	}
	if strings.IndexByte(".:!?", s[len(s)-1]) >= 0 && areLetters(s[:len(s)-1]) { // "full."
		r.letters(s[:len(s)-1])
		r.ended(i, end)
		return end
	}
	if url := urlStart(s); url >= 0 {
		r.plain(s[:url])
		end = i + url + urlEnd(r.s[i+url:])
		r.name(r.s[i+url : end])
		r.ended(i, end)
		return end
	}
	if r.local != "" && s[0] == '\'' && strings.HasPrefix(s[1:], r.local) && strings.HasPrefix(s[1+len(r.local):], "'") {
		s = s[2+len(r.local):]
	}
	if strings.IndexByte(s, '@') >= 0 {
		r.addresses(s)
	} else {
		r.plain(s)
	}
	r.ended(i, end)
	return end
}

// ended reads a full stop at the end of a chunk. That of a host name is part of
// the name if the sentence goes on in small letters.
func (r *reader) ended(start, end int) {
	for i := end - 1; i >= start; i-- {
		switch r.s[i] {
		case '.', '!', '?':
			if r.s[i] != '.' || !r.goesOn(end) || strings.IndexByte(r.s[start:i], '.') < 0 {
				r.endSentence(end)
			}
			return
		case '\'', '*', '-', '`':
		default:
			return
		}
	}
}

// goesOn says whether a small letter follows behind a blank.
func (r *reader) goesOn(i int) bool {
	return i+1 < len(r.s) && r.s[i] == ' ' && r.s[i+1] >= 'a' && r.s[i+1] <= 'z'
}

// endSentence ends one if a blank or nothing follows at i.
func (r *reader) endSentence(i int) {
	if i < len(r.s) && r.s[i] > ' ' && bytesOf[r.s[i]].flags&endsChunk == 0 {
		return
	}
	r.stop()
}

func (r *reader) stop() {
	row := &r.t.row[r.where]
	if n := row.n; n > 0 && row.words[n-1] != sentenceEnd {
		r.put(sentenceEnd)
		if r.told != nil {
			r.told(".")
		}
	}
}

// urlStart is where a URL begins in a chunk, or -1.
func urlStart(s string) int {
	i := strings.Index(s, "://")
	if i < 0 {
		return -1
	}
	for i > 0 && bytesOf[s[i-1]].flags == isLetter {
		i--
	}
	return i
}

// urlEnd is behind a URL: brackets belong to it only if it opened them.
func urlEnd(s string) int {
	i := 0
	for i < len(s) && s[i] > ' ' && strings.IndexByte("<>\"|[]{})", s[i]) < 0 {
		i++
	}
	for i > 0 && strings.IndexByte(".,;:!'", s[i-1]) >= 0 {
		i--
	}
	return i
}

// addresses takes addresses out of a chunk and reads the rest.
func (r *reader) addresses(s string) {
	for {
		at := strings.IndexByte(s, '@')
		if at < 0 {
			r.plain(s)
			return
		}
		from := strings.LastIndexAny(s[:at], ":,") + 1
		r.plain(s[:from])
		s = s[at+1:]
		for len(s) > 0 && (bytesOf[s[0]].flags&isLetter != 0 || s[0] == '.' || s[0] == '-' || s[0] == '_') {
			s = s[1:]
		}
	}
}

// plain reads a chunk without address and URL: segments of letters, digits, dots
// and dashes, the others part words.
func (r *reader) plain(s string) {
	if isIPv6(s) {
		return
	}
	for i := 0; i < len(s); {
		if !inSegment(s[i]) {
			i++
			continue
		}
		end, dots := i, 0
		for end < len(s) && inSegment(s[end]) {
			if s[end] == '.' && end > i && end+1 < len(s) && bytesOf[s[end+1]].flags&isLetter != 0 {
				dots++
			}
			end++
		}
		if dots == 0 {
			r.word(s[i:end])
			i = end
			continue
		}
		i += r.dotted(s[i:end], s[end:])
	}
}

func inSegment(c byte) bool {
	return bytesOf[c].flags&isLetter != 0 || c == '.' || c == '-' || c == '_' || c == '\'' || c == '`'
}

// word reads a segment without dots: "550-Mailbox", "over-quota".
func (r *reader) word(s string) {
	if rest, ok := cutReplyCode(s); ok {
		s = rest
	}
	if strings.TrimRight(s, ".") != r.code {
		r.words(s)
	}
}

// cutReplyCode takes "550-" off.
func cutReplyCode(s string) (string, bool) {
	if len(s) < 4 || s[3] != '-' || s[0] < '2' || s[0] > '5' || !digit(s[1]) || !digit(s[2]) {
		return s, false
	}
	return s[4:], true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// dotted reads a segment with dots inside: a number, a host name, or words that
// lack a blank. It returns how much of s and what follows it has read.
func (r *reader) dotted(s, rest string) int {
	all := len(s)
	if tail, ok := cutReplyCode(s); ok {
		s = tail
	}
	s = strings.Trim(s, ".-_'`")
	if strings.IndexByte(s, '.') < 0 {
		r.words(s)
		return all
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	switch {
	case isNumber(s):
		r.number(s)
	case isTopLevel(last) && !lacksBlank(s, last):
		if rest != "" && (rest[0] == '/' || rest[0] == '?') { // a URL without a scheme
			url := urlEnd(rest)
			r.named(s, rest[:url])
			return all + url
		}
		r.name(s)
	default:
		r.sentences(s)
	}
	return all
}

// number keeps the first enhanced status code: RFC 3463 section 2.
func (r *reader) number(s string) {
	if r.t.EnhancedTo != 0 || s[0] != '4' && s[0] != '5' || s[1] != '.' {
		return
	}
	detail := strings.LastIndexByte(s, '.')
	if strings.Count(s, ".") != 2 || detail > 5 || len(s)-detail > 4 {
		return
	}
	if i := strings.Index(r.s, s); i >= 0 {
		r.t.EnhancedFrom, r.t.EnhancedTo = i, i+len(s)
	}
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) && s[i] != '.' {
			return false
		}
	}
	return true
}

// isTopLevel says whether a label may be the last one of a host name.
func isTopLevel(label string) bool {
	if strings.HasPrefix(label, "xn--") || strings.HasPrefix(label, "XN--") {
		return true
	}
	for i := range len(label) {
		if c := label[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return len(label) > 1
}

// lacksBlank says whether a dot ends a sentence: "blocked.For", "rejected.see".
func lacksBlank(s, last string) bool {
	before := s[len(s)-len(last)-2]
	if last[0] <= 'Z' && last[1] > 'Z' && before > 'Z' {
		return true
	}
	if len(last) == 1 {
		return false
	}
	switch last {
	case "see", "please", "for", "the", "this", "your", "if", "you", "try", "visit", "check", "and", "message", "mail":
		return true
	}
	// RESOLVER.ADR.RecipientNotFound
	return last[0] <= 'Z' && strings.ToUpper(last) != last && strings.ToLower(last[1:]) != last[1:]
}

// sentences reads words between dots; one between a small and a capital letter
// ends a sentence.
func (r *reader) sentences(s string) {
	for {
		part, rest, more := strings.Cut(s, ".")
		r.words(part)
		if !more {
			return
		}
		if part != "" && rest != "" && part[len(part)-1] > 'Z' && rest[0] <= 'Z' && rest[0] >= 'A' {
			r.stop()
		}
		s = rest
	}
}

// isIPv6 says whether a chunk is an address, or the time of day.
func isIPv6(s string) bool {
	colons, digits := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == ':':
			colons++
		case digit(c):
			digits++
		case c == '.', c|0x20 >= 'a' && c|0x20 <= 'f':
		default:
			return false
		}
	}
	return colons >= 2 && digits > 0
}

// name reads a host name or URL; named one that lies in two pieces.
func (r *reader) name(s string) { r.named(s, "") }

func (r *reader) named(s, rest string) {
	r.where = Names
	r.words(s)
	r.words(rest)
	r.stop()
	r.where = Words
}

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
