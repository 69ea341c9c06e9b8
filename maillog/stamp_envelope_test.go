package maillog

// Envelopes, a case a line: host, tag and pid in each form, and lines that are
// not Postfix's.

import (
	"testing"
	"time"
)

func TestEnvelopes(t *testing.T) {
	const removed = ": 4C2FB3A1B2: removed"
	at := time.Date(2026, 11, 21, 3, 55, 40, 0, time.UTC)
	micro := at.Add(810051 * time.Microsecond)
	type tag = [3]string
	smtpd := tag{"postfix", "", "smtpd"}
	tests := []struct {
		name string
		line string
		time time.Time
		host string
		tag  tag
		pid  int
	}{
		{"syslog", "Nov 21 03:55:40 mx postfix/smtpd[393]" + removed, at, "mx", smtpd, 393},
		{"host is a domain", "Nov 21 03:55:40 mx.example.com postfix/smtpd[393]" + removed, at, "mx.example.com", smtpd, 393},
		{"host is an address", "Nov 21 03:55:40 2001:db8::1 postfix/smtpd[393]" + removed, at, "2001:db8::1", smtpd, 393},
		{"host with a user", "Nov 21 03:55:40 root@mx postfix/smtpd[393]" + removed, at, "root@mx", smtpd, 393},
		{"no host", "Nov 21 03:55:40 postfix/smtpd[393]" + removed, at, "", smtpd, 393},
		{"no host, RFC 3339", "2026-11-21T03:55:40.810051+00:00 postfix/smtpd[393]" + removed, micro, "", smtpd, 393},
		{"no pid", "Nov 21 03:55:40 mx postfix/smtpd" + removed, at, "mx", smtpd, Unread},
		{"a service", "Nov 21 03:55:40 mx postfix/submission/smtpd[393]" + removed, at, "mx", tag{"postfix", "submission", "smtpd"}, 393},
		{"a service of two words", "Nov 21 03:55:40 mx postfix/a/b/smtpd[393]" + removed, at, "mx", tag{"postfix", "a/b", "smtpd"}, 393},
		{"a tag cut at 32 bytes", "Nov 21 03:55:40 mx postfix/submission/smtpd[1234567 4C2FB3A1B2: removed", at, "mx", tag{"postfix", "submission", "smtpd"}, Unread},
		{"a tag cut behind the pid", "<22>Nov 21 03:55:40 mx postfix/submission/smtpd[123456] 4C2FB3A1B2: removed", at, "mx", tag{"postfix", "submission", "smtpd"}, 123456},
		{"another instance", "Nov 21 03:55:40 mx postfix-out/submission/smtpd[393]" + removed, at, "mx", tag{"postfix-out", "submission", "smtpd"}, 393},
		{"an instance of another name", "Nov 21 03:55:40 mx outgoing/smtpd[393]" + removed, at, "mx", tag{"outgoing", "", "smtpd"}, 393},
		{"PRI, RFC 3339", "<22>2026-11-21T03:55:40.810051+00:00 mx postfix/smtpd[393]" + removed, micro, "mx", smtpd, 393},
		{"PRI, syslog", "<22>Nov 21 03:55:40 mx postfix/smtpd[393]" + removed, at, "mx", smtpd, 393},
		{"RFC 5424, slash kept", "<22>1 2026-11-21T03:55:40.810051+00:00 mx postfix/smtpd 393 - -  4C2FB3A1B2: removed", micro, "mx", smtpd, 393},
		{"RFC 5424, one blank", "<22>1 2026-11-21T03:55:40.810051+00:00 mx postfix/smtpd 393 - - 4C2FB3A1B2: removed", micro, "mx", smtpd, 393},
		{"RFC 5424, no host and pid", "<22>1 2026-11-21T03:55:40.810051+00:00 - postfix/smtpd - - -  4C2FB3A1B2: removed", micro, "", smtpd, Unread},
		{"Solaris", "Nov 21 03:55:40 mx postfix/smtpd[393]: [ID 197553 mail.info] 4C2FB3A1B2: removed", at, "mx", smtpd, 393},
		{"Docker, escapes", `{"log":"Nov 21 03:55:40 mx postfix/smtpd[393]: 4C2FB3A1B2: client=x[192.0.2.1], sasl_sender=\u003ca\u0026\"b\\\u003e\n","stream":"stdout","time":"2026-11-21T03:55:40.810051234Z"}`,
			at, "mx", smtpd, 393},
		{"CRI around postlogd", "2026-11-21T03:55:40.810051234Z stdout F Nov 21 03:55:40 mx postfix/smtpd[393]" + removed, at, "mx", smtpd, 393},
		{"rsyslog around rsyslog", "Nov 21 03:55:41 relay 2026-11-21T03:55:40.810051+00:00 mx postfix/smtpd[393]" + removed, micro, "mx", smtpd, 393},
		{"rsyslog around syslog", "2026-11-21T03:55:40.999999+00:00 relay Nov 21 03:55:40 mx postfix/smtpd[393]" + removed, at, "mx", smtpd, 393},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := Parser{NotAfter: stampNow.Unix()}
			var e Event
			if !p.Parse(test.line, &e) {
				t.Fatalf("not read\n%s", test.line)
			}
			if d := e.Time.Sub(test.time); d < 0 || d >= time.Second {
				t.Errorf("time %v, want %v", e.Time.UTC(), test.time)
			}
			if e.Host != test.host || (tag{e.Instance, e.Service, e.Daemon}) != test.tag || e.PID != test.pid {
				t.Errorf("read %q %q %q %q %d\nwant %q %q %d", e.Host, e.Instance, e.Service, e.Daemon, e.PID, test.host, test.tag, test.pid)
			}
			if e.QueueID != "4C2FB3A1B2" {
				t.Errorf("queue id %q", e.QueueID)
			}
		})
	}
}

// A Docker line's text is unescaped before it is read.
func TestDockerLineIsUnescaped(t *testing.T) {
	line := `{"log":"Nov 21 03:55:40 mx postfix/smtp[3]: 4C2FB3A1B2: to=\u003c\"a\\\"b\"@example.com\u003e, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (\u00e9 \ud83d\ude00 \u0026 \/ \u2028)\n","stream":"stdout","time":"2026-11-21T03:55:40Z"}`
	var e Event
	if !new(Parser).Parse(line, &e) || e.Kind != Delivery {
		t.Fatalf("kind %s", e.Kind)
	}
	if e.Delivery.To != `"a\"b"@example.com` || e.Delivery.Text != "é 😀 & / \u2028" {
		t.Errorf("to %q, text %q", e.Delivery.To, e.Delivery.Text)
	}
}

// RFC 5424 from rsyslog loses what follows the tag's first slash; the daemon is
// known where only one daemon writes the sentence.
func TestLostDaemons(t *testing.T) {
	for text, want := range map[string]string{
		"4C2FB3A1B2: from=<a@example.com>, size=1, nrcpt=1 (queue active)":                                    "qmgr",
		"connect from mx.example[192.0.2.1]":                                                                  "smtpd",
		"4C2FB3A1B2: to=<a@example.com>, relay=none, delay=1, delays=1/0/0/0, dsn=4.3.0, status=deferred (x)": "unknown",
	} {
		var e Event
		if !new(Parser).Parse("<22>1 2026-11-21T03:55:40.810051+00:00 mx postfix 393 - -  "+text, &e) {
			t.Errorf("not read: %s", text)
		}
		if e.Instance != "postfix" || e.Daemon != want && e.Daemon != "unknown" {
			t.Errorf("instance %q, daemon %q, want %q\n%s", e.Instance, e.Daemon, want, text)
		}
	}
}

// Other programs' lines, and text that only quotes Postfix's.
func TestForeignLines(t *testing.T) {
	for _, line := range []string{
		"", " ", "\x00", "Nov 21 03:55:40", "Nov 21 03:55:40 mx", "postfix/smtpd[393]",
		"Nov 21 03:55:40 mx dovecot: imap-login: Login: user=<ann>",
		"Nov 21 03:55:40 mx sshd[22]: Failed password for postfix/smtpd[393]: 4C2FB3A1B2: removed",
		"Nov 21 03:55:40 mx kernel: postfix/smtpd[393]: 4C2FB3A1B2: removed",
		"Nov 21 03:55:40 mx opendkim[3]: 4C2FB3A1B2: to=<a@example.com>, relay=none, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (x)",
		"Nov 21 03:55:40 mx postfixadmin[3]: connect from x[192.0.2.1]",
		"Nov 21 03:55:40 mx spamd[3]: Nov 21 03:55:40 mx postfix/qmgr[3]: 4C2FB3A1B2: removed",
		`{"log":"Nov 21 03:55:40 mx sshd[3]: removed\n","stream":"stdout","time":"2026-11-21T03:55:40Z"}`,
		"Nov 21 03:55:40 mx postfix/submission/smtpd[123456 4C2FB3A1B2: removed",  // cut, but not where tags are
		"Nov 21 03:55:40 mx postfix-internal/submission/smtp 4C2FB3A1B2: removed", // it was smtpd
		`{"log":"`, `{"log":`, `{}`,
	} {
		var e Event
		if new(Parser).Parse(line, &e) {
			t.Errorf("taken for Postfix's: %q as %s %s", line, e.Daemon, e.Kind)
		}
	}
}
