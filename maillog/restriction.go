package maillog

import "strings"

// Access decisions: smtpd/smtpd_check.c log_whatsup(), check_milter_reply(),
// postscreen/postscreen_smtpd.c.
//
//	ACTION: STAGE from N: [CODE DSN ]TEXT; [from=<F>][ to=<T>][ proto=P][ helo=<H>]
//	    [ sasl_method=M][ sasl_username=U][ sasl_sender=S]
//
// TEXT holds what the client, a DNS list or a policy server said, so the fields
// are read from the right-hand end and all before them from the left.

// readRestriction reads a decision of smtpd or postscreen.
func (e *Event) readRestriction(s string) Kind {
	r := &e.Restriction
	action, rest, ok := cutAction(s)
	if !ok {
		return Unrecognized
	}
	stage, rest := cutWord(rest)
	if !isStage(stage) {
		return Unrecognized
	}
	if rest, ok = cutPrefix(rest, "from "); !ok {
		return Unrecognized
	}
	if e.Remote, rest, ok = cutRemote(rest); !ok {
		return Unrecognized
	}
	if rest, ok = cutPrefix(rest, ": "); !ok && rest != ":" {
		return Unrecognized
	}
	r.Action, r.Stage = action, stage
	e.readVerdict(rest)
	return Restriction
}

// readVerdict reads "[CODE DSN ]TEXT; fields".
func (e *Event) readVerdict(s string) {
	r := &e.Restriction
	text, fields := e.splitFields(cutLength(s))
	e.setFields(&fields)
	r.Reason, _ = e.about(text, &fields)
	r.Code, r.Enhanced, r.Text = cutCodes(text)
}

// cutCodes takes "550 5.7.1 "; a milter's text has no code before the enhanced one.
func cutCodes(s string) (code int, enhanced, text string) {
	code, s = cutCode(s)
	enhanced, text = cutEnhanced(s)
	return code, enhanced, text
}

// cutLength takes a number off the end that some collectors put there; Postfix's
// own last field ends in ">".
func cutLength(s string) string {
	if _, rest, ok := cutNumberBack(s); ok && strings.HasSuffix(rest, "> ") {
		return rest[:len(rest)-1]
	}
	return s
}

// cutAction takes "reject: ", "milter-hold: ".
func cutAction(s string) (action, rest string, ok bool) {
	for i := 0; i < len(s) && i < 32; i++ {
		c := s[i]
		if c == ':' {
			rest, ok = cutPrefix(s[i:], ": ")
			return s[:i], rest, ok && i > 0
		}
		if (c < 'a' || c > 'z') && c != '_' && c != '-' {
			break
		}
	}
	return "", s, false
}

// isStage knows SMTP's commands and smtpd's other points of decision. "connect"
// is old postscreen's.
func isStage(s string) bool {
	switch s {
	case "CONNECT", "HELO", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BDAT", "END-OF-MESSAGE",
		"VRFY", "ETRN", "TLS", "XCLIENT", "XFORWARD", "connect":
		return true
	}
	return false
}

// about is the reason: the text without its codes and the "<...>: " it is about.
// That part is the client's, raw, and may hold ">: " itself: so it is compared with
// what the field list says. Where nothing fits, the last ">: " is taken.
func (e *Event) about(text string, f *fieldList) (reason string, fits bool) {
	_, _, text = cutCodes(text)
	s, ok := cutPrefix(text, "<")
	if !ok {
		return text, true
	}
	for _, about := range [...]string{f.to, f.from, f.helo, e.Remote.Name, e.Remote.Addr, e.Restriction.Stage} {
		if rest, ok := cutAbout(s, about); ok {
			return rest, true
		}
	}
	if i := strings.LastIndex(s, ">: "); i >= 0 {
		return s[i+len(">: "):], false
	}
	return text, false
}

// cutAbout takes a raw address and ">: "; a client's name may have its address
// in brackets behind it.
func cutAbout(s, logged string) (rest string, ok bool) {
	if s, ok = cutUnquoted(s, logged); !ok {
		return s, false
	}
	if s != "" && s[0] == '[' {
		if end := strings.IndexByte(s, ']'); end >= 0 {
			s = s[end+1:]
		}
	}
	return cutPrefix(s, ">: ")
}
