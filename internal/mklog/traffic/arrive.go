package traffic

import "strconv"

// These stories bring a message in; deliver takes it on.

const second = 1e6 // microseconds

// begin gives the message its queue id, in the microsecond of its client= line.
func (s *script) begin(from string, recipients ...recipient) {
	s.m.id, s.m.from, s.m.arrived = s.g.ids.next(s.at), from, s.at
	s.m.size = 700 + int(s.g.random.ExpFloat64()*45_000)
	s.m.messageID = s.g.pick(messageIDs)
	s.m.waiting = recipients
	s.m.to = recipients[0]
}

// queue takes the message through cleanup to the queue manager.
func (s *script) queue() {
	cleanup := s.g.pool("postfix/cleanup")
	pid := cleanup.take(s.at)
	s.wait(0.01 * second)
	s.say("postfix/cleanup", pid, "%q: message-id=%m")
	s.wait(0.05 * second)
	cleanup.give(pid, s.at)
	s.g.schedule(s.m, s.at)
}

// schedule plans the next attempt to deliver a message.
func (g *Generator) schedule(m *mail, at int64) {
	g.plan.push(entry{at: at, retry: m})
}

// inbound is mail for our domains from another server.
func inbound(s *script) {
	s.m.client = s.g.server()
	smtpd := s.g.pool("postfix/smtpd")
	pid := smtpd.take(s.at)
	s.say("postfix/smtpd", pid, "connect from %c")
	s.wait(0.2 * second)
	tls := s.g.random.IntN(10) < 8
	if tls {
		s.say("postfix/smtpd", pid, s.g.pick(tlsFromClients))
		s.wait(0.1 * second)
	}
	s.begin(s.g.address(senderDomains), s.g.recipients(s.g.localPlace)...)
	s.say("postfix/smtpd", pid, "%q: client=%c")
	n := len(s.m.waiting)
	s.queue()
	s.wait(0.2 * second)
	s.bye(pid, "postfix/smtpd", tls, false, 1, n)
	smtpd.give(pid, s.at)
}

// submission is mail of our own people, who log in.
func submission(s *script) {
	tag := s.g.one([]string{"postfix/submission/smtpd", "postfix/submission/smtpd", "postfix/smtps/smtpd"})
	s.m.client, s.m.login = s.g.person(), s.g.address(ourDomains)
	smtpd := s.g.pool(tag)
	pid := smtpd.take(s.at)
	s.say(tag, pid, "connect from %c")
	s.wait(0.3 * second)
	s.say(tag, pid, s.g.pick(tlsFromClients))
	s.wait(0.3 * second)
	s.begin(s.m.login, s.g.recipients(s.g.remotePlace)...)
	s.say(tag, pid, "%q: client=%c, sasl_method="+s.g.one([]string{"PLAIN", "PLAIN", "LOGIN"})+", sasl_username=%l")
	n := len(s.m.waiting)
	s.queue()
	s.wait(0.5 * second)
	s.bye(pid, tag, true, true, 1, n)
	smtpd.give(pid, s.at)
}

// application sends some messages in one session, in plain text.
func application(s *script) {
	sender := s.g.application()
	s.m.client = sender
	smtpd := s.g.pool("postfix/smtpd")
	pid := smtpd.take(s.at)
	s.say("postfix/smtpd", pid, "connect from %c")
	messages := 1 + s.g.random.IntN(4)
	recipients := 0
	for range messages {
		s.wait(0.05 * second)
		s.m = &mail{client: sender}
		s.begin("bounce+"+s.g.one(roles)+strconv.Itoa(s.g.random.IntN(100_000))+"@example.com", s.g.recipients(s.g.remotePlace)...)
		s.say("postfix/smtpd", pid, "%q: client=%c")
		recipients += len(s.m.waiting)
		s.queue()
	}
	s.wait(0.05 * second)
	s.bye(pid, "postfix/smtpd", false, false, messages, recipients)
	smtpd.give(pid, s.at)
}

// pickup is mail of this host's own programs.
func pickup(s *script) {
	tag := "postfix/pickup"
	s.begin("root@mx1.example.com", s.g.recipients(s.g.localPlace)...)
	s.m.from = s.g.one([]string{"root", "www-data", "backup"})
	s.say(tag, s.g.resident(tag), "%q: uid=%n from=<%f>")
	s.m.from += "@mx1.example.com"
	s.queue()
}

// bye ends a session that brought messages, and counts its commands.
func (s *script) bye(pid int, tag string, tls, login bool, messages, recipients int) {
	b := s.g.expand(s.g.buffer(), "disconnect from %c", s.m)
	total := 0
	count := func(name string, n int) {
		b = strconv.AppendInt(append(b, name...), int64(n), 10)
		total += n
	}
	if tls {
		count(" ehlo=", 2)
		count(" starttls=", 1)
	} else {
		count(" ehlo=", 1)
	}
	if login {
		count(" auth=", 1)
	}
	count(" mail=", messages)
	count(" rcpt=", recipients)
	count(" data=", messages)
	count(" quit=", 1)
	b = strconv.AppendInt(append(b, " commands="...), int64(total), 10)
	s.write(tag, pid, info, b)
}

var messageIDs = []row{
	{5, "<%x.%N@shop.example.net>"},
	{3, "<%x%x%x@mail.example.org>"},
	{2, "<20261121080005.%X@mx1.example.com>"},
	{2, "<0102018f%X-%N-%x-000000@eu-west-1.example.net>"},
}

var tlsFromClients = []row{
	{6, "Anonymous TLS connection established from %c: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256"},
	{2, "Anonymous TLS connection established from %c: TLSv1.3 with cipher TLS_AES_128_GCM_SHA256 (128/128 bits) key-exchange X25519 server-signature ECDSA (P-256) server-digest SHA256"},
	{2, "Anonymous TLS connection established from %c: TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)"},
	{1, "Untrusted TLS connection established from %c: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256 client-signature RSA-PSS (2048 bits) client-digest SHA256"},
}
