package history

// A Reply is how an attempt fails. Its text has %r for the server as Postfix names
// it, %s for its name, %a for its address, %d for the domain and %t for the recipient.
type Reply struct {
	Status, DSN, Text string
	Unreached         bool    // no server was: relay=none
	Persists          float64 // how often the next attempt ends alike
}

// Replies are by the class that the rules give them, and some by other names where a
// class has several.
var Replies = map[string]Reply{
	"user_unknown":       {Status: "bounced", DSN: "5.1.1", Text: "host %r said: 550 5.1.1 <%t>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)"},
	"mailbox_disabled":   {Status: "bounced", DSN: "5.2.1", Text: "host %r said: 554 5.2.1 <%t>: Account disabled (in reply to RCPT TO command)"},
	"domain_unknown":     {Status: "bounced", DSN: "5.4.4", Text: "Host or domain name not found. Name service error for name=%d type=A: Host not found", Unreached: true},
	"spam_rejected":      {Status: "bounced", DSN: "5.7.1", Text: "host %r said: 550 5.7.1 Message rejected as spam by Content Filtering (in reply to end of DATA command)"},
	"virus_detected":     {Status: "bounced", DSN: "5.7.1", Text: "host %r said: 554 5.7.1 Message contains virus Eicar-Test-Signature (in reply to end of DATA command)"},
	"policy_rejected":    {Status: "bounced", DSN: "5.7.1", Text: "host %r said: 550 5.7.1 Email rejected per policy (in reply to end of DATA command)"},
	"sender_auth_failed": {Status: "bounced", DSN: "5.7.26", Text: "host %r said: 550 5.7.26 This message does not pass authentication checks (SPF and DKIM both do not pass) (in reply to end of DATA command)"},
	"message_too_large":  {Status: "bounced", DSN: "5.3.4", Text: "host %r said: 552 5.3.4 Message size exceeds fixed limit (in reply to MAIL FROM command)"},
	"blocklisted":        {Status: "bounced", DSN: "5.7.1", Text: "host %r said: 550 5.7.1 Unfortunately, messages from [198.51.100.7] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140). (in reply to MAIL FROM command)"},
	"spamhaus":           {Status: "bounced", DSN: "5.7.1", Text: "host %r said: 554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/198.51.100.7 (in reply to RCPT TO command)"},
	"bad_reputation":     {Status: "deferred", DSN: "4.7.0", Text: "host %r refused to talk to me: 421 4.7.0 [TSS04] Messages from 198.51.100.7 temporarily deferred due to unexpected volume or user complaints", Persists: 0.75},
	"mailbox_full":       {Status: "deferred", DSN: "4.2.2", Text: "host %r said: 452 4.2.2 <%t>: The recipient's inbox is out of storage space (in reply to RCPT TO command)", Persists: 0.97},
	"greylisted":         {Status: "deferred", DSN: "4.2.0", Text: "host %r said: 450 4.2.0 <%t>: Recipient address rejected: Greylisted, please try again in 300 seconds (in reply to RCPT TO command)", Persists: 0.05},
	"rate_limited":       {Status: "deferred", DSN: "4.7.0", Text: "host %r said: 450 4.7.0 Too many connections, rate limit exceeded, please slow down (in reply to RCPT TO command)", Persists: 0.4},
	"connection_failed":  {Status: "deferred", DSN: "4.4.1", Text: "connect to %s[%a]:25: Connection timed out", Unreached: true, Persists: 0.6},
	"relay_refused":      {Status: "deferred", DSN: "4.4.1", Text: "connect to %s[%a]:25: Connection refused", Unreached: true, Persists: 0.6},
	"relay_untrusted":    {Status: "deferred", DSN: "4.7.5", Text: "Server certificate not trusted", Persists: 0.9},
	"dns_failure":        {Status: "deferred", DSN: "4.4.3", Text: "Host or domain name not found. Name service error for name=%d type=MX: Host not found, try again", Unreached: true, Persists: 0.5},
	"tls_failed":         {Status: "deferred", DSN: "4.7.5", Text: "Cannot start TLS: handshake failure", Persists: 0.9},
	"remote_error":       {Status: "deferred", DSN: "4.3.0", Text: "host %r said: 451 4.3.0 Temporary lookup failure (in reply to RCPT TO command)", Persists: 0.3},
}

// Destinations are where a host's mail goes, if it says nothing else. Shares add up
// to 1.
func Destinations() []Destination {
	return []Destination{
		{"google", "gmail.com", "gmail-smtp-in.l.google.com", "192.0.2.21", 0.33, 0.9},
		{"microsoft", "outlook.com", "outlook-com.olc.protection.outlook.com", "192.0.2.22", 0.20, 1.6},
		{"yahoo", "yahoo.com", "mta5.am0.yahoodns.net", "192.0.2.23", 0.08, 1.2},
		{"gmx", "web.de", "mx-ha02.web.de", "192.0.2.24", 0.09, 0.6},
		{"t-online", "t-online.de", "mx01.t-online.de", "192.0.2.25", 0.06, 0.8},
		{"apple", "icloud.com", "mx01.mail.icloud.com", "192.0.2.26", 0.06, 1.0},
		{"orange", "orange.fr", "smtp-in.orange.fr", "192.0.2.27", 0.04, 2.5},
		{"proton", "proton.me", "mail.protonmail.ch", "192.0.2.28", 0.02, 1.1},
		{"other", "shop.example.net", "mx.shop.example.net", "192.0.2.29", 0.07, 0.7},
		{"other", "club.example.org", "mail.club.example.org", "192.0.2.30", 0.05, 1.9},
	}
}
