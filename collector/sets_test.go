package collector

import (
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

func TestSetsFollowMaillog(t *testing.T) {
	for i, name := range statuses.values {
		if s := maillog.Status(i).String(); s != name {
			t.Errorf("status %d is %q, the label says %q", i, s, name)
		}
	}
	for i, name := range severities.values {
		if s := maillog.Severity(i).String(); s != name {
			t.Errorf("severity %d is %q, the label says %q", i, s, name)
		}
	}
	if len(statuses.values) != int(maillog.StatusTruncated)+1 || len(severities.values) != maillog.Severities {
		t.Error("a set lacks values")
	}
}

func TestClosedSets(t *testing.T) {
	words := func(s set, at func(string) int) func(string) string {
		return func(v string) string { return s.values[at(v)] }
	}
	for _, c := range []struct {
		name  string
		label func(string) string
		cases string // value = label, a line each
	}{
		{"stage", words(smtpStages, smtpStage), `
CONNECT = CONNECT
END-OF-MESSAGE = END-OF-MESSAGE
DATA (512 bytes) = DATA
connect = CONNECT
UNKNOWN = other
rcpt = other`},
		{"method", saslMethod, `
 = none
PLAIN = PLAIN
login = LOGIN
SCRAM-SHA-256 = SCRAM-SHA-256
other = other
none = other
FOO[192.0.2.1] = other`},
		{"trust", tlsTrust, `
Anonymous = anonymous
Untrusted = untrusted
Trusted = trusted
Verified = verified
 = other`},
		{"cipher", tlsName, `
TLS_AES_256_GCM_SHA384 = TLS_AES_256_GCM_SHA384
ECDHE-RSA-AES256-GCM-SHA384 = ECDHE-RSA-AES256-GCM-SHA384
 = other
a"b = other
é = other
` + strings.Repeat("a", 65) + ` = other`},
		{"connection failure", words(connectionFailures, connectionFailure), `
Connection refused = refused
Connection timed out = timeout
Operation timed out = timeout
Network is unreachable = unreachable
No route to host = unreachable
Host is down = unreachable
Connection reset by peer = lost
server dropped connection without sending the initial SMTP greeting = lost
No such file or directory = other`},
		{"notification", words(notificationTypes, notificationType), `
sender non-delivery notification = non_delivery
sender delay notification = delay
sender delivery status notification = success
postmaster non-delivery notification = postmaster_non_delivery
postmaster delay notification = postmaster_delay
undeliverable postmaster notification discarded = double_bounce
non_delivery = other`},
		{"screen", words(screenEvents, screenEvent), `
CONNECT = connect
PASS NEW = pass_new
PASS OLD = pass_old
DNSBL = dnsbl
PREGREET = pregreet
HANGUP = hangup
COMMAND PIPELINING = command_pipelining
NON-SMTP COMMAND = non_smtp_command
BARE NEWLINE = bare_newline
COMMAND TIME LIMIT = command_time_limit
COMMAND COUNT LIMIT = command_count_limit
COMMAND LENGTH LIMIT = command_length_limit
DENYLISTED = denylisted
BLACKLISTED = denylisted
ALLOWLISTED = allowlisted
WHITELISTED = allowlisted
ALLOWLIST VETO = allowlist_veto
WHITELIST VETO = allowlist_veto
DATA without valid RCPT = data_without_rcpt
BDAT without valid RCPT = data_without_rcpt
DISCONNECT = disconnect
PASS = other
 = other`},
	} {
		for _, line := range strings.Split(c.cases, "\n")[1:] {
			value, want, _ := strings.Cut(line, " = ")
			if got := c.label(value); got != want {
				t.Errorf("%s %q: %q, want %q", c.name, value, got, want)
			}
		}
	}
}

func TestCodeName(t *testing.T) {
	for code, want := range map[int]string{-1: "none", 0: "none", 199: "none", 200: "200", 250: "250", 421: "421", 599: "599", 600: "none"} {
		if got := codeName(code); got != want {
			t.Errorf("%d: %q, want %q", code, got, want)
		}
	}
}
