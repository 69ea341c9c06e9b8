package maillog

import "strings"

// smtp(8) and lmtp(8), the SMTP client.

// readSMTP reads the client's sentences beside its delivery records.
func readSMTP(e *Event, s string) Kind {
	if e.Severity != Info {
		return Unrecognized
	}
	if rest, ok := cutPrefix(s, "connect to "); ok && e.QueueID == "" {
		return e.readConnectFailed(rest)
	}
	if kind := e.readAttempt(s); kind != Unrecognized {
		return kind
	}
	if kind := e.readTLS(s); kind != Unrecognized {
		return kind
	}
	if kind := e.readContentCheck(s); kind != Unrecognized {
		return kind
	}
	return e.readSMTPNote(s)
}

// readSMTPNote passes over what is said of a server, or a message.
func (e *Event) readSMTPNote(s string) Kind {
	if strings.HasPrefix(s, "enabling PIX ") { // "... for N" (smtp/smtp_proto.c)
		remote, _, _ := cutRemote(s[strings.LastIndexByte(s, ' ')+1:])
		return e.note(remote)
	}
	for _, note := range smtpNotes {
		if strings.HasPrefix(s, note) {
			return e.note(RemoteEnd{})
		}
	}
	return Unrecognized
}

// smtpNotes begin the sentences that nothing is counted of.
var smtpNotes = [...]string{
	"breaking line > ",          // smtp/smtp_proto.c
	"discarding EHLO keywords:", // smtp/smtp_proto.c
	"Host offered STARTTLS:",    // smtp/smtp_proto.c
	"TLSRPT: status=",           // smtp/smtp_tlsrpt.c
	"Sender requested REQUIRETLS",
	"SMTPS wrappermode ",
}

// readConnectFailed reads "H[A]:P: ERR" (smtp/smtp_connect.c). It names no
// message: the mail goes to another server, or its record says so again.
func (e *Event) readConnectFailed(s string) Kind {
	remote, rest, ok := cutRemote(s)
	if !ok {
		return Unrecognized
	}
	if rest, ok = cutPrefix(rest, ": "); !ok {
		return Unrecognized
	}
	e.Remote = remote
	e.Reply.Text = rest
	return ConnectFailed
}

// readAttempt reads why one server of several could not take the mail
// (smtp/smtp_trouble.c): it is logged when another will be tried.
func (e *Event) readAttempt(s string) Kind {
	if reply, ok := readSaid(s); ok {
		e.Reply, e.Remote = reply, reply.Host
		return AttemptFailed
	}
	rest, ok := cutPrefix(s, "lost connection with ")
	if !ok {
		if rest, ok = cutPrefix(s, "conversation with "); !ok {
			return Unrecognized
		}
	}
	if e.Remote, rest, ok = cutRemote(rest); !ok || e.QueueID == "" {
		return Unrecognized
	}
	if !strings.HasPrefix(rest, " while ") && !strings.HasPrefix(rest, " timed out while ") {
		return Unrecognized
	}
	e.Reply.Text = s
	return AttemptFailed
}
