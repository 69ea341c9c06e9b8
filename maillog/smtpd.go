package maillog

import "strings"

// smtpd(8), the SMTP server.

// readSMTPD reads smtpd's sentences (smtpd/smtpd.c unless another file is named).
func readSMTPD(e *Event, s string) Kind {
	if e.Severity != Info {
		return e.readSMTPDWarning(s)
	}
	if rest, ok := cutPrefix(s, "connect from "); ok {
		return e.remoteOnly(rest, Connect)
	}
	if rest, ok := cutPrefix(s, "disconnect from "); ok {
		return e.readDisconnect(rest)
	}
	if rest, ok := cutPrefix(s, "client="); ok {
		return e.readClient(rest)
	}
	if strings.HasPrefix(s, "proxy-") {
		return e.readProxy(s)
	}
	if kind := e.readRestriction(s); kind != Unrecognized {
		return kind
	}
	if kind := e.readLost(s); kind != Unrecognized {
		return kind
	}
	if kind := e.readTLS(s); kind != Unrecognized {
		return kind
	}
	if strings.HasPrefix(s, "discarding EHLO keywords: ") {
		return e.note(RemoteEnd{})
	}
	return Unrecognized
}

// remoteOnly reads a sentence that ends with N.
func (e *Event) remoteOnly(s string, kind Kind) Kind {
	var rest string
	var ok bool
	if e.Remote, rest, ok = cutRemote(s); !ok || rest != "" {
		return Unrecognized
	}
	return kind
}

// readDisconnect reads "N[ helo=a[/b] ... commands=a[/b]]"; the counts came with 3.0
// (smtpd_format_cmd_stats).
func (e *Event) readDisconnect(s string) Kind {
	var ok bool
	if e.Remote, s, ok = cutRemote(s); !ok || s != "" && s[0] != ' ' {
		return Unrecognized
	}
	e.Session.Commands = s
	return Disconnect
}

// EachCommand calls f for each command of a disconnect line's counts: how many
// were accepted, how many there were. It passes over the sum "commands=" and what
// can't be read.
func EachCommand(commands string, f func(name string, accepted, total int64)) {
	for commands != "" {
		name, accepted, total, rest, ok := cutCounts(commands)
		if ok && name != "commands" {
			f(name, accepted, total)
		}
		commands = rest
	}
}

// cutCounts takes "rcpt=1/2 "; ok is false for a word that is anything else.
func cutCounts(s string) (name string, accepted, total int64, rest string, ok bool) {
	eq := keyEnd(s)
	if eq <= 0 {
		_, rest = cutWord(s)
		return "", 0, 0, rest, false
	}
	accepted, rest, ok = cutNumber(s[eq+1:])
	total = accepted
	if ok && rest != "" && rest[0] == '/' {
		total, rest, ok = cutNumber(rest[1:])
	}
	if !ok || rest != "" && rest[0] != ' ' {
		_, rest = cutWord(rest)
		return "", 0, 0, rest, false
	}
	return s[:eq], accepted, total, strings.TrimPrefix(rest, " "), total >= accepted
}

// readClient reads "N[, sasl_method=M, sasl_username=U][, sasl_sender=S]..." (mail_open_stream).
// Method and user are set together, directly behind N; a sasl_sender is client text.
func (e *Event) readClient(s string) Kind {
	var ok bool
	if e.Remote, s, ok = cutRemote(s); !ok {
		return Unrecognized
	}
	if v, found := cutPrefix(s, ", sasl_method="); found {
		e.SASL.Method, s = cutTo(v, ", sasl_username=", ", sasl_sender=", ", orig_queue_id=")
		if v, found = cutPrefix(s, ", sasl_username="); found {
			e.SASL.Username, s = cutTo(v, ", sasl_sender=", ", orig_queue_id=")
		}
	}
	if v, found := cutPrefix(s, ", sasl_sender="); found {
		e.SASL.Sender = v
	}
	return Client
}

// readProxy reads "proxy-accept: STAGE: REPLY; fields" (smtpd_proxy_filter): the
// reply is the filter's.
func (e *Event) readProxy(s string) Kind {
	action, rest, ok := cutAction(s)
	if !ok {
		return Unrecognized
	}
	stage, rest, ok := strings.Cut(rest, ": ")
	if !ok || !isStage(stage) {
		return Unrecognized
	}
	e.Restriction.Action, e.Restriction.Stage = action, stage
	e.readVerdict(rest)
	return Restriction
}

// lostReasons are what readLost reads before " after STAGE".
var lostReasons = [...]string{"lost connection", "timeout", "too many errors", "bare <LF> received", "improper command pipelining"}

// readLost reads "REASON after STAGE[ (N bytes)] from N[: TEXT]".
func (e *Event) readLost(s string) Kind {
	for _, reason := range lostReasons {
		rest, ok := cutPrefix(s, reason)
		if !ok {
			continue
		}
		if rest, ok = cutPrefix(rest, " after "); !ok {
			return Unrecognized
		}
		stage, rest, ok := strings.Cut(rest, " from ")
		if !ok {
			return Unrecognized
		}
		stage, _ = cutWord(stage)
		remote, rest, ok := cutRemote(rest)
		if !ok || rest != "" && rest[0] != ':' {
			return Unrecognized
		}
		e.Remote = remote
		e.Session.Reason, e.Session.Stage = reason, stage
		if reason == lostReasons[3] || reason == lostReasons[4] {
			return ProtocolAbuse
		}
		return LostConnection
	}
	return Unrecognized
}

// readSMTPDWarning reads the warnings that count as more than a warning.
func (e *Event) readSMTPDWarning(s string) Kind {
	if rest, ok := cutPrefix(s, "non-SMTP command from "); ok {
		return e.readAbuse(rest)
	}
	if limit, rest, ok := strings.Cut(s, " limit exceeded: "); ok && isRateLimit(limit) {
		return e.readRateLimit(rest)
	}
	if remote, rest, ok := cutRemote(s); ok {
		if rest, ok = cutPrefix(rest, ": SASL "); ok {
			e.Remote = remote
			return e.readSASLFailure(rest)
		}
		if _, ok = cutPrefix(rest, " sent non-SMTP command: "); ok { // before 2.11
			e.Remote = remote
			e.Session.Reason = nonSMTPCommand
			return ProtocolAbuse
		}
	}
	return Problem
}

const nonSMTPCommand = "non-SMTP command"

func (e *Event) readAbuse(s string) Kind {
	remote, rest, ok := cutRemote(s)
	if !ok || !strings.HasPrefix(rest, ": ") {
		return Problem
	}
	e.Remote = remote
	e.Session.Reason = nonSMTPCommand
	return ProtocolAbuse
}

// isRateLimit knows what anvil(8) limits.
func isRateLimit(limit string) bool {
	switch limit {
	case "Connection concurrency", "Connection rate", "Message delivery request rate", "Recipient address rate",
		"New TLS session rate", "AUTH command rate":
		return true
	}
	return false
}

// readRateLimit reads "N from CLIENT for service S".
func (e *Event) readRateLimit(s string) Kind {
	_, rest, ok := strings.Cut(s, " from ")
	if !ok {
		return Problem
	}
	if e.Remote, _, ok = cutRemote(rest); !ok {
		return Problem
	}
	return RateLimited
}

// readSASLFailure reads "M authentication failed: REASON[, sasl_username=U]"
// (smtpd/smtpd_sasl_glue.c). M is the client's text.
func (e *Event) readSASLFailure(s string) Kind {
	method, rest, ok := strings.Cut(s, " authentication ")
	if !ok {
		return Problem
	}
	reason, found := cutPrefix(rest, "failed")
	if !found {
		if reason, found = cutPrefix(rest, "aborted"); !found {
			return Problem
		}
	}
	e.SASL.Method = method
	reason, e.SASL.Username, _ = strings.Cut(strings.TrimPrefix(reason, ": "), ", sasl_username=")
	e.SASL.Reason = reason
	return SASLFailed
}
