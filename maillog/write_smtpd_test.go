package maillog

// What the SMTP server, postscreen and cleanup write reads back as it was:
// client=, rejects, header and body checks.

import (
	"fmt"
	"strings"
	"testing"
)

// A writtenReject is an access decision before it is written: addresses in
// internal form, the HELO name as the client gave it.
type writtenReject struct {
	queueID, action, stage string
	client                 string
	code                   int
	enhanced, reason       string
	about                  string // the address or name in <> before the reason; "" none
	from, to, helo, proto  string
	hasFrom, hasTo         bool
	sasl                   SASLRecord
}

// reply is the reply text as smtpd_check_reject() makes it: 510 bytes, the
// address unquoted.
func (r writtenReject) reply() string {
	text := r.reason
	if r.about != "" {
		text = fmt.Sprintf("<%s>: %s", r.about, r.reason)
	}
	if r.code != 0 {
		text = fmt.Sprintf("%d %s %s", r.code, r.enhanced, text)
	}
	return writePrintable(text[:min(len(text), 510)], ' ')
}

// String is log_whatsup().
func (r writtenReject) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s from %s: %s;", r.queueID, r.action, r.stage, r.client, r.reply())
	if r.hasFrom {
		fmt.Fprintf(&b, " from=<%s>", writeAddress(r.from))
	}
	if r.hasTo {
		fmt.Fprintf(&b, " to=<%s>", writeAddress(r.to))
	}
	fmt.Fprintf(&b, " proto=%s helo=<%s>", r.proto, writeHelo(r.helo))
	for _, f := range [][2]string{{"sasl_method", r.sasl.Method}, {"sasl_username", r.sasl.Username}, {"sasl_sender", r.sasl.Sender}} {
		if f[1] != "" {
			fmt.Fprintf(&b, " %s=%s", f[0], f[1])
		}
	}
	return b.String()
}

// postscreen is the reject line of postscreen_smtpd.c psc_rcpt_cmd().
func (r writtenReject) postscreen(helo string) string {
	return fmt.Sprintf("NOQUEUE: reject: RCPT from %s: %s; from=<%s>, to=<%s>, proto=%s, helo=<%s>",
		r.client, r.reply(), writeAddress(r.from), writeAddress(r.to), r.proto, helo)
}

func (w writer) reject() (writtenReject, RemoteEnd) {
	remote, client := w.namaddr()
	r := writtenReject{
		queueID: pick(w, "NOQUEUE", w.queueID()), action: pick(w, "reject", "reject_warning"), client: client,
		stage: pick(w, "RCPT", "DATA", "END-OF-MESSAGE"), code: pick(w, 450, 550, 554), hasFrom: true, hasTo: w.Intn(3) > 0,
		reason: pick(w, "Relay access denied", "Recipient address rejected: "+w.hostile(), "Service unavailable; "+w.hostile()+"; see http://x/?a;b"),
		from:   pick(w, "", w.address()), to: w.address(), helo: w.helo(), proto: pick(w, "SMTP", "ESMTP"),
	}
	r.enhanced = fmt.Sprintf("%d.7.%d", r.code/100, w.Intn(30))
	r.about = pick(w, r.from, writeHelo(r.helo), "")
	if r.hasTo && w.Intn(2) == 0 {
		r.about = r.to
	}
	if w.Intn(4) == 0 {
		r.sasl = SASLRecord{Method: pick(w, "PLAIN", "LOGIN"), Username: pick(w, "ann", "ann@example.com", "an n")}
	}
	if w.Intn(4) == 0 { // with or without a login
		r.sasl.Sender = pick(w, "ann+40example.com", "<ann@example.com>", `"`, `"x`, `"x">`, "x;")
	}
	if w.Intn(3) == 0 {
		r.action, r.code, r.enhanced = pick(w, "hold", "discard", "filter", "redirect", "warn"), 0, ""
		r.about, r.reason = "x", "Sender address triggers HOLD action"
	}
	return r, remote
}

func (w writer) helo() string {
	return pick(w, "mx.example.com", "[192.0.2.1]", w.hostile(), "x"+w.hostile())
}

func TestWrittenRejectsAreRead(t *testing.T) {
	w := newWriter(4)
	for range writeRounds {
		r, remote := w.reject()
		text := writeText(r.String())
		if len(text) >= 2000 {
			continue
		}
		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/submission/smtpd[12]: "+text, &e) || e.Kind != Restriction {
			t.Fatalf("not read as a restriction: kind %s\n%s", e.Kind, text)
		}
		checkReject(t, &e, r, writeHelo(r.helo), text)
		if e.QueueID != r.queueID || e.Remote != remote || e.SASL != r.sasl {
			t.Fatalf("read %q %+v %+v\nwritten %+v\n%s", e.QueueID, e.Remote, e.SASL, r, text)
		}
	}
}

func checkReject(t *testing.T, e *Event, r writtenReject, helo, line string) {
	t.Helper()
	want := RestrictionRecord{Action: r.action, Stage: r.stage, Code: r.code, Enhanced: r.enhanced, Proto: r.proto, Helo: helo,
		HasFrom: r.hasFrom, From: writePrintable(writeAddress(r.from), '?')}
	if r.hasTo {
		want.To = writePrintable(writeAddress(r.to), '?')
	}
	want.Text = r.reply()
	if r.code != 0 {
		want.Text = strings.TrimPrefix(want.Text, fmt.Sprintf("%d %s ", r.code, r.enhanced))
	}
	if want.Reason = want.Text; r.about != "" {
		want.Reason = writePrintable(r.reason, ' ')
	}
	got := e.Restriction
	if len(r.reply()) == 510 { // the reason is cut, or gone
		got.Reason, want.Reason = "", ""
	}
	if got != want {
		t.Fatalf("read    %+v\nwritten %+v\n%s", got, want, line)
	}
}

func TestWrittenPostscreenRejectsAreRead(t *testing.T) {
	w := newWriter(5)
	for range writeRounds {
		r, _ := w.reject()
		r.client, r.action, r.stage, r.hasTo = "[2001:db8::5]:40001", "reject", "RCPT", true
		if r.code == 0 {
			r.code, r.enhanced = 550, "5.7.1"
		}
		r.about, r.reason = "", pick(w, "Service currently unavailable", "Service unavailable; client [2001:db8::5] blocked using bl.example")
		helo := pick(w, "mx.example.com", "x;", ">,x", "<a>", "")
		text := writeText(r.postscreen(helo))
		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/postscreen[12]: "+text, &e) || e.Kind != Restriction {
			t.Fatalf("not read as a restriction: kind %s\n%s", e.Kind, text)
		}
		checkReject(t, &e, r, helo, text)
		if (e.Remote != RemoteEnd{Addr: "2001:db8::5", Port: "40001"}) {
			t.Fatalf("read client %+v\n%s", e.Remote, text)
		}
	}
}

// A client can send MAIL FROM ... AUTH=x without a login (smtpd_sasl_proto.c).
func TestWrittenClientsAreRead(t *testing.T) {
	w := newWriter(6)
	for range writeRounds {
		remote, client := w.namaddr()
		var want SASLRecord
		text := fmt.Sprintf("%s: client=%s", w.queueID(), client)
		if w.Intn(2) == 0 {
			want.Method, want.Username = pick(w, "PLAIN", "LOGIN", "CRAM-MD5"), pick(w, "ann", "ann@example.com", "an n", "é")
			text += fmt.Sprintf(", sasl_method=%s, sasl_username=%s", want.Method, want.Username)
		}
		if w.Intn(2) == 0 {
			want.Sender = pick(w, "<x, sasl_method=PLAIN, sasl_username=root>", `"a, b"`, "ann@example.com")
			text += ", sasl_sender=" + want.Sender
		}
		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/smtpd[12]: "+text, &e) || e.Kind != Client || e.Remote != remote || e.SASL != want {
			t.Fatalf("read %s %+v %+v\nwritten %+v %+v\n%s", e.Kind, e.Remote, e.SASL, remote, want, text)
		}
	}
}

func TestWrittenContentChecksAreRead(t *testing.T) {
	w := newWriter(7)
	for range writeRounds {
		remote, origin := w.namaddr()
		want := RestrictionRecord{
			Action: pick(w, "reject", "warning", "info", "hold", "discard", "replace", "prepend"), Stage: pick(w, "header", "body"),
			Text: w.content(), From: writePrintable(writeAddress(pick(w, "", w.address())), '?'), HasFrom: true,
			To: writePrintable(writeAddress(w.address()), '?'), Proto: "ESMTP", Helo: writeHelo(w.helo()),
			Note: pick(w, "", "seen it", "5.7.1 no; never"),
		}
		text := fmt.Sprintf("%s: %s: %s %s from %s; from=<%s> to=<%s> proto=%s helo=<%s>", w.queueID(), want.Action, want.Stage, want.Text,
			origin, want.From, want.To, want.Proto, want.Helo)
		if want.Note != "" {
			text += ": " + want.Note
		}
		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/cleanup[12]: "+writeText(text), &e) || e.Kind != ContentCheck {
			t.Fatalf("not read as a content check: kind %s\n%s", e.Kind, text)
		}
		got := e.Restriction
		got.Reason, want.Reason = "", ""
		got.Code, got.Enhanced = 0, "" // of the note
		if got != want || e.Remote != remote || e.Severity != Info {
			t.Fatalf("read    %+v %+v\nwritten %+v %+v\n%s", got, e.Remote, want, remote, text)
		}
	}
}

// content is a header or a line of a body, of which 200 bytes are logged.
func (w writer) content() string {
	s := writePrintable("Subject: "+pick(w, "hello", w.hostile()+"x", "a from mx.example[192.0.2.9]; from=<a@b.example> to=<c@d.example>: x"), '?')
	return s[:min(len(s), 200)]
}
