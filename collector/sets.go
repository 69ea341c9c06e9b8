package collector

import (
	"slices"

	"postfix_exporter/classify"
)

// The closed sets of label values. Those that a family is declared with exist
// at 0 from the start; the others name what a key's field may hold.

var (
	// In the order of maillog.Status.
	statuses = newSet("status", other, "sent", "deferred", "bounced", "soft_bounced",
		"deliverable", "undeliverable", "truncated")
	// In the order of maillog.Severity.
	severities = newSet("severity", "info", "warning", "error", "fatal", "panic")
	// In the order of DeliveryRecord.Delays.
	delayStages = newSet("stage", "before_queue_manager", "queue_manager", "connection_setup", "transmission")

	lineOutcomes = newSet("outcome", "parsed", "ignored", "unrecognized", "foreign")
	unreadFields = newSet("field", "delay", "delays", "size", "recipients")
	forcedValues = newSet("forced", "false", "true")

	// smtpd_check.c, smtpd.c; in upper case as Postfix logs them.
	smtpStages = newSet("stage", "CONNECT", "HELO", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT",
		"DATA", "BDAT", "END-OF-MESSAGE", "VRFY", "ETRN", other)
	// smtpd.c smtpd_cmd_table.
	smtpCommands = newSet("command", "helo", "ehlo", "xclient", "xforward", "starttls", "auth", "mail",
		"rcpt", "data", "bdat", "rset", "noop", "vrfy", "etrn", "quit", "help", "unknown", other)
	commandOutcomes = newSet("outcome", "accepted", "rejected")
	loginOutcomes   = newSet("outcome", "success", "failure")
	saslMethods     = newSet("method", "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
		"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS",
		"GSSAPI", "GSS-SPNEGO", "NTLM", "EXTERNAL", "OAUTHBEARER", "XOAUTH2", "ANONYMOUS", other)

	// tls_misc.c tls_log_summary.
	tlsDirections = newSet("direction", "inbound", "outbound")
	tlsTrusts     = newSet("trust", "anonymous", "untrusted", "trusted", "verified", other)

	connectionFailures = newSet("reason", "refused", "timeout", "unreachable", "lost", "tls", other)

	notificationTypes = newSet("type", "non_delivery", "delay", "success",
		"postmaster_non_delivery", "postmaster_delay", "double_bounce", other)

	// postscreen.c and its tests.
	screenEvents = newSet("event", "connect", "pass_new", "pass_old", "allowlisted", "denylisted",
		"allowlist_veto", "dnsbl", "pregreet", "hangup", "command_pipelining", "non_smtp_command",
		"bare_newline", "command_time_limit", "command_count_limit", "command_length_limit",
		"data_without_rcpt", "disconnect", other)

	// What an action in ContentLabels comes from, and what it is.
	actionSources = newSet("source", "header", "body", "content", "milter", "access", "proxy", other)
	actions       = newSet("action", "accept", "bcc", "delay", "discard", "filter", "hold", "info", "pass",
		"permit", "prepend", "quarantine", "redirect", "reject", "reject_warning", "replace", "strip", "warn", "warning", other)
)

// closedLabels are the values of those labels of keys that are closed.
var closedLabels = map[string][]string{
	"class":       classNames(),
	"kind":        {string(classify.Hard), string(classify.Soft), string(classify.Block), string(classify.Config), string(classify.Unknown)},
	"sasl_method": withNone(saslMethods.values),
	"method":      withNone(saslMethods.values),
	"stage":       smtpStages.values,
	"source":      actionSources.values,
	"action":      actions.values,
	"direction":   tlsDirections.values,
	"trust":       tlsTrusts.values,
}

func classNames() (names []string) {
	for _, c := range classify.Classes() {
		names = append(names, string(c.Class))
	}
	return names
}

func withNone(values []string) []string { return append(slices.Clip(values), "none") }
