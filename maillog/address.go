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
	if addr, rest, ok = cutStrictAddress(s, next); !ok && rawToo {
		return cutRawAddress(s, 0, next)
	}
	return addr, rest, ok
}

// cutStrictAddress takes an address as Postfix 3.5 writes it.
func cutStrictAddress(s string, next follows) (addr, rest string, ok bool) {
	if i := localEnd(s); i >= 0 {
		if addr, rest, ok = cutDomain(s, i); ok && next(rest) {
			return addr, rest, true
		}
	}
	return "", s, false
}

// localEnd is behind the local part of an address as Postfix 3.5 writes it: a
// quoted string or a run without special characters. -1 if it is neither. A
// source route before it, "@host:", is logged raw up to its colon
// (global/quote_822_local.c), and an empty local part is quoted.
func localEnd(s string) int {
	body, ok := behindRoute(s)
	if !ok {
		return -1
	}
	end := plainOrQuotedEnd(body)
	if end < 0 {
		return -1
	}
	return len(s) - len(body) + end
}

// behindRoute is the address without its source route; ok is false where the
// route has no end.
func behindRoute(s string) (body string, ok bool) {
	if s == "" || s[0] != '@' {
		return s, true
	}
	_, body, ok = strings.Cut(s, ":")
	return body, ok
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

// neverCloses says whether a quoted string begins that has no end. Only a text
// that was cut has one: Postfix cuts at 2,000 bytes, and journald takes blanks
// off the end of what is left.
func neverCloses(s string) bool {
	body, _ := behindRoute(s)
	return isQuoted(body) && quotedEnd(body) < 0
}

// isCut says whether an address as Postfix 3.5 writes it is not over where the
// text ends: it was cut inside it, or inside one of the words that follow.
func isCut(s string, following ...string) bool {
	body, ok := behindRoute(s)
	if !ok {
		return true
	}
	i := plainOrQuotedEnd(body)
	if i < 0 {
		return isQuoted(body)
	}
	rest, ok := behindDomain(body[i:])
	if !ok || rest == "" {
		return true
	}
	if rest[0] != '>' {
		return strings.HasPrefix(body[i:], "@[") // the "]" was the sender's
	}
	for _, words := range following {
		if len(rest)-1 < len(words) && strings.HasPrefix(words, rest[1:]) {
			return true
		}
	}
	return false
}

// behindDomain is what follows "@domain" or "@[literal]"; ok is false where a
// literal has no end.
func behindDomain(s string) (rest string, ok bool) {
	if s == "" || s[0] != '@' {
		return s, true
	}
	s = s[1:]
	if !strings.HasPrefix(s, "[") {
		return s[plainEnd(s):], true
	}
	end := literalEnd(s, 0)
	if end < 0 {
		return "", false
	}
	return s[end:], true
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
