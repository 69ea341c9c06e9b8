package e2e

// The truth: what was sent and answered, as sums over series of metrics. It
// comes from the replies our clients saw, the sinks' records, the mailboxes and
// the queue, never from the log.

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"postfix_exporter/e2e/sink"
)

// truth maps a selector, as family{label="value",...}, to the sum of all series
// that have these labels.
type truth map[string]float64

// add adds n to family{...} and to the family's own sum. Labels are name, value.
func (tr truth) add(n int, family string, labels ...string) {
	tr[family] += float64(n)
	if len(labels) > 0 {
		tr[selector(family, labels...)] += float64(n)
	}
}

func selector(family string, labels ...string) string {
	var pairs []string
	for i := 0; i < len(labels); i += 2 {
		pairs = append(pairs, fmt.Sprintf("%s=%q", labels[i], labels[i+1]))
	}
	return family + "{" + strings.Join(pairs, ",") + "}"
}

// Families whose totals are known.
const (
	deliveries     = "postfix_deliveries_total"
	rejects        = "postfix_noqueue_rejects_total"
	expired        = "postfix_messages_expired_total"
	expirations    = "postfix_expirations_total"
	received       = "postfix_messages_received_total"
	connections    = "postfix_smtpd_connections_total"
	disconnections = "postfix_smtpd_disconnections_total"
	removed        = "postfix_messages_removed_total"
	contents       = "postfix_content_actions_total"
	lost           = "postfix_smtpd_lost_connections_total"
	notifications  = "postfix_notifications_total"
	tlsConnections = "postfix_tls_connections_total"
	logLines       = "postfix_log_lines_total"
	bounces        = "postfix_bounces_total"
	deferrals      = "postfix_deferrals_total"
)

// sum adds up the delivery records: what the sinks answered, what lies in the
// mailboxes, and what follows from the traffic.
func (r *run) sum() {
	sent, bounced := r.expected["sent"], r.expected["bounced"]
	for _, s := range r.sinks {
		for _, a := range s.Answers() {
			switch {
			case a.Code/100 == 2:
				sent++
			case r.isBounce(a):
				bounced++
			}
		}
	}
	for name, want := range r.mailboxes {
		if got := r.files(r.t, name); got != want {
			r.t.Errorf("%d messages in the mailbox of %s, want %d", got, name, want)
		}
		sent += r.files(r.t, name)
	}
	sent += r.files(r.t, "maildir") + r.lines(r.t, "archive", "From ") + r.lines(r.t, "command", "From ") + r.lines(r.t, "filtered", "")
	r.expected["sent"], r.expected["bounced"] = sent, bounced
	for status, n := range r.expected {
		r.truth.add(n, deliveries, "status", status)
	}
	r.truth.add(bounced, bounces)
	r.truth.add(r.expected["deferred"]+r.expected["soft_bounced"], deferrals)
	r.countMessages()
}

// isBounce: a 5xx for a recipient, or for the sender of its only one, is final;
// but for greetings (smtp_skip_5xx_greeting), soft_bounce and probes.
func (r *run) isBounce(a sink.Answer) bool {
	return a.Code/100 == 5 && a.Stage != sink.Connect && a.Stage != sink.Hello &&
		!strings.HasSuffix(a.Recipient, "@soft.example") && !strings.HasPrefix(a.Sender, "double-bounce@")
}

// countMessages counts the notifications that Postfix sent, and checks the sum
// of what failed against what they tell the senders.
func (r *run) countMessages() {
	failed := 0
	for _, s := range r.sinks {
		r.truth.add(s.Handshakes(), tlsConnections, "direction", "outbound")
		for _, m := range s.Messages() {
			text := string(m.Data)
			if m.Sender == "" {
				r.truth.add(1, removed)
			}
			switch {
			case m.Sender != "":
			case strings.Contains(text, "Subject: Undelivered Mail Returned to Sender"):
				r.truth.add(1, notifications, "type", "non_delivery")
				failed += strings.Count(text, "\nAction: failed")
			case strings.Contains(text, "Subject: Delayed Mail"):
				r.truth.add(1, notifications, "type", "delay")
			case strings.Contains(text, "Subject: Successful Mail Delivery Report"):
				r.truth.add(1, notifications, "type", "success")
			}
		}
	}
	if want := r.expected["bounced"] + int(r.truth[expirations]); failed != want {
		r.t.Errorf("senders were told of %d failed recipients, want %d", failed, want)
	}
}

// sorted goes through a map in the order of its keys.
func sorted[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
