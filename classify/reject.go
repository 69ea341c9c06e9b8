package classify

import "postfix_exporter/maillog"

// ReasonOther is the reason of a reject that no rule names.
const ReasonOther = "other"

// reasons are the values of the label "reason".
var reasons = []string{
	"relay_denied", "unknown_recipient", "unknown_sender", "sender_domain", "recipient_domain",
	"helo", "client_name", "client_access", "dnsbl", "greylisted", "rate_limited", "quota", "spf",
	"policy", "size", "syntax", "protocol", "auth_required", "tls_required", "milter",
	"configuration", ReasonOther,
}

// Reasons are all reasons of rejects: the value set of the label "reason".
func Reasons() []string { return reasons }

// RejectReason says why we refused, from the words of our own restriction. What
// a client said of itself is not among them.
func (s *Set) RejectReason(r *maillog.RestrictionRecord) string {
	return s.reason(s.findReject(r, nil))
}

// reason is that of a rule by its place; there is none behind the last.
func (s *Set) reason(rule int) string {
	if s.rejects == nil || rule == len(s.rejects.rules) {
		return ReasonOther
	}
	return s.rejects.rules[rule].Reason
}

// findReject is the place of the rule that decides.
func (s *Set) findReject(r *maillog.RestrictionRecord, m *memory) int {
	b := s.rejects
	if b == nil {
		return 0
	}
	local, _ := cutAt(r.To)
	q := question{matcher: b.matcher, command: r.Stage, action: r.Action}
	q.put(r.Reason, r.Code, r.Enhanced, local)
	return int(b.answer(&q, m).codes)
}
