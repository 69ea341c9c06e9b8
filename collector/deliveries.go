package collector

import (
	"math"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

// Delivery records, and what ends without one.

func (f *families) countDelivery(e *maillog.Event, v *classify.Verdict) {
	f.deliveries.pairRow(e.Tag, v.Provider, DeliveryLabels{e.Instance, e.Service, e.Daemon, v.Provider})[e.Delivery.Status]++
	switch e.Delivery.Status {
	case maillog.Sent:
		f.observeDelays(e, v)
	case maillog.Bounced:
		f.bounces.inc(failureLabels(e, v), 0)
	case maillog.Deferred, maillog.SoftBounced:
		f.deferrals.inc(failureLabels(e, v), 0)
	}
}

func failureLabels(e *maillog.Event, v *classify.Verdict) FailureLabels {
	return FailureLabels{e.Instance, e.Daemon, v.Provider, string(v.Class), string(v.Kind)}
}

func (f *families) observeDelays(e *maillog.Event, v *classify.Verdict) {
	if us, ok := toMicroseconds(e.Delivery.Delay); ok {
		f.deliveryDelay.pairRow(e.Tag, v.Provider, DelayLabels{e.Instance, e.Daemon, v.Provider})[0].observe(f.deliveryDelay.shape, us)
	} else {
		f.unread.inc(NoLabels{}, unreadDelay)
	}
	if hasNoDelays(&e.Delivery) {
		return
	}
	stages := f.deliveryStage.tagRow(e.Tag, DaemonLabels{e.Instance, e.Daemon})
	for i, s := range e.Delivery.Delays {
		if us, ok := toMicroseconds(s); ok {
			stages[i].observe(f.deliveryStage.shape, us)
		} else {
			f.unread.inc(NoLabels{}, unreadDelays)
		}
	}
}

// hasNoDelays is true for records of Postfix before 2.3, which brought both
// delays= and dsn=.
func hasNoDelays(d *maillog.DeliveryRecord) bool {
	const none = maillog.Unread
	return d.DSN == "" && d.Delays == [4]float64{none, none, none, none}
}

// toMicroseconds is false for what is no time: Unread, or too long for any clock.
func toMicroseconds(seconds float64) (us int64, ok bool) {
	const most = math.MaxInt64 / 2 / microseconds
	if !(seconds >= 0 && seconds <= most) {
		return 0, false
	}
	return int64(math.Round(seconds * microseconds)), true
}

func (f *families) countExpired(e *maillog.Event, givenUp []track.GivenUp) {
	forced := 0
	if e.Message.Forced {
		forced = 1
	}
	f.expired.inc(InstanceLabels{e.Instance}, forced)
	for _, g := range givenUp {
		v := &g.Verdict
		f.expirations.add(ExpirationLabels{e.Instance, v.Provider, string(v.Class), string(v.Kind)}, 0, uint64(g.Recipients))
	}
}

// isOutboundFailure is true for the SMTP and LMTP clients' handshakes. tlsproxy
// works for both sides and doesn't say for which.
func isOutboundFailure(e *maillog.Event) bool {
	return e.Kind == maillog.TLSFailed && (e.Daemon == "smtp" || e.Daemon == "lmtp")
}
