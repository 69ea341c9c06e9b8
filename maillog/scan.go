package maillog

import "strings"

// Small cuts that the readers are made of. All give back parts of their input.

// cutPrefix is strings.CutPrefix for texts that mostly differ in the first byte.
func cutPrefix(s, prefix string) (rest string, ok bool) {
	if len(s) >= len(prefix) && (prefix == "" || s[0] == prefix[0] && s[:len(prefix)] == prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// trimStart takes blanks off the front.
func trimStart(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

// trimEnd takes blanks off the end: relays add them, Postfix never does.
func trimEnd(s string) string {
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	return s
}

// cutNumber takes a run of digits. ok is false where there is none or where it
// is too large for an int64 (18 digits are taken at most).
func cutNumber(s string) (n int64, rest string, ok bool) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		if i == 18 {
			return Unread, s, false
		}
		n = n*10 + int64(s[i]-'0')
		i++
	}
	if i == 0 {
		return Unread, s, false
	}
	return n, s[i:], true
}

// number reads a whole string of digits; Unread if it is anything else.
func number(s string) int64 {
	if n, rest, ok := cutNumber(s); ok && rest == "" {
		return n
	}
	return Unread
}

// cutNumberBack takes a run of at most 18 digits off the end.
func cutNumberBack(s string) (n int64, rest string, ok bool) {
	i := len(s)
	for unit := int64(1); i > 0 && isDigit(s[i-1]); unit *= 10 {
		if unit == 1e18 {
			return Unread, s, false
		}
		i--
		n += int64(s[i]-'0') * unit
	}
	if i == len(s) {
		return Unread, s, false
	}
	return n, s[:i], true
}

// seconds reads what format_tv() writes: digits, perhaps a point and digits
// (util/format_tv.c). Unread for anything else.
func seconds(s string) float64 {
	whole, rest, ok := cutNumber(s)
	if !ok {
		return Unread
	}
	if rest == "" {
		return float64(whole)
	}
	places := len(rest) - 1
	if rest[0] != '.' || places >= len(pow10) {
		return Unread
	}
	frac, rest, ok := cutNumber(rest[1:])
	if !ok || rest != "" {
		return Unread
	}
	if whole >= 1<<53/pow10[places] { // longer than any queue's lifetime, and no longer exact
		return float64(whole) + float64(frac)/float64(pow10[places])
	}
	return float64(whole*pow10[places]+frac) / float64(pow10[places])
}

var pow10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// cutWord takes up to the next blank, or all.
func cutWord(s string) (word, rest string) {
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// cutRemote takes name[addr]:port, in which the name or the port may be absent.
// A name holds no blank and no bracket (util/valid_hostname.c), an address no
// bracket. ok is false without brackets.
func cutRemote(s string) (r RemoteEnd, rest string, ok bool) {
	open := 0
	for open < len(s) && !endsName[s[open]] {
		open++
	}
	if open == len(s) || s[open] != '[' {
		return r, s, false
	}
	n := strings.IndexByte(s[open:], ']')
	if n < 0 {
		return r, s, false
	}
	r.Name, r.Addr, rest = s[:open], s[open+1:open+n], s[open+n+1:]
	if rest != "" && rest[0] == ':' {
		r.Port, rest = cutPort(rest)
	}
	return r, rest, true
}

var endsName = [256]bool{'[': true, ']': true, ' ': true, ',': true, ';': true}

// cutPort takes ":25" or ":unknown" (smtpd_peer.c).
func cutPort(s string) (port, rest string) {
	if len(s) < 2 || s[0] != ':' {
		return "", s
	}
	i := 1
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i > 1 {
		return s[1:i], s[i:]
	}
	if rest, ok := cutPrefix(s, ":unknown"); ok {
		return s[1:8], rest
	}
	return "", s
}
