package maillog

import "strings"

// Addresses between < and >, as global/info_log_addr_form.c writes them: since
// Postfix 3.5 a local part with special characters is a quoted string; before,
// and with info_log_address_format = internal, it is raw.

// follows says whether what stands behind an address' ">" can stand there.
type follows func(rest string) bool

// strict takes addresses as Postfix 3.5 writes them, raw also older ones, whose
// local part may hold a ">".
const (
	strict = false
	raw    = true
)

// cutAddress takes an address and its ">" off s, which begins behind the "<".
// In a quoted local part and in a domain literal a ">" does not end it.
func cutAddress(s string, next follows, rawToo bool) (addr, rest string, ok bool) {
	if i := localEnd(s); i >= 0 {
		if addr, rest, ok = cutDomain(s, i); ok && next(rest) {
			return addr, rest, true
		}
	}
	if rawToo {
		return cutRawAddress(s, 0, next)
	}
	return "", s, false
}

// localEnd is behind the local part of an address as Postfix 3.5 writes it: a
// quoted string or a run without special characters. -1 if it is neither. A
// source route before it, "@host:", is logged raw up to its colon
// (global/quote_822_local.c), and an empty local part is quoted.
func localEnd(s string) int {
	if s != "" && s[0] == '@' {
		colon := strings.IndexByte(s, ':')
		if colon < 0 {
			return -1
		}
		s = s[colon+1:]
		end := plainOrQuotedEnd(s)
		if end < 0 {
			return -1
		}
		return colon + 1 + end
	}
	return plainOrQuotedEnd(s)
}

func plainOrQuotedEnd(s string) int {
	if end := quotedEnd(s); end >= 0 {
		return end
	}
	end := plainEnd(s)
	if end == len(s) || s[end] != '@' && s[end] != '>' {
		return -1
	}
	return end
}

// plainEnd is where the first special character stands (RFC 5321 section 4.1.2),
// len(s) if there is none.
func plainEnd(s string) int {
	for i := 0; i < len(s); i++ {
		if special[s[i]] {
			return i
		}
	}
	return len(s)
}

var special = [256]bool{
	' ': true, '(': true, ')': true, '<': true, '>': true, '@': true, ',': true, ';': true, ':': true,
	'\\': true, '"': true, '[': true, ']': true,
}

// cutRawAddress takes up to the first ">" at or behind from that what follows
// allows.
func cutRawAddress(s string, from int, next follows) (addr, rest string, ok bool) {
	for i := from; i < len(s); i++ {
		n := strings.IndexByte(s[i:], '>')
		if n < 0 {
			break
		}
		if i += n; next(s[i+1:]) {
			return s[:i], s[i+1:], true
		}
	}
	return "", s, false
}

// quotedEnd is behind the closing quote of a quoted string at the start of s;
// "\" escapes one character (RFC 5321 section 4.1.2). -1 if there is none.
func quotedEnd(s string) int {
	if s == "" || s[0] != '"' {
		return -1
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// cutDomain takes "@domain>", "@[literal]>" or ">" behind the local part, which
// ends at i. The domain is logged as it is: a literal that came by sendmail(1) may
// hold anything.
func cutDomain(s string, i int) (addr, rest string, ok bool) {
	if i < len(s) && s[i] == '@' {
		i++
		if i < len(s) && s[i] == '[' {
			if i = literalEnd(s, i); i < 0 {
				return "", s, false
			}
		} else {
			i += plainEnd(s[i:])
		}
	}
	if i == len(s) || s[i] != '>' {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// literalEnd is behind the "]" that ends the literal at i; -1 if there is none.
func literalEnd(s string, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ']':
			return i + 1
		}
	}
	return -1
}

// neverEnds says whether a quoted string or a domain literal begins and is not
// closed as it must be.
func neverEnds(s string) bool {
	i := localEnd(s)
	if i < 0 {
		return isQuoted(s) || strings.HasPrefix(s, "@")
	}
	_, _, ok := cutDomain(s, i)
	return !ok && strings.HasPrefix(s[i:], "@[")
}

// cutUnquoted takes off s what the address as logged is raw
// (global/quote_822_local.c backwards).
func cutUnquoted(s, logged string) (rest string, ok bool) {
	end := quotedEnd(logged)
	if end < 0 {
		return cutPrefix(s, logged)
	}
	j := 0
	for i := 1; i < end-1; i++ {
		if logged[i] == '\\' {
			i++
		}
		if j >= len(s) || s[j] != logged[i] && (s[j] != ' ' || logged[i] != '?') { // a control character
			return s, false
		}
		j++
	}
	return cutPrefix(s[j:], logged[end:])
}
