package classify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxTemplate is the length in bytes at which a template is cut, markers and
// all. The sense of a reply is in its beginning.
const MaxTemplate = 240

// What stands where something was taken out.
const (
	markAddress = "<address>"
	markHost    = "<host>"
	markIP      = "<ip>"
	markNumber  = "<n>"
	markID      = "<id>"
	markPath    = "<path>"
	markText    = `"<text>"`
	markUser    = "<user>"
	cutMark     = "..."
)

// Template is what replies of one meaning have in common: text without mail
// addresses, hosts, IP addresses, numbers, ids, quoted text, and the query
// parts of URLs.
//
//	host mx.example.com[192.0.2.1] said: 550 5.1.1 <bob@example.com>: unknown
//	host <host>[<ip>] said: 550 5.1.1 <address>: unknown
//
// SMTP codes and enhanced codes stay. The result is printable, whatever the
// text is.
func Template(text string) string {
	return string(AppendTemplate(nil, text, ""))
}

// LocalPart is what stands before the domain of an address, without quotes: what
// AppendTemplate takes out as the user.
func LocalPart(address string) string {
	local, _ := cutAt(address)
	return strings.Trim(local, `"`)
}

// AppendTemplate appends the template of text to dst. Words equal to user, if
// it is not empty, are taken out too: some servers repeat the name bare.
func AppendTemplate(dst []byte, text, user string) []byte {
	t := templater{out: dst, start: len(dst), user: user}
	for i := 0; i < len(text); {
		if len(t.out)-t.start >= MaxTemplate {
			return t.cut()
		}
		i += t.step(text[i:])
	}
	if len(t.out)-t.start > MaxTemplate {
		return t.cut()
	}
	return t.out
}

type templater struct {
	out   []byte
	start int // of the template in out
	user  string
}

// step writes what the text's beginning becomes and returns how much it read.
func (t *templater) step(s string) int {
	switch s[0] {
	case ' ':
		if n := len(t.out); n > t.start && t.out[n-1] != ' ' {
			t.out = append(t.out, ' ')
		}
		return 1
	case '"':
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			t.out = append(t.out, markText...)
			return end + 2
		}
	case '<':
		if n := t.angle(s); n > 0 {
			return n
		}
	case '@':
		if n := t.loneAt(s); n > 0 {
			return n
		}
	}
	if ends(s[0]) {
		if n := t.oddAddress(s, 0); n > 0 {
			return n
		}
		return t.rune(s)
	}
	if n := t.url(s); n > 0 {
		return n
	}
	n, seen := 0, charClass(0)
	for n < len(s) && chars[s[n]] != charEnd {
		seen |= chars[s[n]]
		n++
	}
	if odd := t.oddAddress(s, n); odd > 0 {
		return odd
	}
	if seen == charLetter && !strings.HasPrefix(s[n:], "[") && len(s[:n]) <= maxWord && !strings.EqualFold(s[:n], t.user) {
		t.out = append(t.out, s[:n]...) // most words
	} else {
		t.word(s[:n], s[n:])
	}
	return n
}

// rune writes one character that is no part of a word. What a terminal would
// obey instead of show (NEL, right-to-left override) passes Postfix's own
// printable() as UTF-8, and ends here.
func (t *templater) rune(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsPrint(r) || r == utf8.RuneError {
		r = '?'
	}
	t.out = utf8.AppendRune(t.out, r)
	return n
}

// angle reads <address>; 0 where s does not begin with one. <> is the null
// sender; URLs stand in angle brackets too.
func (t *templater) angle(s string) int {
	end := strings.IndexByte(s, '>')
	if end < 2 || isURL(s[1:]) {
		return 0
	}
	if quoted := strings.Index(s[:min(len(s), maxName)], `"@`); s[1] == '"' && quoted > end { // <"a>b"@example.com>
		if end = strings.IndexByte(s[quoted:], '>') + quoted; end < quoted {
			return 0
		}
	}
	in := s[1:end]
	if strings.IndexByte(in, ' ') >= 0 && strings.IndexByte(in, '@') < 0 {
		return 0
	}
	t.out = append(t.out, markAddress...)
	return end + 1
}

// loneAt reads the rest of "bob @ example.com", and takes back its beginning; 0
// where s does not begin with a lone @.
func (t *templater) loneAt(s string) int {
	end := len(t.out)
	if len(s) < 3 || s[1] != ' ' || end == t.start || t.out[end-1] != ' ' {
		return 0
	}
	for end > t.start && t.out[end-1] == ' ' {
		end--
	}
	for end > t.start && t.out[end-1] != ' ' {
		end--
	}
	t.out = append(t.out[:end], markAddress...)
	n := 2
	for n < len(s) && !ends(s[n]) {
		n++
	}
	return n
}

// oddAddress reads an address whose local part has one of "={|}" in it (RFC 5321
// section 4.1.2), which elsewhere part words: list-bob=example.org@example.com.
// n is where a word ended before one of them. It returns 0 where s does not begin
// with such an address.
func (t *templater) oddAddress(s string, n int) int {
	if n == len(s) || !isOdd(s[n]) {
		return 0
	}
	at := n
	for at < len(s) && at < maxName && s[at] != '@' {
		if ends(s[at]) && !isOdd(s[at]) {
			return 0
		}
		at++
	}
	if at == len(s) || s[at] != '@' {
		return 0
	}
	end := at
	for end < len(s) && !ends(s[end]) {
		end++
	}
	from := 0
	for from < at && chars[s[from]]&charLead != 0 {
		from++
	}
	for end > at && chars[s[end-1]]&charTail != 0 {
		end--
	}
	t.plain(s[:from])
	t.out = append(t.out, markAddress...)
	return end
}

func isOdd(c byte) bool { return c == '=' || c == '{' || c == '|' || c == '}' }

// word writes a run of characters between blanks and brackets, with the
// punctuation around it.
func (t *templater) word(w, next string) {
	from, to := coreOf(w)
	t.plain(w[:from])
	if core := w[from:to]; len(core) > 4 && isReplyCode(core) { // 550-5.1.1, 550-text: a reply of several lines
		t.plain(core[:4])
		from += 4
	}
	if mark := t.mark(w[from:to], next); mark != "" {
		t.out = append(t.out, mark...)
	} else {
		t.plain(w[from:to])
	}
	t.plain(w[to:])
}

// plain copies text that may hold more than ASCII.
func (t *templater) plain(s string) {
	for len(s) > 0 {
		n := 0
		for n < len(s) && ' ' <= s[n] && s[n] < 0x7f {
			n++
		}
		t.out = append(t.out, s[:n]...)
		if s = s[n:]; s != "" {
			s = s[t.rune(s):]
		}
	}
}

// mark says what a word is, "" where it may stay.
func (t *templater) mark(w, next string) string {
	s := shapeOf(w)
	switch {
	case t.user != "" && strings.EqualFold(t.user, w):
		return markUser
	case w == "" || isReplyCode(w) && len(w) == 3 || isEnhancedCode(w):
		return ""
	case s.ats > 0:
		return markAddress
	case w[0] == '/' && len(w) > 1:
		return markPath
	case s.isIP():
		return markIP
	case s.letters == 0 && s.digits > 0:
		if t.afterBracket() { // a port: host[ip]:25
			return ""
		}
		return markNumber
	case s.dots > 0 && strings.ContainsAny(w, "!%"): // example.net!bob, bob%example.net
		return markAddress
	case isHost(w, s) || strings.HasPrefix(next, "[") && s.letters > 0:
		return markHost
	case s.isID(w):
		return markID
	}
	return ""
}

func (t *templater) afterBracket() bool {
	n := len(t.out)
	return n >= t.start+2 && t.out[n-2] == ']' && t.out[n-1] == ':'
}

// cut ends a template that is too long, at a blank where one is near.
func (t *templater) cut() []byte {
	end := t.start + MaxTemplate - len(cutMark)
	for back := end; back > end-40; back-- {
		if t.out[back] == ' ' {
			end = back
			break
		}
	}
	for !utf8.RuneStart(t.out[end]) {
		end--
	}
	return append(t.out[:end], cutMark...)
}
