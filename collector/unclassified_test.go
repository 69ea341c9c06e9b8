package collector

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// failureLine is a delivery that fails with a text.
func failureLine(minute int, relay, dsn, status, text string) string {
	return fmt.Sprintf("2026-11-03T10:%02d:00Z mx postfix/smtp[1]: 4A0B1: to=<bob@example.com>, relay=%s, delay=1, delays=0/0/1/0, dsn=%s, status=%s (%s)\n",
		minute, relay, dsn, status, text)
}

// said is a failure with a server's answer, the server at 198.51.100.0/24 or where
// address says.
func said(minute int, address, text string) string {
	return failureLine(minute, "mx.example.com["+address+"]:25", "5.9.9", "bounced", "host mx.example.com["+address+"] said: "+text+" (in reply to RCPT TO command)")
}

func minute(m int) time.Time { return time.Date(2026, 11, 3, 10, m, 0, 0, time.UTC) }

func TestUnclassified(t *testing.T) {
	e := feedLog(New(Options{}),
		failureLine(5, "mx.example.com[198.51.100.1]:25", "5.9.9", "bounced", "host mx.example.com[198.51.100.1] said: 550 5.9.9 <bob@example.com> odd 17 words")+
			failureLine(3, "mx.example.net[192.0.2.1]:25", "5.9.9", "bounced", "host mx.example.net[192.0.2.1] said: 550 5.9.9 <eve@example.net> odd 4 words")+
			failureLine(9, "mx.example.net[192.0.2.1]:25", "5.9.9", "SOFTBOUNCE", "host mx.example.net[192.0.2.1] said: 550 5.9.9 <eve@example.net> odd 4 words")+
			failureLine(17, "none", "4.9.0", "deferred", "bob is odd")+
			failureLine(18, "local", "4.9.0", "deferred", "bob is odd")+
			failureLine(1, "mx.example.com[198.51.100.1]:25", "2.0.0", "sent", "250 odd")+
			failureLine(1, "mx.example.com[198.51.100.1]:25", "4.1.1", "undeliverable", "450 odd"))
	want := []UnclassifiedReply{
		{Template: "host <host>[<ip>] said: 550 5.9.9 <address> odd <n> words", Code: 550, Enhanced: "5.9.9", Provider: "other",
			Count: 3, First: minute(3), Last: minute(9)},
		{Template: "<user> is odd", Enhanced: "4.9.0", Provider: "local", Count: 1, First: minute(18), Last: minute(18)},
		{Template: "<user> is odd", Enhanced: "4.9.0", Provider: "none", Count: 1, First: minute(17), Last: minute(17)},
	}
	if got := e.Unclassified(); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if blocks := e.Blocks(); len(blocks) != 0 {
		t.Errorf("blocks: %+v", blocks)
	}
}

// No address leaves the engine unless it may.
func TestShowAddresses(t *testing.T) {
	log := said(1, "198.51.100.1", "550 5.9.9 no "+strings.Repeat("x ", 5000)) + said(2, "198.51.100.1", "550 5.9.9 <bob@example.com> odd") +
		said(3, "198.51.100.1", "550 5.9.9 <ann@example.com> odd")
	for _, r := range feedLog(New(Options{}), log).Unclassified() {
		if all := fmt.Sprintf("%+v", r); r.Text != "" || strings.Contains(all, "@") || strings.Contains(all, "198.51") {
			t.Errorf("shows %q", all)
		}
	}
	shown := feedLog(New(Options{ShowAddresses: true}), log).Unclassified()
	const want = "host mx.example.com[198.51.100.1] said: 550 5.9.9 <ann@example.com> odd (in reply to RCPT TO command)"
	if shown[0].Text != want {
		t.Errorf("the last text is %q, want %q", shown[0].Text, want)
	}
	if n := len(shown[1].Text); n != maxReplyText {
		t.Errorf("%d bytes are kept", n)
	}
}

// words makes a text that no other number makes: templates have no numbers.
func words(n int) string {
	var b strings.Builder
	for _, digit := range fmt.Sprint(n) {
		b.WriteString("550 " + strings.Repeat("m", int(digit-'0')+1) + " ")
	}
	return b.String()
}

func hasTemplate(e *Engine, part string) bool {
	return slices.ContainsFunc(e.Unclassified(), func(r UnclassifiedReply) bool { return strings.Contains(r.Template, part) })
}

// A server that answers each message in other words pushes out its own answers.
func TestFloodTakesItsOwnPlace(t *testing.T) {
	e := New(Options{})
	var honest []string
	for n := range 40 {
		honest = append(honest, "550 honest "+words(n))
		feedLog(e, said(0, fmt.Sprintf("192.0.%d.7", n/4), honest[n]))
	}
	for n := range 3 * maxUnclassified {
		text := words(100 + n)
		feedLog(e, strings.Repeat(said(1, fmt.Sprintf("198.51.100.%d", n%200), text), 2)) // each twice: no less seen than others
	}
	all := e.Unclassified()
	if len(all) != maxUnclassified {
		t.Errorf("%d templates are kept", len(all))
	}
	for _, text := range honest {
		if !hasTemplate(e, strings.TrimSpace(text)) {
			t.Errorf("pushed out: %s", text)
		}
	}
	kept := uint64(0)
	for _, r := range all {
		kept += r.Count
	}
	if sum := kept + e.unclassified.forgotten; sum != 40+6*maxUnclassified {
		t.Errorf("%d kept, %d forgotten", kept, e.unclassified.forgotten)
	}
	checkNetworks(t, &e.unclassified)
}

// So does a flood that comes through "delivery temporarily suspended", where
// Postfix talked to nobody and quotes the server.
func TestFloodOfQuotes(t *testing.T) {
	e := New(Options{})
	for n := range 20 {
		feedLog(e, failureLine(0, "none", "4.9.0", "deferred", "honest "+words(n)))
	}
	for n := range 2 * maxUnclassified {
		feedLog(e, failureLine(1, "none", "4.9.0", "deferred", "delivery temporarily suspended: host x.example[2001:db8:0:1::1] refused to talk to me: "+words(100+n)))
	}
	for n := range 20 {
		if !hasTemplate(e, strings.TrimSpace("honest "+words(n))) {
			t.Errorf("pushed out: honest %s", words(n))
		}
	}
}

// Of one network's templates the rarest leaves, then the one longest not seen.
func TestEviction(t *testing.T) {
	e := New(Options{})
	e.unclassified.limit = 3
	const network = "198.51.100.1"
	feedLog(e, said(5, network, "550 a")+said(5, network, "550 a")+said(9, network, "550 b")+said(7, network, "550 c")+said(8, network, "550 d"))
	if !hasTemplate(e, "550 a") || !hasTemplate(e, "550 b") || hasTemplate(e, "550 c") || !hasTemplate(e, "550 d") {
		t.Errorf("%+v", e.Unclassified())
	}
	// A network without any takes from the one with the most.
	feedLog(e, said(1, "192.0.2.1", "550 e"))
	if !hasTemplate(e, "550 a") || !hasTemplate(e, "550 b") || !hasTemplate(e, "550 e") {
		t.Errorf("%+v", e.Unclassified())
	}
	// Once it has one, it must take its own: here each has as many, the newcomer counted in.
	feedLog(e, said(1, "203.0.113.1", "550 f")+said(2, "203.0.113.1", "550 g")+said(2, "203.0.113.1", "550 h"))
	if !hasTemplate(e, "550 a") || !hasTemplate(e, "550 e") || !hasTemplate(e, "550 h") {
		t.Errorf("%+v", e.Unclassified())
	}
	checkNetworks(t, &e.unclassified)
}

// checkNetworks compares what networks hold with what is there.
func checkNetworks(t *testing.T, u *unclassified) {
	t.Helper()
	held := map[*network]int{}
	for _, entry := range u.all {
		held[entry.network]++
	}
	for prefix, n := range u.networks {
		if n.held != held[n] || n.held == 0 || n.prefix != prefix {
			t.Errorf("%v holds %d, says %d", prefix, held[n], n.held)
		}
	}
	if len(u.networks) != len(held) || len(u.index) != len(u.all) {
		t.Errorf("%d networks of %d, %d templates of %d", len(held), len(u.networks), len(u.index), len(u.all))
	}
}

func TestNetworks(t *testing.T) {
	u := newUnclassified(1, false)
	for address, want := range map[string]string{
		"198.51.100.77":        "198.51.100.0/24",
		"2001:db8:1:2::3":      "2001:db8:1::/48",
		"::ffff:198.51.100.77": "198.51.100.0/24",
		"fe80::1%eth0":         "fe80::/48",
		"private/dovecot-lmtp": "invalid Prefix",
		"":                     "invalid Prefix",
	} {
		if got := u.networkOf(address).prefix.String(); got != want {
			t.Errorf("%s is in %s, want %s", address, got, want)
		}
	}
}

// A known template costs no memory, with its text or without, whatever came between.
func TestUnclassifiedDoesNotAllocate(t *testing.T) {
	for _, show := range []bool{false, true} {
		e := New(Options{ShowAddresses: show})
		long := strings.TrimSpace(said(1, "198.51.100.1", "550 5.9.9 <bob@example.com> odd"))
		short := strings.TrimSpace(failureLine(1, "none", "4.9.0", "deferred", "odd"))
		feed := func() {
			e.Feed(maillog.Line{Text: long}, checkpoint.Pos{})
			e.Feed(maillog.Line{Text: short}, checkpoint.Pos{})
		}
		feed()
		if n := testing.AllocsPerRun(50, feed); n != 0 {
			t.Errorf("showing addresses %v: %v allocations", show, n)
		}
	}
}

// Entries must not alias the line: the reader uses its memory again.
func TestUnclassifiedIsCopied(t *testing.T) {
	e := New(Options{ShowAddresses: true})
	line := []byte(strings.TrimSpace(said(1, "198.51.100.1", "550 5.9.9 <bob@example.com> odd")))
	e.Feed(maillog.Line{Text: unsafe.String(&line[0], len(line))}, checkpoint.Pos{})
	before := fmt.Sprintf("%+v", e.Unclassified())
	copy(line, bytes.Repeat([]byte("?"), len(line)))
	e.Feed(maillog.Line{Text: strings.TrimSpace(failureLine(1, "none", "4.9.0", "deferred", "odd"))}, checkpoint.Pos{})
	if after := fmt.Sprintf("%+v", e.Unclassified()); !strings.HasPrefix(after, strings.TrimSuffix(before, "]")) {
		t.Errorf("%s became %s", before, after)
	}
}
