package maillog

// What the field names of other parsers' cases mean in an Event.

import "strings"

// caseFields are the readings of one case. Some fields depend on how the
// expectation cuts the text.
func caseFields(c sharedCase) map[string]func(*Event) any {
	fields := commonFields()
	expected := func(name string) string { s, _ := c.Expect[name].(string); return s }

	// Where only "postfix" is expected, the tag had no daemon.
	fields["program"] = func(e *Event) any {
		if expected("program") == e.Instance {
			return e.Instance
		}
		return program(e)
	}
	fields["host"] = func(e *Event) any { return e.Host }
	// Others count as reason the tail of the text, or all after the address.
	fields["reason"] = func(e *Event) any {
		r := e.Restriction
		if want := expected("reason"); want != "" && strings.HasSuffix(r.Text, want) {
			return oneOf{r.Reason, want}
		}
		return r.Reason
	}
	// A header check's text, as expected, ends before the field list.
	fields["text"] = func(e *Event) any {
		if r := e.Restriction; e.Kind == ContentCheck {
			return r.Stage + " " + r.Text + " from " + e.Remote.Name
		}
		return e.Text
	}
	return fields
}

// hostileFields are the readings of the hostile lines.
func hostileFields() map[string]func(*Event) any {
	fields := commonFields()
	fields["program"] = program
	fields["event"] = hostileEvent
	fields["host"] = func(e *Event) any { return e.Reply.Host.Name }
	fields["ip"] = func(e *Event) any { return e.Reply.Host.Addr }
	fields["reason"] = func(e *Event) any { return e.Restriction.Reason }
	fields["text"] = func(e *Event) any { return e.Restriction.Note }
	fields["test"] = func(e *Event) any { return e.Screen.Event }
	fields["ambiguous"] = func(e *Event) any { return e.Ambiguous }
	fields["truncated"] = func(e *Event) any { return e.Truncated }
	fields["undecidable"] = func(e *Event) any { return e.Ambiguous }
	return fields
}

// hostileEvent names the Event's kind as the hostile lines do.
func hostileEvent(e *Event) any {
	switch {
	case e.Kind == Restriction && e.Daemon == "postscreen":
		return "postscreen_reject"
	case e.Kind == Restriction:
		return "reject"
	}
	return map[Kind]string{
		Delivery: "delivery", AttemptFailed: "smtp_attempt_failed", Active: "queue_active", Client: "client",
		SASLFailed: "sasl_failed", MessageID: "message_id", ContentCheck: "header_check",
		ProtocolAbuse: "non_smtp_command", Postscreen: "postscreen_test",
	}[e.Kind]
}

func program(e *Event) any {
	if e.Service == "" {
		return e.Instance + "/" + e.Daemon
	}
	return e.Instance + "/" + e.Service + "/" + e.Daemon
}

// commonFields are the readings that all cases share.
func commonFields() map[string]func(*Event) any {
	return map[string]func(*Event) any{
		"program_parts": func(e *Event) any { return []string{e.Instance, e.Daemon} },
		"daemon":        func(e *Event) any { return e.Daemon },
		"pid":           func(e *Event) any { return e.PID },
		"severity":      func(e *Event) any { return e.Severity.String() },
		"queue_id":      func(e *Event) any { return e.QueueID },

		"to":            func(e *Event) any { return e.Delivery.To + e.Restriction.To },
		"orig_to":       func(e *Event) any { return e.Delivery.OrigTo },
		"to_parts":      func(e *Event) any { return addressParts(e.Delivery.To) },
		"orig_to_parts": func(e *Event) any { return addressParts(e.Delivery.OrigTo) },
		"from":          func(e *Event) any { return e.Message.From + e.Restriction.From },
		"status":        status,
		"delay":         func(e *Event) any { return e.Delivery.Delay },
		"delays":        func(e *Event) any { return e.Delivery.Delays },
		"tls":           func(e *Event) any { return e.Delivery.TLS },
		"conn_use":      func(e *Event) any { return e.Delivery.ConnUse },
		"forwarded_as": func(e *Event) any {
			return strings.TrimPrefix(e.Delivery.Text, "forwarded as ")
		},
		"relay":      func(e *Event) any { return e.Delivery.Relay.Name },
		"relay_host": func(e *Event) any { return server(e).Name },
		"relay_ip":   func(e *Event) any { return server(e).Addr },
		"relay_port": func(e *Event) any { return server(e).Port },
		"relay_path": func(e *Event) any { return server(e).Addr },
		"response":   func(e *Event) any { return e.Delivery.Text + e.Reply.Text },
		"dsn":        func(e *Event) any { return e.Delivery.DSN + e.Restriction.Enhanced },
		"code":       func(e *Event) any { return e.Reply.Code + e.Restriction.Code },

		"client_host": func(e *Event) any { return e.Remote.Name },
		"client_ip":   func(e *Event) any { return e.Remote.Addr + e.Anvil.Client },
		"client_port": func(e *Event) any { return e.Remote.Port },
		"action":      func(e *Event) any { return strings.TrimPrefix(e.Action+e.Restriction.Action, "proxy-") },
		"stage":       func(e *Event) any { return e.Restriction.Stage + e.Session.Stage + e.Screen.Stage + e.Reply.Command },
		"proto":       func(e *Event) any { return e.Restriction.Proto },
		"helo":        func(e *Event) any { return e.Restriction.Helo },
		"milter_result": func(e *Event) any {
			return strings.TrimPrefix(e.Restriction.Action, "milter-")
		},
		"proxy_result": func(e *Event) any {
			return strings.TrimPrefix(e.Restriction.Action, "proxy-")
		},
		"sasl_method":   func(e *Event) any { return e.SASL.Method },
		"sasl_username": func(e *Event) any { return e.SASL.Username },
		"sasl_sender":   func(e *Event) any { return e.SASL.Sender },
		"lost_reason":   lostReason,

		"tls_trust":   func(e *Event) any { return e.TLS.Trust },
		"tls_version": func(e *Event) any { return e.TLS.Protocol },
		"tls_cipher":  func(e *Event) any { return e.TLS.Cipher },
		"tls_bits":    func(e *Event) any { return e.TLS.Bits },

		"message_id":        func(e *Event) any { return oneOf{e.Message.ID, strings.Trim(e.Message.ID, "<>")} },
		"resent-message-id": func(e *Event) any { return strings.Trim(e.Message.ID, "<>") },
		"size":              func(e *Event) any { return e.Message.Size },
		"nrcpt":             func(e *Event) any { return e.Message.Recipients },
		"uid":               func(e *Event) any { return e.Message.UID },
		"bounce_queue_id":   func(e *Event) any { return e.Message.Other },
		"count":             func(e *Event) any { return e.Count },
		"version":           func(e *Event) any { return e.Version },

		"postscreen_access": func(e *Event) any { return e.Screen.Event },
		"postscreen_test":   func(e *Event) any { return oneOf{e.Screen.Event, strings.TrimSuffix(e.Screen.Event, " rank")} },
		"dnsbl_rank":        func(e *Event) any { return e.Screen.Rank },
		"dnsbl_domain":      func(e *Event) any { return e.Screen.List },
		"dnsbl_result":      func(e *Event) any { return e.Screen.Result },
		"anvil_rate":        func(e *Event) any { return e.Anvil.Value },
		"anvil_count":       func(e *Event) any { return e.Anvil.Value },
		"anvil_cache_size":  func(e *Event) any { return e.Anvil.Value },
		"anvil_service":     func(e *Event) any { return e.Anvil.Service },
	}
}

// server is the other side, for lines of the SMTP client.
func server(e *Event) RemoteEnd {
	switch e.Kind {
	case Delivery:
		return e.Delivery.Relay
	case AttemptFailed:
		return e.Reply.Host
	}
	return e.Remote
}

func status(e *Event) any {
	if e.Kind == Expired {
		return "expired"
	}
	if strings.HasPrefix(e.Delivery.Text, "forwarded as ") { // a status of its own for some
		return oneOf{e.Delivery.StatusText, "forwarded"}
	}
	return e.Delivery.StatusText
}

// lostReason is what ended a session: the words before or, for the SMTP
// client and TLS, after the name of the other side.
func lostReason(e *Event) any {
	switch e.Kind {
	case ConnectFailed:
		return e.Reply.Text
	case TLSFailed:
		words, _, _ := strings.Cut(e.Text, " from ")
		return oneOf{e.TLS.Error, words}
	}
	return e.Session.Reason
}

// addressParts are an address's local part, without quotes, and domain.
func addressParts(s string) []string {
	at := strings.LastIndexByte(s, '@')
	return []string{strings.Trim(s[:max(at, 0)], `"`), s[at+1:]}
}
