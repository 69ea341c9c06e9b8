package maillog

// Values with which a sender, a client or a program tried to end Postfix's own
// fields: what is written so must not be read as another record.

import (
	"strings"
	"testing"
)

// Wherever the cut falls, also inside the status word, no other status is read.
func TestRecordsCutAtEachByte(t *testing.T) {
	r := writtenRecord{queueID: "4C2FB3A1B2", relay: RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1", Port: "25"},
		delay: 1500000, dsn: "4.2.0", status: "deferred", text: "later"}
	for n := 1800; n < 2000; n++ {
		r.to = strings.Repeat("a", n) + "@example.com"
		var e Event
		new(Parser).Parse("Nov 21 03:55:40 mx postfix/smtp[393]: "+writeText(r.String()), &e)
		if d := e.Delivery; e.Kind != Delivery || d.Status != Deferred && d.Status != StatusTruncated {
			t.Errorf("read %s, status %s (%q)\n...%s", e.Kind, d.Status, d.StatusText, writeText(r.String())[n:])
		}
	}
}

// A quoted local part that fills the line up to the cut forges nothing.
func TestCutAddressForgesNothing(t *testing.T) {
	const forged = `x>, relay=mx.example.net[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok) `
	long := forged + strings.Repeat("a", 2000)
	for _, r := range []writtenRecord{
		{queueID: "4C2FB3A1B2", to: long + "@example.com"},
		{queueID: "4C2FB3A1B2", to: "ann@example.com", origTo: long + "@example.com"},
		{queueID: "4C2FB3A1B2", to: "a@[" + long},
	} {
		var e Event
		line := "Nov 21 03:55:40 mx postfix/smtp[393]: " + writeText(r.String())
		if !new(Parser).Parse(line, &e) || e.Kind != Delivery || e.Delivery.Status != StatusTruncated || e.Delivery.Relay.Name != "" {
			t.Errorf("read %s %+v\n%.200s...", e.Kind, e.Delivery, line)
		}
	}
}

// RCPT TO:<"@>, relay=...:x"@evil.example> looks like a source route, whose part
// before the first colon is logged raw (quote_822_local.c). No other address that
// begins with "@" is logged: an empty local part stands in quotes.
func TestSourceRoutesForgeNothing(t *testing.T) {
	const route = `@>, relay=mx.example.net[192.0.2.9], delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok:x@evil.example`
	for _, r := range []writtenRecord{
		{queueID: "4C2FB3A1B2", to: route},
		{queueID: "4C2FB3A1B2", to: "ann@example.com", origTo: route},
		{queueID: "4C2FB3A1B2", to: "@a.example,@b.example:ann@example.com"},
	} {
		r.relay, r.dsn, r.status, r.text = RemoteEnd{Name: "none"}, "5.4.4", "bounced", "Host not found"
		var e Event
		line := "Nov 21 03:55:40 mx postfix/smtp[393]: " + writeText(r.String())
		if !new(Parser).Parse(line, &e) || e.Kind != Delivery || e.Delivery != r.record() {
			t.Errorf("read %s %+v\n%s", e.Kind, e.Delivery, line)
		}
	}
}

// An agent's text that quotes a record takes no delivery away, also where
// orig_to has no domain.
func TestQuotedRecordsHideNoDelivery(t *testing.T) {
	for _, text := range []string{`x@y.example>, relay=`, `@x>, relay= to=<x@y.example>`, `x@y.example>, orig_to=<z>, relay=z[`} {
		r := writtenRecord{queueID: "4C2FB3A1B2", to: "ann@example.com", origTo: "root", relay: RemoteEnd{Name: "local"},
			dsn: "5.3.0", status: "bounced", text: "Command output: " + text}
		var e Event
		line := "Nov 21 03:55:40 mx postfix/local[393]: " + writeText(r.String())
		if !new(Parser).Parse(line, &e) || e.Kind != Delivery || e.Delivery != r.record() {
			t.Errorf("read %s %+v\n%s", e.Kind, e.Delivery, line)
		}
	}
}

// A recipient whose quoted local part holds a field list, and a client that adds
// AUTH= to its MAIL FROM, shift no field (Postfix 3.10 and later log sasl_sender=).
func TestForgedFieldListsAreNotRead(t *testing.T) {
	const list = `x; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<y>`
	for _, local := range []string{
		list, list + ` sasl_sender=`, list + ` sasl_sender=z`, list + ` sasl_method=PLAIN sasl_username=root`, list + ` sasl_sender=<`,
		`x; sasl_username=root`, `x; sasl_sender=z`, `x; proto=ESMTP sasl_sender=`, `x; from=<`, `x; from=<@`, `x; helo=<`, `x; proto=SMTP`,
	} {
		for _, sender := range []string{"", "x", "<ann@example.com>", `"`, `"x">`, `x;`} {
			for _, about := range []string{local + "@example.net", ""} {
				r := writtenReject{queueID: "NOQUEUE", action: "reject", stage: "RCPT", client: "mx.example.com[192.0.2.1]", code: 554, enhanced: "5.7.1",
					about: about, reason: "Relay access denied", from: "ann@example.com", to: local + "@example.net", helo: "mx.example.com",
					proto: "ESMTP", hasFrom: true, hasTo: true, sasl: SASLRecord{Sender: sender}}
				var e Event
				text := writeText(r.String())
				new(Parser).Parse("Nov 21 03:55:40 mx postfix/smtpd[12]: "+text, &e)
				checkReject(t, &e, r, r.helo, text)
				if e.SASL != r.sasl {
					t.Errorf("login %+v, want %+v\n%s", e.SASL, r.sasl, text)
				}
			}
		}
	}
}

// Wherever the cut falls behind a quoted local part, its text is not read as the
// record's.
func TestCutBehindAnAddressForgesNothing(t *testing.T) {
	const forged = `a>, relay=mx.example.net[192.0.2.9]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok)`
	for n := 1700; n < 2000; n++ {
		long := forged + strings.Repeat("x", n-len(forged)) + "@bad.example"
		for _, r := range []writtenRecord{{to: long}, {to: "ann@example.com", origTo: long}, {to: "ann@example.com", origTo: "@" + forged + ":" + long}} {
			r.queueID, r.relay, r.dsn, r.status, r.text = "4C2FB3A1B2", RemoteEnd{Name: "none"}, "5.4.4", "bounced", "Host not found"
			var e Event
			line := "Nov 21 03:55:40 mx postfix/smtp[393]: " + writeText(r.String())
			if !new(Parser).Parse(line, &e) || e.Kind != Delivery || e.Delivery.Status != StatusTruncated && e.Delivery.Status != Bounced || e.Delivery.Relay.Addr != "" {
				t.Fatalf("read %s %s, relay %v\n...%s", e.Kind, e.Delivery.Status, e.Delivery.Relay, line[max(0, len(line)-60):])
			}
		}
	}
}

// A sender that fills the line leaves its end to its own words; journald takes
// blanks off the end.
func TestCutSendersForgeNothing(t *testing.T) {
	for _, words := range []string{
		`a>, status=expired, returned to sender`, `a>, status=force-expired, returned to sender`, `a>, size=9, nrcpt=9 (queue active)`,
	} {
		for _, end := range []string{strings.Repeat(" ", 2000), ""} {
			var e Event
			text := writeText(`4C2FB3A1B2: from=<"` + words + end)
			new(Parser).Parse("Nov 21 03:55:40 mx postfix/qmgr[3]: "+text, &e)
			if e.Kind == Expired || e.Message.Size != Unread || e.Message.Recipients != Unread {
				t.Errorf("read %s %+v\n%.100s", e.Kind, e.Message, text)
			}
		}
	}
}

// Programs that only stand near Postfix in a log are not Postfix.
func TestWordsBesideTagsAreNotHosts(t *testing.T) {
	for _, line := range []string{
		"2026-11-21T12:00:00.1Z stdout F user postfix/smtp[1]: ABCDEF1: to=<a@b.example>, relay=none, status=sent (x)",
		"2026-11-21T12:00:00.1Z stdout F GET Nov 21 03:55:40 mx postfix/smtp[1]: ABCDEF1: to=<a@b.example>, relay=none, status=sent (x)",
		"2026-11-21 12:00:00 GET postfix/smtp[1]: ABCDEF1: to=<a@b.example>, relay=none, status=sent (x)",
		"Nov 21 12:00:00 mx postfix-policyd[1]: ABCDEF1: to=<a@b.example>, relay=none, status=sent (x)",
		"Nov 21 12:00:00 mx postfix-policyd[1]: ABCDEF1: removed",
		"Nov 21 12:00:00 mx postfix/qmgr[1]: removed",
	} {
		var e Event
		if new(Parser).Parse(line, &e) && e.Kind != Unrecognized {
			t.Errorf("read %s\n%s", e.Kind, line)
		}
	}
}
