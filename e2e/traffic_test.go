package e2e

// The mail that is sent: inbound, outbound, local, hostile; and the work done on
// the queue. What a mail must come to is counted where it is sent.

import (
	"strconv"
	"strings"
	"testing"
)

// run is one run of Postfix with its traffic.
type run struct {
	t *testing.T
	*instance
	sinks     sinks
	truth     truth
	mailboxes map[string]int // files that must be in virtual mailboxes
	expected  map[string]int // delivery records by status that follow from what was sent, and that no sink or mailbox tells of
}

var bigBody = strings.Repeat(strings.Repeat("x", 70)+"\n", 2000)

func letter(subject, body string) string {
	return "From: someone@senders.example\nTo: you\nMessage-ID: <" + strings.ReplaceAll(subject, " ", "-") + "@senders.example>\nSubject: " + subject + "\n\n" + body
}

// send sends a message from a trusted client to recipients that are accepted.
func (r *run) send(sender string, rcpts ...string) {
	r.t.Helper()
	r.sendText(letter("test", "hello"), sender, rcpts...)
}

func (r *run) sendText(text, sender string, rcpts ...string) {
	r.t.Helper()
	c := r.open("SMTP", "", "client.example.net")
	c.mail(sender)
	for _, rcpt := range rcpts {
		c.rcpt(rcpt)
	}
	c.data(text, 250)
	c.quit()
}

// submit sends a message with the sendmail command.
func (r *run) submit(text, sender string, rcpts ...string) {
	r.t.Helper()
	r.run(r.t, text, append([]string{"sendmail", "-C", r.path("conf"), "-f", sender, "-i", "--"}, rcpts...)...)
	r.truth.add(1, received, "daemon", "pickup")
	r.truth.add(1, removed)
}

// bulk sends n messages with smtp-source, a connection each, ten at a time.
func (r *run) bulk(n int, port, rcpt string) {
	r.t.Helper()
	r.run(r.t, "", "smtp-source", "-m", strconv.Itoa(n), "-s", "10", "-l", "2000", "-M", "bulk.example.net",
		"-f", "someone@senders.example", "-t", rcpt, "127.0.0.1:"+r.ports[port])
	service := services[port]
	r.truth.add(n, connections, "service", service)
	r.truth.add(n, disconnections, "service", service)
	r.truth.add(n, received, "daemon", "smtpd", "service", service)
	r.truth.add(n, removed)
}

// inbound: mail for our own domains, in number, and what is done with it.
func (r *run) inbound(n int) {
	r.bulk(n, "SMTP", "ann@example.org")
	r.bulk(n/4+1, "SMTP", "archive@mx.example.net")
	r.bulk(n/2+1, "SUBMISSION", "ok@bulk.example")
	r.mailboxes["ann"] += n

	r.send("someone@senders.example", "maildir@mx.example.net", "command@mx.example.net", "tempfail@mx.example.net")
	r.send("someone@senders.example", "permfail@mx.example.net", "ghost1@mx.example.net")
	r.send("someone@senders.example", "team@mx.example.net")
	r.forwarded()
	r.expected["bounced"] += 2
	r.send("someone@senders.example", "list@example.org")
	r.forwarded()
	r.mailboxes["ann"]++
	r.mailboxes["bob"]++
	r.send("someone@senders.example", "locked@example.org")
	r.send("someone@senders.example", "x@hole.example", "y@hole.example")
	r.expected["sent"] += 2
	r.send("someone@senders.example", "one@filter.example", "two@filter.example", "temp@filter.example", "perm@filter.example")
	r.expected["bounced"]++
	if r.ports["SMTP6"] != "" {
		c := r.open("SMTP6", "", "client.example.net")
		c.mail("someone@senders.example")
		c.rcpt("bob@example.org")
		c.rcpt("six@v6.example")
		c.data(letter("six", "hello"), 250)
		c.quit()
		r.mailboxes["bob"]++
	}
	c := r.open("SUBMISSION", "", "client.example.net")
	c.startTLS("client.example.net")
	c.mail("someone@senders.example")
	c.say("RCPT TO:<ann@example.org> NOTIFY=SUCCESS", 250)
	c.begin()
	c.data(letter("receipt", "hello"), 250)
	c.quit()
	r.mailboxes["ann"]++
}

// forwarded counts what local(8) makes a new message of.
func (r *run) forwarded() {
	r.expected["sent"]++
	r.truth.add(1, removed)
}

// content: header and body checks, and actions of access maps.
func (r *run) content() {
	c := r.open("SMTP", stranger, "mail.sender.example")
	for _, m := range []struct {
		sender, rcpt, subject string
		code                  int
		action                string // "source action"
		ann, bob              int    // copies in their mailboxes
	}{
		{"", "", "reject this; from=<a@b.example> to=<c@d.example> proto=SMTP helo=<x>: 5.7.1 no", 550, "header reject", 0, 0},
		{"", "", "virus", 550, "body reject", 0, 0},
		{"", "", "discard this", 250, "header discard", 0, 0},
		{"", "", "redirect this", 250, "header redirect", 0, 1},
		{"", "", "warn: to=<a@b.example>, relay=x, status=sent (250 ok) from x[192.0.2.1]; from=<y@z.example>", 250, "header warning", 1, 0},
		{"", "", "prepend", 250, "header prepend", 1, 0},
		{"", "", "replace", 250, "header replace", 1, 0},
		{"", "", "info", 250, "header info", 1, 0},
		{"", "", "hold 1", 250, "header hold", 1, 0}, // one of the three is released later,
		{"", "", "hold 2", 250, "header hold", 0, 0}, // one deleted,
		{"", "", "hold 3", 250, "header hold", 0, 0}, // and one left
		{"hold@senders.example", "", "x", 250, "access hold", 0, 0},
		{"lost@senders.example", "", "x", 250, "access discard", 0, 0},
		{"warned@senders.example", "", "x", 250, "access warn", 1, 0},
		{"", "redirected@example.org", "x", 250, "access redirect", 0, 1},
	} {
		c.mail(or(m.sender, "someone@senders.example"))
		c.rcpt(or(m.rcpt, "ann@example.org"))
		source, action, _ := strings.Cut(m.action, " ")
		body := "hello"
		if source == "body" {
			body = "EICAR"
		}
		c.data(letter(m.subject, body), m.code)
		r.truth.add(1, contents, "source", source, "action", action)
		r.mailboxes["ann"] += m.ann
		r.mailboxes["bob"] += m.bob
	}
	r.truth.add(-2, removed) // the discarded
	r.truth.add(-3, removed) // never released
	c.quit()
}

// foreign logs what other programs do, one of them quoting Postfix.
func (r *run) foreign() {
	if r.holder == nil {
		return
	}
	for tag, text := range sorted(map[string]string{
		"dovecot":      "imap-login: Login: user=<ann@example.org>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS",
		"opendkim[42]": "4C0FFEE123: DKIM-Signature field added (s=mail, d=example.org)",
		"audit":        "postfix/smtp[1]: 4C0FFEE123: to=<a@b.example>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok)",
	}) {
		r.run(r.t, "", "logger", "-p", "mail.info", "-t", tag, "--", text)
		r.truth[selector(logLines, "outcome", "foreign")]++
	}
}
