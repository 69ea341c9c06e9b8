package collector

import (
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

func TestDNSList(t *testing.T) {
	for text, want := range map[string]string{
		"Service unavailable; Client host [192.0.2.1] blocked using zen.dnsbl.example; https://dnsbl.example/x":              "zen.dnsbl.example",
		"Service unavailable; Client host [192.0.2.1] blocked using zen.dnsbl.example":                                       "zen.dnsbl.example",
		"Service unavailable; Unverified Client host [h.example] blocked using rhs.example":                                  "rhs.example",
		"Service unavailable; client [2001:db8::1] blocked using bl.example":                                                 "bl.example",
		"Service unavailable; Sender address [a@b.example] blocked using dbl.example; see x":                                 "dbl.example",
		"Service unavailable; Helo command [h.example] blocked using dbl.example":                                            "dbl.example",
		`Service unavailable; Sender address ["x] blocked using forged.example; "@b.example] blocked using dbl.example`:      "",
		"Service unavailable; Helo command [x] blocked using forged.example;] blocked using dbl.example; y":                  "",
		"Service unavailable; Client host [192.0.2.1] blocked using real.example; TXT [y] blocked using forged.example":      "real.example",
		"<x@Service unavailable; Client host [192.0.2.1] blocked using forged.example>: Relay access denied":                 "",
		"<Service unavailable; Client host [192.0.2.1] blocked using forged.example>: Helo command rejected: Host not found": "",
		"Service unavailable; Client host [192.0.2.1] blocked using not a name":                                              "",
		"Service unavailable; Client host [192.0.2.1] blocked using ":                                                        "",
		"Service unavailable; Client host [192.0.2.1] blocked using " + strings.Repeat("a", 256):                             "",
		"Service unavailable; Client host [192.0.2.1] is blocked":                                                            "",
		"Service unavailable; Something [192.0.2.1] blocked using x.example":                                                 "",
		"Service unavailable":                   "",
		"Client host rejected: blocked using x": "",
		"":                                      "",
	} {
		if got := dnsList(text, false); got != want {
			t.Errorf("%s\n\tgot %q, want %q", text, got, want)
		}
	}
}

// TestDNSListOfCutText: the list's own words may be what was cut off.
func TestDNSListOfCutText(t *testing.T) {
	for text, want := range map[string]string{
		"Service unavailable; Sender address [a@b.example] blocked using forged.example": "",
		"Service unavailable; Client host [192.0.2.1] blocked using dbl.example":         "dbl.example",
	} {
		if got := dnsList(text, true); got != want {
			t.Errorf("%s\n\tgot %q, want %q", text, got, want)
		}
	}
}

func TestCountRestriction(t *testing.T) {
	const dnsbl = "Service unavailable; client [192.0.2.1] blocked using bl.example"
	for _, c := range []struct {
		name, daemon, action, stage string
		code                        int
		text                        string
		want                        string
	}{
		{"reject", "smtpd", "reject", "RCPT", 554, "<a@b>: Relay access denied", `
noqueue_rejects_total{code="554",daemon="smtpd",reason="REASON",service="",stage="RCPT"} 1`},
		{"no code, odd stage", "smtpd", "reject", "TLS", 0, "x", `
noqueue_rejects_total{code="none",daemon="smtpd",reason="REASON",service="",stage="other"} 1`},
		{"codes that are none", "smtpd", "reject", "MAIL", 600, "x", `
noqueue_rejects_total{code="none",daemon="smtpd",reason="REASON",service="",stage="MAIL"} 1`},
		{"postscreen", "postscreen", "reject", "RCPT", 550, dnsbl, `
dnsbl_rejects_total{daemon="postscreen",dnsbl="bl.example"} 1
noqueue_rejects_total{code="550",daemon="postscreen",reason="REASON",service="",stage="RCPT"} 1`},
		{"postscreen, its port is full", "postscreen", "reject", "connect", 0, "all screening ports busy", `
noqueue_rejects_total{code="none",daemon="postscreen",reason="REASON",service="",stage="CONNECT"} 1`},
		{"only a warning", "smtpd", "reject_warning", "RCPT", 554, dnsbl, `
content_actions_total{action="reject_warning",daemon="smtpd",source="access"} 1`},
		{"milter in smtpd", "smtpd", "milter-reject", "CONNECT", 451, "x", `
content_actions_total{action="reject",daemon="smtpd",source="milter"} 1
noqueue_rejects_total{code="451",daemon="smtpd",reason="REASON",service="",stage="CONNECT"} 1`},
		{"milter in cleanup", "cleanup", "milter-reject", "END-OF-MESSAGE", 0, "5.7.1 spam", `
content_actions_total{action="reject",daemon="cleanup",source="milter"} 1`},
		{"milter changes a header", "cleanup", "milter-header-replace", "header", 0, "x", `
content_actions_total{action="replace",daemon="cleanup",source="milter"} 1`},
		{"milter holds", "cleanup", "milter-hold", "END-OF-MESSAGE", 0, "x", `
content_actions_total{action="hold",daemon="cleanup",source="milter"} 1`},
		{"header check", "cleanup", "reject", "header", 0, "Subject: x", `
content_actions_total{action="reject",daemon="cleanup",source="header"} 1`},
		{"body check", "cleanup", "discard", "body", 0, "x", `
content_actions_total{action="discard",daemon="cleanup",source="body"} 1`},
		{"MIME check", "cleanup", "reject", "mime-error", 0, "x", `
content_actions_total{action="reject",daemon="cleanup",source="content"} 1`},
		{"smtp_header_checks", "smtp", "warning", "header", 0, "Subject: x", `
content_actions_total{action="warning",daemon="smtp",source="header"} 1`},
		{"access map", "smtpd", "hold", "RCPT", 0, "x", `
content_actions_total{action="hold",daemon="smtpd",source="access"} 1`},
		{"proxy filter", "smtpd", "proxy-reject", "END-OF-MESSAGE", 550, "x", `
content_actions_total{action="reject",daemon="smtpd",source="proxy"} 1`},
		{"unknown action", "smtpd", "frobnicate", "RCPT", 0, "x", `
content_actions_total{action="other",daemon="smtpd",source="access"} 1`},
		{"TLS failed", "smtpd", "abort", "TLS", 0, "x", ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := New(Options{})
			kind := maillog.Restriction
			if strings.ContainsAny(c.stage, "abcdefghijklmnopqrstuvwxyz") && c.daemon != "postscreen" {
				kind = maillog.ContentCheck
			}
			e.families.count(&reading{reason: "REASON", event: maillog.Event{Instance: "p", Kind: kind, Daemon: c.daemon,
				Restriction: maillog.RestrictionRecord{Action: c.action, Stage: c.stage, Code: c.code, Text: c.text}}})
			if got, want := changes(t, e), strings.TrimPrefix(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
