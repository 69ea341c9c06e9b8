package maillog

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// What container runtimes put around a line.

// cutStreamMark takes CRI's "stdout F " behind a stamp (Kubernetes' CRI logging
// format: stamp, stream, tags, text).
func cutStreamMark(s string) string {
	rest, ok := cutPrefix(s, "stdout ")
	if !ok {
		if rest, ok = cutPrefix(s, "stderr "); !ok {
			return s
		}
	}
	if mark, text := cutWord(rest); mark != "" && (mark[0] == 'F' || mark[0] == 'P') && (len(mark) == 1 || mark[1] == ':') {
		return text
	}
	return s
}

// unwrapDocker takes the text out of a line of Docker's json-file driver,
// {"log":"text\n","stream":"stdout","time":"stamp"}, and reads its stamp. ok is
// false for any other JSON.
func (p *Parser) unwrapDocker(s string, e *Event) (text string, ok bool) {
	s, ok = cutPrefix(s, `{"log":"`)
	if !ok {
		return s, false
	}
	text, rest, ok := p.unescape(s)
	if !ok {
		return s, false
	}
	if i := strings.LastIndex(rest, `"time":"`); i >= 0 {
		p.cutStamp(rest[i+len(`"time":"`):], e)
	}
	return strings.TrimSuffix(text, "\n"), true
}

// unescape reads a JSON string up to its closing quote. The text lies in
// p.scratch and holds until the next line.
func (p *Parser) unescape(s string) (text, rest string, ok bool) {
	b := p.scratch[:0]
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"':
			p.scratch = b
			return unsafe.String(unsafe.SliceData(b), len(b)), s[i+1:], true
		case c != '\\':
			b = append(b, c)
			i++
		default:
			var n int
			if b, n = appendEscape(b, s[i:]); n == 0 {
				return "", s, false
			}
			i += n
		}
	}
	return "", s, false
}

// appendEscape appends what a JSON escape stands for. n is its length, 0 if it
// is none.
func appendEscape(b []byte, s string) (_ []byte, n int) {
	if len(s) < 2 {
		return b, 0
	}
	if s[1] != 'u' {
		const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		i := strings.IndexByte(from, s[1])
		if i < 0 {
			return b, 0
		}
		return append(b, to[i]), 2
	}
	r, ok := hexRune(s)
	if !ok {
		return b, 0
	}
	if low, ok := hexRune(s[6:]); ok && utf16.IsSurrogate(r) {
		if r := utf16.DecodeRune(r, low); r != utf8.RuneError {
			return utf8.AppendRune(b, r), 12
		}
	}
	return utf8.AppendRune(b, r), 6
}

// hexRune reads "\\u2028".
func hexRune(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
