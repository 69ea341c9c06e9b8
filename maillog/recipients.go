package maillog

import "strings"

// The recipients of a delivery record, and what can't be decided about them.
//
// Before Postfix 3.5 (or with info_log_address_format = internal) an address is
// logged raw, and its local part can hold a whole forged record:
//
//	to=<a>, relay=x, status=sent (250 ok)@evil.example>, relay=mx.evil.example..., status=bounced (...)
//
// while a remote server's reply can make a true record of to=<a> look the same.

// cutRecipients takes "to=<A>" and ", orig_to=<A>".
func (e *Event) cutRecipients(s string) (rest string, ok bool) {
	d := &e.Delivery
	s, ok = cutPrefix(s, "to=")
	if !ok {
		return s, false
	}
	if s == "" || s[0] != '<' {
		d.To, d.OrigTo, rest, ok = cutBareRecipients(s)
		return rest, ok
	}
	if d.To, rest, ok = e.cutRecipient(s[1:], followsTo, toFollowing[:]); !ok {
		return rest, false
	}
	external := isQuoted(d.To)
	if !strings.Contains(d.To, "@") {
		// Postfix completes a recipient: one without a domain that is followed by
		// "@domain>, relay=" is the head of a raw local part.
		if addr, more, wider := cutWiderAddress(s[1:], len(s)-1-len(behindOrig(rest)), followsTo); wider {
			e.Ambiguous = true
			d.To, rest = addr, more
		}
	}
	if orig, found := cutPrefix(rest, ", orig_to=<"); found {
		if d.OrigTo, rest, ok = e.cutRecipient(orig, followsRelay, toFollowing[:1]); !ok {
			return rest, false
		}
		external = external || isQuoted(d.OrigTo)
		if !strings.Contains(d.OrigTo, "@") {
			if addr, more, wider := cutWiderAddress(orig, len(d.OrigTo)+1, followsRelay); wider && !mayBeAgents(rest) {
				e.Ambiguous = true
				d.OrigTo, rest = addr, more
			}
		}
	}
	if !external {
		e.Ambiguous = e.Ambiguous || looksForged(rest) || e.Truncated && !strings.Contains(d.To, "@")
	}
	return rest, true
}

// toFollowing is what follows an orig_to, and a to.
var toFollowing = [...]string{", relay=", ", orig_to=<"}

// cutRecipient takes an address. A raw one may hold a record of the sender's; it
// is not taken at all where the line was cut inside a quoted one, for then all
// the rest is the sender's.
func (e *Event) cutRecipient(s string, next follows, following []string) (addr, rest string, ok bool) {
	if addr, rest, ok = cutStrictAddress(s, next); ok {
		return addr, rest, true
	}
	if neverCloses(s) || e.Truncated && isCut(s, following...) {
		return "", s, false
	}
	e.Ambiguous = true
	return cutRawAddress(s, 0, next)
}

// behindOrig is what follows a recipient and its orig_to.
func behindOrig(s string) string {
	if orig, ok := cutPrefix(s, ", orig_to=<"); ok {
		if _, rest, ok := cutAddress(orig, followsRelay, raw); ok {
			return rest
		}
	}
	return s
}

func isQuoted(addr string) bool { return addr != "" && addr[0] == '"' }

func followsTo(rest string) bool {
	return strings.HasPrefix(rest, ", relay=") || strings.HasPrefix(rest, ", orig_to=<")
}

func followsRelay(rest string) bool { return strings.HasPrefix(rest, ", relay=") }

// cutWiderAddress takes the first address of s that ends behind from, has a
// domain, and is followed by a whole record.
func cutWiderAddress(s string, from int, next follows) (addr, rest string, ok bool) {
	for tries := maxTries; tries > 0 && from < len(s); tries-- {
		if addr, rest, ok = cutRawAddress(s, from, next); !ok {
			return "", s, false
		}
		if hasDomain(addr[from:]) && isRecord(rest) {
			return addr, rest, true
		}
		from = len(addr) + 1
	}
	return "", s, false
}

// hasDomain says whether s ends in "@domain".
func hasDomain(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || at+1 == len(s) {
		return false
	}
	return !strings.ContainsAny(s[at+1:], " ,;<>()\"")
}

// isRecord says whether a record stands behind a recipient.
func isRecord(s string) bool {
	var d DeliveryRecord
	return d.walk(behindOrig(s))
}

// mayBeAgents says whether the text behind the record's status is one that a
// delivery agent can have written, so that the rest of the line is a server's or
// a command's. Where mail failed, none begins with a reply code: who said it
// comes first.
func mayBeAgents(record string) bool {
	var d DeliveryRecord
	if !d.walk(record) {
		return false
	}
	return d.Status == Sent || !startsWithCode(d.Text)
}

func startsWithCode(s string) bool {
	return len(s) >= 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2])
}

// maxTries bounds the work on a line that offers ends of addresses by the hundred.
const maxTries = 32

// walkWider reads a record whose first ">, relay=" was the sender's own: an
// address that came by sendmail(1) may hold it in a broken domain literal.
func (e *Event) walkWider(s string) bool {
	to, ok := cutPrefix(s, "to=<")
	if !ok || neverCloses(to) {
		return false
	}
	tries, from := maxTries, 0
	for tries > 0 {
		addr, rest, ok := cutRawAddress(to, from, followsTo)
		if !ok {
			return false
		}
		if e.walkOrig(addr, rest, &tries) {
			e.Ambiguous = true
			return true
		}
		from = len(addr) + 1
	}
	return false
}

// walkOrig reads the rest of a record, at the first end of its orig_to that fits.
func (e *Event) walkOrig(to, rest string, tries *int) bool {
	orig, found := cutPrefix(rest, ", orig_to=<")
	if !found {
		return e.tryRecord(to, "", rest, tries)
	}
	for from := 0; *tries > 0; {
		addr, rest, ok := cutRawAddress(orig, from, followsRelay)
		if !ok {
			return false
		}
		if e.tryRecord(to, addr, rest, tries) {
			return true
		}
		from = len(addr) + 1
	}
	return false
}

func (e *Event) tryRecord(to, orig, rest string, tries *int) bool {
	*tries--
	e.Delivery = newRecord()
	e.Delivery.To, e.Delivery.OrigTo = to, orig
	return e.Delivery.walk(rest)
}

// endsInAddress says whether the text is over inside a quoted address.
func endsInAddress(s string) bool {
	to, ok := cutPrefix(s, "to=<")
	if !ok || neverCloses(to) {
		return ok
	}
	if _, rest, ok := cutAddress(to, followsTo, raw); ok {
		if orig, ok := cutPrefix(rest, ", orig_to=<"); ok {
			return neverCloses(orig)
		}
	}
	return false
}

// looksForged says whether a second "@domain>, relay=" follows, so that the
// first may be part of a raw address.
func looksForged(rest string) bool {
	for {
		i := strings.Index(rest, ">, relay=")
		if i < 0 {
			return false
		}
		if hasDomain(rest[:i]) {
			return true
		}
		rest = rest[i+1:]
	}
}

// cutBareRecipients takes addresses from which a relay stripped the < and >. No
// version of Postfix writes "to=" without "<", so nobody but the relay chose it.
func cutBareRecipients(s string) (to, orig, rest string, ok bool) {
	if to, rest, ok = cutBareAddress(s); !ok {
		return to, "", rest, false
	}
	if s, found := cutPrefix(rest, ", orig_to="); found {
		orig, rest, ok = cutBareAddress(s)
	}
	return to, orig, rest, ok
}

func cutBareAddress(s string) (addr, rest string, ok bool) {
	i := strings.IndexAny(s, ", <>")
	if i <= 0 || s[i] != ',' {
		return "", s, false
	}
	return s[:i], s[i:], true
}
