// Package classify says what a reply means: class, kind and provider.
//
//	550 5.2.2 <a@example.com>: mailbox is over quota
//
// from mx.example.net is mailbox_full, a soft failure, of provider "other".
// The rules are YAML files: those we ship are in package rules, and users' own
// come before them. A [Set] is a compiled, immutable set of rules.
package classify

import "postfix_exporter/maillog"

// Providers that no rule needs to name.
const (
	ProviderLocal = "local" // delivered on this host
	ProviderNone  = "none"  // no server was reached
	ProviderOther = "other"
)

// ReasonOther is the reason of a reject that no rule names.
const ReasonOther = "other"

// Reply is what is judged: what a server answered, or Postfix's own words.
type Reply struct {
	Host     string // the relay's name, as DNS gave it; "" unknown
	Domain   string // the recipient's domain; "" unknown
	Code     int    // SMTP reply code; 0 none
	Enhanced string // enhanced status code, "5.7.1"; "" none
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
	Name  string
	Class Class
	Kind  Kind
	List  string // the block list that refuses us; "" none
	Hint  string // what to do now, one sentence; "" none
	Link  string // the page of the list or provider that helps; "" none
	File  string // where the rule stands
	Line  int
}

// Set is a compiled set of rules. The zero Set has none. It is safe to share.
type Set struct{}

// Provider names who received, or would have received, the mail: "local" for
// delivery on this host, "none" where no server was reached.
func (s *Set) Provider(d *maillog.DeliveryRecord) string {
	switch {
	case d.Relay.Name == "none" && d.Relay.Addr == "":
		return ProviderNone
	case d.Relay.Addr == "" || d.Relay.IsSocket():
		return ProviderLocal
	}
	return ProviderOther
}

// JudgeDelivery says why a delivery failed.
func (s *Set) JudgeDelivery(d *maillog.DeliveryRecord) Verdict {
	return Verdict{Class: Unclassified, Kind: Unknown, Provider: s.Provider(d)}
}

// Judge says what a reply means.
func (s *Set) Judge(r *Reply) Verdict {
	return Verdict{Class: Unclassified, Kind: Unknown, Provider: ProviderOther}
}

// RejectReason says why we refused, from the words of our own restriction.
func (s *Set) RejectReason(r *maillog.RestrictionRecord) string { return ReasonOther }

// Rules are the rules in their order.
func (s *Set) Rules() []*Rule { return nil }

// Providers are the names of the providers, sorted, local, none and other among them.
func (s *Set) Providers() []string { return []string{ProviderLocal, ProviderNone, ProviderOther} }
