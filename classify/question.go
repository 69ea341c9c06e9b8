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
}

// book is an ordered list of rules with the matcher of their phrases.
type book struct {
	matcher  *phrase.Matcher
	rules    []*Rule
	asks     []conditions // of the rules
	wordless []int        // the rules that ask for no phrase
}

// ask is the first rule whose phrases and conditions a question meets, or -1.
func (b *book) ask(q *question) int {
	failed := -1 // the rule whose conditions failed last: mostly the next phrase found is its own too
	best := b.matcher.Find(&q.text, len(b.rules), func(owner, limit int) int {
		if owner == failed {
			return limit
		}
		if b.asks[owner].hold(q) {
			return owner
		}
		failed = owner
		return limit
	})
	if best == len(b.rules) {
		return -1
	}
	return best
}

// askCodes is the first rule before a limit that asks for codes only and whose
// conditions are met, or the limit.
func (b *book) askCodes(q *question, limit int) int {
	for _, i := range b.wordless {
		if i >= limit {
			break
		}
		if b.asks[i].hold(q) {
			return i
		}
	}
	return limit
}
