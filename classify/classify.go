// Package classify says what a reply means: class, kind and provider.
//
// A Set is immutable and safe to share.
package classify

import "postfix_exporter/maillog"

// Class is why a delivery failed; Kind what that means for the sender.
type (
	Class string
	Kind  string
)

// What is known without rules.
const (
	Unclassified Class = "unclassified"
	Unknown      Kind  = "unknown"
)

// Providers that no rule needs to name.
const (
	ProviderLocal = "local" // delivered on this host
	ProviderNone  = "none"  // no server was reached
	ProviderOther = "other"
)

// ReasonOther is the reason of a reject that no rule names.
const ReasonOther = "other"

// Verdict is what a reply means. Its values are from closed sets.
type Verdict struct {
	Class    Class
	Kind     Kind
	Provider string
	Rule     string // name of the rule that decided; "" none
}

// Set is a compiled set of rules. The zero Set has none.
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

// Judge says why a delivery failed.
func (s *Set) Judge(d *maillog.DeliveryRecord) Verdict {
	return Verdict{Class: Unclassified, Kind: Unknown, Provider: s.Provider(d)}
}

// RejectReason says why we refused, from the words of our own restriction.
func (s *Set) RejectReason(r *maillog.RestrictionRecord) string { return ReasonOther }
