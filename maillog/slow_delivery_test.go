package maillog

// The twin's reading of delivery records (global/log_adhoc.c) and of the
// queue manager's, cleanup's and bounce's sentences.

import (
	"regexp"
	"strconv"
	"strings"
)

// Addresses as quote_822_local.c writes them.
const (
	slowQuoted  = `"(?:[^"\\]|\\.)*"`
	slowAtoms   = `[^][ ()<>@,;:\\"]+`
	slowDomain  = `(?:[^][ ()<>@,;:\\"]*|\[(?:[^]\\]|\\.)*\])`
	slowAddress = `(?:(?:` + slowQuoted + `|` + slowAtoms + `)(?:@` + slowDomain + `)?|)`
	slowNamaddr = `[A-Za-z0-9._-]+\[[^][ ;,]*\](?::\d+)?`
)

var (
	slowDeliveryRE = regexp.MustCompile(`^to=<(` + slowAddress + `)>(?:, orig_to=<(` + slowAddress + `)>)?` +
		`, relay=([A-Za-z0-9._-]+)(?:\[([^]]*)\])?(?::(\d+))?((?:, [a-z_]+=[^][ ,()<>]*)*), status=([A-Za-z-]+) \((.*)$`)
	slowRecordKeyRE = regexp.MustCompile(`^([a-z_]+)=(.*)$`)
	slowDSNRE       = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)
	slowSecondsRE   = regexp.MustCompile(`^\d{1,15}(\.\d{1,6})?$`)

	slowActiveRE       = regexp.MustCompile(`^from=<(.*)>, size=(\d{1,18}), nrcpt=(\d{1,18}) \(queue active\)$`)
	slowExpiredRE      = regexp.MustCompile(`^from=<(.*)>, status=(force-)?expired, returned to sender$`)
	slowOpenRE         = regexp.MustCompile(`^from=<(@[^:]*:)?"([^"\\]|\\.)*\\?$`)
	slowMessageIDRE    = regexp.MustCompile(`^(resent-)?message-id=(.*)$`)
	slowNotificationRE = regexp.MustCompile(`^((?:sender (?:non-delivery|delay|delivery status)|postmaster (?:non-delivery|delay)) notification): ([0-9A-Za-z]+)$`)
)

var slowStatuses = map[string]Status{
	"sent": Sent, "deferred": Deferred, "bounced": Bounced, "SOFTBOUNCE": SoftBounced,
	"deliverable": Deliverable, "undeliverable": Undeliverable, "undeliverable-but-not-cached": Undeliverable,
}

func slowDelivery(text string, e *Event) bool {
	m := slowDeliveryRE.FindStringSubmatch(text)
	if m == nil || slowSuspect(text) {
		return false
	}
	d := &e.Delivery
	d.To, d.OrigTo = m[1], m[2]
	d.Relay = RemoteEnd{m[3], m[4], m[5]}
	d.StatusText, d.Status = m[7], slowStatuses[m[7]]
	d.Text = strings.TrimSuffix(m[8], ")")
	d.ConnUse, d.Delay, d.Delays = Unread, Unread, [4]float64{Unread, Unread, Unread, Unread}
	if m[6] == "" {
		return true
	}
	for _, field := range strings.Split(strings.TrimPrefix(m[6], ", "), ", ") {
		kv := slowRecordKeyRE.FindStringSubmatch(field)
		if !slowRecordField(d, kv[1], kv[2]) {
			return false
		}
	}
	return true
}

// slowSuspect is whether a second record shows anywhere: an unquoted address
// may have forged one of the two, and the twin keeps out.
func slowSuspect(text string) bool {
	return strings.Count(text, ">, relay=") > 1 || strings.Count(text, ">, orig_to=") > 1
}

// slowRecordField reads a KEY=VALUE of a record; false: a value Postfix does not write.
func slowRecordField(d *DeliveryRecord, key, value string) bool {
	ok := true
	switch key {
	case "conn_use":
		n, err := strconv.ParseUint(value, 10, 31)
		d.ConnUse, ok = int(n), err == nil
	case "delay":
		d.Delay, ok = slowSeconds(value)
	case "delays":
		parts := strings.Split(value, "/")
		if len(parts) != len(d.Delays) {
			return false
		}
		for i, part := range parts {
			var good bool
			d.Delays[i], good = slowSeconds(part)
			ok = ok && good
		}
	case "tls":
		d.TLS = value
	case "dsn":
		d.DSN = value
		ok = slowDSNRE.MatchString(value)
	default:
		ok = false
	}
	return ok
}

func slowSeconds(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && slowSecondsRE.MatchString(s)
}

func slowActive(text string, e *Event) bool {
	m := slowActiveRE.FindStringSubmatch(text)
	if m == nil || slowSenderIsOpen(text, e) {
		return false
	}
	e.Message.From = m[1]
	e.Message.Size, _ = strconv.ParseInt(m[2], 10, 64)
	e.Message.Recipients, _ = strconv.ParseInt(m[3], 10, 64)
	return true
}

func slowExpired(text string, e *Event) bool {
	m := slowExpiredRE.FindStringSubmatch(text)
	e.Message.From, e.Message.Forced = m[1], m[2] != ""
	return !slowSenderIsOpen(text, e)
}

// slowSenderIsOpen: the end of the text may be the sender's.
func slowSenderIsOpen(text string, e *Event) bool {
	return e.Truncated || slowOpenRE.MatchString(text)
}

func slowRemoved(text string, e *Event) bool { return text == "removed" && e.QueueID != "" }

func slowMessageID(text string, e *Event) bool {
	m := slowMessageIDRE.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	e.Message.Resent, e.Message.ID = m[1] != "", m[2]
	return true
}

func slowNotification(text string, e *Event) bool {
	m := slowNotificationRE.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	e.Message.Type, e.Message.Other = m[1], m[2]
	return true
}
