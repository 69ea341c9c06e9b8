package history

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
	"postfix_exporter/web"
)

// What a replay tells a host beyond its scenario.

// Line plans a line of the host's log. A time that has been played comes at once.
func (r *Running) Line(at time.Time, tag string, pid int, format string, values ...any) {
	r.sim.line(later(at, r.sim.now), tag, pid, format, values...)
}

// Send plans a message to somebody else by a user who is logged in, from the client
// that Postfix would name. What becomes of it is the scenario's.
func (r *Running) Send(at time.Time, from, client string) {
	r.sim.later(later(at, r.sim.now), func(at time.Time) {
		s := r.sim
		m := &mail{id: s.id(), place: s.place(), size: 2000, from: from, arrived: at.Add(s.about(0.15))}
		m.to = fmt.Sprintf("victim%d@%s", s.random.IntN(90_000), m.place.Domain)
		s.session(at, "postfix/submission/smtpd", m.id, client, ", sasl_method=LOGIN, sasl_username="+from)
		s.line(m.arrived, "postfix/cleanup", s.pid(), "%s: message-id=<%s@mx1.example.com>", m.id, m.id)
		s.later(m.arrived.Add(s.about(0.03)), func(at time.Time) { s.attempt(m, at) })
	})
}

// Collector is what the exporter's engine answers, without its process.
func (r *Running) Collector() prometheus.Collector { return r.engine }

// Rotate says that the log was rotated, and read on without a gap.
func (r *Running) Rotate() { r.rotated++ }

// Restart puts another exporter in place of the one that ran: it takes up what that
// had counted, from its state.
func (r *Running) Restart() error {
	old, state := r.engine, new(checkpoint.Encoder)
	old.Save(state)
	options := collector.Options{Rules: old.Rules(), Source: r.source, Checkpoint: r.checkpoint, CaughtUp: func() bool { return true }}
	if r.queue != nil {
		r.queue = collector.NewQueue(0)
		options.Queue = r.queue
	}
	r.rotated = 0
	r.engine = collector.New(options)
	if err := r.engine.Restore(checkpoint.NewDecoder(state.Bytes())); err != nil {
		return fmt.Errorf("restart of the exporter of %s: %w", r.Instance, err)
	}
	registry, err := web.NewRegistry(r.engine)
	r.registry = registry
	return err
}

// Chance is a number from 0 up to 1, of the host's own sequence.
func (r *Running) Chance() float64 { return r.sim.random.Float64() }

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// certain says whether no attempt can succeed, so that those before don't tell what
// becomes of the next: an outage, and its end.
func (m Mix) certain() bool {
	all := 0.0
	for _, share := range m {
		all += share
	}
	return all >= 1
}
