package e2e

// Mail to other hosts: orders, outages, hostile addresses.

import (
	"fmt"
	"strconv"
	"strings"

	"postfix_exporter/e2e/sink"
)

// outbound: messages for each order, and n for each of the common ones.
func (r *run) outbound(n int) {
	const sender = "someone@senders.example"
	i := 0
	for word, o := range sorted(orders) {
		i++
		for variant := range 4 {
			if n >= 10 || variant == i%4 { // all, or each in its turn
				r.order(word, o, variant)
			}
		}
	}
	for i := range n {
		id := strconv.Itoa(1000 + i)
		r.send(sender, "ok."+id+"@remote.example", "rcpt-450."+id+"@remote.example", "rcpt-550."+id+"@remote.example")
		r.send(sender, "dot-550."+id+"@remote.example")
		r.send(sender, "ok."+id+"@relay.example", "rcpt-554."+id+"@relay.example")
	}
	r.outages()
	r.errands()
}

// order sends a message with an order to one of four servers. One that ends
// the session, or a transaction before its recipients are named, goes alone.
func (r *run) order(word string, o order, variant int) {
	domain := []string{"remote.example", "plain.example", "lmtp.example", "socket.example"}[variant]
	sender, rcpts := "someone@senders.example", []string{fmt.Sprintf("%s.%d@%s", word, variant, domain)}
	switch {
	case o.stage == sink.Mail:
		sender, rcpts = fmt.Sprintf("%s.%d@senders.example", word, variant), []string{"ok.1@" + domain}
	case o.reply.Delay > 0:
		rcpts = []string{fmt.Sprintf("%s.%d@slow.example", word, variant)}
	case !o.reply.Drop && o.reply.Code != 421:
		rcpts = append(rcpts, "ok.1@"+domain)
	}
	r.send(sender, rcpts...)
}

// outages: servers that don't answer, or not with mail in mind.
func (r *run) outages() {
	const sender = "someone@senders.example"
	for _, domain := range []string{"busy", "closed", "mute", "gone", "nosocket", "broken"} {
		r.send(sender, "a@"+domain+".example")
		r.send(sender, "b@"+domain+".example", "c@"+domain+".example")
	}
	for i := range 3 { // the first fails, the others are suspended
		r.send(sender, fmt.Sprintf("d%d@down.example", i))
	}
	r.send(sender, "x@nohelo.example")
	r.expected["bounced"]++
	r.send(sender, "x@two.example")             // the first of its servers is down,
	r.send(sender, "rcpt-452.x@second.example") // here both refuse
	r.submit(letter("hello", "hello"), sender, "later@later.example", "later2@later.example")
}

// errands: the sendmail command, address probes, many recipients, soft_bounce.
func (r *run) errands() {
	const sender = "someone@senders.example"
	var many []string
	for i := range 55 { // more than fit in one transaction
		many = append(many, fmt.Sprintf("ok.%d@remote.example", 2000+i))
	}
	r.send(sender, many...)
	r.send(sender, "rcpt-550.soft@soft.example", "ok.soft@soft.example")
	r.send(sender, "ok.probe@verify.example")
	r.expected["deliverable"]++
	r.expected["undeliverable"]++ // the one that refusals have
	r.truth.add(2, removed)       // the probes
	r.submit(letter("hello", "hello"), sender, "ok.submit@remote.example", "ann@example.org")
	r.mailboxes["ann"]++
	r.submit(letter("hello", "hello"), sender, "x@refused.example", "ghost2@mx.example.net")
	r.expected["bounced"] += 2
	r.submit(letter("reject this", "hello"), sender, "ann@example.org", "ok.never@remote.example")
	r.expected["bounced"] += 2 // by cleanup,
	r.truth.add(-1, removed)   // which made no message of it
	r.truth.add(1, contents, "source", "header", "action", "reject")
}

// hostile: addresses and headers that quote log lines.
func (r *run) hostile() {
	for _, local := range []string{
		`"a>, relay=x, status=sent (250 ok)"`,
		`"a>, relay=mx[192.0.2.1]:25, delay=0.1, delays=0/0/0/0, dsn=5.0.0, status=bounced (550 no)"`,
		`"a\">, status=deferred (x)"`,
		`"4C0FFEE: removed"`,
		`"postfix/smtp[1]: 4C0FFEE123: to=<x@y.example>"`,
		`" "`, `""`, `"a@b"`, `to=x`, `'or'1'='1`,
		"пользователь", "a\u2028b", `"\u0085>, status=sent (x)"`,
	} {
		r.send(local+"@senders.example", local+"@remote.example", "rcpt-550.hostile@remote.example")
	}
	for _, id := range []string{
		"<x>, status=sent (250 ok)",
		"to=<a@b.example>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (x)",
		"", strings.Repeat("<long>", 500),
	} {
		r.sendText("From: x\nMessage-ID: "+id+"\nSubject: test\n\nhello", "someone@senders.example", "ok.id@remote.example")
	}
	// The record of this one is cut before its status (util/msg_syslog.c).
	r.send("someone@senders.example", `"`+strings.Repeat("a>, status=sent ", 121)+`"@hole.example`)
	r.expected["truncated"]++
}
