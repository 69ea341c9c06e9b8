package collector

import (
	"cmp"
	"sync"

	"postfix_exporter/classify"
)

// The rules in use, and their exchange while lines are counted.

// A rulebook is a set of rules, and the same by name.
type rulebook struct {
	set    *classify.Set
	byName func() map[string]*classify.Rule // those of replies; their names are unique
}

func newRulebook(set *classify.Set) *rulebook {
	set = cmp.Or(set, &classify.Set{})
	return &rulebook{set, sync.OnceValue(func() map[string]*classify.Rule { return rulesByName(set) })}
}

func rulesByName(set *classify.Set) map[string]*classify.Rule {
	byName := make(map[string]*classify.Rule, len(set.Rules()))
	for _, r := range set.Rules() {
		byName[r.Name] = r
	}
	return byName
}

// size counts the rules, those of our own rejects too.
func (b *rulebook) size() int { return len(b.set.Rules()) + len(b.set.Rejects()) }

// advice is the hint and link of a rule. It is gone if there is none of its
// name any more that says the same.
func (b *rulebook) advice(rule, class, list string) (hint, link string, gone bool) {
	if rule == "" {
		return "", "", false
	}
	r := b.byName()[rule]
	if r == nil || string(r.Class) != class || r.List != list {
		return "", "", true
	}
	return r.Hint, r.Link, false
}

// SetRules exchanges the rules. They judge from the next line on; what was
// counted stays as it is. Any goroutine may call it.
func (e *Engine) SetRules(set *classify.Set) {
	e.rules.Store(newRulebook(set))
	e.rulesFailed.Store(false)
}

// Rules are those in use. Any goroutine may ask.
func (e *Engine) Rules() *classify.Set { return e.rules.Load().set }

// RulesFailed notes that new rules were asked for and could not be loaded. Those
// in use stay.
func (e *Engine) RulesFailed() { e.rulesFailed.Store(true) }
