package maillog

import "strings"

// Daemons with a sentence or two.

// readPickup reads "uid=N from=<A>" (pickup/pickup.c): a message from
// sendmail(1).
func readPickup(e *Event, s string) Kind {
	rest, ok := cutPrefix(s, "uid=")
	if !ok {
		return Unrecognized
	}
	if e.Message.UID, rest, ok = cutNumber(rest); !ok {
		return Unrecognized
	}
	if rest, ok = cutPrefix(rest, " from=<"); !ok {
		return Unrecognized
	}
	end := strings.LastIndexByte(rest, '>')
	if end < 0 {
		return Unrecognized
	}
	e.Message.From = rest[:end]
	return Pickup
}

// discardedNotice is a warning: nobody is told any more (bounce/bounce_notify_service.c).
const discardedNotice = "undeliverable postmaster notification discarded"

// readBounce reads "TYPE: QID" (bounce/bounce_notify_service.c and its siblings).
func readBounce(e *Event, s string) Kind {
	if s == discardedNotice {
		e.Message.Type = s
		return Notification
	}
	kind, other, ok := strings.Cut(s, ": ")
	if !ok || e.Severity != Info {
		return Unrecognized
	}
	switch kind {
	case "sender non-delivery notification", "sender delay notification", "sender delivery status notification",
		"postmaster non-delivery notification", "postmaster delay notification":
		e.Message.Type, e.Message.Other = kind, other
		return Notification
	}
	return Unrecognized
}

// readAnvil reads "statistics: max WHAT N[/unit] [for (SERVICE:CLIENT) ]at STAMP"
// (anvil/anvil.c). SERVICE may hold colons, as may an IPv6 client.
func readAnvil(e *Event, s string) Kind {
	s, ok := cutPrefix(s, "statistics: max ")
	if !ok {
		return Unrecognized
	}
	i := strings.IndexAny(s, "0123456789")
	if i < 1 {
		return Unrecognized
	}
	a := &e.Anvil
	a.What = strings.TrimSuffix(s[:i], " ")
	if a.Value, s, ok = cutNumber(s[i:]); !ok {
		return Unrecognized
	}
	if _, who, found := strings.Cut(s, " for ("); found {
		who, _, _ = strings.Cut(who, ")")
		a.Service, a.Client = splitService(who)
	}
	return AnvilStatistics
}

// splitService parts "smtpd:2001:db8::1" and "127.0.0.1:2525:127.0.0.1". A
// service that is not a number:number pair has no colon.
func splitService(s string) (service, client string) {
	first := strings.IndexByte(s, ':')
	if first < 0 {
		return s, ""
	}
	if strings.IndexByte(s[:first], '.') >= 0 { // an address: its port follows
		if second := strings.IndexByte(s[first+1:], ':'); second >= 0 {
			first += 1 + second
		}
	}
	return s[:first], s[first+1:]
}

// readSCache passes over "statistics: ..." (scache/scache.c).
func readSCache(e *Event, s string) Kind {
	if strings.HasPrefix(s, "statistics: ") {
		return e.note(RemoteEnd{})
	}
	return Unrecognized
}

// readMaster reads master(8) and postfix-script: the mail system starts, stops,
// reloads (master/master.c, conf/postfix-script).
func readMaster(e *Event, s string) Kind {
	if e.Severity != Info {
		return Unrecognized
	}
	for _, words := range [...]string{"daemon started", "reload"} {
		if rest, ok := cutPrefix(s, words+" -- version "); ok {
			e.Action = words
			e.Version, _, _ = strings.Cut(rest, ", configuration ")
			return Lifecycle
		}
	}
	if strings.HasPrefix(s, "terminating on signal ") {
		e.Action = "terminating"
		return Lifecycle
	}
	if verb, ok := strings.CutSuffix(s, " the Postfix mail system"); ok {
		e.Action = verb
		return Lifecycle
	}
	if s == "waiting for the Postfix mail system to terminate" || strings.HasPrefix(s, "the Postfix mail system is ") || strings.Contains(s, ": using backwards-compatible default setting") {
		return e.note(RemoteEnd{})
	}
	return Unrecognized
}

// readPostsuper reads what an operator did to the queue
// (postsuper/postsuper.c).
func readPostsuper(e *Event, s string) Kind {
	if e.Severity != Info {
		return Unrecognized
	}
	if e.QueueID == "" {
		action, rest, ok := strings.Cut(s, ": ")
		if !ok {
			return Unrecognized
		}
		if e.Count, rest, ok = cutNumber(rest); !ok || !strings.HasPrefix(rest, " message") {
			return Unrecognized
		}
		e.Action = action
		return QueueAction
	}
	switch s {
	case "removed":
		e.Action = s
		return Removed
	case "requeued", "placed on hold", "released from hold", "expired":
		e.Action = s
		return QueueAction
	}
	return Unrecognized
}
