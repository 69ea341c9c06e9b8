package e2e

// What happens to mail that waits: retries, work done by hand, the end of its
// lifetime; and then the sum of it all.

import (
	"slices"
	"strings"
)

// retries plays the queue's part. Each time each recipient is tried once; who
// waits after it was deferred.
func (r *run) retries() {
	r.deferred(in("deferred", r.settle(r.t)))
	r.byHand(r.queue(r.t))
	r.etrn()

	waiting := in("deferred", r.queue(r.t))
	forced := r.pick(waiting, "a@busy.example", "a@closed.example")
	for _, m := range forced {
		r.postsuper("-e", m.ID)
	}
	r.retry(r.t, waiting)
	waiting = in("deferred", r.settle(r.t))
	r.deferred(waiting)
	r.expired("true", forced) // without another attempt

	r.shortenLife()
	r.retry(r.t, waiting)
	if left := in("deferred", r.settle(r.t)); len(left) != 0 {
		r.t.Errorf("%d messages wait on after their lifetime: %+v", len(left), left)
	}
	r.deferred(waiting)
	r.expired("false", waiting)
}

// shortenLife ends the lifetime of all that waits. qmgr does not exit at once
// when it is told of a new configuration (reload): with a restart we know which
// one is at work.
func (r *run) shortenLife() {
	r.run(r.t, "", "postfix", "-c", r.path("conf"), "reload")
	r.stopPostfix(r.t)
	r.run(r.t, "", "postconf", "-c", r.path("conf"), "-e", "maximal_queue_lifetime=1s")
	r.start(r.t)
}

// byHand releases a held message, deletes another, and queues a deferred one anew.
func (r *run) byHand(q []queued) {
	held := r.pick(in("hold", q), "ann@example.org")
	if len(held) != 4 {
		r.t.Fatalf("%d messages on hold, want 4: %+v", len(held), q)
	}
	same := slices.DeleteFunc(held, func(m queued) bool { return m.Sender == "hold@senders.example" })
	r.postsuper("-H", same[0].ID)
	r.postsuper("-d", same[1].ID)
	for _, m := range r.pick(q, "a@gone.example") {
		r.postsuper("-r", m.ID)
		r.truth.add(1, received, "daemon", "pickup")
		await(r.t, "the requeued message", func() bool { return len(r.pick(in("deferred", r.queue(r.t)), "a@gone.example")) == 1 })
		r.deferred([]queued{m})
	}
	for _, m := range r.pick(q, "b@gone.example") {
		r.postsuper("-h", m.ID)
		r.postsuper("-H", m.ID)
	}
}

// etrn sends a message that is deferred once, and asks for it by ETRN.
func (r *run) etrn() {
	const sender, rcpt = "someone@senders.example", "rcpt-450.etrn@etrn.example"
	r.send(sender, rcpt)
	waits := func() bool { return len(r.pick(in("deferred", r.queue(r.t)), rcpt)) == 1 }
	await(r.t, "a message for ETRN", waits)
	r.deferred(r.pick(r.queue(r.t), rcpt))
	c := r.open("SMTP", "", "client.example.net")
	c.say("ETRN etrn.example", 250)
	c.quit()
	await(r.t, "ETRN's delivery", func() bool { return len(r.pick(r.queue(r.t), rcpt)) == 0 })
}

func (r *run) postsuper(option, id string) {
	r.t.Helper()
	r.run(r.t, "", "postsuper", "-c", r.path("conf"), option, id)
}

// pick are the messages that wait for one of these recipients.
func (r *run) pick(q []queued, rcpts ...string) (found []queued) {
	for _, m := range q {
		for _, rcpt := range m.Recipients {
			if slices.Contains(rcpts, rcpt.Address) {
				found = append(found, m)
			}
		}
	}
	return found
}

// deferred counts a deferral for each recipient of q.
func (r *run) deferred(q []queued) {
	for _, m := range q {
		for _, rcpt := range m.Recipients {
			if strings.HasSuffix(rcpt.Address, "@soft.example") {
				r.expected["soft_bounced"]++
				continue
			}
			r.expected["deferred"]++
		}
	}
}

func (r *run) expired(forced string, q []queued) {
	r.truth.add(len(q), expired, "forced", forced)
	r.truth.add(recipients(q), expirations)
}
