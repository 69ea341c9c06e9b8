package maillog

import "strings"

// qmgr(8), the queue manager.

// readQmgr reads qmgr's sentences (qmgr/qmgr_active.c). A sender's local part may
// hold any of them, so they are read from the line's end.
func readQmgr(e *Event, s string) Kind {
	if s == "removed" && e.QueueID != "" {
		return Removed
	}
	if from, ok := cutPrefix(s, "from=<"); ok {
		switch { // where the end may be the sender's
		case e.Truncated:
			return Active // by far the most frequent
		case neverCloses(from):
			return Unrecognized
		}
		if head, ok := strings.CutSuffix(from, " (queue active)"); ok {
			return e.readActive(head)
		}
		return e.readExpired(from)
	}
	if s == "skipped, still being delivered" {
		return e.note(RemoteEnd{})
	}
	return Unrecognized
}

// readActive reads "F>, size=N, nrcpt=N".
func (e *Event) readActive(s string) Kind {
	recipients, s, ok := cutNumberBack(s)
	if !ok {
		return Unrecognized
	}
	if s, ok = strings.CutSuffix(s, ", nrcpt="); !ok {
		return Unrecognized
	}
	size, s, ok := cutNumberBack(s)
	if !ok {
		return Unrecognized
	}
	if s, ok = strings.CutSuffix(s, ">, size="); !ok {
		return Unrecognized
	}
	e.Message.From, e.Message.Size, e.Message.Recipients = s, size, recipients
	return Active
}

// readExpired reads "F>, status=expired, returned to sender".
func (e *Event) readExpired(s string) Kind {
	s, ok := strings.CutSuffix(s, "expired, returned to sender")
	if !ok {
		return Unrecognized
	}
	if head, forced := strings.CutSuffix(s, "force-"); forced {
		s, e.Message.Forced = head, true
	}
	if e.Message.From, ok = strings.CutSuffix(s, ">, status="); !ok {
		return Unrecognized
	}
	return Expired
}
