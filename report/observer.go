package report

import (
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

// Observer sees each event after the engine has counted it, and keeps what the
// metrics don't. It belongs to the engine's goroutine.
type Observer struct {
	first, last time.Time
	hours       [24]Hour

	bounced, deferred reasons
}

// NewObserver makes an Observer.
func NewObserver() *Observer {
	return &Observer{bounced: newReasons(), deferred: newReasons()}
}

// Observe is for collector.Options. Most lines end after a look at their time.
func (o *Observer) Observe(e *maillog.Event, _ *track.Outcome, v *classify.Verdict) {
	o.extend(e.Time)
	switch {
	case e.Kind == maillog.Delivery:
		o.delivery(e, v)
	case collector.IsReceived(e):
		o.hour(e).Received++
	case collector.IsReject(e):
		o.hour(e).Rejected++
	}
}

// extend makes the period reach to t; zero is a line without a stamp.
func (o *Observer) extend(t time.Time) {
	if t == o.last || t.IsZero() { // a busy log has many lines of one second
		return
	}
	if o.first.IsZero() || t.Before(o.first) {
		o.first = t
	}
	if t.After(o.last) {
		o.last = t
	}
}

// hour is where an event counts; one without a stamp has none.
func (o *Observer) hour(e *maillog.Event) *Hour {
	if e.Time.IsZero() {
		return &Hour{}
	}
	return &o.hours[e.Time.Hour()]
}

func (o *Observer) delivery(e *maillog.Event, v *classify.Verdict) {
	switch e.Delivery.Status {
	case maillog.Sent:
		o.hour(e).Sent++
	case maillog.Bounced:
		o.hour(e).Bounced++
		o.bounced.add(e, v)
	case maillog.Deferred:
		o.hour(e).Deferred++
		o.deferred.add(e, v)
	case maillog.SoftBounced:
		o.deferred.add(e, v)
	}
}

func (o *Observer) period() *Period {
	if o.first.IsZero() {
		return nil
	}
	return &Period{o.first, o.last}
}
