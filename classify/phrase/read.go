package phrase

import "strings"

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
		switch {
		case r.local != "" && r.isRecipient(i, end):
			r.ended(i, end)
			i = end
		case all == isLetter && flags == isLetter: // most chunks
			r.letters(s[i:end])
			i = end
		default:
			i = r.chunk(i, end, flags)
		}
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
	case '"', '(', '[':
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
	if after, ok := strings.CutPrefix(rest, r.local); ok && r.local != "" && after != "" && strings.IndexByte("\")]'", after[0]) >= 0 {
		return i + 1 + len(r.local)
	}
	return i + 1
}

// maxPath bounds what is read in search of a ">": RFC 5321 section 4.5.3.1.3 has
// 256 for a path, and quoting may double it.
const maxPath = 512

// angle is where the ">" of "<...>" stands, if what is between them is without
// blanks outside quotes, or an address; else 0.
func angle(s string) int {
	quoted, blank, at := false, false, false
	for i := 1; i < min(len(s), maxPath); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == '>' && !quoted:
			if blank && !at {
				return 0
			}
			return i
		case c == '<' && !quoted:
			return 0
		case c == '@':
			at = true
		case c <= ' ' && !quoted:
			blank = true
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
