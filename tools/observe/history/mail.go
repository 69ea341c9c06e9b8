package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// mail is a message on its way out, to one recipient.
type mail struct {
	id, from, to string
	size         int
	place        *Destination
	arrived      time.Time
	trouble      string // the last attempt's, a key of Replies
	reason       string // and its text
	attempts     int
	outage       bool // the last attempt failed by what is certain
}

// outgoing is a message of our own people or programs to somebody else.
func (s *simulation) outgoing(at time.Time) {
	m := &mail{id: s.id(), place: s.place(), size: 1500 + int(s.random.ExpFloat64()*40_000)}
	m.to = fmt.Sprintf("user%d@%s", s.random.IntN(9000), m.place.Domain)
	m.from = fmt.Sprintf("person%d@example.com", s.random.IntN(200))
	switch s.random.IntN(10) {
	case 0:
		m.from = "www-data@example.com"
		s.line(at, "postfix/pickup", 1001, "%s: uid=33 from=<www-data>", m.id)
	case 1, 2, 3:
		s.session(at, "postfix/smtpd", m.id, "app.example.com[198.51.100.20]", "")
	default:
		s.session(at, "postfix/submission/smtpd", m.id, "client.example.net[203.0.113.9]", ", sasl_method=PLAIN, sasl_username="+m.from)
	}
	m.arrived = at.Add(s.about(0.15))
	s.line(m.arrived, "postfix/cleanup", s.pid(), "%s: message-id=<%s@mx1.example.com>", m.id, m.id)
	s.later(m.arrived.Add(s.about(0.03)), func(at time.Time) { s.attempt(m, at) })
}

// session is the client's, from connect to disconnect.
func (s *simulation) session(at time.Time, tag, id, client, login string) {
	pid := s.pid()
	s.line(at.Add(-s.about(0.4)), tag, pid, "connect from %s", client)
	s.line(at.Add(-s.about(0.1)), tag, pid, "Anonymous TLS connection established from %s: %s with cipher %s (256/256 bits)", client,
		s.one("TLSv1.3", "TLSv1.3", "TLSv1.3", "TLSv1.2"), s.one("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"))
	s.line(at, tag, pid, "%s: client=%s%s", id, client, login)
	auth, n := "", 6
	if login != "" {
		auth, n = " auth=1", 7
	}
	s.line(at.Add(s.about(0.9)), tag, pid, "disconnect from %s ehlo=1 starttls=1%s mail=1 rcpt=1 data=1 quit=1 commands=%d", client, auth, n)
}

func (s *simulation) place() *Destination {
	n := s.random.Float64()
	all := s.host.Destinations
	for i := range all {
		if n -= all[i].Share; n < 0 {
			return &all[i]
		}
	}
	return &all[len(all)-1]
}

// attempt is one to deliver, and plans the next where it fails for now.
func (s *simulation) attempt(m *mail, at time.Time) {
	delete(s.waiting, m)
	s.line(at, "postfix/qmgr", 1002, "%s: from=<%s>, size=%d, nrcpt=1 (queue active)", m.id, m.from, m.size)
	m.attempts++
	queued, setup, transfer := s.about(0.004), s.about(0.25), s.about(m.place.Pace)
	trouble := s.outcome(m, at)
	reply, failed := Replies[trouble]
	relay := fmt.Sprintf("%s[%s]:25", m.place.Relay, m.place.Address)
	status, dsn, text := "sent", "2.0.0", "250 2.0.0 OK"
	if failed {
		status, dsn, text = reply.Status, reply.DSN, m.fill(reply.Text)
	}
	switch {
	case reply.Unreached:
		relay, setup, transfer = "none", s.about(20), 0
		if strings.HasPrefix(text, "connect to ") {
			s.line(at.Add(setup), "postfix/smtp", s.pid(), "%s", text)
		}
	case reply.DSN != "4.7.5":
		s.line(at.Add(queued+setup), "postfix/smtp", s.pid(), "%s TLS connection established to %s: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)", s.one("Trusted", "Trusted", "Untrusted"), relay)
	}
	before := at.Sub(m.arrived)
	end := at.Add(queued + setup + transfer)
	s.line(end, "postfix/smtp", s.pid(), "%s: to=<%s>, relay=%s, delay=%.2f, delays=%.2f/%.2g/%.2g/%.2g, dsn=%s, status=%s (%s)", m.id, m.to, relay,
		(before + queued + setup + transfer).Seconds(), before.Seconds(), queued.Seconds(), setup.Seconds(), transfer.Seconds(), dsn, status, text)
	m.trouble, m.reason = trouble, text
	s.after(m, status, end)
}

// after is what the queue manager does then.
func (s *simulation) after(m *mail, status string, end time.Time) {
	soon := end.Add(2 * time.Millisecond)
	switch {
	case status == "deferred" && end.Sub(m.arrived) < s.host.Lifetime:
		s.waiting[m] = true
		wait := min(300*time.Second<<min(m.attempts-1, 3), 4000*time.Second)
		s.later(end.Add(wait+time.Duration(s.random.IntN(60))*time.Second), func(at time.Time) { s.attempt(m, at) })
		return
	case status == "deferred":
		s.line(soon, "postfix/qmgr", 1002, "%s: from=<%s>, status=expired, returned to sender", m.id, m.from)
	}
	if status != "sent" {
		s.line(soon, "postfix/bounce", s.pid(), "%s: sender non-delivery notification: %s", m.id, s.id())
	}
	s.line(soon.Add(time.Millisecond), "postfix/qmgr", 1002, "%s: removed", m.id)
}

// outcome is a key of Replies, or "" for sent.
func (s *simulation) outcome(m *mail, at time.Time) string {
	mix := s.scenario.mixOf(at, s.host.Instance, m.place.Provider)
	over := m.outage
	m.outage = mix.certain()
	if last, failed := Replies[m.trouble]; failed && !over && !m.outage {
		if s.chance(last.Persists) {
			return m.trouble
		}
		return ""
	}
	n := s.random.Float64()
	for _, class := range slices.Sorted(maps.Keys(mix)) {
		if n -= mix[class]; n < 0 {
			return class
		}
	}
	return ""
}

func (m *mail) fill(text string) string {
	return strings.NewReplacer("%r", m.place.Relay+"["+m.place.Address+"]", "%s", m.place.Relay, "%a", m.place.Address, "%d", m.place.Domain, "%t", m.to).Replace(text)
}
