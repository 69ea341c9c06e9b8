package maillog

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// received is when the messages here came.
var received = time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)

func readMessage(text string, e *Event) bool {
	p := Parser{NotAfter: received.Unix()}
	return p.ParseLine(Line{Text: text, Sender: &Sender{Host: "192.0.2.9"}}, e)
}

func TestMessages(t *testing.T) {
	const removed = ": 4C2FB3A1B2: removed"
	at := time.Date(2026, 11, 21, 3, 55, 40, 0, time.UTC)
	micro := at.Add(810051 * time.Microsecond)
	for _, c := range []struct {
		name, text string
		time       time.Time
		host       string
		daemon     string // "": not Postfix's
		pid        int
	}{
		{"RFC 3164", "<22>Nov 21 03:55:40 mx postfix/qmgr[393]" + removed, at, "mx", "qmgr", 393},
		{"syslog(3)", "<22>Nov 21 03:55:40 postfix/qmgr[393]" + removed, at, "192.0.2.9", "qmgr", 393},
		{"a day of one digit", "<22>Nov  1 03:55:40 postfix/qmgr[393]" + removed, at.AddDate(0, 0, -20), "192.0.2.9", "qmgr", 393},
		{"no priority", "Nov 21 03:55:40 mx postfix/qmgr[393]" + removed, at, "mx", "qmgr", 393},
		{"RFC 3339 stamp", "<22>2026-11-21T03:55:40.810051+00:00 mx postfix/qmgr[393]" + removed, micro, "mx", "qmgr", 393},
		{"RFC 3339 stamp, no host", "<22>2026-11-21T03:55:40.810051+00:00 postfix/qmgr[393]" + removed, micro, "192.0.2.9", "qmgr", 393},
		{"no stamp", "<22>postfix/qmgr[393]" + removed, received, "192.0.2.9", "qmgr", 393},
		{"no stamp, no pid", "<22>postfix/qmgr" + removed, received, "192.0.2.9", "qmgr", Unread},
		{"RFC 5424", "<22>1 2026-11-21T03:55:40.810051+00:00 mx postfix/qmgr 393 - - 4C2FB3A1B2: removed", micro, "mx", "qmgr", 393},
		{"RFC 5424, nothing known", "<22>1 - - postfix/qmgr - - - 4C2FB3A1B2: removed", received, "192.0.2.9", "qmgr", Unread},
		{"RFC 5424, elements", `<22>1 2026-11-21T03:55:40.810051+00:00 mx postfix/qmgr 393 - [a b="]"][c] 4C2FB3A1B2: removed`, micro, "mx", "qmgr", 393},
		{"a relay around", "<22>Nov 21 03:55:41 relay Nov 21 03:55:40 mx postfix/qmgr[393]" + removed, at.Add(time.Second), "mx", "qmgr", 393},

		{"another program", "<22>Nov 21 03:55:40 mx dovecot: Nov 21 03:55:40 mx postfix/qmgr[393]" + removed, at, "mx", "", 0},
		{"another program, local", "<22>Nov 21 03:55:40 dovecot: postfix/qmgr[393]" + removed, at, "192.0.2.9", "", 0},
		{"another program, no stamp", "<22>dovecot: postfix/qmgr[393]" + removed, received, "192.0.2.9", "", 0},
		{"another program, RFC 5424", "<22>1 2026-11-21T03:55:40.810051+00:00 mx dovecot 393 - - postfix/qmgr[393]" + removed, micro, "mx", "", 0},
		{"no tag", "<22>Nov 21 03:55:40 mx x Nov 21 03:55:40 mx postfix/qmgr[393]" + removed, at, "mx", "", 0},
		{"a container's JSON", `{"log":"Nov 21 03:55:40 mx postfix/qmgr[393]` + removed + `\n"}`, received, "192.0.2.9", "", 0},
		{"nothing", "", received, "192.0.2.9", "", 0},
		{"a priority", "<22>", received, "192.0.2.9", "", 0},
		{"NULs before", "\x00<22>Nov 21 03:55:40 mx postfix/qmgr[393]" + removed, received, "192.0.2.9", "", 0},
	} {
		var e Event
		ok := readMessage(c.text, &e)
		if ok != (c.daemon != "") || e.Host != c.host || !e.Time.Equal(c.time) {
			t.Errorf("%s: %v, %q at %v; want %q at %v", c.name, ok, e.Host, e.Time, c.host, c.time)
		}
		if ok && (e.Daemon != c.daemon || e.PID != c.pid || e.Kind != Removed || e.QueueID != "4C2FB3A1B2") {
			t.Errorf("%s: %q %d %v %q", c.name, e.Daemon, e.PID, e.Kind, e.QueueID)
		}
	}
}

// TestLineIsNoMessage: what is absent in a message is not put into a line of a file.
func TestLineIsNoMessage(t *testing.T) {
	p := Parser{NotAfter: received.Unix()}
	var e Event
	if p.Parse("<22>postfix/smtpd[393]: 4C2FB3A1B2: removed", &e) {
		t.Error("a line without a stamp is read")
	}
	if !p.Parse("<22>Nov 21 03:55:40 postfix/smtpd[393]: 4C2FB3A1B2: removed", &e) || e.Host != "" {
		t.Errorf("host %q", e.Host)
	}
}

// messageForms are how a message is written: stamp, host, tag and text.
var messageForms = []struct {
	name, format string
	host         bool // it names one
}{
	{"RFC 3164", "<22>%[1]s %[2]s %[3]s[12]: %[4]s", true},
	{"syslog(3)", "<22>%[1]s %[3]s[12]: %[4]s", false},
	{"no stamp", "<22>%[3]s[12]: %[4]s", false},
	{"RFC 5424", "<22>1 2026-11-21T03:55:40Z %[2]s %[3]s 12 - - %[4]s", true},
}

// FuzzMessage: whatever text a program logs, in whichever form, its host, tag and pid
// are those that the sender wrote, and the text says what it says in a file.
func FuzzMessage(f *testing.F) {
	for _, line := range handmade() {
		f.Add(line)
		if _, text, ok := strings.Cut(line, "]: "); ok {
			f.Add(text)
		}
	}
	f.Add("Nov 21 03:55:40 evil postfix/smtp[1]: 4C2FB3A1B2: removed")
	f.Fuzz(func(t *testing.T, text string) {
		text, _, _ = strings.Cut(text, "\n")
		var any Event
		readMessage(text, &any) // does no harm
		const stamp = "Nov 21 03:55:40"
		var want Event
		p := Parser{NotAfter: received.Unix()}
		if !p.Parse(stamp+" mx postfix/smtp[12]: "+text, &want) {
			t.Fatalf("a line isn't read: %q", text)
		}
		for _, form := range messageForms {
			if form.name == "RFC 5424" && (strings.HasPrefix(text, "\xef\xbb\xbf") || strings.HasPrefix(text, "[ID ")) {
				continue // a mark of the form's; an envelope's in the others
			}
			checkMessage(t, fmt.Sprintf(form.format, stamp, "mx", "postfix/smtp", text), form.host, &want)
			var e Event
			if readMessage(fmt.Sprintf(form.format, stamp, "mx", "cron", text), &e) {
				t.Errorf("%s: another program's is read as Postfix's: %q", form.name, text)
			}
		}
	})
}

func checkMessage(t *testing.T, message string, named bool, want *Event) {
	t.Helper()
	var e Event
	if !readMessage(message, &e) {
		t.Fatalf("not read: %q", message)
	}
	host := "192.0.2.9"
	if named {
		host = "mx"
	}
	if e.Host != host || e.Tag != want.Tag || e.Daemon != "smtp" || e.Instance != "postfix" || e.PID != 12 {
		t.Errorf("host %q, tag %q %q, pid %d\n%q", e.Host, e.Instance, e.Daemon, e.PID, message)
	}
	if e.Kind != want.Kind || e.QueueID != want.QueueID || e.Text != want.Text || e.Severity != want.Severity || e.Delivery != want.Delivery {
		t.Errorf("%+v\nwant %+v\n%q", e, want, message)
	}
}

// TestMessagesAllocateNothing once their tags and zones are known.
func TestMessagesAllocateNothing(t *testing.T) {
	p := Parser{NotAfter: received.Unix()}
	from := &Sender{Host: "192.0.2.9"}
	var e Event
	for _, form := range messageForms {
		l := Line{Text: fmt.Sprintf(form.format, "Nov 21 03:55:40", "mx", "postfix/qmgr", "4C2FB3A1B2: removed"), Sender: from}
		p.ParseLine(l, &e)
		if n := testing.AllocsPerRun(100, func() { p.ParseLine(l, &e) }); n != 0 {
			t.Errorf("%s: %v allocations", form.name, n)
		}
	}
}
