package classify

// Class is why a delivery failed; Kind what that means for the sender.
type (
	Class string
	Kind  string
)

// The kinds.
const (
	Hard    Kind = "hard"    // the address will never work: remove it
	Soft    Kind = "soft"    // try later
	Block   Kind = "block"   // they refuse us: mend reputation or policy
	Config  Kind = "config"  // our own set-up is wrong
	Unknown Kind = "unknown" // nothing was understood
)

// Unclassified is the class of what no rule names.
const Unclassified Class = "unclassified"

// ClassInfo describes a class.
type ClassInfo struct {
	Class   Class
	Kind    Kind   // unless a rule says otherwise
	Meaning string // half a sentence
	Action  string // what an operator does, one sentence
}

// Classes are all classes, in the order of documentation. The list is closed:
// it is the value set of the label "class".
func Classes() []ClassInfo { return classes }

var classes = []ClassInfo{
	{"user_unknown", Hard, "the local part does not exist, moved, or is invalid", "Remove the address from your lists."},
	{"mailbox_disabled", Hard, "the mailbox exists but is suspended, inactive or locked", "Remove the address from your lists."},
	{"domain_unknown", Hard, "the recipient's domain does not exist, has no mail server, or takes no mail", "Look for a mistyped domain, then remove its addresses."},
	{"mailbox_full", Soft, "the recipient's quota is used up", "Nothing at once; if one domain rises, its storage is full."},
	{"rate_limited", Soft, "too many connections, messages or recipients", "Lower the concurrency or the rate for this destination (default_destination_rate_delay, _concurrency_limit)."},
	{"greylisted", Soft, "first contact deferred on purpose", "Ignore it unless it never clears."},
	{"connection_failed", Soft, "no connection, a timeout, or a session that broke off", "Check firewall, port 25 and routing; else it is the receiver's."},
	{"dns_failure", Soft, "a temporary or broken DNS answer for the recipient's domain", "Check your own resolver first."},
	{"remote_error", Soft, "the receiver's own fault: overload, disk, configuration, shutdown", "Wait, and tell the receiver if it stays."},
	{"blocklisted", Block, "the sending address or domain is on a named list", "Find the cause, then ask that list for removal."},
	{"bad_reputation", Block, "refused or slowed for reputation or complaints, no list named", "Lower the volume, look for an abused account, and wait."},
	{"spam_rejected", Block, "this message was judged to be spam", "Look at the message and at who sent it."},
	{"virus_detected", Block, "malware, phishing or a forbidden attachment", "Find the infected or abused account now."},
	{"policy_rejected", Block, "refused by local policy, with no better reason", "Read the reply, and ask the receiver."},
	{"sender_auth_failed", Config, "SPF, DKIM, DMARC or ARC failed or is missing", "Check the sender domain's DNS records and the signing."},
	{"sender_rejected", Config, "the envelope's or header's sender is refused, can't be verified, or its domain does not resolve", "Look at the From of the application that sends."},
	{"rdns_missing", Config, "reverse DNS or the HELO name is missing or wrong", "Mend the PTR record or smtp_helo_name."},
	{"relay_denied", Config, "the receiver says it is not responsible for the recipient", "Check MX and transport maps; the domain may have moved."},
	{"smtp_auth_required", Config, "the client must log in, or the login failed", "Check the relayhost's credentials (smtp_sasl_password_maps)."},
	{"tls_failed", Config, "STARTTLS, DANE, MTA-STS or a certificate failed, or TLS is demanded", "Check the TLS policy, the CA bundle and DANE records."},
	{"message_too_large", Config, "over a size limit of the server, the mailbox or the header", "Compare message_size_limit with the receiver's limit."},
	{"message_malformed", Config, "a fault in headers, MIME, character set, or SMTPUTF8", "Mend the application that generates the mail."},
	{"routing_loop", Config, "too many hops, mail loops back, or a forwarding loop", "Mend your own routing: mydestination, transport and alias maps."},
	{"protocol_error", Config, "an SMTP command was wrong, out of order or not supported", "Look at your own set-up, and what stands between you and them."},
	{Unclassified, Unknown, "no rule matched, or the text says nothing", "Look at /unclassified and write a rule."},
}

// infoOf is nil for what is no class.
func infoOf(c Class) *ClassInfo {
	for i := range classes {
		if classes[i].Class == c {
			return &classes[i]
		}
	}
	return nil
}

var kinds = []Kind{Hard, Soft, Block, Config, Unknown}
