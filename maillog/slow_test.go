package maillog

// A slow, obvious twin of the scanner: regexps and plain code that say what a
// line is. It has an opinion only where the grammar leaves no doubt; there the
// scanner must agree with it.

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// opinion is how much the twin says of a line.
type opinion int

const (
	noOpinion    opinion = iota
	notPostfix           // Parse must be false
	envelopeOnly         // envelope, severity and queue id are known, the kind is not
	otherKind            // as envelopeOnly, and the kind is none of slowKinds
	wholeLine            // kind and fields too
)

// slowKinds are the sentences that the twin reads: which daemons write them,
// the shape without which a line can't be one, and their reader.
var slowKinds = []struct {
	kind    Kind
	daemons string
	shape   *regexp.Regexp
	read    func(text string, e *Event) bool // false: no opinion on this line
}{
	{Delivery, "smtp lmtp local virtual pipe error discard cleanup qmgr oqmgr",
		regexp.MustCompile(`^to=`), slowDelivery},
	{Expired, "qmgr oqmgr", regexp.MustCompile(`^from=<.*>, status=(force-)?expired, returned to sender$`), slowExpired},
	{Active, "qmgr oqmgr", regexp.MustCompile(`^from=<`), slowActive},
	{Removed, "qmgr oqmgr", regexp.MustCompile(`^removed`), slowRemoved},
	{MessageID, "cleanup", regexp.MustCompile(`^(resent-)?message-id=`), slowMessageID},
	{Notification, "bounce", regexp.MustCompile(`notification: `), slowNotification},
	{Client, "smtpd", regexp.MustCompile(`^client=`), slowClient},
	{Connect, "smtpd", regexp.MustCompile(`^connect from `), slowConnect},
	{Disconnect, "smtpd", regexp.MustCompile(`^disconnect from `), slowDisconnect},
	{LostConnection, "smtpd", regexp.MustCompile(`^(lost connection|timeout|too many errors|.*) after `), slowLost},
	{ContentCheck, "cleanup", regexp.MustCompile(`^[a-z-]+: (header|body|content|mime-error)( |$)`), slowContentCheck},
	{Restriction, "smtpd postscreen cleanup", regexp.MustCompile(`^[a-z_-]+: [A-Z-]+( from |: )|^reject: connect from`), slowRestriction},
	{TLSEstablished, "smtp lmtp smtpd tlsproxy", regexp.MustCompile(`^[A-Za-z]+ TLS connection (established|reused) (from|to) `), slowTLS},
}

// slowRead is the twin of Parse.
func slowRead(line string) (e Event, o opinion) {
	text, o := slowEnvelope(strings.TrimLeft(line, "\x00"), &e)
	if o != envelopeOnly {
		return e, o
	}
	text, o = slowHead(text, &e)
	if o != envelopeOnly {
		return e, o
	}
	e.Text = strings.TrimRight(text, " ")
	for _, k := range slowKinds {
		if !k.shape.MatchString(e.Text) {
			continue
		}
		e.Kind = k.kind
		if e.Severity == Info && slices.Contains(strings.Fields(k.daemons), e.Daemon) && k.read(e.Text, &e) {
			return e, wholeLine
		}
		return e, envelopeOnly
	}
	return e, otherKind
}

// agree fails the test where scanner and twin differ over a line.
func agree(t *testing.T, line string) {
	t.Helper()
	var got Event
	var p Parser
	ok := p.Parse(line, &got)
	want, o := slowRead(line)
	switch {
	case o == noOpinion:
	case ok != (o != notPostfix):
		t.Errorf("Parse is %t, the twin says %t\n%s", ok, !ok, line)
	case ok:
		for _, d := range slowDiff(&got, &want, o) {
			t.Errorf("%s\nline    %s", d, line)
		}
	}
}

// slowDiff tells what scanner and twin see differently in a Postfix line.
func slowDiff(got, want *Event, o opinion) []string {
	var diffs []string
	compare := func(what, got, want string) {
		if got != want {
			diffs = append(diffs, fmt.Sprintf("%s:\nscanner %s\ntwin    %s", what, got, want))
		}
	}
	compare("envelope", slowHeadView(got), slowHeadView(want))
	if !want.Time.IsZero() {
		compare("time", got.Time.UTC().String(), want.Time.UTC().String())
	}
	if o == wholeLine {
		compare("kind", got.Kind.String(), want.Kind.String())
	}
	switch {
	case o == wholeLine && got.Kind == want.Kind:
		compare(want.Kind.String(), slowView(got), slowView(want))
	case o == otherKind && slowShapeless(got):
		diffs = append(diffs, got.Kind.String()+", but the line has not its shape")
	}
	return diffs
}

// slowShapeless is whether the scanner saw a kind whose shape the line has not.
func slowShapeless(e *Event) bool {
	for _, k := range slowKinds {
		if k.kind == e.Kind {
			return !k.shape.MatchString(e.Text)
		}
	}
	return false
}

// slowHeadView is what is compared of every Postfix line.
func slowHeadView(e *Event) string {
	return fmt.Sprintf("host %q, tag %q/%q/%q[%d], severity %d, queue id %q, truncated %t, text %q",
		e.Host, e.Instance, e.Service, e.Daemon, e.PID, e.Severity, e.QueueID, e.Truncated, e.Text)
}

// slowView is what is compared of a line of a kind that the twin reads.
func slowView(e *Event) string {
	switch e.Kind {
	case Delivery:
		return fmt.Sprintf("%+v ambiguous %t", e.Delivery, e.Ambiguous)
	case Active:
		return fmt.Sprintf("%q %d %d", e.Message.From, e.Message.Size, e.Message.Recipients)
	case Expired:
		return fmt.Sprintf("%q forced %t", e.Message.From, e.Message.Forced)
	case MessageID:
		return fmt.Sprintf("%q resent %t", e.Message.ID, e.Message.Resent)
	case Notification:
		return fmt.Sprintf("%q %q", e.Message.Type, e.Message.Other)
	case Client:
		return fmt.Sprintf("%+v %+v", e.Remote, e.SASL)
	case Restriction, ContentCheck:
		r := e.Restriction
		r.Reason = "" // tested apart, by cases
		return fmt.Sprintf("%+v %+v %+v", e.Remote, r, e.SASL)
	case TLSEstablished:
		return fmt.Sprintf("%+v %+v", e.Remote, e.TLS)
	}
	return fmt.Sprintf("%+v %+v", e.Remote, e.Session)
}
