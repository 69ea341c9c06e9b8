package collector

import (
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

// Places in closed sets that events come to by their kind.
const (
	lineParsed = iota
	lineIgnored
	lineUnrecognized
	lineForeign
)

const (
	unreadDelay = iota
	unreadDelays
	unreadSize
	unreadRecipients
)

const (
	loginSuccess = iota
	loginFailure
)

// A reading is an event and what was made of it.
type reading struct {
	event    maillog.Event
	verdict  classify.Verdict // provider of deliveries and failed connections; class and kind of failures; else that of an earlier one
	reason   string           // of a session's reject; else that of an earlier one
	outcome  track.Outcome
	template []byte // of a failure that no rule names; else that of an earlier one
	known    bool   // the event belongs to a message or session: the outcome's times mean something
}

// count adds one event to the families.
func (f *families) count(r *reading) {
	e := &r.event
	f.messages.tagRow(e.Tag, DaemonLabels{e.Instance, e.Daemon})[e.Severity]++
	if e.Ambiguous {
		f.ambiguous.inc(NoLabels{}, 0)
	}
	outcome := lineParsed
	switch e.Kind {
	case maillog.Unrecognized:
		outcome = lineUnrecognized
		f.unrecognized.inc(DaemonLabels{e.Instance, e.Daemon}, 0)
	case maillog.Note:
		outcome = lineIgnored
	default:
		f.countKind(r)
	}
	f.lines.rowAt(0)[outcome]++ // its only row
}

func (f *families) countKind(r *reading) {
	e := &r.event
	switch e.Kind {
	case maillog.Delivery:
		f.countDelivery(e, &r.verdict)
	case maillog.ConnectFailed:
		f.connFailures.inc(ProviderLabels{e.Instance, r.verdict.Provider}, connectionFailure(e.Reply.Text))
	case maillog.TLSFailed:
		if isOutboundFailure(e) {
			f.connFailures.inc(ProviderLabels{e.Instance, r.verdict.Provider}, connectionFailures.at("tls"))
		}
	case maillog.TLSEstablished:
		f.countTLS(e)
	case maillog.Client, maillog.Pickup:
		f.countReceived(e)
	case maillog.Active:
		if r.outcome.FirstActivation {
			f.countActivation(e)
		}
	case maillog.Expired:
		f.countExpired(e, r.outcome.GivenUp)
	case maillog.Removed:
		f.countRemoved(r)
	case maillog.Notification:
		f.notifications.inc(InstanceLabels{e.Instance}, notificationType(e.Message.Type))
	case maillog.Restriction, maillog.ContentCheck:
		f.countRestriction(e, r.reason)
	default:
		f.countSession(r)
	}
}
