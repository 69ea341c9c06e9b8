package phrase

import (
	"strings"
	"unicode/utf8"
)

// What stands between blanks: addresses, URLs, host names, numbers, words.

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
	if at := strings.Index(s, "://["); at >= 0 && strings.IndexByte(s[at:], ']') > 0 { // RFC 3986 section 3.2.2
		i = at + strings.IndexByte(s[at:], ']') + 1
	}
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

// listError is how DNS lists answer those whom they don't answer. These are no
// addresses of hosts: Spamhaus' and URIBL's documentation.
const listError = "127.255.255."

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
	case strings.HasPrefix(s, listError) && isNumber(s):
		r.words(s)
	case isNumber(s):
		r.number(s)
	case isTopLevel(last) && !lacksBlank(last) && !strings.Contains(s, ".."):
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

// isTopLevel says whether a label may be the last one of a host name: of letters,
// a few beyond ASCII too (as in .москва), or what stands for them. Scripts without
// blanks can't be told from sentences.
func isTopLevel(label string) bool {
	if strings.HasPrefix(label, "xn--") || strings.HasPrefix(label, "XN--") {
		return true
	}
	letters, foreign := 0, false
	for _, c := range label {
		if c < utf8.RuneSelf && (c|0x20 < 'a' || c|0x20 > 'z') || standsAlone(c) {
			return false
		}
		letters++
		foreign = foreign || c >= utf8.RuneSelf
	}
	return letters > 1 && (!foreign || letters <= 6)
}

// lacksBlank says whether a dot ends a sentence, "blocked.For", or parts the words
// of one, RESOLVER.ADR.RecipientNotFound. What begins sentences is no top-level
// domain.
func lacksBlank(last string) bool {
	switch strings.ToLower(last) {
	case "see", "please", "for", "the", "this", "your", "if", "try", "visit", "check", "and", "message", "mailbox",
		"error", "further", "access", "service", "connection", "details", "reason", "sorry", "recipient", "user":
		return true
	}
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
