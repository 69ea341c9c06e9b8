package report

import dto "github.com/prometheus/client_model/go"

// What the sections take from the families.

func (m metrics) lines() Lines {
	const family = "postfix_log_lines_total"
	return Lines{
		Parsed:       m.sum(family, "outcome", "parsed"),
		Ignored:      m.sum(family, "outcome", "ignored"),
		Unrecognized: m.sum(family, "outcome", "unrecognized"),
		Foreign:      m.sum(family, "outcome", "foreign"),
		Ambiguous:    m.sum("postfix_log_ambiguous_records_total"),
	}
}

func (m metrics) totals() Totals {
	const deliveries = "postfix_deliveries_total"
	t := Totals{
		Received: m.sum("postfix_messages_received_total"),
		Sent:     m.sum(deliveries, "status", "sent"),
		Deferred: m.sum(deliveries, "status", "deferred"),
		Bounced:  m.sum(deliveries, "status", "bounced"),
		Expired:  m.sum("postfix_messages_expired_total"),
		Rejected: m.sum("postfix_noqueue_rejects_total"),
		Removed:  m.sum("postfix_messages_removed_total"),
	}
	for _, s := range m["postfix_message_size_bytes"] {
		t.BytesReceived += uint64(s.GetHistogram().GetSampleSum())
	}
	return t
}

// outcomes of deliveries by daemon or provider.
func (m metrics) outcomes(by string) []Outcomes {
	g := make(group[string, Outcomes])
	m.each("postfix_deliveries_total", func(s *dto.Metric, n uint64) {
		o := g.at(label(s, by))
		o.Name = label(s, by)
		*o.of(label(s, "status")) += n
	})
	return g.sorted((*Outcomes).total, func(o *Outcomes) string { return o.Name })
}

func (o *Outcomes) of(status string) *uint64 {
	switch status {
	case "sent":
		return &o.Sent
	case "deferred":
		return &o.Deferred
	case "bounced":
		return &o.Bounced
	case "soft_bounced":
		return &o.SoftBounced
	case "deliverable":
		return &o.Deliverable
	case "undeliverable":
		return &o.Undeliverable
	case "truncated":
		return &o.Truncated
	}
	return &o.Other
}

func (o *Outcomes) total() uint64 { return o.Sent + o.Deferred + o.Bounced + o.rest() }

// rest is what is neither sent, deferred nor bounced.
func (o *Outcomes) rest() uint64 {
	return o.SoftBounced + o.Deliverable + o.Undeliverable + o.Truncated + o.Other
}

// classes of failures.
func (m metrics) classes() []Class {
	type key struct{ class, kind string }
	g := make(group[key, Class])
	add := func(family string, field func(*Class) *uint64) {
		m.each(family, func(s *dto.Metric, n uint64) {
			k := key{label(s, "class"), label(s, "kind")}
			c := g.at(k)
			c.Class, c.Kind = k.class, k.kind
			*field(c) += n
		})
	}
	add("postfix_bounces_total", func(c *Class) *uint64 { return &c.Bounced })
	add("postfix_deferrals_total", func(c *Class) *uint64 { return &c.Deferred })
	add("postfix_expirations_total", func(c *Class) *uint64 { return &c.Expired })
	return g.sorted(func(c *Class) uint64 { return c.Bounced + c.Deferred + c.Expired },
		func(c *Class) string { return c.Class + c.Kind })
}

func (m metrics) rejects() []Reject {
	g := make(group[Reject, Reject])
	m.each("postfix_noqueue_rejects_total", func(s *dto.Metric, n uint64) {
		k := Reject{Stage: label(s, "stage"), Code: label(s, "code"), Reason: label(s, "reason")}
		r := g.at(k)
		r.Stage, r.Code, r.Reason = k.Stage, k.Code, k.Reason
		r.Count += n
	})
	return g.sorted(func(r *Reject) uint64 { return r.Count },
		func(r *Reject) string { return r.Stage + " " + r.Code + " " + r.Reason })
}

func (m metrics) server() Server {
	return Server{
		Connects:    m.sum("postfix_smtpd_connections_total"),
		Disconnects: m.sum("postfix_smtpd_disconnections_total"),
		Lost:        m.counts("postfix_smtpd_lost_connections_total", "stage"),
	}
}

func (m metrics) logins() []Login {
	g := make(group[string, Login])
	m.each("postfix_sasl_logins_total", func(s *dto.Metric, n uint64) {
		l := g.at(label(s, "method"))
		l.Method = label(s, "method")
		if label(s, "outcome") == "success" {
			l.Success += n
		} else {
			l.Failure += n
		}
	})
	return g.sorted(func(l *Login) uint64 { return l.Success + l.Failure }, func(l *Login) string { return l.Method })
}

func (m metrics) problems() []Problems {
	g := make(group[string, Problems])
	m.each("postfix_log_messages_total", func(s *dto.Metric, n uint64) {
		severity := label(s, "severity")
		if severity == "info" {
			return
		}
		p := g.at(label(s, "daemon"))
		p.Daemon = label(s, "daemon")
		switch severity {
		case "warning":
			p.Warning += n
		case "error":
			p.Error += n
		case "fatal":
			p.Fatal += n
		case "panic":
			p.Panic += n
		}
	})
	return g.sorted(func(p *Problems) uint64 { return p.Warning + p.Error + p.Fatal + p.Panic },
		func(p *Problems) string { return p.Daemon })
}
