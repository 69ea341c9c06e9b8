package maillog

import (
	"strings"
	"testing"
	"time"
)

// benchLines are the lines of one message's life, as a busy host logs them.
var benchLines = strings.Split(strings.TrimSpace(`
2026-11-21T03:55:40.810051+00:00 mx postfix/smtpd[31430]: connect from mail.example.org[192.0.2.7]
2026-11-21T03:55:40.911210+00:00 mx postfix/smtpd[31430]: 4bRw3z1Vq7z2Jk: client=mail.example.org[192.0.2.7]
2026-11-21T03:55:40.920051+00:00 mx postfix/cleanup[31433]: 4bRw3z1Vq7z2Jk: message-id=<20261121035540.4bRw3z1Vq7z2Jk@mail.example.org>
2026-11-21T03:55:40.930051+00:00 mx postfix/qmgr[861]: 4bRw3z1Vq7z2Jk: from=<news@example.org>, size=18734, nrcpt=2 (queue active)
2026-11-21T03:55:40.940051+00:00 mx postfix/smtpd[31430]: disconnect from mail.example.org[192.0.2.7] ehlo=2 starttls=1 mail=1 rcpt=2 data=1 quit=1 commands=8
2026-11-21T03:55:41.240051+00:00 mx postfix/smtp[31440]: Trusted TLS connection established to mx.example.com[203.0.113.9]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA (P-256) server-digest SHA256
2026-11-21T03:55:41.840051+00:00 mx postfix/smtp[31440]: 4bRw3z1Vq7z2Jk: to=<ann@example.com>, relay=mx.example.com[203.0.113.9]:25, delay=0.93, delays=0.02/0.01/0.3/0.6, dsn=2.0.0, status=sent (250 2.0.0 OK  1795234541 af79cd13be357-b2e4bd2d5casi103852985a.1045 - gsmtp)
2026-11-21T03:55:42.840051+00:00 mx postfix/smtp[31441]: 4bRw3z1Vq7z2Jk: to=<bob@example.net>, relay=mx.example.net[203.0.113.10]:25, delay=1.9, delays=0.02/0.01/0.3/1.6, dsn=5.1.1, status=bounced (host mx.example.net[203.0.113.10] said: 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command))
2026-11-21T03:55:42.940051+00:00 mx postfix/bounce[31442]: 4bRw3z1Vq7z2Jk: sender non-delivery notification: 4bRw4z1Vq7z2Jm
2026-11-21T03:55:42.950051+00:00 mx postfix/qmgr[861]: 4bRw3z1Vq7z2Jk: removed
2026-11-21T03:55:43.950051+00:00 mx postfix/smtpd[31430]: NOQUEUE: reject: RCPT from unknown[198.51.100.4]: 554 5.7.1 Service unavailable; Client host [198.51.100.4] blocked using zen.example.org; https://www.example.org/query/ip/198.51.100.4; from=<spam@example.com> to=<info@example.net> proto=ESMTP helo=<localhost>
`), "\n")

// BenchmarkParse reads the lines of a message's life, one line an operation.
func BenchmarkParse(b *testing.B) {
	p := Parser{NotAfter: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Unix()}
	var e Event
	bytes := 0
	for _, line := range benchLines {
		bytes += len(line)
	}
	b.SetBytes(int64(bytes / len(benchLines)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if !p.Parse(benchLines[i%len(benchLines)], &e) || e.Kind == Unrecognized {
			b.Fatal("not read: ", benchLines[i%len(benchLines)])
		}
	}
}

// TestParseAllocatesNothing holds the promise of the package comment.
func TestParseAllocatesNothing(t *testing.T) {
	var p Parser
	var e Event
	i := 0
	if n := testing.AllocsPerRun(len(benchLines)*10, func() {
		p.Parse(benchLines[i%len(benchLines)], &e)
		i++
	}); n != 0 {
		t.Errorf("%v allocations a line, want 0", n)
	}
}
