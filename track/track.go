// Package track joins what a log says of one message in many lines: events with
// the same queue id become outcomes that know the message.
//
//	client= ... queue active ... status=deferred ... queue active ... removed
//
// A Tracker holds a bounded number of messages; the oldest leave first.
package track

import (
	"hash/maphash"
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// Message is what the lines so far have told of a message.
type Message struct {
	Received time.Time // when it was accepted (client= or uid=); zero where that line was not seen
	Attempts int       // activations so far
}

// GivenUp counts recipients of an expired message with one last deferral.
type GivenUp struct {
	Verdict    classify.Verdict
	Recipients int
}

// Outcome is what an event means for its message or session.
type Outcome struct {
	Message Message
	Known   bool // lines before this one told of the message

	FirstActivation bool          // Active: not a retry
	QueueTime       time.Duration // Removed: accepted to removed; maillog.Unread where not known
	GivenUp         []GivenUp     // Expired; holds until the next Add
	SessionTime     time.Duration // Disconnect: since its connect; maillog.Unread where not known
}

// Limits beside the number of messages.
const (
	maxSessions      = 20_000 // a host has at most a few hundred smtpd processes
	maxWaiting       = 5000   // waiting recipients held of one message
	waitingByMessage = 5      // and of all, by message of the limit
)

// Tracker holds the messages in flight. It belongs to one goroutine.
type Tracker struct {
	seed      maphash.Seed
	salt      uint64 // of recipientOf
	messages  *fifo[messageKey, entry]
	sessions  *fifo[sessionKey, time.Time]
	scopes    scopeTable
	verdicts  verdictTable
	waiting   int // recipients over all messages
	forgotten uint64
	givenUp   []GivenUp
}

// A messageKey is a hash of the queue id and of where it is unique: on its host
// and instance, until the message is removed. An entry knows its queue id, so that
// two ids with one hash are never taken for one message.
type messageKey uint64

// A sessionKey is a process of a host and instance: an smtpd process serves one
// client at a time.
type sessionKey uint64

// New makes a Tracker that holds at most limit messages.
func New(limit int) *Tracker {
	return &Tracker{
		seed:     maphash.MakeSeed(),
		salt:     newSalt(),
		messages: newFIFO[messageKey, entry](limit),
		sessions: newFIFO[sessionKey, time.Time](maxSessions),
		scopes:   scopeTable{index: make(map[scope]uint32)},
		verdicts: verdictTable{index: make(map[classify.Verdict]uint16)},
	}
}

// Len is the number of messages held.
func (t *Tracker) Len() int { return t.messages.len() }

// Evicted counts the messages that left because the Tracker was full.
func (t *Tracker) Evicted() uint64 { return t.messages.evicted }

// Forgotten counts the waiting recipients that were not held because there were
// too many; their last deferral will not be known when they expire.
func (t *Tracker) Forgotten() uint64 { return t.forgotten }

// Add takes the next event, and makes o what it means. v is the verdict on a
// Delivery that failed; for other events it is not looked at. ok is false for
// events that belong to no message or session.
func (t *Tracker) Add(e *maillog.Event, v *classify.Verdict, o *Outcome) (ok bool) {
	*o = Outcome{}
	switch e.Kind {
	case maillog.Connect:
		t.beginSession(e)
		return true
	case maillog.Disconnect:
		o.SessionTime = t.endSession(e)
		return true
	}
	if e.QueueID == "" || e.QueueID == maillog.NoQueue {
		return false
	}
	return t.addToMessage(e, v, o)
}

// beginSession keeps when a process began to serve a client. Processes without a pid
// can't be told apart.
func (t *Tracker) beginSession(e *maillog.Event) {
	if e.PID == maillog.Unread {
		return
	}
	key := t.sessionKey(e)
	i := t.sessions.find(key)
	if i == none {
		i = t.sessions.add(key)
	}
	*t.sessions.at(i) = e.Time
}

func (t *Tracker) endSession(e *maillog.Event) time.Duration {
	if e.PID == maillog.Unread {
		return maillog.Unread
	}
	i := t.sessions.find(t.sessionKey(e))
	if i == none {
		return maillog.Unread
	}
	d := since(*t.sessions.at(i), e.Time)
	t.sessions.remove(i)
	return d
}

func (t *Tracker) addToMessage(e *maillog.Event, v *classify.Verdict, o *Outcome) (ok bool) {
	scope := t.scopes.number(e)
	key := t.messageKey(e.QueueID, scope)
	i := t.messages.find(key)
	if i != none && !t.messages.at(i).has(e.QueueID) {
		t.end(i)
		i = none
	}
	o.Known = i != none
	switch e.Kind {
	case maillog.Client, maillog.Pickup: // a new message, whoever had the id before
		i = t.begin(key, e.QueueID, scope, i)
		t.messages.at(i).message.Received = e.Time
	case maillog.MessageID, maillog.Active:
		if i == none {
			i = t.begin(key, e.QueueID, scope, none)
		}
	}
	if i == none {
		return false
	}
	m := t.messages.at(i)
	switch e.Kind {
	case maillog.Active:
		o.FirstActivation = o.Known && m.message.Attempts == 0
		m.message.Attempts++
	case maillog.Delivery:
		t.deliver(m, e, v)
	case maillog.Expired:
		o.GivenUp = t.giveUp(m)
	}
	o.Message = m.message
	if endsMessage(e) {
		o.QueueTime = since(m.message.Received, e.Time)
		t.end(i)
	}
	return true
}

// endsMessage says whether the queue id is free again: a requeued message gets
// another.
func endsMessage(e *maillog.Event) bool {
	return e.Kind == maillog.Removed || e.Kind == maillog.QueueAction && e.Action == "requeued"
}

// begin makes an entry for a message, in place of the old one with its key.
func (t *Tracker) begin(key messageKey, id string, scope uint32, old int32) int32 {
	if old != none {
		t.end(old)
	}
	i := t.add(key)
	m := t.messages.at(i)
	m.idLen, m.scope = uint8(copy(m.id[:], id)), scope
	return i
}

// add makes an empty entry; if there is no room, the oldest leaves.
func (t *Tracker) add(key messageKey) int32 {
	if t.messages.isFull() {
		t.waiting -= len(t.messages.at(t.messages.oldest).waiting)
	}
	return t.messages.add(key)
}

func (t *Tracker) end(i int32) {
	t.waiting -= len(t.messages.at(i).waiting)
	t.messages.remove(i)
}

// deliver notes who still waits, and why.
func (t *Tracker) deliver(m *entry, e *maillog.Event, v *classify.Verdict) {
	switch e.Delivery.Status {
	case maillog.Deferred, maillog.SoftBounced:
		full := len(m.waiting) >= maxWaiting || t.waiting >= waitingByMessage*t.messages.limit
		if added, ok := m.remember(recipientOf(t.salt, &e.Delivery), t.verdicts.number(*v), full); !ok {
			t.forgotten++
		} else if added {
			t.waiting++
		}
	case maillog.Sent, maillog.Bounced:
		if len(m.waiting) > 0 && m.forget(recipientOf(t.salt, &e.Delivery)) {
			t.waiting--
		}
	}
}

// giveUp counts the waiting recipients of an expired message by their verdict.
func (t *Tracker) giveUp(m *entry) []GivenUp {
	t.givenUp = t.givenUp[:0]
	for _, w := range m.waiting {
		t.addGivenUp(t.verdicts.list[w.verdict])
	}
	t.waiting -= len(m.waiting)
	m.waiting = nil
	return t.givenUp
}

func (t *Tracker) addGivenUp(v classify.Verdict) {
	for i := range t.givenUp {
		if t.givenUp[i].Verdict == v {
			t.givenUp[i].Recipients++
			return
		}
	}
	t.givenUp = append(t.givenUp, GivenUp{v, 1})
}

func (t *Tracker) messageKey(id string, scope uint32) messageKey {
	return messageKey(maphash.String(t.seed, id) ^ uint64(scope))
}

func (t *Tracker) sessionKey(e *maillog.Event) sessionKey {
	return newSessionKey(t.scopes.number(e), uint32(e.PID))
}

func newSessionKey(scope, pid uint32) sessionKey {
	return sessionKey(uint64(scope)<<32 | uint64(pid))
}

func (k sessionKey) parts() (scope, pid uint32) { return uint32(k >> 32), uint32(k) }
