package maillog

import (
	"strings"
	"time"
)

// Lines that come as fields: what a syslog daemon would have glued into one text
// is still apart in systemd's journal, so nothing is to be told apart again.

// Record is a line in fields.
type Record struct {
	Time    time.Time // zero: unknown
	Host    string
	Program string // the whole tag without its pid: "postfix/smtpd"
	PID     int    // Unread where absent
	Text    string // what follows the tag
}

// Line is one line as a source hands it out: a text with its envelope, or a
// Record where Record isn't nil. Both are good until the source's next one. A text
// with a Sender is a syslog message.
type Line struct {
	Text   string // without a newline
	Record *Record
	Sender *Sender // nil: a line of a log
}

// maxProgram is the length of the longest tag that is looked at, in bytes.
const maxProgram = 256

// ParseRecord reads one record into e, as Parse reads the line that a syslog
// daemon makes of it, and is false where that is. No envelope is looked for in the
// text: one that looks like a whole line of a log is a text. A text ends at its
// first newline, as the line would: Postfix writes none (util/msg_output.c).
func (p *Parser) ParseRecord(r *Record, e *Event) bool { return p.ParseLine(Line{Record: r}, e) }

// fields takes what an envelope holds. ok is false where no tag of Postfix is.
func (p *Parser) fields(r *Record, e *Event) (text string, t *tag, ok bool) {
	e.Time, e.Host, e.PID = r.Time, r.Host, r.PID
	if !isProgram(r.Program) {
		return "", nil, false
	}
	t = p.tags.get(r.Program)
	text, _, _ = strings.Cut(r.Text[:min(len(r.Text), 2*textLimit)], "\n")
	return text, t, t.postfix
}

// isProgram knows what can be a tag: in a file, a blank would end it.
func isProgram(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != "" && len(s) <= maxProgram
}
