package classify

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTemplate(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"250", "250"},
		{"250 2.0.0 Ok: queued as 4B2C1F00A1", "250 2.0.0 Ok: queued as <id>"},
		{"250 2.0.0 Ok: queued as 3XyZ4b1Tkqz9rJ", "250 2.0.0 Ok: queued as <id>"},
		{"host mx.example.com[192.0.2.1] said: 550 5.1.1 <bob@example.com>: Recipient address rejected (in reply to RCPT TO command)",
			"host <host>[<ip>] said: 550 5.1.1 <address>: Recipient address rejected (in reply to RCPT TO command)"},
		{"host backend[10.0.0.1] refused to talk to me: 421 busy", "host <host>[<ip>] refused to talk to me: 421 busy"},
		{"connect to mx.example.com[2001:db8::25]:25: Connection refused", "connect to <host>[<ip>]:25: Connection refused"},
		{"Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again",
			"Host or domain name not found. Name service error for name=<host> type=MX: Host not found, try again"},
		{`unknown user: "bob smith"`, `unknown user: "<text>"`},
		{"550-5.1.1 The email account bob@example.com does not exist. 550 5.1.1 Try again", "550-5.1.1 The email account <address> does not exist. 550 5.1.1 Try again"},
		{"550-192.0.2.7 is listed", "550-<ip> is listed"},
		{"421 4.7.0 [TSS09] All messages from 192.0.2.227 will be deferred", "421 4.7.0 [TSS09] All messages from <ip> will be deferred"},
		{"552 size 10485760 exceeds 1000; see (#5.3.4)", "552 size <n> exceeds <n>; see (#5.3.4)"},
		{"blocked, see https://www.spamhaus.org/query/bl?ip=192.0.2.236 (Mode: normal)", "blocked, see https://www.spamhaus.org/query/bl (Mode: normal)"},
		{"see <http://www.example.org/lookup.shtml?192.0.2.162>", "see <http://www.example.org/lookup.shtml>"},
		{"see http://spf.example/Why?id=<bob@example.com>;ip=192.0.2.1 now", "see http://spf.example/Why now"},
		{"see https://support.google.com/mail/answer/188131.", "see https://support.google.com/mail/answer/188131."},
		{"visit https://r.example/bob@example.com/1234567890abcdef#x now", "visit https://r.example/<address>/<id> now"},
		{"https://192.0.2.1/why", "https://<ip>/why"},
		{"5.7.1 <>: Sender rejected", "5.7.1 <>: Sender rejected"},
		{`<"a b"@example.com>... no`, "<address>... no"},
		{"<bob> is unknown, 2 < 3 anyway", "<address> is unknown, <n> < <n> anyway"},
		{"cannot update mailbox /var/mail/bob for user x", "cannot update mailbox <path> for user x"},
		{"from list-bob=example.org@example.com: no", "from <address>: no"},
		{"no bob.b @ example.com here", "no <address> here"},
		{"@ example.com, a @", "<address> <host>, a <address>"},
		{"'SRS0=hX=Zz=example.org=bob@example.com', {bob}@example.com. and a|bob@example.com", "'<address>', <address>. and <address>"},
		{"to=bob@example.com, a=b, {x} = <bob@example.com>", "<address>, a=b, {x} = <address>"},
		{"a=b=c=d and =@ and ={}", "a=b=c=d and <address> and ={}"},
		{`<"bob> smith"@example.com> and <"bob">`, "<address> and <address>"},
		{"example.net!bob and bob%example.net, 50.5% or 20%!", "<address> and <address>, <n> or <n>!"},
		{"see https://r.example/u/bob%40example.com/x now", "see https://r.example/u/<address>/x now"},
		{"mailbox of 'bob@example.com' full", "mailbox of '<address>' full"},
		{"at 2024-05-09T23:34:45.000Z on 08:01:41", "at <id> on <n>"},
		{"2001:db8::1, 192.0.2.0/24 and 192.0.2.1:25", "<ip>, <ip> and <ip>"},
		{"no  such\tuser   here", "no such?user here"},
		{"nul \x00, nel \u0085, rlo \u202e, bad \xff.", "nul ?, nel ?, rlo ?, bad ?."},
		{"Größe überschritten", "Größe überschritten"},
		{`said "" and "x"`, `said "<text>" and "<text>"`},
		{strings.Repeat("ab", 30), "<id>"},
		{strings.Repeat("ü", 300), "<id>"},
		{`half "quoted`, `half "quoted`},
		{"half <bracket", "half <bracket"},
	} {
		if got := Template(c.text); got != c.want {
			t.Errorf("Template(%q)\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

func TestTemplateHidesUsers(t *testing.T) {
	got := string(AppendTemplate([]byte("> "), "550 5.1.1 User Bob unknown; bobby too", "bob"))
	if want := "> 550 5.1.1 User <user> unknown; bobby too"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTemplateIsCut(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("word ", 100), strings.Repeat("ü ", 300), strings.Repeat("x ", 9000),
		strings.Repeat("<a@b> ", 500), strings.Repeat("a", 70000), strings.Repeat("(", 300), strings.Repeat("é,", 200),
	} {
		got := Template(text)
		if len(got) > MaxTemplate || !utf8.ValidString(got) {
			t.Errorf("%.10q...: %d bytes, valid %v: %q", text, len(got), utf8.ValidString(got), got)
		}
		if text != strings.Repeat("a", 70000) && !strings.HasSuffix(got, cutMark) {
			t.Errorf("%.10q...: no mark at the end of %q", text, got)
		}
	}
}

// A template shows nothing that a terminal obeys, no address, and allocates
// nothing into a buffer that is large enough.
func FuzzTemplate(f *testing.F) {
	f.Add("550 5.1.1 <bob@example.com> [192.0.2.1] https://x.example/?a=b \"q\" \xff\u202e")
	f.Add("http://")
	f.Add("<\"@\">")
	f.Fuzz(func(t *testing.T, text string) {
		got := Template(text)
		if len(got) > MaxTemplate {
			t.Errorf("%d bytes", len(got))
		}
		for _, r := range got {
			if !unicode.IsPrint(r) {
				t.Errorf("%q in %q", r, got)
			}
		}
	})
}

func TestTemplateAllocates(t *testing.T) {
	buf := make([]byte, 0, 2*MaxTemplate)
	text := "host mx.example.com[192.0.2.1] said: 550 5.1.1 <bob@example.com>: user bob 4B2C1F00A1, see https://x.example/y?z"
	if n := testing.AllocsPerRun(100, func() { buf = AppendTemplate(buf[:0], text, "bob") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkTemplate(b *testing.B) {
	buf := make([]byte, 0, 2*MaxTemplate)
	text := "host mx.example.com[192.0.2.1] said: 550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown (in reply to RCPT TO command)"
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendTemplate(buf[:0], text, "bob")
	}
}
