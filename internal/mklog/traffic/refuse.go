package traffic

// These stories bring no message in.

// turnedAway is a session whose recipient, sender or client we refuse.
func turnedAway(s *script) {
	s.m.client = s.g.stranger()
	s.m.from = s.g.address(senderDomains)
	s.m.to = s.g.recipientOf(s.g.localPlace())
	tag := "postfix/smtpd"
	smtpd := s.g.pool(tag)
	pid := smtpd.take(s.at)
	if s.g.random.IntN(5) == 0 {
		s.warn(tag, pid, "hostname pool-%n.dyn.example.net does not resolve to address %a: Name or service not known")
		s.m.client.name = "unknown"
	}
	s.say(tag, pid, "connect from %c")
	s.wait(0.6 * second)
	s.say(tag, pid, "NOQUEUE: "+s.g.pick(rejects))
	s.wait(0.3 * second)
	if s.g.random.IntN(4) == 0 {
		s.say(tag, pid, "lost connection after RCPT from %c")
		s.say(tag, pid, "disconnect from %c ehlo=1 mail=1 rcpt=0/1 commands=2/3")
	} else {
		s.say(tag, pid, "disconnect from %c ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4")
	}
	smtpd.give(pid, s.at)
}

// passingBy connects and does little.
func passingBy(s *script) {
	s.m.client = s.g.stranger()
	tag := "postfix/smtpd"
	smtpd := s.g.pool(tag)
	pid := smtpd.take(s.at)
	s.say(tag, pid, "connect from %c")
	s.wait(2 * second)
	v := visits[s.g.random.IntN(len(visits))]
	if v.trouble != "" {
		s.say(tag, pid, v.trouble)
	}
	s.say(tag, pid, "disconnect from %c"+v.counts)
	smtpd.give(pid, s.at)
}

// guesser tries passwords.
func guesser(s *script) {
	tag := "postfix/submission/smtpd"
	s.m.client, s.m.login = s.g.stranger(), s.g.address(ourDomains)
	smtpd := s.g.pool(tag)
	pid := smtpd.take(s.at)
	s.say(tag, pid, "connect from %c")
	s.wait(3 * second)
	s.warn(tag, pid, s.g.pick(wrongLogins))
	s.say(tag, pid, "lost connection after AUTH from %c")
	s.say(tag, pid, "disconnect from %c ehlo=1 auth=0/1 commands=1/2")
	smtpd.give(pid, s.at)
}

// screened is a client that postscreen(8) looks at.
func screened(s *script) {
	tag := "postfix/postscreen"
	pid := s.g.resident(tag)
	s.m.client = s.g.stranger()
	s.m.from = s.g.address(senderDomains)
	s.m.to = s.g.recipientOf(s.g.localPlace())
	s.say(tag, pid, "CONNECT from [%a]:%p to [198.51.100.7]:25")
	s.wait(0.4 * second)
	switch n := s.g.random.IntN(10); {
	case n < 4:
		s.say(tag, pid, "PASS OLD [%a]:%p")
		return
	case n < 5:
		s.wait(5 * second)
		s.say(tag, pid, "PASS NEW [%a]:%p")
		return
	case n < 7:
		s.say("postfix/dnsblog", s.g.resident("postfix/dnsblog"), "addr %a listed by domain dnsbl.example.org as 127.0.0.2")
		s.say(tag, pid, "DNSBL rank 3 for [%a]:%p")
		s.wait(2 * second)
		s.say(tag, pid, "NOQUEUE: reject: RCPT from [%a]:%p: 550 5.7.1 Service unavailable; client [%a] blocked using dnsbl.example.org; from=<%f>, to=<%t>, proto=ESMTP, helo=<%h>")
	case n < 9:
		s.say(tag, pid, `PREGREET 14 after 0.%n from [%a]:%p: EHLO User\r\n`)
	default:
		s.say(tag, pid, "HANGUP after 0.%n from [%a]:%p in tests before SMTP handshake")
	}
	s.say(tag, pid, "DISCONNECT [%a]:%p")
}

// contentChecked is a message that a header check or a milter refuses.
func contentChecked(s *script) {
	s.m.client = s.g.server()
	tag := "postfix/smtpd"
	smtpd, cleanup := s.g.pool(tag), s.g.pool("postfix/cleanup")
	pid := smtpd.take(s.at)
	s.say(tag, pid, "connect from %c")
	s.wait(0.5 * second)
	s.begin(s.g.address(senderDomains), s.g.recipientOf(s.g.localPlace()))
	s.say(tag, pid, "%q: client=%c")
	cleaner := cleanup.take(s.at)
	s.say("postfix/cleanup", cleaner, "%q: message-id=%m")
	s.say("postfix/cleanup", cleaner, s.g.pick(contentActions))
	cleanup.give(cleaner, s.at)
	s.say(tag, pid, "disconnect from %c ehlo=1 mail=1 rcpt=1 data=0/1 quit=1 commands=4/5")
	smtpd.give(pid, s.at)
}

var rejects = []row{
	{20, "reject: RCPT from %c: 554 5.7.1 Service unavailable; Client host [%a] blocked using dnsbl.example.org; Listed by the example list, reason %n; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{16, "reject: RCPT from %c: 550 5.1.1 <%t>: Recipient address rejected: User unknown in virtual mailbox table; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{8, "reject: RCPT from %c: 550 5.1.1 <%t>: Recipient address rejected: User unknown in local recipient table; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{14, "reject: RCPT from %c: 454 4.7.1 <%n@elsewhere.example.net>: Relay access denied; from=<%f> to=<%n@elsewhere.example.net> proto=ESMTP helo=<%h>"},
	{10, "reject: RCPT from %c: 450 4.7.1 Client host rejected: cannot find your reverse hostname, [%a]; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{8, "reject: RCPT from %c: 450 4.7.25 Client host rejected: cannot find your hostname, [%a]; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{6, "reject: RCPT from %c: 504 5.5.2 <%h>: Helo command rejected: need fully-qualified hostname; from=<%f> to=<%t> proto=SMTP helo=<%h>"},
	{5, "reject: RCPT from %c: 450 4.7.1 <%h>: Helo command rejected: Host not found; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{6, "reject: RCPT from %c: 450 4.1.8 <%f>: Sender address rejected: Domain not found; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{8, "reject: RCPT from %c: 450 4.2.0 <%t>: Recipient address rejected: Greylisted, see you in %n seconds; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{4, "reject: RCPT from %c: 550 5.7.23 <%t>: Recipient address rejected: Message rejected due to: SPF fail - not authorized; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{3, "reject: MAIL from %c: 552 5.3.4 Message size exceeds fixed limit; proto=ESMTP helo=<%h>"},
	{3, "reject: MAIL from %c: 530 5.7.0 Must issue a STARTTLS command first; from=<%f> proto=ESMTP helo=<%h>"},
	{2, "reject: CONNECT from %c: 554 5.7.1 <%c>: Client host rejected: Access denied; proto=SMTP"},
	{2, "reject_warning: RCPT from %c: 554 5.7.1 <%f>: Sender address rejected: on trial; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{3, "milter-reject: RCPT from %c: 451 4.7.1 Service unavailable - try again later; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
}

var visits = []struct{ trouble, counts string }{
	{"lost connection after CONNECT from %c", " commands=0/0"},
	{"lost connection after CONNECT from %c", " commands=0/0"},
	{"lost connection after EHLO from %c", " ehlo=1 commands=1"},
	{"lost connection after STARTTLS from %c", " ehlo=1 starttls=1 commands=2"},
	{"timeout after CONNECT from %c", " commands=0/0"},
	{"timeout after DATA (%n bytes) from %c", " ehlo=1 mail=1 rcpt=1 data=0/1 commands=3/4"},
	{"too many errors after AUTH from %c", " ehlo=1 auth=0/20 commands=1/21"},
	{"improper command pipelining after CONNECT from %c: GET / HTTP/1.1\\r\\nHost: 198.51.100.7", " unknown=0/1 commands=0/1"},
	{"SSL_accept error from %c: lost connection", " ehlo=1 starttls=0/1 commands=1/2"},
	{"", " ehlo=1 quit=1 commands=2"},
}

var wrongLogins = []row{
	{5, "%c: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=%l"},
	{3, "%c: SASL PLAIN authentication failed: authentication failure, sasl_username=%l"},
	{1, "%c: SASL LOGIN authentication failed: Connection lost to authentication server"},
}

var contentActions = []row{
	{4, "%q: milter-reject: END-OF-MESSAGE from %c: 5.7.1 Spam message rejected; from=<%f> to=<%t> proto=ESMTP helo=<%h>"},
	{2, "%q: reject: header Subject: You have won %N from %c; from=<%f> to=<%t> proto=ESMTP helo=<%h>: 5.7.1 we do not play"},
	{1, "%q: reject: body http://prizes.example.net/%x from %c; from=<%f> to=<%t> proto=ESMTP helo=<%h>: 5.7.1 no such links here"},
}
