package collector

import (
	"strings"

	"postfix_exporter/maillog"
)

// From Postfix's words to the values of closed sets. What is compared here may be
// text of clients: nothing of it becomes a label but what the sets hold.

// smtpStage drops what Postfix adds to a stage: "DATA (512 bytes)".
func smtpStage(stage string) int {
	stage, _, _ = strings.Cut(stage, " ")
	if stage == "connect" { // postscreen.c: reject: connect from ...: all screening ports busy
		stage = "CONNECT"
	}
	return smtpStages.at(stage)
}

// saslMethod is a closed label: clients choose the text of failures. Mechanism
// names have no case (RFC 4422 §3.1 has them in upper case only).
func saslMethod(method string) string {
	if method == "" {
		return "none"
	}
	for _, m := range saslMethods.values {
		if strings.EqualFold(m, method) {
			return m
		}
	}
	return other
}

func tlsTrust(trust string) string {
	switch trust {
	case "Anonymous":
		return "anonymous"
	case "Untrusted":
		return "untrusted"
	case "Trusted":
		return "trusted"
	case "Verified":
		return "verified"
	}
	return other
}

// tlsName keeps names of protocols and ciphers as OpenSSL has them.
func tlsName(name string) string {
	if !isName(name) || len(name) > 64 {
		return other
	}
	return name
}

// isName is loose: it keeps out what is no host's, protocol's or cipher's name at
// all.
func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !nameChars[s[i]] {
			return false
		}
	}
	return s != ""
}

var nameChars = func() (t [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") {
		t[c] = true
	}
	return t
}()

// connectionFailure reads the text of strerror(3), and Postfix's own words.
func connectionFailure(text string) int {
	switch {
	case strings.HasSuffix(text, "refused"):
		return connectionFailures.at("refused")
	case strings.HasSuffix(text, "timed out"):
		return connectionFailures.at("timeout")
	case strings.HasSuffix(text, "unreachable"), strings.HasPrefix(text, "No route"), strings.HasSuffix(text, "is down"):
		return connectionFailures.at("unreachable")
	case strings.HasPrefix(text, "Connection reset"), strings.HasPrefix(text, "Broken pipe"),
		strings.HasPrefix(text, "lost connection"), strings.HasPrefix(text, "server dropped connection"):
		return connectionFailures.at("lost")
	}
	return connectionFailures.at(other)
}

// notificationType reads the sentences of bounce/bounce_notify_service.c and its neighbors.
func notificationType(sentence string) int {
	switch sentence {
	case "sender non-delivery notification":
		return notificationTypes.at("non_delivery")
	case "sender delay notification":
		return notificationTypes.at("delay")
	case "sender delivery status notification":
		return notificationTypes.at("success")
	case "postmaster non-delivery notification":
		return notificationTypes.at("postmaster_non_delivery")
	case "postmaster delay notification":
		return notificationTypes.at("postmaster_delay")
	case "undeliverable postmaster notification discarded":
		return notificationTypes.at("double_bounce")
	}
	return notificationTypes.at(other)
}

// screenEvent reads postscreen's words; "black" and "white" are those of before 3.6.
func screenEvent(event string) int {
	switch event {
	case "BLACKLISTED":
		event = "denylisted"
	case "WHITELISTED":
		event = "allowlisted"
	case "WHITELIST VETO":
		event = "allowlist_veto"
	case "DATA without valid RCPT", "BDAT without valid RCPT":
		event = "data_without_rcpt"
	}
	for i, e := range screenEvents.values {
		if isSnakeOf(e, event) {
			return i
		}
	}
	return screenEvents.at(other)
}

// isSnakeOf compares "pass_new" with "PASS NEW" without making a string.
func isSnakeOf(snake, words string) bool {
	if len(snake) != len(words) {
		return false
	}
	for i := 0; i < len(snake); i++ {
		c := words[i]
		switch {
		case c == ' ' || c == '-':
			c = '_'
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if c != snake[i] {
			return false
		}
	}
	return true
}

// codeNames are the label values of SMTP reply codes.
var codeNames = makeCodeNames()

func makeCodeNames() (names [400]string) {
	for i := range names {
		code := 200 + i
		names[i] = string([]byte{byte('0' + code/100), byte('0' + code/10%10), byte('0' + code%10)})
	}
	return names
}

func codeName(code int) string {
	if i := code - 200; i >= 0 && i < len(codeNames) {
		return codeNames[i]
	}
	return "none"
}

// isFailure says whether a status is a delivery that failed, for good or for now.
func isFailure(s maillog.Status) bool {
	return s == maillog.Deferred || s == maillog.Bounced || s == maillog.SoftBounced
}
