package maillog

import "strings"

// What another server said, inside Postfix's own words (smtp/smtp_trouble.c,
// smtp/smtp_rcpt.c, smtp/smtp_sasl_glue.c).

// Reply takes the server's reply out of the record's text. Where Postfix quotes
// nobody, Text is all of it and Host is empty.
func (d *DeliveryRecord) Reply() Reply {
	text, _ := cutPrefix(d.Text, "delivery temporarily suspended: ")
	r, ok := readSaid(text)
	if !ok {
		r = Reply{Text: text}
	}
	r.readCodes()
	return r
}

// readSaid reads "host H[A] said: REPLY (in reply to X command)", "host H[A]
// refused to talk to me: REPLY" and SASL's "server H[A] said: REPLY".
func readSaid(s string) (r Reply, ok bool) {
	if s, ok = cutPrefix(s, "host "); !ok {
		if s, ok = cutPrefix(s, "SASL authentication failed; server "); !ok {
			return r, false
		}
	}
	if r.Host, s, ok = cutRemote(s); !ok {
		return r, false
	}
	if text, said := cutPrefix(s, " said: "); said {
		r.Text, r.Command = cutCommand(text)
	} else if r.Text, r.Refused = cutPrefix(s, " refused to talk to me: "); !r.Refused {
		return r, false
	}
	r.readCodes()
	return r, true
}

// cutCommand takes " (in reply to RCPT TO command)" off the end: only there is
// it Postfix's.
func cutCommand(s string) (text, command string) {
	const mark = " (in reply to "
	i := strings.LastIndex(s, mark)
	if i < 0 || s[len(s)-1] != ')' {
		return s, ""
	}
	return s[:i], strings.TrimSuffix(s[i+len(mark):len(s)-1], " command")
}

// readCodes reads the codes at the start of the reply: RFC 5321 section 4.2, RFC 2034
// section 4.
func (r *Reply) readCodes() {
	code, rest := cutCode(r.Text)
	if code == 0 {
		return
	}
	r.Code = code
	r.Enhanced, _ = cutEnhanced(rest)
}

// cutCode takes "550 " or "550-".
func cutCode(s string) (code int, rest string) {
	if len(s) < 3 || s[0] != '2' && s[0] != '4' && s[0] != '5' || !isDigit(s[1]) || !isDigit(s[2]) {
		return 0, s
	}
	code = digits(s[:3])
	if len(s) == 3 {
		return code, ""
	}
	if s[3] != ' ' && s[3] != '-' {
		return 0, s
	}
	return code, s[4:]
}

// cutEnhanced takes "5.7.1 ": RFC 3463 section 2.
func cutEnhanced(s string) (enhanced, rest string) {
	if len(s) < 5 || s[0] != '2' && s[0] != '4' && s[0] != '5' || s[1] != '.' {
		return "", s
	}
	i := digitsEnd(s, 2)
	if i == 2 || i == len(s) || s[i] != '.' {
		return "", s
	}
	end := digitsEnd(s, i+1)
	if end == i+1 || end < len(s) && s[end] != ' ' {
		return "", s
	}
	return s[:end], strings.TrimPrefix(s[end:], " ")
}

// digitsEnd is behind at most three digits at i.
func digitsEnd(s string, i int) int {
	for n := 0; n < 3 && i < len(s) && isDigit(s[i]); n++ {
		i++
	}
	return i
}
