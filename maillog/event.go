package maillog

import "time"

// Kind says which of Postfix's sentences a line is.
type Kind uint8

// The kinds. The comment names the Postfix source that writes the sentence.
const (
	Unrecognized    Kind = iota // text that is none of the sentences known of its daemon
	Note                        // a known sentence that no metric needs
	Problem                     // a warning, error, fatal or panic that has no kind of its own
	Delivery                    // to=<...>, relay=..., status=... (global/log_adhoc.c)
	AttemptFailed               // host H[A] said: ..., another server will be tried (smtp/smtp_trouble.c)
	ConnectFailed               // connect to H[A]:P: ... (smtp/smtp_connect.c)
	Connect                     // connect from N (smtpd/smtpd.c)
	Disconnect                  // disconnect from N ... (smtpd/smtpd.c)
	LostConnection              // lost connection, timeout, too many errors after STAGE (smtpd/smtpd.c)
	ProtocolAbuse               // improper command pipelining, non-SMTP command (smtpd/smtpd.c)
	RateLimited                 // a client limit of anvil was reached (smtpd/smtpd.c)
	Client                      // QID: client=N, a message begins (smtpd/smtpd.c)
	Restriction                 // QID: ACTION: STAGE from N: ... (smtpd/smtpd_check.c, postscreen, milters, proxy)
	ContentCheck                // QID: ACTION: header ... from N; ... (cleanup/cleanup_message.c)
	SASLFailed                  // N: SASL M authentication failed (smtpd/smtpd_sasl_glue.c)
	TLSEstablished              // ... TLS connection established from|to N: ... (tls/tls_misc.c)
	TLSFailed                   // SSL_accept, SSL_connect error, handshake failed
	MessageID                   // QID: message-id= (cleanup/cleanup_message.c)
	Pickup                      // QID: uid=N from=<A> (pickup/pickup.c)
	Active                      // QID: from=<A>, size=N, nrcpt=N (queue active) (qmgr/qmgr_active.c)
	Expired                     // QID: from=<A>, status=expired, returned to sender (qmgr/qmgr_active.c)
	Removed                     // QID: removed (qmgr, cleanup, postsuper)
	Notification                // QID: sender non-delivery notification: QID2 (bounce)
	Postscreen                  // PASS NEW, PREGREET, ... [A]:P (postscreen)
	DNSBLListed                 // addr A listed by domain D as R (dnsblog)
	AnvilStatistics             // statistics: max connection rate ... (anvil)
	Lifecycle                   // daemon started, reload, starting, stopping (master, postfix-script)
	QueueAction                 // placed on hold, released from hold, requeued; "Deleted: 5 messages" (postsuper)
	kinds
)

// Severity is what msg_output.c puts before the text.
type Severity uint8

// The severities of util/msg.h, mildest first.
const (
	Info Severity = iota
	Warning
	Error
	Fatal
	Panic
	Severities int = iota
)

// Status is the status= of a delivery record.
type Status uint8

// The statuses; names as in the label of postfix_deliveries_total.
const (
	StatusOther Status = iota
	Sent
	Deferred
	Bounced
	SoftBounced   // SOFTBOUNCE: soft_bounce = yes
	Deliverable   // a probe's good answer (global/verify.c)
	Undeliverable // a probe's bad answer, cached or not
	StatusTruncated
)

// Unread stands where a number is absent or can't be read. No number of a
// Postfix log is negative.
const Unread = -1

// Event is one line, read. Strings alias the line or the Parser's own memory:
// they hold until the next Parse; keep one with strings.Clone.
//
// Fields that Kind does not use are zero.
type Event struct {
	// From the envelope.
	Time     time.Time // zero where the line has no stamp that can be read
	Host     string    // as logged; "" where the line has none
	Instance string    // first component of the tag: "postfix", "postfix-out"
	Service  string    // what master.cf's syslog_name adds: "submission"; mostly ""
	Daemon   string    // executable: "smtp", "qmgr"; "unknown" where the envelope dropped it
	PID      int       // Unread where absent
	Tag      int       // numbers Instance, Service and Daemon together, from 1, in one Parser; 0 where they may differ from line to line
	Severity Severity

	Kind      Kind
	QueueID   string // "" none, "NOQUEUE" no queue file
	Text      string // all that follows the tag, severity and queue id
	Truncated bool   // Text reached Postfix's limit of 2,000 bytes (util/msg_syslog.c)
	Ambiguous bool   // an unquoted address may have forged fields (Postfix before 3.5)

	Delivery    DeliveryRecord // Delivery
	Remote      RemoteEnd      // AttemptFailed, ConnectFailed, TLS*: the other side; smtpd kinds: the client
	Reply       Reply          // AttemptFailed; ConnectFailed (Text only)
	Restriction RestrictionRecord
	TLS         TLSRecord
	SASL        SASLRecord // Client, SASLFailed, Restriction
	Message     MessageRecord
	Session     SessionRecord
	Screen      ScreenRecord // Postscreen, DNSBLListed
	Anvil       AnvilRecord
	Action      string // QueueAction, Lifecycle: Postfix's words
	Version     string // Lifecycle of master
	Count       int64  // QueueAction summaries, else Unread
}

// RemoteEnd is name[addr]:port. A Unix socket's path is in Addr; a relay that
// is a bare word ("none", "local") has only a Name. Addr never holds brackets.
type RemoteEnd struct{ Name, Addr, Port string }

// DeliveryRecord is the record of one recipient and attempt (global/log_adhoc.c).
type DeliveryRecord struct {
	To, OrigTo string // as logged, without < >
	Relay      RemoteEnd
	ConnUse    int        // uses of the connection; Unread where absent, which means 1
	Delay      float64    // seconds, arrival to now; Unread
	Delays     [4]float64 // seconds: before queue manager, in it, connection setup, transmission; each may be Unread
	TLS        string     // tls= as logged (3.11 and later)
	DSN        string     // d.d.d; the remote server's own where its class agrees
	Status     Status
	StatusText string // the word as logged
	Text       string // in parentheses, without them
}

// Reply is what another server answered, taken out of Postfix's own words.
type Reply struct {
	Host     RemoteEnd // who "said" or "refused to talk to me"
	Text     string    // code and all
	Code     int       // SMTP reply code, 0 none
	Enhanced string    // RFC 3463 code, "" none
	Command  string    // "RCPT TO" of "(in reply to RCPT TO command)", "" none
	Refused  bool      // "refused to talk to me"
}

// RestrictionRecord is an access decision (smtpd_check.c log_whatsup, milters).
type RestrictionRecord struct {
	Action   string // reject, reject_warning, hold, discard, milter-reject, header's warning, ...
	Stage    string // CONNECT HELO EHLO STARTTLS AUTH MAIL RCPT DATA BDAT END-OF-MESSAGE VRFY ETRN; header, body, content
	Code     int    // SMTP reply code, 0 none
	Enhanced string // "" none
	Text     string // after code and enhanced code, before the field list; ContentCheck: the content
	Reason   string // Text without the <address> it is about
	From, To string // as logged, without < >; see HasFrom: the null sender is ""
	HasFrom  bool
	Proto    string
	Helo     string
	Note     string // text that a header or body check adds after the fields
}

// TLSRecord is a TLS summary line, or a failed handshake.
type TLSRecord struct {
	Trust    string // Anonymous, Untrusted, Trusted, Verified
	Inbound  bool   // from a client; else to a server
	Reused   bool
	Protocol string // TLSv1.3
	Cipher   string
	Bits     string // used/available
	Error    string // TLSFailed
}

// SASLRecord is a login. User names are as logged: personal data, and for
// failures the client's own text.
type SASLRecord struct {
	Method, Username, Sender string
	Reason                   string // SASLFailed
}

// MessageRecord is what a message's own lines tell.
type MessageRecord struct {
	From       string // Active, Expired, Pickup: without < >; the null sender is ""
	Size       int64  // bytes; Unread
	Recipients int64  // Unread
	UID        int64  // Pickup; Unread
	Forced     bool   // Expired: force-expired
	ID         string // MessageID: the header's value as logged
	Resent     bool   // MessageID: resent-message-id=
	Type       string // Notification: "sender non-delivery notification"
	Other      string // Notification: the notification's own queue id
}

// SessionRecord is about an SMTP server session.
type SessionRecord struct {
	Reason   string // LostConnection: lost connection, timeout, too many errors
	Stage    string // the command after which it happened
	Commands string // Disconnect: " ehlo=1 ... commands=6"; see EachCommand
}

// ScreenRecord is a postscreen or dnsblog event.
type ScreenRecord struct {
	Event  string // "PASS NEW", "PREGREET", "COMMAND PIPELINING", ...
	Stage  string // the command after which it happened
	Rank   int    // DNSBL rank; Unread
	List   string // DNSBLListed: the list's domain
	Result string // DNSBLListed: its answer
}

// AnvilRecord is one of anvil's statistics.
type AnvilRecord struct {
	What    string // "connection rate", "connection count", "cache size", ...
	Value   int64
	Service string // master.cf's name; may hold colons
	Client  string // address or net prefix
}

// IsSocket says whether the end is a Unix socket ("host[private/dovecot-lmtp]").
func (r RemoteEnd) IsSocket() bool {
	for i := 0; i < len(r.Addr); i++ {
		if r.Addr[i] == '/' {
			return true
		}
	}
	return false
}
