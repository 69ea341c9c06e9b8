package track

import (
	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
)

// What a Tracker holds, put into a state and taken out again. Keys are hashes of
// a seed that each process has of its own: entries are saved, and their keys made
// anew.

// Save puts all that the Tracker knows; it allocates nothing. Nobody's name is in it:
// recipients are salted hashes, of senders there is nothing.
func (t *Tracker) Save(to *checkpoint.Encoder) {
	to.Fixed(t.salt)
	to.Uint(t.messages.evicted)
	to.Uint(t.forgotten)
	to.Uint(uint64(len(t.scopes.list)))
	for i := range t.scopes.list {
		to.String(t.scopes.list[i].host)
		to.String(t.scopes.list[i].instance)
	}
	to.Uint(uint64(len(t.verdicts.list)))
	for i := range t.verdicts.list {
		saveVerdict(to, &t.verdicts.list[i])
	}
	t.saveMessages(to)
	t.saveSessions(to)
}

func saveVerdict(to *checkpoint.Encoder, v *classify.Verdict) {
	to.String(string(v.Class))
	to.String(string(v.Kind))
	to.String(v.Provider)
}

// saveMessages puts the oldest first.
func (t *Tracker) saveMessages(to *checkpoint.Encoder) {
	to.Uint(uint64(t.messages.len()))
	for i := t.messages.oldest; i != none; i = t.messages.slots[i].newer {
		t.messages.at(i).save(to)
	}
}

func (m *entry) save(to *checkpoint.Encoder) {
	to.String(string(m.id[:m.idLen]))
	to.Uint(uint64(m.scope))
	to.Time(m.message.Received)
	to.Uint(uint64(m.message.Attempts))
	to.Uint(uint64(len(m.waiting)))
	for _, w := range m.waiting {
		to.Fixed(w.recipient)
		to.Uint(uint64(w.verdict))
	}
}

// saveSessions puts the oldest first.
func (t *Tracker) saveSessions(to *checkpoint.Encoder) {
	to.Uint(uint64(t.sessions.len()))
	for i := t.sessions.oldest; i != none; i = t.sessions.slots[i].newer {
		scope, pid := t.sessions.slots[i].key.parts()
		to.Uint(uint64(scope))
		to.Uint(uint64(pid))
		to.Time(*t.sessions.at(i))
	}
}
