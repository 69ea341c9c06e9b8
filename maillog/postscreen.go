package maillog

import "strings"

// postscreen(8), dnsblog(8) and tlsproxy(8): before smtpd. A client has no name
// here: "[A]:P".

// readPostscreen reads postscreen's sentences (postscreen/*.c).
func readPostscreen(e *Event, s string) Kind {
	if e.Severity != Info {
		return Unrecognized
	}
	if kind := e.readRestriction(s); kind != Unrecognized {
		return kind
	}
	for i := range screenSentences {
		if rest, ok := cutPrefix(s, screenSentences[i].words); ok {
			return e.readScreen(&screenSentences[i], rest)
		}
	}
	if strings.HasPrefix(s, "entering STRESS mode") || strings.HasPrefix(s, "leaving STRESS mode") {
		return e.note(RemoteEnd{})
	}
	return Unrecognized
}

// screenSentence is WORDS, perhaps a number, then the client.
type screenSentence struct {
	words  string // up to the number or the client
	event  string
	number string // what stands behind the number; "" no number
}

var screenSentences = [...]screenSentence{
	{"CONNECT from ", "CONNECT", ""},
	{"PASS NEW ", "PASS NEW", ""},
	{"PASS OLD ", "PASS OLD", ""},
	{"DISCONNECT ", "DISCONNECT", ""},
	{"DNSBL rank ", "DNSBL", " for "},
	{"PREGREET ", "PREGREET", " from "},
	{"HANGUP after ", "HANGUP", " from "},
	{"DENYLISTED ", "DENYLISTED", ""},
	{"ALLOWLISTED ", "ALLOWLISTED", ""},
	{"ALLOWLIST VETO ", "ALLOWLIST VETO", ""},
	{"BLACKLISTED ", "BLACKLISTED", ""}, // before 3.6, and respectful_logging = no
	{"WHITELISTED ", "WHITELISTED", ""},
	{"WHITELIST VETO ", "WHITELIST VETO", ""},
	{"COMMAND PIPELINING from ", "COMMAND PIPELINING", ""},
	{"NON-SMTP COMMAND from ", "NON-SMTP COMMAND", ""},
	{"BARE NEWLINE from ", "BARE NEWLINE", ""},
	{"COMMAND TIME LIMIT from ", "COMMAND TIME LIMIT", ""},
	{"COMMAND LENGTH LIMIT from ", "COMMAND LENGTH LIMIT", ""},
	{"COMMAND COUNT LIMIT from ", "COMMAND COUNT LIMIT", ""},
	{"DATA without valid RCPT from ", "DATA without valid RCPT", ""},
	{"BDAT without valid RCPT from ", "BDAT without valid RCPT", ""},
}

func (e *Event) readScreen(sentence *screenSentence, s string) Kind {
	if sentence.number != "" {
		head, rest, ok := strings.Cut(s, sentence.number)
		if !ok {
			return Unrecognized
		}
		if sentence.event == "DNSBL" {
			e.Screen.Rank = int(number(head))
		}
		s = rest
	}
	remote, rest, ok := cutRemote(s)
	if !ok || remote.Name != "" {
		return Unrecognized
	}
	e.Remote = remote
	e.Screen.Event = sentence.event
	if stage, found := cutPrefix(rest, " after "); found {
		e.Screen.Stage, _, _ = strings.Cut(stage, ": ")
	}
	return Postscreen
}

// readDNSBlog reads "addr A listed by domain D as R" (dnsblog/dnsblog.c).
func readDNSBlog(e *Event, s string) Kind {
	rest, ok := cutPrefix(s, "addr ")
	if !ok || e.Severity != Info {
		return Unrecognized
	}
	addr, rest := cutWord(rest)
	if rest, ok = cutPrefix(rest, "listed by domain "); !ok {
		return Unrecognized
	}
	list, rest := cutWord(rest)
	if rest, ok = cutPrefix(rest, "as "); !ok {
		return Unrecognized
	}
	e.Remote.Addr, e.Screen.List, e.Screen.Result = addr, list, rest
	return DNSBLListed
}

// readTLSProxy reads tlsproxy's sentences (tlsproxy/tlsproxy.c).
func readTLSProxy(e *Event, s string) Kind {
	if e.Severity != Info {
		return Unrecognized
	}
	for _, words := range [...]string{"CONNECT from ", "CONNECT to ", "DISCONNECT "} {
		if rest, ok := cutPrefix(s, words); ok {
			remote, _, _ := cutRemote(rest)
			return e.note(remote)
		}
	}
	if rest, ok := cutPrefix(s, "TLS handshake failed for service="); ok {
		if _, peer, ok := strings.Cut(rest, " peer="); ok {
			e.TLS.Error = "handshake failed"
			return e.remoteOnly(peer, TLSFailed)
		}
	}
	return e.readTLS(s)
}
