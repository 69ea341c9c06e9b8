package classify

import (
	"encoding/binary"
	"hash/maphash"

	"postfix_exporter/maillog"
)

// Memo judges by a Set and remembers: servers say most of what they say again and
// again. Its verdicts are those of the Set. It belongs to one goroutine, and the
// zero Memo is ready.
//
// What it goes by is all that rules ask of a reply: its words as far as rules know
// them, its codes, who received it, and what it answers. Addresses and other words
// play no part. No text is kept, but for the names of hosts and of recipients'
// domains, to know their providers.
type Memo struct {
	set              *Set // whose answers are remembered
	replies, rejects memory
	texts, reasons   memory // whole texts, before they are read
	hosts, domains   nameMemory
}

// JudgeDelivery is that of a Set.
func (m *Memo) JudgeDelivery(s *Set, d *maillog.DeliveryRecord) Verdict {
	provider := m.Provider(s, d)
	local, _ := cutAt(d.To)
	if s.replies == nil || !m.texts.takes(s.replies, d.Text, local, provider, d.DSN) {
		r := ReplyOf(d)
		return s.judge(&r, provider, &m.replies)
	}
	known := m.texts.at(m.texts.asked)
	if !known.is(m.texts.asked) {
		r := ReplyOf(d)
		known.keep(m.texts.asked, answer{codes: int32(s.find(&r, provider, &m.replies))}, noRule)
	}
	return s.verdict(int(known.codes), provider)
}

// RejectReason is that of a Set.
func (m *Memo) RejectReason(s *Set, r *maillog.RestrictionRecord) string {
	m.use(s)
	local, _ := cutAt(r.To)
	code := [2]byte{byte(r.Code), byte(r.Code >> 8)}
	if s.rejects == nil || !m.reasons.takes(s.rejects, r.Reason, local, r.Stage, r.Action, r.Enhanced, string(code[:])) {
		return s.reason(s.findReject(r, &m.rejects))
	}
	known := m.reasons.at(m.reasons.asked)
	if !known.is(m.reasons.asked) {
		known.keep(m.reasons.asked, answer{codes: int32(s.findReject(r, &m.rejects))}, noRule)
	}
	return s.reason(int(known.codes))
}

// use forgets what another set answered.
func (m *Memo) use(s *Set) {
	if m.set != s {
		m.set = s
		m.replies.forget()
		m.rejects.forget()
		m.texts.forget()
		m.reasons.forget()
		m.hosts.forget()
		m.domains.forget()
	}
}

// answer are the rules that a question leads to; len(book.rules) stands for none.
type answer struct {
	words int32 // the first whose phrases and conditions are met
	codes int32 // the first that asks for codes only, if it is before that one; else the same
}

// A memory holds the last answers, at most memorySize of them in 1 MB. A question
// has one place, and the last one that came there holds it: a flood of replies that
// all differ costs what it would cost without.
type memory struct {
	key   [maxKey]byte // scratch
	asked []byte       // of key: what is asked for
	seed  maphash.Seed
	slots []remembered // none until the first question
}

const (
	memorySize = 1 << 12
	maxKey     = 242 // bytes; what a longer question is answered is not remembered
	noRule     = -1
)

type remembered struct {
	size uint16 // of the key; 0: none
	answer
	regexps int32 // the rule whose regexps must not match; noRule none was tried
	key     [maxKey]byte
}

// grow makes room for answers, a power of two.
func (m *memory) grow(size int) {
	m.seed = maphash.MakeSeed()
	m.slots = make([]remembered, size)
}

func (m *memory) forget() { clear(m.slots) }

// at is the place of a key.
func (m *memory) at(key []byte) *remembered {
	if m.slots == nil {
		m.grow(memorySize)
	}
	return &m.slots[maphash.Bytes(m.seed, key)&uint64(len(m.slots)-1)]
}

func (r *remembered) is(key []byte) bool { return string(r.key[:r.size]) == string(key) }

func (r *remembered) keep(key []byte, a answer, regexps int) {
	r.size = uint16(copy(r.key[:], key))
	r.answer, r.regexps = a, int32(regexps)
}

// appendKey appends all that a question's answer depends on, but for the raw text
// that regexps look at. It appends nothing to what has no room for it.
func (q *question) appendKey(key []byte) []byte {
	const counts = 16
	texts := [...]string{q.enhanced, q.provider, q.command, q.action}
	size := counts + q.text.KeySize()
	for _, s := range texts {
		size += len(s)
	}
	if size > cap(key) {
		return key
	}
	key = binary.LittleEndian.AppendUint64(key, uint64(q.code))
	for _, s := range texts {
		key = append(key, byte(len(s)))
		key = append(key, s...)
	}
	return q.text.AppendKey(key)
}
