package classify

import (
	"regexp"

	"postfix_exporter/classify/packed"
	"postfix_exporter/classify/phrase"
)

// unpackBook is nil where there is none.
func unpackBook(r *packed.Reader, files []string) *book {
	if !r.Flag() {
		return nil
	}
	const ruleSize = 18 // bytes at least
	n := min(r.Count(ruleSize), maxRules)
	b := &book{matcher: phrase.Unpack(r, n), asks: make([]conditions, n), rules: make([]*Rule, n)}
	all := make([]Rule, n)
	for i := range all {
		unpackRule(r, &all[i], files)
		b.rules[i] = &all[i]
		b.asks[i].unpack(r, b.matcher.Phrases())
		b.hasRegexps = b.hasRegexps || b.asks[i].regexps != nil
	}
	b.wordless = unpackNumbers[int](r, n)
	return b
}

func unpackRule(r *packed.Reader, rule *Rule, files []string) {
	rule.Name = r.Text()
	if i := r.Index(len(classes) + 1); i > 0 {
		rule.Class = classes[i-1].Class
	}
	if i := r.Index(len(kinds) + 1); i > 0 {
		rule.Kind = kinds[i-1]
	}
	if i := r.Index(len(reasons) + 1); i > 0 {
		rule.Reason = reasons[i-1]
	}
	rule.List, rule.Hint, rule.Link = r.Text(), r.Text(), r.Text()
	rule.File = packed.Pick(r, files)
	rule.Line = r.Number()
}

// unpack reads conditions, whose phrases are below a limit.
func (c *conditions) unpack(r *packed.Reader, phrases int) {
	for range r.Count(2) {
		c.codes = append(c.codes, codeRange{r.Number(), r.Number()})
	}
	for range r.Count(3) {
		c.enhanced = append(c.enhanced, enhancedPattern{class: r.Byte(), rest: r.Text(), open: r.Flag()})
	}
	c.providers, c.commands, c.actions = unpackTexts(r), unpackTexts(r), unpackTexts(r)
	c.all = unpackNumbers[phrase.ID](r, phrases)
	c.not = unpackNumbers[phrase.ID](r, phrases)
	c.names = unpackNumbers[phrase.ID](r, phrases)
	for range r.Count(1) {
		c.addRegexp(r)
	}
}

func (c *conditions) addRegexp(r *packed.Reader) {
	compiled, err := regexp.Compile(r.Text())
	if err != nil {
		r.Fail()
		return
	}
	c.regexps = append(c.regexps, compiled)
}

// unpackNumbers reads numbers below limit; nil of none.
func unpackNumbers[T ~int | ~int32](r *packed.Reader, limit int) []T {
	n := r.Count(1)
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = T(r.Index(limit))
	}
	return list
}
