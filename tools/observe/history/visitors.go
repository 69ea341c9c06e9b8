package history

import (
	"fmt"
	"time"
)

// incoming is a message for our own people, delivered at home.
func (s *simulation) incoming(at time.Time) {
	id, client := s.id(), fmt.Sprintf("mail.sender%d.example.org[192.0.2.%d]", s.random.IntN(40), 100+s.random.IntN(100))
	s.session(at, "postfix/smtpd", id, client, "")
	at = at.Add(s.about(0.2))
	s.line(at, "postfix/cleanup", s.pid(), "%s: message-id=<%s@sender.example.org>", id, id)
	if s.chance(0.01) {
		s.line(at, "postfix/cleanup", s.pid(), "%s: milter-reject: END-OF-MESSAGE from %s: 5.7.1 Spam message rejected; from=<a@sender.example.org> to=<person1@example.com> proto=ESMTP helo=<mail>", id, client)
		return
	}
	size := 1500 + int(s.random.ExpFloat64()*60_000)
	s.line(at.Add(time.Millisecond), "postfix/qmgr", 1002, "%s: from=<a@sender.example.org>, size=%d, nrcpt=1 (queue active)", id, size)
	took := s.about(0.06)
	s.line(at.Add(took), "postfix/lmtp", s.pid(), "%s: to=<person%d@example.com>, relay=mx1.example.com[private/dovecot-lmtp], delay=%.2f, delays=0.2/0/0.01/%.2g, dsn=2.0.0, status=sent (250 2.0.0 Saved)",
		id, s.random.IntN(200), 0.21+took.Seconds(), took.Seconds())
	s.line(at.Add(took+time.Millisecond), "postfix/qmgr", 1002, "%s: removed", id)
}

// visit is somebody who is turned away, or does nothing good.
func (s *simulation) visit(at time.Time) {
	client := fmt.Sprintf("unknown[203.0.113.%d]", s.random.IntN(250))
	switch n := s.random.Float64(); {
	case n < 0.45:
		s.screened(at)
	case n < 0.75:
		s.turnedAway(at, client)
	case n < 0.92:
		s.guesser(at, client)
	case n < 0.99:
		pid := s.pid()
		s.line(at, "postfix/smtpd", pid, "connect from %s", client)
		s.line(at.Add(s.about(4)), "postfix/smtpd", pid, "lost connection after %s from %s", s.one("CONNECT", "CONNECT", "EHLO", "STARTTLS", "DATA"), client)
		s.line(at.Add(s.about(9)), "postfix/smtpd", pid, "disconnect from %s ehlo=1 commands=1", client)
	default:
		s.line(at, "postfix/smtpd", s.pid(), "warning: hostname pool.dyn.example.net does not resolve to address 203.0.113.7: Name or service not known")
		s.line(at, "dovecot", 77, "imap-login: Login: user=<person1>, method=PLAIN")
		if s.chance(0.7) {
			s.line(at, "postfix/tlsproxy", s.pid(), "a sentence of a later version")
		}
	}
}

// rejections are Postfix's own sentences; %[1]s is the client.
var rejections = []string{
	"RCPT from %[1]s: 554 5.7.1 Service unavailable; Client host [203.0.113.4] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.4; from=<a@spam.example> to=<person1@example.com> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 554 5.7.1 Service unavailable; Client host [203.0.113.4] blocked using bl.spamcop.net; from=<a@spam.example> to=<person1@example.com> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in virtual mailbox table; from=<a@spam.example> to=<nobody@example.com> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 550 5.1.1 <info7@example.com>: Recipient address rejected: User unknown in virtual mailbox table; from=<a@spam.example> to=<info7@example.com> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 454 4.7.1 <x@elsewhere.example.net>: Relay access denied; from=<a@spam.example> to=<x@elsewhere.example.net> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.4]; from=<a@spam.example> to=<person1@example.com> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname; from=<a@spam.example> to=<person1@example.com> proto=SMTP helo=<x>",
	"RCPT from %[1]s: 450 4.2.0 <person1@example.com>: Recipient address rejected: Greylisted, see you in 300 seconds; from=<a@new.example> to=<person1@example.com> proto=ESMTP helo=<x>",
	"RCPT from %[1]s: 550 5.7.23 <person1@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized; from=<a@spam.example> to=<person1@example.com> proto=ESMTP helo=<x>",
}

func (s *simulation) turnedAway(at time.Time, client string) {
	pid := s.pid()
	s.line(at, "postfix/smtpd", pid, "connect from %s", client)
	s.line(at.Add(s.about(0.6)), "postfix/smtpd", pid, "NOQUEUE: reject: "+s.one(rejections...), client)
	s.line(at.Add(s.about(3)), "postfix/smtpd", pid, "disconnect from %s ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", client)
}

// guesser tries a password.
func (s *simulation) guesser(at time.Time, client string) {
	pid, tag := s.pid(), s.one("postfix/submission/smtpd", "postfix/submission/smtpd", "postfix/smtpd")
	s.line(at, tag, pid, "connect from %s", client)
	s.line(at.Add(s.about(2)), tag, pid, "warning: %s: SASL %s authentication failed: authentication failure, sasl_username=admin", client, s.one("LOGIN", "LOGIN", "PLAIN"))
	s.line(at.Add(s.about(8)), tag, pid, "lost connection after AUTH from %s", client)
	s.line(at.Add(s.about(8)+10*time.Second), tag, pid, "disconnect from %s ehlo=1 auth=0/1 commands=1/2", client)
}

// screened is a client that postscreen looks at.
func (s *simulation) screened(at time.Time) {
	who := fmt.Sprintf("[203.0.113.%d]:%d", s.random.IntN(250), 20000+s.random.IntN(30000))
	say := func(after float64, text string) {
		s.line(at.Add(time.Duration(after*float64(time.Second))), "postfix/postscreen", 1003, "%s", text)
	}
	say(0, "CONNECT from "+who+" to [198.51.100.7]:25")
	switch s.random.IntN(5) {
	case 0, 1:
		say(0.1, "PASS OLD "+who)
		return
	case 2:
		say(6, "PASS NEW "+who)
		return
	case 3:
		say(1, "DNSBL rank 3 for "+who)
	case 4:
		say(0.2, "PREGREET 14 after 0.2 from "+who+`: EHLO User\r\n`)
	}
	say(7, "DISCONNECT "+who)
}
