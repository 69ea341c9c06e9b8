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
	text, fields := splitFields(cutLength(s))
	e.setFields(&fields)
	r.Code, text = cutCode(text)
	r.Enhanced, r.Text = cutEnhanced(text) // a milter's text has no code before it
	r.Reason = e.reason()
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

// reason is the text without the "<...>: " it is about. That part is the
// client's, raw, and may hold ">: " itself: so it is compared with what the
// field list says, and only where nothing fits is the last ">: " taken.
func (e *Event) reason() string {
	r := &e.Restriction
	s, ok := cutPrefix(r.Text, "<")
	if !ok {
		return r.Text
	}
	for _, about := range [...]string{r.To, r.From, r.Helo, e.Remote.Name, e.Remote.Addr, r.Stage} {
		if rest, ok := cutAbout(s, about); ok {
			return rest
		}
	}
	if i := strings.LastIndex(s, ">: "); i >= 0 {
		return s[i+len(">: "):]
	}
	return r.Text
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
