package collector

import (
	"strings"

	"postfix_exporter/maillog"
)

// countRestriction tells refusals in an SMTP session from what was done to mail.
func (f *families) countRestriction(e *maillog.Event, reason string) {
	r := &e.Restriction
	rejected := IsReject(e)
	if rejected {
		l := RejectLabels{e.Instance, e.Service, e.Daemon, smtpStages.values[smtpStage(r.Stage)], codeName(r.Code), reason}
		f.rejects.inc(l, 0)
		if list := dnsList(r.Text, e.Truncated); list != "" {
			f.dnsblRejects.inc(DNSBLLabels{e.Instance, e.Daemon, list}, 0)
		}
	}
	if rejected && r.Action == "reject" || r.Action == "abort" { // abort: TLS failed
		return
	}
	source, action := contentAction(e)
	f.contents.inc(ContentLabels{e.Instance, e.Daemon, source, action}, 0)
}

// contentAction names who acted and what was done, from "milter-hold",
// "milter-header-replace", "proxy-reject", or a plain "hold".
func contentAction(e *maillog.Event) (source, action string) {
	action = e.Restriction.Action
	switch {
	case strings.HasPrefix(action, "milter-"):
		source = "milter"
		action = strings.TrimPrefix(action, "milter-")
		action = strings.TrimPrefix(action, "header-")
		action = strings.TrimPrefix(action, "body-")
	case strings.HasPrefix(action, "proxy-"):
		source = "proxy"
		action = strings.TrimPrefix(action, "proxy-")
	case e.Kind == maillog.Restriction && e.Daemon != "cleanup":
		source = "access"
	case strings.HasPrefix(e.Restriction.Stage, "mime-error"):
		source = "content"
	default:
		source = e.Restriction.Stage
	}
	return actionSources.value(source), actions.value(action)
}

// dnsList is the list that a reject names, "" where it names none. The reply is
// smtpd's default_rbl_reply ("Service unavailable; $rbl_class [$rbl_what]
// blocked using $rbl_domain; $rbl_reason") or postscreen's own.
func dnsList(text string, truncated bool) string {
	rest, ok := strings.CutPrefix(text, "Service unavailable; ")
	if !ok {
		return ""
	}
	const words = "] blocked using "
	class, rest, _ := strings.Cut(rest, " [")
	_, list, ok := strings.Cut(rest, words)
	switch class {
	case "client", "Client host", "Unverified Client host", "Client certificate":
		// A client's name and address can't hold the words.
	case "Helo command", "Sender address", "Recipient address":
		// What it says of itself can; only words that stand once, in a text that was
		// not cut, are Postfix's.
		ok = ok && !truncated && !strings.Contains(list, words)
	default:
		return ""
	}
	list, _, _ = strings.Cut(list, ";")
	if !ok || !isName(list) || len(list) > 255 {
		return ""
	}
	return list
}
