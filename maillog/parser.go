// Package maillog reads the lines of a Postfix log.
//
// One line in, one Event out:
//
//	Nov 21 03:55:40 mx postfix/smtp[393]: 4bRw3z1Vq7z2Jk: to=<ann@example.com>,
//	    relay=mx.example.com[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6,
//	    dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 12AB)
//
//	Event{Kind: Delivery, Daemon: "smtp", QueueID: "4bRw3z1Vq7z2Jk",
//	    Delivery: {To: "ann@example.com", Status: Sent, ...}}
//
// The reader goes from left to right over what Postfix itself writes, and from
// the right-hand end where only the end is Postfix's: it never searches a line
// for a word, because clients and remote servers choose the texts in between.
//
// To teach it a sentence, add it to the daemon's reader: smtpd.go, smtp.go,
// qmgr.go, cleanup.go, postscreen.go, others.go; sentences.go names them all.
package maillog

import (
	"time"
	"unsafe"
)

// Parser reads lines. It belongs to one goroutine. The zero Parser is ready.
type Parser struct {
	Location *time.Location // of stamps without a zone; nil is UTC. Not to be changed after the first line
	// NotAfter is the latest second (Unix time) at which a line can have been
	// written: a stamp without a year gets the last year that is not more than
	// a day later. 0 gives the years up to 1970.
	NotAfter int64

	stamps  stampCache
	tags    tagTable
	scratch []byte // the unescaped text of a Docker line
}

// messageLimit is where Postfix cuts a message (util/msg_syslog.c, "%.*s").
const messageLimit = 2000

// textLimit is what is read of a text: relays that escape make it longer, but no
// line that Postfix wrote needs more. It bounds the work on hostile lines.
const textLimit = 2 * messageLimit

// Parse reads one line into e. It is false for lines that are not Postfix's:
// then only e.Time, e.Host and e.PID may be set.
func (p *Parser) Parse(line string, e *Event) bool { return p.ParseLine(Line{Text: line}, e) }

// ParseLine reads a line in whichever form it comes.
func (p *Parser) ParseLine(l Line, e *Event) bool {
	e.reset()
	var text string
	var tag *tag
	var ok bool
	switch {
	case l.Record != nil:
		text, tag, ok = p.fields(l.Record, e)
	case l.Sender != nil:
		text, tag, ok = p.message(l.Text, l.Sender, e)
	default:
		text, tag, ok = p.envelope(skipHole(l.Text), e)
	}
	if !ok {
		return false
	}
	e.Instance, e.Service, e.Daemon, e.Tag = tag.instance, tag.service, tag.daemon, tag.number
	text, e.Severity = cutSeverity(trimStart(text))
	e.Truncated = len(text) >= messageLimit
	e.QueueID, e.Text = cutQueueID(trimEnd(text[:min(len(text), textLimit)]))
	switch {
	case tag.read != nil:
		e.Kind = e.read(tag.read, e.Text)
	case tag.daemon == UnknownDaemon:
		e.Tag = 0
		e.Kind = e.readAny(e.Text)
	default: // a policy server, say: what it writes counts for nothing
		e.Kind = e.readAnywhere(e.Text)
	}
	if e.Kind == Unrecognized || e.Kind == Problem {
		e.dropFields()
	}
	return true
}

// skipHole passes over the hole that a writer leaves in a truncated file.
func skipHole(line string) string {
	for len(line) > 0 && line[0] == 0 {
		line = line[1:]
	}
	return line
}

// reset makes e empty.
func (e *Event) reset() {
	clear(unsafe.Slice(e, 1)) // *e = Event{} is a loop that takes twice as long
	e.PID = Unread
	e.setUnread()
}

// setUnread marks the numbers that are not there.
func (e *Event) setUnread() {
	e.Count = Unread
	e.Message.Size, e.Message.Recipients, e.Message.UID = Unread, Unread, Unread
	e.Screen.Rank = Unread
}

// dropFields empties what readers left that did not know the text to its end.
func (e *Event) dropFields() {
	*e = Event{
		Time: e.Time, Host: e.Host, Instance: e.Instance, Service: e.Service, Daemon: e.Daemon, PID: e.PID, Tag: e.Tag,
		Severity: e.Severity, Kind: e.Kind, QueueID: e.QueueID, Text: e.Text, Truncated: e.Truncated,
	}
	e.setUnread()
}

// note passes over a known sentence of which nothing is kept but who it is about.
func (e *Event) note(remote RemoteEnd) Kind {
	e.dropFields()
	e.Remote = remote
	return Note
}

// cutSeverity takes the word that util/msg_syslog.c puts before the text.
func cutSeverity(s string) (string, Severity) {
	if len(s) < 7 || s[0] != 'w' && s[0] != 'e' && s[0] != 'f' && s[0] != 'p' {
		return s, Info
	}
	for i, word := range severityWords[1:] {
		if rest, ok := cutPrefix(s, word); ok {
			return rest, Severity(i + 1)
		}
	}
	return s, Info
}

// severityWords by Severity.
var severityWords = [Severities]string{"", "warning: ", "error: ", "fatal: ", "panic: "}

// String is the severity's name, as syslog has it.
func (s Severity) String() string { return severityNames[s] }

var severityNames = [Severities]string{"info", "warning", "error", "fatal", "panic"}
