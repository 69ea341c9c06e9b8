package classify

import "strings"

// The key of a whole text, by which it is known before it is read.

// takes says whether a whole text may be asked for with what it depends on, and
// makes that the key. Plain addresses in angle brackets, and the server's between
// square ones, are left out of it, for they are no words; but a text that has the
// recipient's name elsewhere may mean something else for another recipient.
func (m *memory) takes(b *book, text, local string, with ...string) bool {
	size := len(text)
	for _, s := range with {
		size += len(s) + 1
	}
	if size > maxKey {
		return false
	}
	key := m.key[:0]
	for _, s := range with {
		key = append(key, byte(len(s)))
		key = append(key, s...)
	}
	from := len(key)
	if !b.hasRegexps {
		before, behind := cutIPv4(text)
		key, text = append(key, before...), behind
	}
	for {
		open := strings.IndexByte(text, '<') + 1
		if open == 0 {
			break
		}
		if b.hasRegexps { // they see addresses
			return false
		}
		key = append(key, text[:open]...)
		text = text[open+plainAddress(text[open:]):]
	}
	m.asked = append(key, text...)
	return !containsFold(m.asked[from:], local) && strings.IndexByte(local, '<') < 0 && strings.IndexByte(local, '[') < 0
}

// cutIPv4 takes out the first "[192.0.2.1]", but for the brackets: there it is no
// word. In angle brackets and in URLs it is one.
func cutIPv4(text string) (before, behind string) {
	open := strings.IndexByte(text, '[') + 1
	before, behind = text[:open], text[open:]
	if n := plainIPv4(behind); n > 0 && strings.IndexByte(before, '<') < 0 && strings.IndexByte(before, '/') < 0 {
		return before, behind[n:]
	}
	return "", text
}

// plainIPv4 is the length of the IPv4 address that s begins with and "]" ends; 0
// of anything else. Those on 127 are lists' answers, and say something.
func plainIPv4(s string) int {
	numbers := 1
	for i := range min(len(s), len("255.255.255.255]")) {
		switch c := s[i]; {
		case isDigit(c):
		case i == 0 || !isDigit(s[i-1]):
			return 0
		case c == '.':
			numbers++
		case c == ']' && numbers == 4 && !strings.HasPrefix(s, "127."):
			return i
		default:
			return 0
		}
	}
	return 0
}

// plainAddress is the length of the address that s begins with and ">" ends; 0
// where it has anything in it that quoting or a reply would need.
func plainAddress(s string) int {
	at := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '>' && at:
			return i
		case c == '@':
			at = true
		case !isAlnum(c) && strings.IndexByte(".-_+=", c) < 0:
			return 0
		}
	}
	return 0
}

// containsFold says whether s has part in it, in small letters or capitals.
func containsFold(s []byte, part string) bool {
	if part == "" {
		return false
	}
	first := part[0] | 0x20
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i]|0x20 == first && strings.EqualFold(string(s[i:i+len(part)]), part) {
			return true
		}
	}
	return false
}
