package phrase

import "unicode"

// What a byte does to a text.
const (
	isLetter  = 1 << iota // ASCII letters and digits, and all beyond ASCII
	endsChunk             // blanks, brackets, quotes
	special               // what only addresses, names, numbers and URLs have inside
)

// bytesOf has a lower-cased byte, or 0, and its flags.
var bytesOf = func() (t [256]struct{ lower, flags byte }) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			t[c].lower, t[c].flags = byte(c), isLetter
		case c >= 'A' && c <= 'Z':
			t[c].lower, t[c].flags = byte(c)+'a'-'A', isLetter
		case c >= 0x80:
			t[c].flags = isLetter | special
		case c <= ' ' || c == 0x7f:
			t[c].flags = endsChunk
		}
	}
	for _, c := range []byte("<>()[]\",;") {
		t[c].flags = endsChunk
	}
	for _, c := range []byte("@.:-!?'`{}|") {
		t[c].flags = special
	}
	return t
}()

// folds are Latin letters without their accents.
var folds = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ł': "l", 'ı': "i", 'ё': "е"}
	for plain, letters := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭį",
		"j": "ĵ", "k": "ķ", "l": "ĺļľŀ", "n": "ñńņňŉ", "o": "òóôõöōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț",
		"u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range letters {
			m[r] = plain
		}
	}
	return m
}()

// foldRune appends a rune beyond ASCII in lower case and without its accent.
func foldRune(dst []byte, r rune) []byte {
	r = unicode.ToLower(r)
	if plain, ok := folds[r]; ok {
		return append(dst, plain...)
	}
	return append(dst, string(r)...)
}

// standsAlone are scripts that part no words: each character is one.
func standsAlone(r rune) bool {
	return r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0x20000 && r <= 0x2ffff
}

// isApostrophe says whether a rune inside a word is left out: doesn’t.
func isApostrophe(r rune) bool { return r == '\'' || r == '`' || r == '’' || r == '´' || r == 'ʼ' }

// endsSentence are full stops beyond ASCII.
func endsSentence(r rune) bool { return r == '。' || r == '！' || r == '？' || r == '；' }
