package traffic

import "strings"

// Queue times of this host (qmgr(8)); the lifetime is short so that an hour of
// log has messages that expire.
const (
	minimalBackoff = 300 * second
	maximalBackoff = 1200 * second
	queueLifetime  = 3600 * second
)

// deliver is one activation of a message: an attempt for each recipient that
// waits.
func (g *Generator) deliver(m *mail, at int64) {
	s := &script{g: g, m: m, at: at}
	m.attempts++
	pid := g.resident("postfix/qmgr")
	text := g.expand(g.buffer(), "%q: from=<%f>, size=%z, nrcpt=", m)
	text = append(appendInt(text, len(m.waiting)), " (queue active)"...)
	s.write("postfix/qmgr", pid, info, text)

	waiting := m.waiting[:0]
	for i := range m.waiting {
		m.to = m.waiting[i]
		if s.attempt() {
			waiting = append(waiting, m.to)
		}
	}
	m.waiting = waiting
	s.wait(0.001 * second)
	switch {
	case len(waiting) == 0:
	case s.at-m.arrived < queueLifetime:
		g.schedule(m, s.at+g.backoff(m))
		return
	default:
		s.say("postfix/qmgr", pid, "%q: from=<%f>, status=expired, returned to sender")
		m.bounced = true
	}
	if m.bounced && m.from != "" {
		s.notify()
	}
	s.say("postfix/qmgr", pid, "%q: removed")
}

// backoff is as long as the message is old, within limits.
func (g *Generator) backoff(m *mail) int64 {
	d := int64(minimalBackoff) << min(m.attempts-1, 3)
	return min(d, int64(maximalBackoff)) + int64(g.random.IntN(60*second))
}

// attempt delivers to one recipient and says whether it still waits.
func (s *script) attempt() (waits bool) {
	to := &s.m.to
	outcome := s.g.outcome(to)
	reason := string(s.g.expand(nil, outcome.text, s.m))
	if outcome.unreached {
		to.relay = "none"
	}
	tag := to.place.tag
	if strings.HasPrefix(reason, "delivery temporarily suspended") {
		tag = "postfix/error"
	}
	daemon := s.g.pool(tag)
	start := s.at
	pid := daemon.take(start)
	setup := s.connect(tag, pid, outcome, reason)
	transmission := s.wait(to.place.pace)
	daemon.give(pid, s.at+1000)

	b := s.g.expand(s.g.buffer(), "%q: to=<%t>", s.m)
	if to.original != "" {
		b = append(append(append(b, ", orig_to=<"...), to.original...), '>')
	}
	b = s.g.expand(b, ", relay=%r", s.m)
	b = s.appendDelays(b, start, setup, transmission)
	b = append(append(b, ", dsn="...), outcome.dsn...)
	b = append(append(b, ", status="...), outcome.status...)
	b = append(append(append(b, " ("...), reason...), ')')
	s.write(tag, pid, info, b)

	to.trouble = outcome
	s.m.bounced = s.m.bounced || outcome.status == "bounced"
	if outcome.status != "deferred" {
		return false
	}
	to.relay = s.g.relay(to.place)
	return true
}

// connect opens the connection to a server and returns how long that took.
func (s *script) connect(tag string, pid int, outcome *reply, reason string) int64 {
	place := s.m.to.place
	if !place.remote {
		return 0
	}
	setup := s.wait(0.3 * second)
	if outcome.unreached {
		if strings.HasPrefix(reason, "connect to ") {
			s.write(tag, pid, info, append(s.g.buffer(), reason...))
		}
		return setup
	}
	if place.tls {
		s.say(tag, pid, s.g.pick(tlsToServers))
	}
	if outcome.status == "sent" && s.g.random.IntN(60) == 0 {
		s.say(tag, pid, "%q: host %s said: 451 4.3.2 Please try again on another server (in reply to RCPT TO command)")
	}
	return setup
}

// appendDelays writes delay= and delays= (global/log_adhoc.c).
func (s *script) appendDelays(b []byte, start, setup, transmission int64) []byte {
	before := start - s.m.arrived
	queued := int64(3000)
	if s.g.random.IntN(20) == 0 && s.m.to.place.remote {
		b = appendInt(append(b, ", conn_use="...), 2+s.g.random.IntN(8))
		setup = 0
	}
	b = appendSeconds(append(b, ", delay="...), before+queued+setup+transmission)
	b = appendSeconds(append(b, ", delays="...), before)
	b = appendSeconds(append(b, '/'), queued)
	b = appendSeconds(append(b, '/'), setup)
	return appendSeconds(append(b, '/'), transmission)
}

// notify tells the sender (bounce(8)); the notification is a message too.
func (s *script) notify() {
	m := &mail{client: s.m.client, size: s.m.size + 2500}
	m.waiting = []recipient{s.g.returnTo(s.m.from)}
	m.to = m.waiting[0]
	notice := &script{g: s.g, m: m, at: s.at}
	m.id, m.arrived, m.messageID = s.g.ids.next(s.at), s.at, "<20261121080005.%Q@mx1.example.com>"
	m.other = m.id
	notice.queue()
	s.m.other = m.id
	s.at = notice.at
	bounce := s.g.pool("postfix/bounce")
	pid := bounce.take(s.at)
	s.say("postfix/bounce", pid, "%q: sender non-delivery notification: %Q")
	bounce.give(pid, s.at)
}
