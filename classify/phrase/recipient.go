package phrase

import (
	"strings"
	"unicode/utf8"
)

// The recipient's local part where it stands without its domain: "user spam
// unknown". It is no word of the server's.

// isRecipient says whether the chunk s[i:end] is the recipient's local part: in
// quotes, behind a word that names people follow, or before a colon or dots at the
// beginning.
func (r *reader) isRecipient(i, end int) bool {
	s := r.s[i:end]
	if len(s) < len(r.local) || !mayBegin(s[0], r.local[0]) { // most chunks
		return false
	}
	name := strings.TrimRight(s, ".:,;!?")
	if len(name) > len(r.local)+2 || len(name) < len(r.local) {
		return false
	}
	if bare := strings.Trim(name, "'`"); bare != name {
		return strings.EqualFold(bare, r.local)
	}
	if !strings.EqualFold(name, r.local) || isPredicate(name) {
		return false
	}
	before := strings.TrimRight(r.s[:i], " ")
	if strings.Trim(before, "0123456789.- ") == "" {
		return strings.HasPrefix(s[len(name):], ":") || strings.HasPrefix(s[len(name):], "...")
	}
	return namesFollow(before[strings.LastIndexByte(before, ' ')+1:])
}

// mayBegin says whether a chunk that begins with c may be a name that begins with
// n: a quote may stand before it, and letters have two cases.
func mayBegin(c, n byte) bool {
	return c|0x20 == n|0x20 || c == '\'' || c == '`' || c >= utf8.RuneSelf || n >= utf8.RuneSelf
}

// namesFollow says whether who is meant stands behind a word.
func namesFollow(word string) bool {
	switch strings.ToLower(word) {
	case "user", "username", "account", "recipient", "mailbox", "address", "for", "to", "named", "login":
		return true
	}
	return false
}

// isPredicate are words that say something of a user, though users may be called
// so.
func isPredicate(name string) bool {
	switch strings.ToLower(name) {
	case "unknown", "not", "is", "does", "has", "was", "full", "over", "disabled", "unavailable", "invalid", "inactive",
		"rejected", "denied", "refused", "blocked", "suspended", "exceeded", "locked", "in", "at", "doesn't", "user":
		return true
	}
	return false
}
