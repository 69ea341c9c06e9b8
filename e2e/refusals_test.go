package e2e

// What our SMTP server refuses, a case a line.

// refusals are sessions of one transaction that is refused at one command.
// An empty client is the stranger, an empty helo its name; senders and
// recipients are good where empty. The client "us" is in mynetworks.
var refusals = []struct {
	client, helo, sender, rcpt string
	code                       int
}{
	{"", "", "", "no-such-user@mx.example.net", 550},
	{"", "", "", "nobody-here@example.org", 550},
	{"", "", "", "someone@elsewhere.example", 554},
	{"", "", "", `"a>, relay=x, status=sent (250 ok)"@elsewhere.example`, 554},
	{"", "", "", `"x; from=<a@b.example> to=<c@d.example> proto=SMTP helo=<e>"@elsewhere.example`, 554},
	{"", "", "", `"[192.0.2.1]: 250 2.0.0 Ok; from=<>"@mx.example.net`, 550},
	{"", "", "", "grey@example.org", 450},
	{"", "", "", "listed@example.org", 554},
	{"", "", "", "full@example.org", 452},
	{"", "", "", "policy@example.org", 554},
	{"", "", "", "retired@example.org", 521},
	{"", "", "", "deferred@example.org", 450},
	{"us", "", "", "ann@localnet", 504},
	{"us", "", "", "later@later.example", 450},
	{"us", "", "", "x@refused.example", 550},
	{"", "", "", "rcpt-550.probe@verify.example", 450},
	{"", "", "nobody", "", 504},
	{"", "", "spam@senders.example", "", 554},
	{"", "", "wait@senders.example", "", 451},
	{"", "", "someone@forged.example", "", 550},
	{"", "", `"<a@b>; from=<x>"@forged.example`, "", 550},
	{"", "localnet", "", "", 504},
	{"", "-bad-.example", "", "", 501},
	{"", "liar.example", "", "", 554},
	{"unknown[192.0.2.66]", "", "", "", 554},
	{"mail.later.example[192.0.2.67]", "", "", "", 421},
	{"unknown[2001:db8::25]", "", "", "someone@elsewhere.example", 554},
	{"mail.sender.example[2001:db8::26]", `x>;proto=SMTP;"a(b)`, "", "", 501},
}

// refuse plays the refusals.
func (r *run) refuse() {
	for _, c := range refusals {
		who, helo, sender, rcpt := or(c.client, stranger), or(c.helo, "mail.sender.example"), or(c.sender, "someone@senders.example"), or(c.rcpt, "ann@example.org")
		if who == "us" {
			who = ""
		}
		s := r.open("SMTP", who, helo)
		s.mail(sender)
		s.refused("RCPT", "RCPT TO:<"+rcpt+">", c.code)
		if c.code == 421 || c.code == 521 {
			s.drained() // Postfix hangs up after these
			continue
		}
		s.quit()
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// misbehave plays what a table can't say: refusals at other stages, partial
// ones, lost connections, limits, and errors that are no rejects.
func (r *run) misbehave() {
	const helo, sender = "mail.sender.example", "someone@senders.example"
	open := func() *client { return r.open("SMTP", stranger, helo) }
	begin := func() *client {
		c := open()
		c.mail(sender)
		c.rcpt("ann@example.org")
		return c
	}

	c := begin() // some recipients of many
	c.refused("RCPT", "RCPT TO:<no-such-user@mx.example.net>", 550)
	c.rcpt("bob@example.org")
	c.refused("RCPT", "RCPT TO:<someone@elsewhere.example>", 554)
	c.refused("RCPT", "RCPT TO:<grey@example.org>", 450)
	c.data(letter("partly", "hello"), 250)
	r.mailboxes["ann"]++
	r.mailboxes["bob"]++
	c.quit()

	c = open() // too big, said at MAIL and found out in DATA
	c.refused("MAIL", "MAIL FROM:<"+sender+"> SIZE=200000", 552)
	c.quit()
	c = open()
	c.mail(sender)
	c.rcpt("ann@example.org")
	c.data(letter("big", bigBody), 552)
	c.quit()

	c = open() // refused at DATA and at its end
	c.mail("data-reject@senders.example")
	c.rcpt("ann@example.org")
	c.refused("DATA", "DATA", 554)
	c.say("RSET", 250)
	c.mail("eod-reject@senders.example")
	c.rcpt("ann@example.org")
	c.say("DATA", 354)
	c.refused("END-OF-MESSAGE", letter("eod", "hello")+"\r\n.", 554)
	c.quit()

	c = open() // errors that are no rejects
	c.say("VRFY ann@example.org", 252)
	c.refused("VRFY", "VRFY no-such-user@mx.example.net", 550)
	c.say("EXPN staff", 500)
	c.say("FOO to=<a@b.example>, relay=x, status=sent (250 ok)", 500)
	c.say("RCPT TO:<ann@example.org>", 503)
	c.say("MAIL", 501)
	c.say("NOOP", 250)
	c.refused("ETRN", "ETRN forbidden.example", 554)
	c.say("ETRN nowhere.example", 459)
	c.quit()

	r.dial("SMTP").hangUp("CONNECT")
	c = open()
	c.hangUp("EHLO")
	c = open()
	c.mail(sender)
	c.hangUp("MAIL")
	begin().hangUp("RCPT")
	c = begin()
	c.say("DATA", 354)
	c.send("Subject: cut off\r\n\r\nhello")
	c.hangUp("DATA")
	c = begin()
	c.say("RSET", 250)
	c.hangUp("other") // RSET is no stage of its own

	c = r.dial("SMTP") // no HELO, and HTTP
	c.say("MAIL FROM:<"+sender+">", 503)
	c.quit()
	c = r.dial("SMTP")
	c.say("GET / HTTP/1.1", 221)
	c.drained()

	r.limits()
	r.early()
}

// limits meets the tight limits of the service LIMITED, and smtpd's on errors.
func (r *run) limits() {
	const sender = "someone@senders.example"
	c := r.dialFrom("127.0.0.9", "LIMITED") // who may say XCLIENT has no limits
	c.say("EHLO client.example.net", 250)
	c.say("MAIL FROM:<"+sender+">", 250)
	c.say("RSET", 250)
	c.say("MAIL FROM:<"+sender+">", 250)
	c.say("RSET", 250)
	c.say("MAIL FROM:<"+sender+">", 450)
	c.fallSilent("MAIL")

	c = r.dialFrom("127.0.0.9", "LIMITED")
	c.say("EHLO client.example.net", 250)
	c.fallSilent("EHLO")

	c = r.open("SMTP", stranger, "mail.sender.example")
	c.mail(sender)
	for range 19 {
		c.refused("RCPT", "RCPT TO:<no-such-user@mx.example.net>", 550)
	}
	c.refused("RCPT", "RCPT TO:<no-such-user@mx.example.net>", 550)
	c.send("NOOP")
	c.want(421, "one error too many")
	c.drained()
}

// early meets the service EARLY, which refuses at once.
func (r *run) early() {
	c := r.dial("EARLY")
	c.xclient(stranger)
	c.refused("EHLO", "EHLO localnet", 504)
	c.refused("HELO", "HELO -bad-.example", 501)
	c.refused("HELO", `HELO x; from=<a@b.example> to=<c@d.example> proto=SMTP helo=<e>`, 501)
	c.say("EHLO mail.sender.example", 250)
	c.refused("MAIL", "MAIL FROM:<spam@senders.example>", 554)
	c.refused("MAIL", "MAIL FROM:<nobody>", 504)
	c.mail("someone@senders.example")
	c.refused("RCPT", "RCPT TO:<grey@example.org>", 450)
	c.quit()
}
