package classify

import (
	"regexp"
	"slices"
	"strings"

	"postfix_exporter/classify/phrase"
)

// conditions are what a rule asks of a reply beside the phrase that led to it.
// Those that are empty ask nothing.
type conditions struct {
	codes     []codeRange
	enhanced  []enhancedPattern
	providers []string
	commands  []string // of rejects: stages
	actions   []string
	leads     []lead // the phrases that lead here; one was found
	all, not  []phrase.ID
	names     []phrase.ID
	regexps   []*regexp.Regexp
}

// lead is a phrase that leads to a rule.
type lead struct {
	id   phrase.ID
	name bool // looked for in names
}

// codeRange is "421", "45x" or "4xx".
type codeRange struct{ from, to int }

// noCode is a range without a code, and the condition of rules that have faults.
var noCode = codeRange{1, 0}

// broken says whether they are of a rule that has faults.
func (c *conditions) broken() bool { return slices.Contains(c.codes, noCode) }

func readCodes(s string) (r codeRange, ok bool) {
	digits := strings.TrimRight(s, "x")
	if len(s) != 3 || digits == "" || strings.Trim(digits, "0123456789") != "" || digits[0] < '2' || digits[0] > '5' {
		return r, false
	}
	r.from, r.to = 0, 0
	for i := range 3 {
		low, high := 0, 9
		if i < len(digits) {
			low = int(digits[i] - '0')
			high = low
		}
		r.from, r.to = r.from*10+low, r.to*10+high
	}
	return r, true
}

// enhancedPattern is "5.7.1", "x.7.1" (4 or 5) or "5.7.6*".
type enhancedPattern struct {
	class byte // 'x', '4', '5', '2'
	rest  string
	open  bool // anything may follow
}

func readEnhanced(s string) (p enhancedPattern, ok bool) {
	s, p.open = strings.CutSuffix(s, "*")
	if len(s) < 2 || s[1] != '.' || strings.IndexByte("x245", s[0]) < 0 {
		return p, false
	}
	p.class, p.rest = s[0], s[1:]
	dots := strings.Count(p.rest, ".")
	return p, strings.Trim(p.rest, "0123456789.") == "" && (dots == 2 || p.open && dots == 1)
}

func (p enhancedPattern) matches(s string) bool {
	if s == "" || p.class != s[0] && (p.class != 'x' || s[0] == '2') {
		return false
	}
	if p.open {
		return strings.HasPrefix(s[1:], p.rest)
	}
	return s[1:] == p.rest
}

// hold says whether a reply meets them, but for the regexps.
func (c *conditions) hold(q *question) bool {
	return c.codesHold(q) && c.phrasesHold(q)
}

func (c *conditions) codesHold(q *question) bool {
	return has(c.providers, q.provider) && hasEnhanced(c.enhanced, q.enhanced) && hasCode(c.codes, q.code) &&
		has(c.commands, q.command) && has(c.actions, q.action)
}

func hasCode(list []codeRange, code int) bool {
	for _, r := range list {
		if r.from <= code && code <= r.to {
			return true
		}
	}
	return len(list) == 0
}

func hasEnhanced(list []enhancedPattern, enhanced string) bool {
	for i := range list {
		if list[i].matches(enhanced) {
			return true
		}
	}
	return len(list) == 0
}

func has(list []string, s string) bool { return list == nil || slices.Contains(list, s) }

func (c *conditions) phrasesHold(q *question) bool {
	for _, id := range c.all {
		if !q.matcher.Has(&q.text, id) {
			return false
		}
	}
	for _, id := range c.not {
		if q.matcher.Has(&q.text, id) {
			return false
		}
	}
	return q.hasOne(c.names)
}

func (q *question) hasOne(list []phrase.ID) bool {
	for _, id := range list {
		if q.matcher.Has(&q.text, id) {
			return true
		}
	}
	return len(list) == 0
}

func (c *conditions) regexpsHold(q *question) bool {
	for _, r := range c.regexps {
		if !r.MatchString(q.raw) {
			return false
		}
	}
	return true
}
