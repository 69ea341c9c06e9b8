package track

import (
	"crypto/rand"
	"encoding/binary"
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// entry is a message in flight.
type entry struct {
	id      [maxID]byte
	idLen   uint8
	scope   uint32 // the number of where the id is unique
	message Message
	waiting []waiting
}

// maxID is the length of the longest queue id that maillog takes.
const maxID = 24

func (m *entry) has(id string) bool { return string(m.id[:m.idLen]) == id }

// waiting is a recipient whose last attempt was deferred. The address itself is
// not kept.
type waiting struct {
	recipient uint64
	verdict   uint16
}

// remember keeps why a recipient waits. ok is false where the recipient is not
// there yet and there is no room.
func (m *entry) remember(recipient uint64, verdict uint16, full bool) (added, ok bool) {
	for i := range m.waiting {
		if m.waiting[i].recipient == recipient {
			m.waiting[i].verdict = verdict
			return false, true
		}
	}
	if full {
		return false, false
	}
	m.waiting = append(m.waiting, waiting{recipient, verdict})
	return true, true
}

// forget drops a recipient that waits no more.
func (m *entry) forget(recipient uint64) (found bool) {
	for i := range m.waiting {
		if m.waiting[i].recipient == recipient {
			m.waiting[i] = m.waiting[len(m.waiting)-1]
			m.waiting = m.waiting[:len(m.waiting)-1]
			return true
		}
	}
	return false
}

// recipientOf tells the recipients of a message apart (FNV-1a, 64 bits). Two
// aliases of one address are two recipients. The salt, which stands in for the
// hash's first value, is saved with the hashes: a list of hashes that was made
// before it was known finds nobody's address in a state.
func recipientOf(salt uint64, d *maillog.DeliveryRecord) uint64 {
	h := fnv(salt, d.To)
	return fnv(h^'>', d.OrigTo)
}

func newSalt() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return binary.LittleEndian.Uint64(b[:])
}

func fnv(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// since is the time from then to now; maillog.Unread where either is not known
// or the clock went back.
func since(then, now time.Time) time.Duration {
	if then.IsZero() || now.IsZero() || now.Before(then) {
		return maillog.Unread
	}
	return now.Sub(then)
}

// maxName is the length of a domain at most (RFC 1035 §2.3.4). What a host's name
// has beyond it is cut off.
const maxName = 255

func cutName(name string) string { return name[:min(len(name), maxName)] }

// verdictTable numbers verdicts. They come from closed sets, so there are few.
type verdictTable struct {
	list  []classify.Verdict
	index map[classify.Verdict]uint16
}

const maxVerdicts = 1 << 16

// number of v without its rule. When the table is full, v is taken for the first.
func (t *verdictTable) number(v classify.Verdict) uint16 {
	v.Rule = nil
	if n, ok := t.index[v]; ok {
		return n
	}
	if len(t.list) >= maxVerdicts {
		return 0
	}
	n := uint16(len(t.list))
	t.list = append(t.list, v)
	t.index[v] = n
	return n
}
