package history

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"postfix_exporter/showq"
)

// list shows the engine what waits, as Postfix lists its queue.
func (r *Running) list() {
	l := r.queue.List(r.engine.Rules(), r.sim.now)
	waiting := slices.SortedFunc(maps.Keys(r.sim.waiting), func(a, b *mail) int { return cmp.Compare(a.id, b.id) })
	for _, m := range waiting {
		message := showq.Message{Queue: "deferred", ID: m.id, Arrived: m.arrived, Size: int64(m.size), Sender: m.from}
		l.Message(&message)
		l.Recipient(&message, &showq.Recipient{Address: m.to, Reason: m.reason})
	}
	for _, m := range r.sim.active() {
		l.Message(&m)
		l.Recipient(&m, &showq.Recipient{Address: "user1@gmail.com"})
	}
	r.queue.Listed(l, showq.Result{Messages: int64(len(waiting))}, time.Duration(4+len(waiting)/50)*time.Millisecond)
}

// active are the messages that are on their way at this moment: about as many as
// come within two seconds.
func (s *simulation) active() (all []showq.Message) {
	if s.host.Outgoing == nil {
		return nil
	}
	for n := s.host.Outgoing(s.now) / 30; n > 0; n-- {
		if n < 1 && !s.chance(n) {
			break
		}
		all = append(all, showq.Message{Queue: "active", ID: "0", Arrived: s.now.Add(-s.about(1)), Size: 20_000})
	}
	return all
}
