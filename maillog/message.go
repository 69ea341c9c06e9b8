package maillog

import "time"

// Messages of the syslog protocol, as they come out of a socket: RFC 5424, or what
// RFC 3164 found in use. A line of a file went through a syslog daemon, which put
// in what is absent here.

// Sender is who sent a syslog message.
type Sender struct {
	Host string // of messages that name none; an address, as a rule
}

// message reads what the envelope of a file's line is, and what only a sender leaves
// out: the host (syslog(3) of the C library) and the stamp, for which Parser.NotAfter
// stands, the time of receipt. JSON of a container runtime is a text here.
func (p *Parser) message(s string, from *Sender, e *Event) (text string, t *tag, ok bool) {
	s = cutPriority(s)
	word, unstamped := cutWord(s)
	if rest, is5424 := cutPrefix(s, "1 "); is5424 {
		text, t, ok = p.rfc5424(rest, e)
	} else if t, ok = p.readTag(word, e); ok {
		text, ok = cutSolarisID(unstamped), t.postfix
	} else {
		text, t, ok = p.stamped(s, e)
	}
	if e.Host == "" {
		e.Host = from.Host
	}
	if e.Time.IsZero() {
		e.Time = time.Unix(p.NotAfter, 0).In(p.location())
	}
	return text, t, ok
}
