package collector

import (
	"time"

	"postfix_exporter/maillog"
)

// Messages: accepted, active, removed.

func (f *families) countReceived(e *maillog.Event) {
	method := saslMethod(e.SASL.Method)
	if IsReceived(e) {
		f.received.inc(ReceivedLabels{e.Instance, e.Service, e.Daemon, method}, 0)
	}
	if e.SASL.Method != "" {
		f.logins.inc(LoginLabels{e.Instance, e.Service, method}, loginSuccess)
	}
}

func (f *families) countActivation(e *maillog.Event) {
	l := InstanceLabels{e.Instance}
	if e.Message.Size >= 0 {
		f.messageSize.observe(l, e.Message.Size)
	} else {
		f.unread.inc(NoLabels{}, unreadSize)
	}
	if e.Message.Recipients >= 0 {
		f.recipients.observe(l, e.Message.Recipients)
	} else {
		f.unread.inc(NoLabels{}, unreadRecipients)
	}
}

// countRemoved takes the queue manager's word: postsuper's "removed" is a
// message deleted by hand, cleanup's one that was cancelled.
func (f *families) countRemoved(r *reading) {
	if d := r.event.Daemon; d == "postsuper" || d == "cleanup" {
		return
	}
	l := InstanceLabels{r.event.Instance}
	f.removed.inc(l, 0)
	if t := r.outcome.QueueTime; r.known && t >= 0 {
		f.queueTime.observe(l, int64(t/time.Microsecond))
	}
}
