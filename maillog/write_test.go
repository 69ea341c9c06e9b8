package maillog

// A model of how Postfix writes: from structured values to a line of the log,
// after util/msg_output.c, util/printable.c, util/msg_syslog.c,
// global/quote_822_local.c, util/format_tv.c and smtpd/smtpd.c. What is written
// here must be read back as it was.

import (
	"fmt"
	"math/rand"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writePrintable is printable() with util_utf8_enable: bytes that are neither
// printable ASCII nor valid UTF-8 become the replacement.
func writePrintable(s string, replacement byte) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if n == 1 && (r < ' ' || r > '~') {
			b.WriteByte(replacement)
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// writeText is what msg_info() leaves of a message: printable and at most 2,000 bytes.
func writeText(s string) string {
	s = writePrintable(s, '?')
	return s[:min(len(s), 2000)]
}

// writeAddress is the external form of an address in internal form
// (quote_822_local.c): a local part that is no dot-string stands in quotes; a
// source route before it, "@...:", is left as it is.
func writeAddress(internal string) string {
	if internal == "" {
		return ""
	}
	route := ""
	if colon := strings.IndexByte(internal, ':'); internal[0] == '@' && colon > 0 {
		route, internal = internal[:colon+1], internal[colon+1:]
	}
	at := strings.LastIndexByte(internal, '@')
	if at < 0 {
		at = len(internal)
	}
	local, domain := internal[:at], internal[at:]
	if writeDotString(local) {
		return route + internal
	}
	quoted := strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\r", "\\\r").Replace(local)
	return route + `"` + quoted + `"` + domain
}

func writeDotString(local string) bool {
	if local == "" || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for i := 0; i < len(local); i++ {
		if c := local[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`()<>@,;:\"[]`, c) >= 0 {
			return false
		}
	}
	return true
}

// writeHelo is a HELO name after the command was accepted: the
// NEUTER_CHARACTERS of smtpd.c become "?".
func writeHelo(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(` <>()\";@`, r) {
			return '?'
		}
		return r
	}, writePrintable(s, '?'))
}

// Domains that smtpd lets pass (smtpd_check_addr): a host name or an address literal.
var (
	writeHostRE   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*`)
	writeDomainRE = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*|\[[0-9A-Za-z.:]+\])$`)
)

// writeSeconds is format_tv() with two significant digits and at most two decimals.
func writeSeconds(micros int64) string {
	const million = 1000000
	sec, usec := micros/million, micros%million
	unit := int64(million / 100)
	switch {
	case sec >= 10:
		unit = million
	case sec >= 1:
		unit = million / 10
	default:
		for usec >= 100*unit {
			unit *= 10
		}
	}
	if usec += unit / 2; usec >= million {
		sec, usec = sec+1, usec-million
	}
	fraction := fmt.Sprintf("%06d", usec/unit*unit)
	return strings.TrimSuffix(strconv.FormatInt(sec, 10)+"."+strings.TrimRight(fraction, "0"), ".")
}

// A writer invents values: mostly plain ones, and often such as a hostile
// sender, client or server would choose. The seed is fixed by the test.
type writer struct{ *rand.Rand }

func newWriter(seed int64) writer { return writer{rand.New(rand.NewSource(seed))} }

// hostilePieces quote Postfix's own words or end its fields.
var hostilePieces = []string{
	`>, relay=`, `>, orig_to=<`, `, relay=mx.example.com[192.0.2.9]:25`, `, status=sent (250 ok)`, `status=sent (`,
	`, dsn=2.0.0`, `, delay=9`, `, conn_use=7`, `; from=<`, `; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>`,
	` from=<`, ` to=<x@y.example>`, ` proto=ESMTP`, ` helo=<`, ` sasl_username=root`, ` sasl_sender=`, `, sasl_method=PLAIN`,
	`removed`, `(queue active)`, `, size=1, nrcpt=1 (queue active)`, `, status=expired, returned to sender`,
	`NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 `, `postfix/smtp[1]: `, ` from x[192.0.2.1];`, `in reply to`,
	`"`, `\`, `\"`, `\\`, `(`, `)`, `((`, `<`, `>`, `[`, `]`, `@`, `,`, `;`, `:`, ` `, `  `, `.`, `..`, `=`, `?`, "\t", "\r", "\n", "\x7f",
	"\x80", "\xff", "é", "→", "\u0085", "\u2028", "日本", "{}", "%s", "$1", "a", "b", "user", "1",
}

// hostile is a run of hostile pieces; it may be empty.
func (w writer) hostile() string {
	var b strings.Builder
	for range w.Intn(6) {
		b.WriteString(hostilePieces[w.Intn(len(hostilePieces))])
	}
	return b.String()
}

// pick is one of the choices.
func pick[T any](w writer, choices ...T) T { return choices[w.Intn(len(choices))] }

// queueID is a short or a long queue id (global/mail_queue.h).
func (w writer) queueID() string {
	if w.Intn(2) == 0 {
		return fmt.Sprintf("%05X%X", w.Intn(1<<20), 1+w.Intn(1<<24))
	}
	const base51 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy"
	id := "4"
	for range 9 {
		id += string(base51[w.Intn(len(base51))])
	}
	return id + "z" + string(base51[w.Intn(len(base51))]) + string(base51[w.Intn(len(base51))])
}

func (w writer) host() string {
	return pick(w, "mx.example.com", "mail-1.example.org", "a_b.example.net", "NOQUEUE.reject.example", "localhost")
}

func (w writer) ip() string {
	return pick(w, "192.0.2.1", "198.51.100.77", "2001:db8::1", "::1", "127.0.0.1")
}

// address is an address in internal form.
func (w writer) address() string {
	domain := pick(w, w.host(), "example.com", "[192.0.2.7]", "[IPv6:2001:db8::7]", "bücher.example")
	local := pick(w, "ann", "bob.b", "x+y=z", "", w.hostile(), w.hostile())
	address := local + "@" + domain
	if address[0] == '@' && strings.Contains(address, ":") { // a source route: tested apart
		return "x" + address
	}
	return address
}

// namaddr is a client or server as Postfix names it.
func (w writer) namaddr() (RemoteEnd, string) {
	r := RemoteEnd{Name: pick(w, w.host(), "unknown"), Addr: w.ip()}
	if w.Intn(3) == 0 {
		r.Port = strconv.Itoa(1 + w.Intn(65535))
		return r, fmt.Sprintf("%s[%s]:%s", r.Name, r.Addr, r.Port)
	}
	return r, fmt.Sprintf("%s[%s]", r.Name, r.Addr)
}

// replyText is free text as a remote server, an administrator or a program chose it.
func (w writer) replyText() string {
	return pick(w, "250 2.0.0 Ok: queued as 12AB34CD", "250", "Relay access denied", w.hostile()+"x"+w.hostile())
}
