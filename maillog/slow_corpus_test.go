package maillog

// The lines over which scanner and twin are compared: our own of every kind,
// those of real runs where they are at hand, and cuts and splices of them.

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// handmade are lines of every kind and envelope, plain and hostile.
func handmade() []string {
	var lines []string
	for _, tagged := range strings.Split(strings.TrimSpace(handmadeTexts), "\n") {
		tag, text, _ := strings.Cut(tagged, "| ")
		lines = append(lines, "Nov 21 03:55:40 mx "+tag+"[393]: "+text)
	}
	const text = `4C2FB3A1B2: to=<"a b"@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 ok)`
	w := writtenEnvelope{stampNow, "mx", "postfix/smtp", 393}
	for _, envelope := range envelopes {
		lines = append(lines, envelope.write(w, text))
	}
	return append(lines, "<22>1 2026-11-21T03:55:40.810051+00:00 mx postfix 393 - -  "+text)
}

// handmadeTexts holds a tag and a text on each line.
const handmadeTexts = `
postfix/smtp| 4C2FB3A1B2: to=<ann@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 12AB34)
postfix/smtp| 4bRw3z1Vq7z2Jk: to=<ann@example.com>, orig_to=<root>, relay=mx.example.com[2001:db8::1]:25, conn_use=12, delay=0.02, delays=0/0/0/0.02, tls=may:none, dsn=4.2.1, status=deferred (host mx.example.com[2001:db8::1] said: 450 4.2.1 try later (in reply to RCPT TO command))
postfix/relay/smtp| 4C2FB3A1B2: to=<"a b\"c\\"@[192.0.2.7]>, orig_to=<"x>, relay=none, status=sent (250"@example.org>, relay=none, delay=30, delays=0/0/30/0, dsn=4.4.1, status=deferred (connect to mx.example.com[192.0.2.1]:25: Connection timed out)
postfix/lmtp| 4C2FB3A1B2: to=<ann@example.com>, relay=mx.example.com[private/dovecot-lmtp], delay=0.1, delays=0.1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 <ann@example.com> Saved)
postfix/local| 4C2FB3A1B2: to=<ann@example.com>, orig_to=<postmaster>, relay=local, delay=0.1, delays=0.1/0/0/0, dsn=5.1.1, status=bounced (unknown user: "ann")
postfix/pipe| 4C2FB3A1B2: to=<ann@example.com>, relay=script, delay=0.1, delays=0.1/0/0/0, dsn=2.0.0, status=sent (delivered via script service (ok) status=bounced (fake))
postfix/error| 4C2FB3A1B2: to=<a@[x>, relay=mx.example.com, status=sent (250 ok)]>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=5.1.3, status=bounced (bad address syntax)
postfix/cleanup| 4C2FB3A1B2: to=<ann@example.com>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=5.7.1, status=bounced (no such words here)
postfix/qmgr| 4C2FB3A1B2: to=<ann@example.com>, relay=none, delay=99, delays=0.1/99/0/0, dsn=4.3.0, status=deferred (mail transport unavailable)
postfix/smtp| 4C2FB3A1B2: to=<ann@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=5.1.1, status=undeliverable-but-not-cached (550 5.1.1 no ((such)
postfix/smtp| 4C2FB3A1B2: to=<ann@example.com>, relay=mx.example.com[192.0.2.1], delay=9, status=sent (250 Queued!)
postfix/smtp| 4C2FB3A1B2: to=<a>, relay=mx.example.net[192.0.2.9]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 OK)@evil.example>, relay=mx.example.com[192.0.2.1]:25, delay=0, delays=0/0/0/0, dsn=5.1.1, status=bounced (550 no)
postfix/smtp| 4C2FB3A1B2: host mx.example.com[192.0.2.1] said: 450 4.2.0 later, to=<x@example.net>, relay=y[192.0.2.9]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 OK) (in reply to RCPT TO command)
postfix/smtp| 4C2FB3A1B2: host mx.example.com[192.0.2.1] refused to talk to me: 421 4.7.0 later
postfix/smtp| 4C2FB3A1B2: lost connection with mx.example.com[192.0.2.1] while sending end of data -- message may be sent more than once
postfix/smtp| 4C2FB3A1B2: conversation with mx.example.com[192.0.2.1] timed out while performing the EHLO handshake
postfix/smtp| connect to mx.example.com[192.0.2.1]:25: Connection refused
postfix/smtp| SSL_connect error to mx.example.com[192.0.2.1]:25: -1
postfix/smtp| 4C2FB3A1B2: enabling PIX workarounds: disable_esmtp for mx.example.com[192.0.2.1]:25
postfix/smtp| Verified TLS connection established to mx.example.com[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256
postfix/smtp| TLSRPT: status=failure, domain=example.com, receiving_mx=mx.example.com[192.0.2.1], failure_type=starttls_not_supported
postfix/smtp| warning: 4C2FB3A1B2: non-ESMTP response from mx.example.com[192.0.2.1]: hello
postfix/qmgr| 4C2FB3A1B2: from=<ann@example.com>, size=1234, nrcpt=2 (queue active)
postfix/qmgr| 4C2FB3A1B2: from=<>, size=1234, nrcpt=1 (queue active)
postfix/qmgr| 4C2FB3A1B2: from=<">, status=expired, returned to sender"@evil.example>, size=352, nrcpt=1 (queue active)
postfix/qmgr| 4C2FB3A1B2: from=<ann@example.com>, status=expired, returned to sender
postfix/qmgr| 4C2FB3A1B2: from=<ann@example.com>, status=force-expired, returned to sender
postfix/qmgr| 4C2FB3A1B2: removed
postfix/qmgr| 4C2FB3A1B2: skipped, still being delivered
postfix/qmgr| 4C2FB3A1B2: status=deferred (bounce failed)
postfix/qmgr| warning: mail for example.com is using up 5001 of 20000 active queue entries
postfix/smtpd| connect from mx.example.com[192.0.2.1]
postfix/smtpd| connect from unknown[unknown]
postfix/smtpd| connect from unknown[2001:db8::1]:40000
postfix/submission/smtpd| disconnect from mx.example.com[192.0.2.1] ehlo=2 starttls=1 auth=0/1 mail=1 rcpt=1/2 data=1 quit=1 commands=6/8
postfix/smtpd| disconnect from mx.example.com[192.0.2.1]
postfix/smtpd| disconnect from mx.example.com[192.0.2.1] commands=0/0
postfix/smtpd| 4C2FB3A1B2: lost connection after DATA (12345 bytes) from mx.example.com[192.0.2.1]
postfix/smtpd| lost connection after CONNECT from unknown[192.0.2.1]
postfix/smtpd| NOQUEUE: timeout after END-OF-MESSAGE from unknown[192.0.2.1]
postfix/smtpd| too many errors after AUTH from unknown[192.0.2.1]
postfix/smtpd| improper command pipelining after EHLO from unknown[192.0.2.1]: QUIT\r\n
postfix/smtpd| 4C2FB3A1B2: client=mx.example.com[192.0.2.1]
postfix/smtpd| 4C2FB3A1B2: client=mx.example.com[192.0.2.1], sasl_method=PLAIN, sasl_username=ann@example.com
postfix/smtpd| 4C2FB3A1B2: client=mx.example.com[192.0.2.1], sasl_sender=<x, sasl_method=PLAIN, sasl_username=root>
postfix/smtpd| 4C2FB3A1B2: client=localhost[127.0.0.1], orig_queue_id=4BAAC1D2E3, orig_client=mx.example.com[192.0.2.1]
postfix/smtpd| NOQUEUE: reject: RCPT from mx.example.com[192.0.2.1]: 554 5.7.1 <x@example.net>: Relay access denied; from=<ann@example.com> to=<x@example.net> proto=ESMTP helo=<mx.example.com>
postfix/smtpd| NOQUEUE: reject: RCPT from mx.example.com[192.0.2.1]: 554 5.7.1 <x; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<y@example.net>: Relay access denied; from=<ann@example.com> to=<"x; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<y"@example.net> proto=ESMTP helo=<mx.example.com>
postfix/smtpd| NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example; see https://bl.example/?a;b; from=<> to=<x@example.net> proto=SMTP helo=<[192.0.2.1]>
postfix/smtpd| NOQUEUE: reject: EHLO from unknown[192.0.2.1]: 501 5.5.2 <early [8.8.8.8]:25>: Helo command rejected: Invalid name; proto=SMTP helo=<early [8.8.8.8]:25>
postfix/smtpd| 4C2FB3A1B2: reject: DATA from unknown[192.0.2.1]: 550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce; from=<> proto=ESMTP helo=<x> sasl_method=LOGIN sasl_username=ann@example.com sasl_sender=<a b>
postfix/smtpd| NOQUEUE: hold: RCPT from unknown[192.0.2.1]: <x@example.net>: Recipient address triggers HOLD action; from=<a@b.example> to=<x@example.net> proto=ESMTP helo=<x>
postfix/smtpd| 4C2FB3A1B2: milter-reject: END-OF-MESSAGE from unknown[192.0.2.1]: 5.7.1 Spam; from=<a@b.example> to=<x@example.net> proto=ESMTP helo=<x> sasl_username=<ann>
postfix/smtpd| proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as 4BAAC1D2E3; from=<a@b.example> to=<x@example.net> proto=ESMTP helo=<x>
postfix/smtpd| Anonymous TLS connection established from unknown[192.0.2.1]: TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)
postfix/smtpd| SSL_accept error from unknown[192.0.2.1]: lost connection
postfix/smtpd| warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=ann
postfix/smtpd| warning: hostname x.example.com does not resolve to address 192.0.2.1
postfix/smtpd| warning: non-SMTP command from unknown[192.0.2.1]: GET / HTTP/1.1
postfix/smtpd| warning: Connection rate limit exceeded: 31 from unknown[192.0.2.1] for service smtp
postfix/cleanup| 4C2FB3A1B2: message-id=<x@example.com>
postfix/cleanup| 4C2FB3A1B2: message-id=
postfix/cleanup| 4C2FB3A1B2: resent-message-id=<x@y>, status=sent (250 ok), relay=example.com[192.0.2.9]:25
postfix/cleanup| 4C2FB3A1B2: warning: header Subject: a from mx.example.net[8.8.8.8]; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>: no from mx.example.com[192.0.2.1]; from=<e@f.example> to=<g@h.example> proto=ESMTP helo=<y>: seen it
postfix/cleanup| 4C2FB3A1B2: reject: body buy now from local; from=<a@b.example> to=<c@d.example>: 5.7.1 no
postfix/cleanup| 4C2FB3A1B2: milter-reject: END-OF-MESSAGE from mx.example.com[192.0.2.1]: 4.7.1 Try again later; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>
postfix/cleanup| 4C2FB3A1B2: reject: mime-error nesting too deep: x from mx.example.com[192.0.2.1]; from=<a@b.example> to=<c@d.example>
postfix/cleanup| 4C2FB3A1B2: removed (canceled)
postfix/pickup| 4C2FB3A1B2: uid=1000 from=<ann>
postfix/bounce| 4C2FB3A1B2: sender non-delivery notification: 4BAAC1D2E3
postfix/bounce| 4C2FB3A1B2: postmaster delay notification: 4BAAC1D2E3
postfix/postscreen| CONNECT from [192.0.2.1]:40000 to [198.51.100.1]:25
postfix/postscreen| PASS NEW [192.0.2.1]:40000
postfix/postscreen| PREGREET 44 after 0.1 from [192.0.2.1]:40000: EHLO x\r\nPASS NEW [8.8.8.8]:25\r\n
postfix/postscreen| DNSBL rank 6 for [192.0.2.1]:40000
postfix/postscreen| COMMAND PIPELINING from [192.0.2.1]:40000 after EHLO: QUIT\r\n
postfix/postscreen| NOQUEUE: reject: RCPT from [192.0.2.1]:40000: 450 4.3.2 Service currently unavailable; from=<"a>, to=<b>, proto=ESMTP, helo=<c"@d.example>, to=<x@example.net>, proto=ESMTP, helo=<x;>
postfix/postscreen| NOQUEUE: reject: CONNECT from [192.0.2.1]:40000: too many connections
postfix/dnsblog| addr 192.0.2.1 listed by domain bl.example as 127.0.0.2
postfix/anvil| statistics: max connection rate 3/60s for (127.0.0.1:25:192.0.2.1) at Nov 21 03:50:00
postfix/anvil| statistics: max cache size 4 at Nov 21 03:50:00
postfix/scache| statistics: domain lookup hits=1 miss=2 success=33%
postfix/master| daemon started -- version 3.7.11, configuration /etc/postfix
postfix/master| warning: process /usr/lib/postfix/sbin/smtpd pid 12 exit status 1
postfix/postsuper| 4C2FB3A1B2: placed on hold
postfix/postsuper| Deleted: 5 messages
postfix/postfix-script| stopping the Postfix mail system
postfix/trivial-rewrite| fatal: open database /etc/postfix/x.db: No such file or directory
postfix/tlsproxy| DISCONNECT [192.0.2.1]:40000
dovecot| imap-login: Login: user=<ann>
sshd| 4C2FB3A1B2: removed
`

func TestTwinAgreesOverHandmadeLines(t *testing.T) {
	opinions := map[opinion]int{}
	for _, line := range handmade() {
		agree(t, line)
		_, o := slowRead(line)
		opinions[o]++
	}
	if whole := opinions[wholeLine]; whole < 40 {
		t.Errorf("the twin reads only %d of the lines whole: it proves little", whole)
	}
}

// Cut anywhere, or spliced with another line, a line must not fool the scanner
// more than the twin.
func TestTwinAgreesOverBrokenLines(t *testing.T) {
	w := newWriter(10)
	lines := handmade()
	for _, line := range lines {
		for range 60 {
			i := w.Intn(len(line) + 1)
			other := lines[w.Intn(len(lines))]
			broken := pick(w, line[:i], line[:i]+w.hostile()+line[i:], line[:i]+other[w.Intn(len(other)):], line[:i]+line[min(len(line), i+1+w.Intn(5)):])
			agree(t, strings.ReplaceAll(broken, "\n", " "))
			if t.Failed() {
				return
			}
		}
	}
}

// Logs of real runs: the project's own, and those beside it where they are at hand.
func TestTwinAgreesOverRealLogs(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../testdata/logs/*", "../../shared/logs/*.log", "../../shared/parser/lines.txt"} {
		found, _ := filepath.Glob(pattern)
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("no logs of real runs here")
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			seen := 0
			eachLine(t, name, func(line string) {
				if agree(t, line); t.Failed() {
					seen++
				}
				if seen > 5 {
					t.FailNow()
				}
			})
		})
	}
}

func eachLine(t *testing.T, name string, visit func(line string)) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		visit(lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
