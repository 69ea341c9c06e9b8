package classify

import (
	"cmp"
	"fmt"
	"maps"
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
	var names []string
	for i := range own {
		names = append(names, own[i].Name)
	}
	if err := append(faults, s.check(names)...).asError(); err != nil {
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
	s := &Set{}
	s.providers = c.compileProviders()
	c.checkNames()
	slices.SortStableFunc(c.rules, func(a, b *ruleEntry) int { return a.turn() - b.turn() })
	s.replies = c.compileBook(c.rules, c.finishRule)
	s.rejects = c.compileBook(c.rejects, c.finishReject)
	s.examples = examplesOf(c.rules)
	s.rejectExamples = examplesOf(c.rejects)
	return s, c.faults
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

// checkNames finds rules of the same name.
func (c *contents) checkNames() {
	first := map[string]*ruleEntry{}
	all := slices.Concat(c.rules, c.rejects)
	slices.SortStableFunc(all, func(a, b *ruleEntry) int { return later(a.own, b.own) })
	for _, e := range all {
		c.file = e.File
		switch before := first[e.Name]; {
		case !isName(e.Name):
			c.fault(e.at("name"), "a rule needs a name of lower-case letters, digits and dashes, not %q", e.Name)
		case before != nil:
			c.fault(e.at("name"), "rule %q: the name is taken by %s:%d", e.Name, before.File, before.Line)
		default:
			first[e.Name] = e
		}
	}
}

// later puts what is true behind what is not.
func later(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// isName says whether s is a name: of a rule, a provider, a list.
func isName(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
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

// finishRule reads what only rules have.
func (c *contents) finishRule(e *ruleEntry) {
	e.Class = Class(e.classText)
	e.Kind = Kind(e.kindText)
	if info := infoOf(e.Class); info != nil {
		e.Kind = cmp.Or(e.Kind, info.Kind)
	} else {
		c.fault(e.at("class"), "rule %q: %q is no class; see docs/RULES.md", e.Name, e.classText)
	}
	if e.Kind != "" && !slices.Contains(kinds, e.Kind) {
		c.fault(e.at("kind"), "rule %q: %q is no kind; kinds are %s", e.Name, e.kindText, join(kinds))
	}
	if e.List != "" && !isName(e.List) {
		c.fault(e.at("list"), "rule %q: a list has a name of lower-case letters, digits and dashes, not %q", e.Name, e.List)
	}
	if e.List != "" && e.Kind != "" && e.Kind != Block {
		c.fault(e.at("list"), "rule %q: only a class of kind block has a list", e.Name)
	}
}

// finishReject reads what only rejects have.
func (c *contents) finishReject(e *ruleEntry) {
	if !slices.Contains(reasons, e.reason) {
		c.fault(e.at("reason"), "reject %q: %q is no reason; reasons are %s", e.Name, e.reason, strings.Join(reasons, ", "))
	}
	e.Reason = e.reason
}

func join(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

var seenDate = regexp.MustCompile(`^20\d\d-(0[1-9]|1[0-2])(-[0-3]\d)?$`)

// checkCommon finds faults of what rules and rejects have in common, and that
// don't matter for what they match.
func (c *contents) checkCommon(e *ruleEntry) {
	if len(e.examples) == 0 {
		c.fault(e.Line, "rule %q has no example", e.Name)
	}
	if e.Link != "" && !strings.HasPrefix(e.Link, "https://") && !strings.HasPrefix(e.Link, "http://") {
		c.fault(e.at("link"), "rule %q: the link %q is no http or https URL", e.Name, e.Link)
	}
	if e.Link != "" && !seenDate.MatchString(e.seen) {
		c.fault(e.at("link"), "rule %q: a link needs the date at which it was seen, as in seen: 2026-11", e.Name)
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

// checkConditions finds faults of the conditions as a whole.
func (c *contents) checkConditions(e *ruleEntry) {
	if len(e.any)+len(e.all)+len(e.names)+len(e.codes)+len(e.enhanced) == 0 && len(e.regexps) == 0 && len(e.actions) == 0 {
		c.fault(e.Line, "rule %q asks for nothing: it needs any, all, names, code or enhanced", e.Name)
	}
	if len(e.regexps) > 0 && len(e.any)+len(e.all)+len(e.names) == 0 {
		c.fault(e.at("regexp"), "rule %q: a regexp needs a guard beside it: any, all or names", e.Name)
	}
	c.checkKnown(e, "command", e.commands, commands)
	c.checkKnown(e, "stage", e.stages, stages)
	c.checkKnown(e, "action", e.actions, actions)
	for _, p := range e.providers {
		if !slices.ContainsFunc(c.providers, func(d providerEntry) bool { return d.name.text == p.text }) {
			c.fault(p.line, "rule %q: provider %q is not declared under providers", e.Name, p.text)
		}
	}
}

// What Postfix logs: no rule that asks for anything else is ever met.
var (
	commands = []string{ // smtp/smtp_proto.c xfer_request
		"MAIL FROM", "RCPT TO", "DATA", "end of DATA", "final RSET", "QUIT",
		"XFORWARD name/address", "XFORWARD protocol/helo",
	}
	stages = []string{
		"CONNECT", "HELO", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BDAT", "END-OF-MESSAGE",
		"VRFY", "ETRN", "TLS", "XCLIENT", "XFORWARD",
	}
	actions = []string{"reject", "milter-reject"}
)

func (c *contents) checkKnown(e *ruleEntry, key string, list []located, known []string) {
	for _, s := range list {
		if s.text != "" && !slices.Contains(known, s.text) {
			c.fault(s.line, "rule %q: %q is no %s that Postfix logs; these are %s", e.Name, s.text, key, strings.Join(known, ", "))
		}
	}
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

// compileProviders makes the table of host names' and domains' ends.
func (c *contents) compileProviders() providerTable {
	t := providerTable{hosts: map[string]string{}, domains: map[string]string{}}
	owner := map[string]string{}
	names := map[string]bool{ProviderLocal: true, ProviderNone: true, ProviderOther: true}
	for _, p := range c.providers {
		c.file = p.file
		if !isName(p.name.text) || slices.Contains([]string{ProviderLocal, ProviderNone, ProviderOther}, p.name.text) {
			c.fault(p.name.line, "%q can't be a provider's name: lower-case letters, digits and dashes, and not local, none or other", p.name.text)
			continue
		}
		names[p.name.text] = true
		c.addSuffixes(t.hosts, "host ", p.name.text, p.hosts, owner)
		c.addSuffixes(t.domains, "domain ", p.name.text, p.domains, owner)
	}
	if len(names) > maxProviders {
		c.fault(0, "%d providers are more than %d", len(names), maxProviders)
	}
	t.names = slices.Sorted(maps.Keys(names))
	return t
}

// addSuffixes: the first file that names a host or a domain has it, so that
// users can move one.
func (c *contents) addSuffixes(table map[string]string, what, provider string, suffixes []located, owner map[string]string) {
	for _, s := range suffixes {
		name := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s.text), "*"), ".")
		name = strings.TrimSuffix(name, ".")
		key := what + name
		switch before, taken := owner[key]; {
		case name == "" || len(name) > maxName || slices.Contains(strings.Split(name, "."), "") || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "":
			c.fault(s.line, "provider %q: %q is no host name", provider, s.text)
		case taken && strings.HasPrefix(before, c.file+":"):
			c.fault(s.line, "provider %q: %s%s is declared already at %s", provider, what, name, before)
		case !taken:
			table[name] = provider
			owner[key] = fmt.Sprintf("%s:%d", c.file, s.line)
		}
	}
}
