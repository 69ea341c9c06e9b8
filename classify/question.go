package classify

import "postfix_exporter/classify/phrase"

// question is one text put to a book of rules.
type question struct {
	matcher  *phrase.Matcher
	text     phrase.Text
	raw      string
	code     int
	enhanced string
	provider string
	command  string // of rejects: the stage
	action   string // of rejects

	regexps int  // rules whose regexps were tried
	tried   int  // the last of them
	matched bool // one of them matched
}

// book is an ordered list of rules with the matcher of their phrases.
type book struct {
	matcher  *phrase.Matcher
	rules    []*Rule
	asks     []conditions // of the rules
	wordless []int        // the rules that ask for no phrase

	hasRegexps bool
}

// at is the rule at a place, nil behind the last.
func (b *book) at(i int) *Rule {
	if i == len(b.rules) {
		return nil
	}
	return b.rules[i]
}

// answer answers a question, from memory if there is one and it knows.
func (b *book) answer(q *question, m *memory) answer {
	if m == nil {
		return b.search(q)
	}
	key := q.appendKey(m.key[:0])
	if len(key) == 0 {
		return b.search(q)
	}
	known := m.at(key)
	if known.is(key) && (known.regexps < 0 || !b.asks[known.regexps].regexpsHold(q)) {
		return known.answer
	}
	a := b.search(q)
	switch {
	case q.regexps == 0:
		known.keep(key, a, noRule)
	case q.regexps == 1 && !q.matched:
		known.keep(key, a, q.tried)
	}
	return a
}

func (b *book) search(q *question) answer {
	words := b.ask(q)
	return answer{int32(words), int32(b.askCodes(q, words))}
}

// ask is the first rule whose phrases and conditions a question meets, or
// len(b.rules).
func (b *book) ask(q *question) int {
	// Phrases of a rule may stand in a text hundreds of times: its conditions are
	// tried once.
	var failed [maxRules/64 + 1]uint64
	return b.matcher.Find(&q.text, len(b.rules), func(owner, limit int) int {
		bits, bit := &failed[owner/64], uint64(1)<<(owner%64)
		if *bits&bit != 0 {
			return limit
		}
		if b.holds(owner, q) {
			return owner
		}
		*bits |= bit
		return limit
	})
}

// askCodes is the first rule before a limit that asks for codes only and whose
// conditions are met, or the limit.
func (b *book) askCodes(q *question, limit int) int {
	for _, i := range b.wordless {
		if i >= limit {
			break
		}
		if b.holds(i, q) {
			return i
		}
	}
	return limit
}

// holds says whether a question meets a rule's conditions.
func (b *book) holds(rule int, q *question) bool {
	c := &b.asks[rule]
	if !c.hold(q) {
		return false
	}
	if c.regexps == nil {
		return true
	}
	if q.regexps == 0 || q.tried != rule {
		q.regexps, q.tried = q.regexps+1, rule
	}
	q.matched = c.regexpsHold(q)
	return q.matched
}
