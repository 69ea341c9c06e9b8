package collector

import "postfix_exporter/maillog"

// What the families count, for observers that count the same.

// IsReceived says whether an event is one of postfix_messages_received_total.
// With a proxy filter in front of the queue, smtpd has no message yet.
func IsReceived(e *maillog.Event) bool {
	return e.Kind == maillog.Client && e.QueueID != maillog.NoQueue || e.Kind == maillog.Pickup
}

// IsReject says whether an event is one of postfix_noqueue_rejects_total: of
// the SMTP server or postscreen. What cleanup refuses, they had accepted.
func IsReject(e *maillog.Event) bool {
	return e.Kind == maillog.Restriction && e.Daemon != "cleanup" &&
		(e.Restriction.Action == "reject" || e.Restriction.Action == "milter-reject")
}
