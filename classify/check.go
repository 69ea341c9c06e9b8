package classify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"postfix_exporter/classify/phrase"
	"postfix_exporter/maillog"
)

// Check tries the examples of the rules in the named files, and looks for rules
// there that no reply can reach. It returns all faults.
func (s *Set) Check(files ...string) error { return s.check(files).asError() }

func (s *Set) check(files []string) (faults Faults) {
	if s.replies != nil && s.examples == nil {
		return Faults{{"rules", 0, "there are no examples in packed rules: check the files that they were made of"}}
	}
	for i, r := range s.Rules() {
		if !slices.Contains(files, r.File) || s.replies.asks[i].broken() {
			continue
		}
		missed := s.checkExamples(i)
		faults = append(faults, missed...)
		if len(missed) == len(s.examples[i]) { // else a reply reached it
			faults = append(faults, s.checkReach(i)...)
		}
	}
	for i, r := range s.Rejects() {
		if slices.Contains(files, r.File) {
			faults = append(faults, s.checkRejectExamples(i)...)
		}
	}
	return faults
}

// checkExamples: each must be judged by its own rule.
func (s *Set) checkExamples(i int) (faults Faults) {
	rule := s.replies.rules[i]
	for _, x := range s.examples[i] {
		if x.broken {
			continue
		}
		r, err := s.exampleReply(i, x)
		if err != nil {
			faults = append(faults, Fault{rule.File, x.line, fmt.Sprintf("example of rule %q: %v", rule.Name, err)})
			continue
		}
		if v := s.Judge(&r); v.Rule != rule {
			faults = append(faults, Fault{rule.File, x.line,
				fmt.Sprintf("example of rule %q is judged by %s; its words are: %s", rule.Name, where(v.Rule), s.Read(&r).Words)})
		}
	}
	return faults
}

// where names a rule and its place.
func where(r *Rule) string {
	if r == nil {
		return "no rule"
	}
	return fmt.Sprintf("rule %q (%s:%d)", r.Name, r.File, r.Line)
}

// exampleReply is an example as a reply. One that names no host comes from the
// rule's provider.
func (s *Set) exampleReply(i int, x example) (Reply, error) {
	r := ReplyOf(&maillog.DeliveryRecord{Text: x.text})
	r.Host, r.Command, r.Enhanced = cmp.Or(x.host, r.Host), cmp.Or(x.command, r.Command), cmp.Or(x.enhanced, r.Enhanced)
	if x.code != "" {
		code, err := strconv.Atoi(x.code)
		if err != nil {
			return r, fmt.Errorf("code %q is no number", x.code)
		}
		r.Code = code
	}
	asks := &s.replies.asks[i]
	if r.Host == "" && asks.providers != nil {
		r.Host, r.Domain = s.providers.oneOf(asks.providers[0])
	}
	if r.Command == "" && asks.commands != nil {
		r.Command = asks.commands[0]
	}
	return r, nil
}

// oneOf is a host of a provider, or a domain where it has no host.
func (t *providerTable) oneOf(provider string) (host, domain string) {
	return firstKey(t.hosts, provider), firstKey(t.domains, provider)
}

func firstKey(m map[string]string, value string) (first string) {
	for k, v := range m {
		if v == value && (first == "" || k < first) {
			first = k
		}
	}
	return first
}

func (s *Set) checkRejectExamples(i int) (faults Faults) {
	rule, asks := s.rejects.rules[i], &s.rejects.asks[i]
	for _, x := range s.rejectExamples[i] {
		if x.broken {
			continue
		}
		r := maillog.RestrictionRecord{Action: x.action, Stage: x.stage, Enhanced: x.enhanced, Text: x.text, Reason: x.text}
		if x.code != "" {
			var err error
			if r.Code, err = strconv.Atoi(x.code); err != nil {
				faults = append(faults, Fault{rule.File, x.line, fmt.Sprintf("example of reject %q: code %q is no number", rule.Name, x.code)})
				continue
			}
		}
		if r.Action == "" && asks.actions != nil {
			r.Action = asks.actions[0]
		}
		if r.Stage == "" && asks.commands != nil {
			r.Stage = asks.commands[0]
		}
		if r.Code == 0 && asks.codes != nil {
			r.Code = asks.codes[0].from
		}
		if got := s.rejects.at(s.findReject(&r, nil)); got != rule {
			faults = append(faults, Fault{rule.File, x.line, fmt.Sprintf("example of reject %q is judged by %s", rule.Name, strings.Replace(where(got), "rule", "reject", 1))})
		}
	}
	return faults
}

// checkReach tries a rule's own phrases: if an earlier rule takes all of them,
// nothing can reach the rule.
func (s *Set) checkReach(i int) Faults {
	rule, asks := s.replies.rules[i], &s.replies.asks[i]
	if asks.regexps != nil {
		return nil // its phrases alone don't meet it; its examples must do
	}
	var taker *Rule
	tried := false
	for _, w := range asks.witnesses(s.replies.matcher) {
		r := Reply{Text: w, Code: asks.aCode(), Enhanced: asks.anEnhanced()}
		if asks.providers != nil {
			r.Host, r.Domain = s.providers.oneOf(asks.providers[0])
		}
		if asks.commands != nil {
			r.Command = asks.commands[0]
		}
		v := s.Judge(&r)
		if v.Rule == rule {
			return nil
		}
		tried = true
		if n := slices.Index(s.replies.rules, v.Rule); n >= 0 && n < i { // a later one takes nothing from it
			taker = v.Rule
		}
	}
	switch {
	case !tried:
		return nil
	case taker == nil:
		return Faults{{rule.File, rule.Line, fmt.Sprintf("rule %q can't match: its own conditions exclude each other", rule.Name)}}
	}
	return Faults{{rule.File, rule.Line, fmt.Sprintf("rule %q can't be reached: %s takes what it would match", rule.Name, where(taker))}}
}

// aCode is a code that meets the conditions.
func (c *conditions) aCode() int {
	if c.codes != nil {
		return c.codes[0].from
	}
	return 0
}

func (c *conditions) anEnhanced() string {
	if c.enhanced == nil {
		return ""
	}
	p := c.enhanced[0]
	class := p.class
	if class == 'x' {
		class = '5'
		if c.codes != nil && c.codes[0].from < 500 {
			class = '4'
		}
	}
	rest := p.rest
	if p.open && strings.Count(rest, ".") < 2 {
		rest += ".99"
	}
	return string(class) + rest
}

// witnesses are texts that hold the phrases of a rule.
func (c *conditions) witnesses(m *phrase.Matcher) []string {
	var tail strings.Builder
	for _, id := range c.all {
		tail.WriteString(" " + m.Sample(id, 0) + ".")
	}
	if len(c.names) > 0 {
		tail.WriteString(" https://" + strings.ReplaceAll(m.Sample(c.names[0], 0), " ", ".") + "/")
	}
	if len(c.leads) == 0 {
		return []string{tail.String()}
	}
	var texts []string
	for _, lead := range c.leads {
		for n := range m.Samples(lead.id) {
			text := m.Sample(lead.id, n)
			if lead.name {
				text = "https://" + strings.ReplaceAll(text, " ", ".") + "/"
			}
			texts = append(texts, text+"."+tail.String())
		}
	}
	return texts
}
