package classify

import "strings"

// URLs in templates.

// url writes a URL up to its query or fragment; 0 where s is none.
func (t *templater) url(s string) int {
	if !isURL(s) {
		return 0
	}
	inAngles := len(t.out) > t.start && t.out[len(t.out)-1] == '<'
	n := strings.IndexByte(s, ':') + 3
	t.plain(s[:n])
	for n < len(s) && !ends(s[n]) && s[n] != '?' && s[n] != '#' {
		part := s[n:]
		if end := strings.IndexFunc(part[1:], endsPart); end >= 0 {
			part = part[:end+1]
		}
		t.urlPart(part)
		n += len(part)
	}
	for n < len(s) && s[n] != ' ' && s[n] != ')' && s[n] != '"' && !(inAngles && s[n] == '>') {
		n++
	}
	return n
}

// urlPart writes the host or one step of the path. Both lead a reader to the
// server's explanation and stay, unless they hold an address or an id.
func (t *templater) urlPart(part string) {
	step := strings.TrimPrefix(part, "/")
	t.plain(part[:len(part)-len(step)])
	switch s := shapeOf(step); {
	case s.ats > 0, strings.Contains(step, "%40"):
		t.out = append(t.out, markAddress...)
	case s.isIP():
		t.out = append(t.out, markIP...)
	case len(step) >= 12 && s.digits > 1 && s.dots == 0, len(step) > 40:
		t.out = append(t.out, markID...)
	default:
		t.plain(step)
	}
}

func isURL(s string) bool {
	return len(s) > 8 && s[0]|0x20 == 'h' && s[1]|0x20 == 't' && (strings.EqualFold(s[:7], "http://") || strings.EqualFold(s[:8], "https://"))
}

func endsPart(r rune) bool {
	return r == '/' || r == '?' || r == '#' || r < 0x80 && ends(byte(r))
}
