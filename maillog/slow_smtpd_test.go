package maillog

// The twin's reading of the SMTP server's sentences, of reject lines and of
// header and body checks.

import (
	"regexp"
	"strconv"
	"strings"
)

const slowStage = `CONNECT|HELO|EHLO|STARTTLS|AUTH|MAIL|RCPT|DATA|BDAT|END-OF-MESSAGE|VRFY|ETRN`

var (
	slowNamaddrRE    = regexp.MustCompile(`^([A-Za-z0-9._-]+)?\[([^][ ;,]*)\](?::(\d+))?$`)
	slowConnectRE    = regexp.MustCompile(`^connect from (` + slowNamaddr + `)$`)
	slowDisconnectRE = regexp.MustCompile(`^disconnect from (` + slowNamaddr + `)((?: [a-z_]+=[0-9/a-z_,]+)*)$`)
	slowLostRE       = regexp.MustCompile(`^(lost connection|timeout|too many errors) after ([A-Z-]+)(?: \(\d+ bytes\))? from (` + slowNamaddr + `)$`)
	slowClientRE     = regexp.MustCompile(`^client=(` + slowNamaddr + `)(?:, sasl_method=([^ ,]+), sasl_username=([^,]*))?(?:, sasl_sender=(.*))?$`)
	slowTLSRE        = regexp.MustCompile(`^(Anonymous|Untrusted|Trusted|Verified) TLS connection (established|reused) (from|to) (` + slowNamaddr + `)` +
		`(?: to [A-Za-z0-9.-]+)?: ([A-Za-z0-9.]+) with cipher ([A-Za-z0-9_-]+) \((\d+/\d+) bits\)(?: .*)?$`)

	slowRejectRE = regexp.MustCompile(`^(reject|reject_warning|permit|discard|filter|hold|redirect|bcc|warn|info|milter-reject|milter-hold|milter-discard): ` +
		`(` + slowStage + `) from (` + slowNamaddr + `|\[[^][ ;,]*\]:\d+): (.*)$`)
	slowProxyRE = regexp.MustCompile(`^(proxy-accept|proxy-reject): (` + slowStage + `): (.*)$`)
	slowReplyRE = regexp.MustCompile(`^(?:([245]\d\d)(?: |$))?(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$`)

	slowContentRE = regexp.MustCompile(`^([a-z-]+): (header|body|content) (.*)$`)
	slowOriginRE  = regexp.MustCompile(`^(.*) from (` + slowNamaddr + `|local)$`)
)

// The field lists of smtpd_check.c log_whatsup, smtpd.c smtpd_whatsup,
// postscreen_smtpd.c and cleanup_message.c cleanup_act_log.
const (
	slowHelo     = ` helo=<([^ <>()\\";@]*)>`
	slowFields   = `(?: from=<(` + slowAddress + `)>)?(?: to=<(` + slowAddress + `)>)?(?: proto=([A-Z?]+))?(?:` + slowHelo + `)?`
	slowWhoFrom  = `(?: sasl_method=([^ <>]+))?(?: sasl_username=(?:<([^<>=]*)>|([^<>=]*)))?`
	slowPSFields = ` from=<(` + slowAddress + `)>, to=<(` + slowAddress + `)>, proto=([A-Z?]+), helo=<([^ ]*)>`
)

var (
	slowFieldsRE   = regexp.MustCompile(`^` + slowFields + slowWhoFrom + `$`)
	slowSenderRE   = regexp.MustCompile(`^` + slowFields + slowWhoFrom + ` sasl_sender=([^ ]*)$`)
	slowBlanksRE   = regexp.MustCompile(`^` + slowFields + slowWhoFrom + ` sasl_sender=(.*)$`)
	slowShortRE    = regexp.MustCompile(`^( from=<` + slowAddress + `>)( to=<` + slowAddress + `>)?(?:` + slowHelo + `)?$`) // old; a login comes behind proto= only
	slowPSFieldsRE = regexp.MustCompile(`^` + slowPSFields + `()()()$`)
	slowChecksRE   = regexp.MustCompile(`^` + slowFields + `(?:: (.*))?$`)
)

func slowRemote(namaddr string) RemoteEnd {
	m := slowNamaddrRE.FindStringSubmatch(namaddr)
	if m == nil {
		return RemoteEnd{Name: namaddr}
	}
	return RemoteEnd{m[1], m[2], m[3]}
}

func slowConnect(text string, e *Event) bool {
	m := slowConnectRE.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	e.Remote = slowRemote(m[1])
	return true
}

func slowDisconnect(text string, e *Event) bool {
	m := slowDisconnectRE.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	e.Remote, e.Session.Commands = slowRemote(m[1]), m[2]
	return true
}

func slowLost(text string, e *Event) bool {
	m := slowLostRE.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	e.Session.Reason, e.Session.Stage, e.Remote = m[1], m[2], slowRemote(m[3])
	return true
}

func slowClient(text string, e *Event) bool {
	m := slowClientRE.FindStringSubmatch(text)
	if m == nil || strings.Contains(text, ", orig_") {
		return false
	}
	e.Remote = slowRemote(m[1])
	e.SASL = SASLRecord{Method: m[2], Username: m[3], Sender: m[4]}
	return true
}

func slowTLS(text string, e *Event) bool {
	m := slowTLSRE.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	e.Remote = slowRemote(m[4])
	e.TLS = TLSRecord{Trust: m[1], Inbound: m[3] == "from", Reused: m[2] == "reused", Protocol: m[5], Cipher: m[6], Bits: m[7]}
	return true
}

func slowRestriction(text string, e *Event) bool {
	r := &e.Restriction
	var rest string
	if m := slowRejectRE.FindStringSubmatch(text); m != nil {
		r.Action, r.Stage, e.Remote, rest = m[1], m[2], slowRemote(m[3]), m[4]
	} else if m := slowProxyRE.FindStringSubmatch(text); m != nil {
		r.Action, r.Stage, rest = m[1], m[2], m[3]
	} else {
		return false
	}
	reply, ok := slowTail(rest, e)
	m := slowReplyRE.FindStringSubmatch(reply)
	if !ok || m == nil {
		return false
	}
	r.Code, _ = strconv.Atoi(m[1])
	r.Enhanced, r.Text = m[2], m[3]
	return true
}

// slowTail finds the rightmost ";" whose remainder is a field list to the end
// of the line. What comes after sasl_sender= is free text: a quoted recipient can
// hold a list that ends so, and then the rest of the true list is in the sender's
// text. Hence lists without it come first, then those with a single word.
func slowTail(s string, e *Event) (text string, ok bool) {
	forms := []*regexp.Regexp{slowFieldsRE, slowSenderRE, slowBlanksRE}
	if e.Daemon == "postscreen" {
		forms = []*regexp.Regexp{slowPSFieldsRE}
	}
	for _, form := range forms {
		found := 0
		for i := len(s) - 2; i >= 0; i-- { // the list has a field
			if s[i] != ';' {
				continue
			}
			list := s[i+1:]
			m := form.FindStringSubmatch(list)
			if m == nil || m[3] == "" && !slowShortRE.MatchString(list) {
				continue
			}
			if found++; found == 1 {
				text = s[:i]
				slowFillFields(list, m, e)
			}
		}
		if found > 0 {
			return text, found == 1 || form != slowBlanksRE
		}
	}
	return "", false
}

func slowFillFields(list string, m []string, e *Event) {
	r := &e.Restriction
	r.From, r.To, r.Proto, r.Helo = m[1], m[2], m[3], m[4]
	r.HasFrom = strings.HasPrefix(list, " from=<")
	e.SASL = SASLRecord{Method: m[5], Username: m[6] + m[7]}
	if len(m) > 8 {
		e.SASL.Sender = m[8]
	}
}

// slowContentCheck takes the rightmost " from ORIGIN;" whose remainder reads to
// the end of the line.
func slowContentCheck(text string, e *Event) bool {
	head := slowContentRE.FindStringSubmatch(text)
	if head == nil {
		return false
	}
	s := head[3]
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] != ';' || !strings.HasPrefix(s[i+1:], " from=<") {
			continue
		}
		origin := slowOriginRE.FindStringSubmatch(s[:i])
		m := slowChecksRE.FindStringSubmatch(s[i+1:])
		if origin == nil || m == nil {
			continue
		}
		if strings.Contains(m[5], "; from=<") { // the note quotes a content check
			return false
		}
		e.Remote = slowRemote(origin[2])
		e.Restriction = RestrictionRecord{Action: head[1], Stage: head[2], Text: origin[1],
			From: m[1], To: m[2], Proto: m[3], Helo: m[4], HasFrom: true, Note: m[5]}
		return true
	}
	return false
}
