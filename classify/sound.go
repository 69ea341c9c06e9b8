package classify

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// What makes a rule sound, as far as the rule alone tells.

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
