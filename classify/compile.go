package classify

import (
	"regexp"
	"slices"
	"strings"

	"postfix_exporter/classify/phrase"
)

// Load compiles files, the first ones first. Its error is of type Faults: every
// fault with its file and line. Whether the examples land on their rules is for
// Check.
func Load(files []File) (*Set, error) {
	s, faults := compile(nil, files)
	if err := faults.asError(); err != nil {
		return nil, err
	}
	return s, nil
}

// LoadOwn compiles users' own files before those that are built in, and checks
// them. Its error has all faults: a rule that can't be compiled keeps no other
// from being checked.
func LoadOwn(own, shipped []File) (*Set, error) {
	s, faults := compile(own, shipped)
	if err := append(faults, s.check(namesOf(own))...).asError(); err != nil {
		return nil, err
	}
	return s, nil
}

// compile makes a set of what is sound.
func compile(own, shipped []File) (*Set, Faults) {
	c := contents{own: true}
	for i := range own {
		c.read(&own[i])
	}
	c.own = false
	for i := range shipped {
		c.read(&shipped[i])
	}
	// Users' names must differ from those built in, not these from users'.
	slices.SortStableFunc(c.sets, func(a, b wordSet) int { return later(a.own, b.own) })
	s := &Set{files: namesOf(own, shipped)}
	s.providers = c.compileProviders()
	c.checkNames()
	slices.SortStableFunc(c.rules, func(a, b *ruleEntry) int { return a.turn() - b.turn() })
	s.replies = c.compileBook(c.rules, c.finishRule)
	s.rejects = c.compileBook(c.rejects, c.finishReject)
	s.examples = examplesOf(c.rules)
	s.rejectExamples = examplesOf(c.rejects)
	return s, c.faults
}

func namesOf(lists ...[]File) (names []string) {
	for _, files := range lists {
		for i := range files {
			names = append(names, files[i].Name)
		}
	}
	return names
}

// turn is when a rule is asked: words tell more than codes of the registry, these
// more than words that tell little, and those more than bare SMTP codes. A
// receiver's own codes are as good as words.
func (e *ruleEntry) turn() int {
	codesOnly := len(e.any)+len(e.all)+len(e.names) == 0
	switch {
	case e.weak:
		return 2
	case e.own, !codesOnly, len(e.providers) > 0, slices.ContainsFunc(e.enhanced, isOwnCode): // users' come first
		return 0
	case len(e.enhanced) > 0:
		return 1
	}
	return 3
}

// isOwnCode: the registry has no detail of three digits.
func isOwnCode(code located) bool {
	detail := code.text[strings.LastIndexByte(code.text, '.')+1:]
	return len(detail) > 2
}

func examplesOf(entries []*ruleEntry) [][]example {
	list := make([][]example, len(entries))
	for i, e := range entries {
		list[i] = e.examples
	}
	return list
}

// compileBook compiles rules or rejects.
func (c *contents) compileBook(entries []*ruleEntry, finish func(*ruleEntry)) *book {
	b := &book{}
	words := phrase.NewCompiler()
	for _, set := range c.sets {
		if err := words.Set(set.name.text, set.members); err != nil {
			c.setFault(set, err)
		}
	}
	for i, e := range entries {
		c.file = e.File
		finish(e)
		c.checkCommon(e)
		b.rules = append(b.rules, &e.Rule)
		b.asks = append(b.asks, c.soundConditions(e, i, words))
		if len(e.any)+len(e.all)+len(e.names) == 0 {
			b.wordless = append(b.wordless, i)
		}
	}
	b.hasRegexps = slices.ContainsFunc(b.asks, func(c conditions) bool { return c.regexps != nil })
	b.matcher = words.Compile()
	return b
}

// setFault tells of a word set once: both books have all of them.
func (c *contents) setFault(set wordSet, err error) {
	f := Fault{set.file, set.name.line, err.Error()}
	if !slices.Contains(c.faults, f) {
		c.faults = append(c.faults, f)
	}
}

// soundConditions compiles those of a rule. With a fault in them it takes
// nothing, and is not tried.
func (c *contents) soundConditions(e *ruleEntry, owner int, words *phrase.Compiler) conditions {
	before := c.found
	c.checkConditions(e)
	cs := c.conditions(e, owner, words)
	if e.broken || c.found > before {
		e.examples = nil
		return conditions{codes: []codeRange{noCode}}
	}
	return cs
}

// conditions compiles those of a rule. The phrases that lead to it are its any,
// else its names, else its first all.
func (c *contents) conditions(e *ruleEntry, owner int, words *phrase.Compiler) (cs conditions) {
	for _, s := range e.codes {
		if r, ok := readCodes(s.text); ok {
			cs.codes = append(cs.codes, r)
		} else {
			c.fault(s.line, "rule %q: %q is no SMTP code; codes are written 550, 55x or 5xx", e.Name, s.text)
		}
	}
	for _, s := range e.enhanced {
		if p, ok := readEnhanced(s.text); ok {
			cs.enhanced = append(cs.enhanced, p)
		} else {
			c.fault(s.line, "rule %q: %q is no enhanced status code; codes are written 5.7.1, x.7.1 or 5.7.6*", e.Name, s.text)
		}
	}
	cs.providers, cs.commands, cs.actions = texts(e.providers), texts(slices.Concat(e.commands, e.stages)), texts(e.actions)
	add := func(where phrase.Where, list []located, owner int) (ids []phrase.ID) {
		for _, p := range list {
			id, err := words.Add(where, p.text, owner)
			if err != nil {
				c.fault(p.line, "rule %q: %v", e.Name, err)
				continue
			}
			ids = append(ids, id)
		}
		return ids
	}
	const notLed = -1
	all, names := e.all, e.names
	switch {
	case len(e.any) > 0:
		cs.leads = leads(add(phrase.Words, e.any, owner), false)
	case len(names) > 0:
		cs.leads, names = leads(add(phrase.Names, names, owner), true), nil
	case len(all) > 0:
		cs.leads, all = leads(add(phrase.Words, all[:1], owner), false), all[1:]
	}
	cs.all = add(phrase.Words, all, notLed)
	cs.not = add(phrase.Words, e.not, notLed)
	cs.names = add(phrase.Names, names, notLed)
	for _, s := range e.regexps {
		r, err := regexp.Compile("(?i)" + s.text)
		if err != nil {
			c.fault(s.line, "rule %q: %v", e.Name, err)
			continue
		}
		cs.regexps = append(cs.regexps, r)
	}
	return cs
}

func leads(ids []phrase.ID, name bool) []lead {
	list := make([]lead, len(ids))
	for i, id := range ids {
		list[i] = lead{id, name}
	}
	return list
}

func texts(list []located) []string {
	var texts []string
	for _, l := range list {
		texts = append(texts, l.text)
	}
	return texts
}
