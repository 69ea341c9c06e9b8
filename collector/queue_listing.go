package collector

import (
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/showq"
)

// A Listing counts one list of the queue. It takes the same memory for each, for
// it keeps no message and no recipient. It is a showq.Visitor.
type Listing struct {
	now   time.Time // the clock when it began
	rules *classify.Set
	memo  *classify.Memo
	*queueFamilies

	queue  int // of the message at hand, its place in showq.Queues
	age    float64
	hasAge bool
}

// Message counts one.
func (l *Listing) Message(m *showq.Message) {
	l.queue = queueNames.at(m.Queue)
	l.messages.rowAt(0)[l.queue]++
	if m.Size >= 0 {
		l.bytes.rowAt(0)[l.queue] += float64(m.Size)
		l.bound(l.sizes, float64(m.Size), sizeBuckets.shown)
	}
	if l.hasAge = !m.Arrived.IsZero(); !l.hasAge {
		return
	}
	l.age = l.now.Sub(m.Arrived).Seconds()
	longer(&l.oldest.rowAt(0)[l.queue], l.age)
	l.bound(l.ages, l.age, queueAges)
}

// bound counts a message below all bounds that it is not above.
func (l *Listing) bound(g *gauge[NoLabels], v float64, bounds []float64) {
	width := len(bounds) + 1
	row := g.rowAt(0)[l.queue*width:][:width]
	for i, b := range bounds {
		if v <= b {
			row[i]++
		}
	}
	row[len(bounds)]++
}

// Recipient counts one of the last message.
func (l *Listing) Recipient(_ *showq.Message, r *showq.Recipient) {
	queue, v := queueNames.values[l.queue], l.judge(r)
	l.recipients.row(WaitingLabels{queue, v.Provider, string(v.Class)})[0]++
	if l.hasAge {
		longer(&l.longest.row(QueueProviderLabels{queue, v.Provider})[0], l.age)
	}
}

// judge has no class for those who have no reason yet.
func (l *Listing) judge(r *showq.Recipient) classify.Verdict {
	d := maillog.DeliveryRecord{To: r.Address, Relay: waitsFor(r.Reason), Text: r.Reason}
	if r.Reason == "" {
		return classify.Verdict{Provider: l.memo.Provider(l.rules, &d)}
	}
	return l.memo.JudgeDelivery(l.rules, &d)
}

// waitsFor is the relay that a reason tells. Where it tells none, some server is
// meant, and the recipient's domain tells whose.
func waitsFor(reason string) maillog.RemoteEnd {
	if r, ok := maillog.RelayOf(reason); ok {
		return r
	}
	return maillog.RemoteEnd{Addr: "unknown"} // without an address it would be of this host
}

// longer stays at 0 for a message that came after the list began.
func longer(longest *float64, age float64) { *longest = max(*longest, age) }
