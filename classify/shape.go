package classify

import (
	"net/netip"
	"strings"
)

// shape is what a word is made of.
type shape struct {
	word                                           string
	letters, upper, hex, digits, dots, colons, ats int
}

func shapeOf(w string) shape {
	s := shape{word: w}
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case '0' <= c && c <= '9':
			s.digits++
		case 'A' <= c && c <= 'Z':
			s.letters++
			s.upper++
			if c <= 'F' {
				s.hex++
			}
		case 'a' <= c && c <= 'z', c >= 0x80:
			s.letters++
			if c <= 'f' {
				s.hex++
			}
		case c == '.':
			s.dots++
		case c == ':':
			s.colons++
		case c == '@':
			s.ats++
		}
	}
	return s
}

// isIP knows addresses, and addresses with a prefix length or a port.
func (s *shape) isIP() bool {
	if !(s.dots == 3 && s.letters == 0 && s.digits >= 4) && !(s.colons >= 2 && s.letters == s.hex) {
		return false // most words; spares ParseAddr's error, which allocates
	}
	w, _, _ := strings.Cut(s.word, "/")
	if s.dots == 3 && s.colons == 1 {
		w, _, _ = strings.Cut(w, ":")
	}
	_, err := netip.ParseAddr(w)
	return err == nil
}

// maxWord is longer than any word that says something.
const maxWord = 40

// isID knows queue ids, session ids and other tokens that differ from mail to
// mail. Short words with a digit stay: receivers' own codes ([TSS09], S3150).
func (s *shape) isID(w string) bool {
	switch {
	case len(w) > maxWord:
		return true
	case s.digits == 0:
		return false
	case len(w) >= 10, len(w) >= 8 && s.digits >= 2:
		return true
	}
	// A short queue id (global/mail_queue.h).
	return len(w) >= 6 && s.hex == s.letters && s.upper == s.letters && s.hex+s.digits == len(w)
}

// isHost knows names of two labels and more, with or without a port.
func isHost(w string, s shape) bool {
	if s.dots == 0 || s.letters == 0 {
		return false
	}
	w, _, _ = strings.Cut(w, ":")
	label := 0
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case c == '.' && label == 0:
			return false
		case c == '.':
			label = 0
		case c == '-' || c == '_' || c >= 0x80 || isAlnum(c):
			label++
		default:
			return false
		}
	}
	return label >= 2 && !isDigit(w[len(w)-1])
}

// isReplyCode says whether w begins with an SMTP code of RFC 5321 §4.2.
func isReplyCode(w string) bool {
	if len(w) < 3 || w[0] != '2' && w[0] != '4' && w[0] != '5' || !isDigit(w[1]) || !isDigit(w[2]) {
		return false
	}
	return len(w) == 3 || w[3] == '-'
}

// isEnhancedCode knows RFC 3463's class.subject.detail, #-marked or not.
func isEnhancedCode(w string) bool {
	if len(w) < 5 || len(w) > 9 || w[0] != '2' && w[0] != '4' && w[0] != '5' || w[1] != '.' {
		return false
	}
	subject, detail, ok := strings.Cut(w[2:], ".")
	return ok && allDigits(subject) && allDigits(detail)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= 3
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

// charClass is what a byte may be in a word.
type charClass uint8

const (
	charLetter charClass = 1 << iota
	charOther            // digits, dots and all that makes a word worth a second look
	charLead             // punctuation before a word
	charTail             // punctuation behind a word
	charEnd              // no part of a word
)

// chars classes all bytes. A byte of a character beyond ASCII belongs to a word.
var chars = func() (all [256]charClass) {
	for i := range all {
		switch c := byte(i); {
		case isAlnum(c) && !isDigit(c):
			all[i] = charLetter
		case c <= ' ', c == 0x7f, strings.IndexByte(`()[]<>{}",;=|`, c) >= 0:
			all[i] = charEnd
		default:
			all[i] = charOther
		}
	}
	for _, c := range []byte(".:'*#-/") {
		all[c] |= charLead
	}
	for _, c := range []byte(".:'*!?-") {
		all[c] |= charTail
	}
	return all
}()

// ends says whether a word ends before c.
func ends(c byte) bool { return chars[c] == charEnd }

// coreOf is w without the punctuation before and behind it. A path keeps its slash.
func coreOf(w string) (from, to int) {
	to = len(w)
	for w[0] != '/' && from < to && chars[w[from]]&charLead != 0 {
		from++
	}
	for from < to && chars[w[to-1]]&charTail != 0 {
		to--
	}
	return from, to
}
