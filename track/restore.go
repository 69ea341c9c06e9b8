package track

import (
	"math"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
)

// Restore takes what Save put, into a Tracker that has seen no event. Where there
// are more messages than its limit, the oldest leave and count as evicted. check
// is asked about each verdict, may change it, and its error fails the whole.
// After an error the Tracker is not to be used.
func (t *Tracker) Restore(from *checkpoint.Decoder, check func(*classify.Verdict) error) error {
	t.salt = from.Fixed()
	t.messages.evicted = restoreCount(from)
	t.forgotten = restoreCount(from)
	t.restoreScopes(from)
	t.restoreVerdicts(from, check)
	t.restoreMessages(from)
	t.restoreSessions(from)
	return from.Err()
}

// restoreCount takes a number that is counted up from here on: it must have room.
func restoreCount(from *checkpoint.Decoder) uint64 {
	n := from.Uint()
	if n > math.MaxInt64 {
		from.Fail("%d is no count", n)
	}
	return n
}

func (t *Tracker) restoreScopes(from *checkpoint.Decoder) {
	n := from.Count(2)
	if n > maxScopes {
		from.Fail("%d hosts and instances are too many", n)
	}
	for range n {
		s := scope{from.String(), from.String()}
		if from.Err() != nil {
			return
		}
		if _, known := t.scopes.index[s]; known || s.isTooLong() {
			from.Fail("the instance %.*q of host %.*q is there twice, or has too long a name", maxName, s.instance, maxName, s.host)
			return
		}
		t.scopes.add(s)
	}
}

func (t *Tracker) restoreVerdicts(from *checkpoint.Decoder, check func(*classify.Verdict) error) {
	n := from.Count(3)
	if n > maxVerdicts {
		from.Fail("%d verdicts are too many", n)
	}
	for i := range n {
		v := classify.Verdict{Class: classify.Class(from.String()), Kind: classify.Kind(from.String()), Provider: from.String()}
		if from.Err() != nil {
			return
		}
		if err := check(&v); err != nil {
			from.Fail("%w", err)
			return
		}
		if int(t.verdicts.number(v)) != i {
			from.Fail("a verdict is there twice")
			return
		}
	}
}

func (t *Tracker) restoreMessages(from *checkpoint.Decoder) {
	n := from.Count(5) // bytes of the shortest
	t.messages.expect(n)
	for range n {
		m := t.restoreMessage(from)
		if from.Err() != nil {
			return
		}
		id := string(m.id[:m.idLen])
		key := t.messageKey(id, m.scope)
		if i := t.messages.find(key); i != none {
			if t.messages.at(i).has(id) {
				from.Fail("message %q is there twice", id)
				return
			}
			t.end(i) // as when the one came after the other
		}
		*t.messages.at(t.add(key)) = m
		t.waiting += len(m.waiting)
	}
}

func (t *Tracker) restoreMessage(from *checkpoint.Decoder) (m entry) {
	id, scope := from.String(), from.Uint()
	m.message.Received = from.Time()
	attempts := from.Uint()
	if id == "" || len(id) > maxID || !t.scopes.has(scope) || attempts > math.MaxInt32 {
		from.Fail("message %.*q can't be: %d attempts", maxID, id, attempts)
		return entry{}
	}
	m.idLen, m.scope = uint8(copy(m.id[:], id)), uint32(scope)
	m.message.Attempts = int(attempts)
	m.waiting = t.restoreWaiting(from)
	return m
}

func (t *Tracker) restoreWaiting(from *checkpoint.Decoder) []waiting {
	n := from.Count(9)
	if n > maxWaiting {
		from.Fail("%d waiting recipients of one message are too many", n)
	}
	if n == 0 || from.Err() != nil {
		return nil
	}
	all := make([]waiting, n)
	for i := range all {
		recipient, verdict := from.Fixed(), from.Uint()
		if verdict >= uint64(len(t.verdicts.list)) {
			from.Fail("verdict %d of %d", verdict, len(t.verdicts.list))
			return nil
		}
		all[i] = waiting{recipient, uint16(verdict)}
	}
	return all
}

func (t *Tracker) restoreSessions(from *checkpoint.Decoder) {
	for range from.Count(3) {
		scope, pid, begun := from.Uint(), from.Uint(), from.Time()
		if from.Err() != nil {
			return
		}
		key := newSessionKey(uint32(scope), uint32(pid))
		if !t.scopes.has(scope) || pid > math.MaxUint32 || t.sessions.find(key) != none {
			from.Fail("session of process %d can't be, or is there twice", pid)
			return
		}
		*t.sessions.at(t.sessions.add(key)) = begun
	}
}
