// Package classify says what a reply means: class, kind and provider.
//
//	550 5.2.2 <a@example.com>: mailbox is over quota
//
// from mx.example.net is mailbox_full, a soft failure, of provider "other".
// The rules are YAML files: those we ship are in package rules, and users' own
// come before them. A [Set] is a compiled, immutable set of rules.
package classify

import (
	"cmp"
	"strconv"

	"postfix_exporter/maillog"
)

// Reply is what is judged: what a server answered, or Postfix's own words.
type Reply struct {
	Host     string // the relay's name, as DNS gave it; "" unknown
	Domain   string // the recipient's domain; "" unknown
	Local    string // the recipient's local part; "" unknown
	Code     int    // SMTP reply code; 0: the text's own
	Enhanced string // enhanced status code, "5.7.1"; "": the text's own
	Command  string // "RCPT TO", "end of DATA": what the reply was to; "" unknown
	Text     string
}

// Verdict is what a reply means. Its values are from closed sets.
type Verdict struct {
	Class    Class
	Kind     Kind
	Provider string
	Rule     *Rule // the rule that decided; nil none
}

// Rule is one entry of a rules file.
type Rule struct {
	Name   string
	Class  Class  // "" of a reject
	Kind   Kind   // "" of a reject
	Reason string // of a reject
	List   string // the block list that refuses us; "" none
	Hint   string // what to do now, one sentence; "" none
	Link   string // the page of the list or provider that helps; "" none
	File   string // where the rule stands
	Line   int
}

// Set is a compiled set of rules. It is safe to share. The zero Set has no rules.
type Set struct {
	files                    []string // that the rules come from
	providers                providerTable
	replies, rejects         *book
	examples, rejectExamples [][]example // nil of a set that was packed
}

// JudgeDelivery says why a delivery failed.
func (s *Set) JudgeDelivery(d *maillog.DeliveryRecord) Verdict {
	r := ReplyOf(d)
	return s.judge(&r, s.Provider(d), nil)
}

// ReplyOf takes the reply out of a record, or out of a text alone: that of
// Postfix's own words around it, or all of it. Its host is the relay, else the
// server that Postfix names.
func ReplyOf(d *maillog.DeliveryRecord) Reply {
	said := d.Reply()
	local, domain := cutAt(d.To)
	return Reply{
		Host:   cmp.Or(d.Relay.Name, said.Host.Name),
		Domain: domain,
		Local:  local,
		Code:   said.Code, Enhanced: cmp.Or(said.Enhanced, d.DSN), Command: said.Command,
		Text: said.Text,
	}
}

// Judge says what a reply means.
func (s *Set) Judge(r *Reply) Verdict { return s.judge(r, s.providers.of(r.Host, r.Domain), nil) }

// judge asks first what the innermost quote says, then what all of the text
// says, then what the codes say.
func (s *Set) judge(r *Reply, provider string, m *memory) Verdict {
	if s.replies == nil {
		return Verdict{Class: Unclassified, Kind: Unknown, Provider: provider}
	}
	return s.verdict(s.find(r, provider, m), provider)
}

// verdict is that of a rule by its place; there is none behind the last.
func (s *Set) verdict(rule int, provider string) Verdict {
	if rule == len(s.replies.rules) {
		return Verdict{Class: Unclassified, Kind: Unknown, Provider: provider}
	}
	r := s.replies.rules[rule]
	return Verdict{Class: r.Class, Kind: r.Kind, Provider: provider, Rule: r}
}

// find is the rule that decides, or len(s.replies.rules).
func (s *Set) find(r *Reply, provider string, m *memory) int {
	b := s.replies
	text, command := cutCommand(r.Text)
	command = cmp.Or(r.Command, command)
	inner := innermost(text)
	q := question{matcher: b.matcher, provider: provider, command: command}
	if len(inner) == len(text) {
		q.put(inner, r.Code, r.Enhanced, r.Local)
		return int(b.answer(&q, m).codes)
	}
	q.put(inner, 0, "", r.Local)
	a := b.answer(&q, m)
	if int(a.words) < len(b.rules) || saidToPostfix(text[:len(text)-len(inner)]) {
		return int(a.codes)
	}
	outer := question{matcher: b.matcher, provider: provider, command: command}
	outer.put(text, r.Code, r.Enhanced, r.Local)
	whole := int(b.answer(&outer, m).words)
	if whole == len(b.rules) && q.enhanced == "" {
		q.enhanced = outer.enhanced
		return b.askCodes(&q, whole)
	}
	return min(int(a.codes), whole)
}

// put reads the text of a question. Codes that are not given are the text's own.
func (q *question) put(text string, code int, enhanced, local string) {
	q.raw = text
	digits := replyCode(text)
	if code == 0 && digits != "" {
		code, _ = strconv.Atoi(digits) // 0 where it is no number
	}
	q.code = code
	q.matcher.Read(&q.text, text, digits, local)
	q.enhanced = enhanced
	if t := &q.text; t.EnhancedTo > 0 && (enhanced == "" || saysNothing(enhanced)) {
		q.enhanced = text[t.EnhancedFrom:t.EnhancedTo]
	}
}

// replyCode is the code that a text begins with, or "".
func replyCode(text string) string {
	if len(text) > 3 && isReplyStart(text) || len(text) == 3 && isReplyStart(text+" ") {
		return text[:3]
	}
	return ""
}

// saysNothing is what Postfix writes where the server gave no enhanced code.
func saysNothing(enhanced string) bool { return enhanced == "5.0.0" || enhanced == "4.0.0" }

func cutAt(address string) (local, domain string) {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return address[:i], address[i+1:]
		}
	}
	return address, ""
}

// Files are the names of the files that the set was made of, in their order.
func (s *Set) Files() []string { return s.files }

// Rules are the rules in their order.
func (s *Set) Rules() []*Rule {
	if s.replies == nil {
		return nil
	}
	return s.replies.rules
}

// Rejects are the rules of our own rejects, in their order.
func (s *Set) Rejects() []*Rule {
	if s.rejects == nil {
		return nil
	}
	return s.rejects.rules
}

// Providers are the names of the providers, sorted, local, none and other among them.
func (s *Set) Providers() []string {
	if s.providers.names == nil {
		return []string{ProviderLocal, ProviderNone, ProviderOther}
	}
	return s.providers.names
}
