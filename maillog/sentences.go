package maillog

import "strings"

// reader reads a daemon's sentences: the text behind the severity and the queue
// id. It answers Unrecognized for a text that is none of them.
type reader func(e *Event, s string) Kind

// readers by executable (conf/postfix-files names them all). The agents that
// write nothing but delivery records and warnings share one.
var readers = map[string]reader{
	"anvil":           readAnvil,
	"bounce":          readBounce,
	"cleanup":         readCleanup,
	"discard":         readAgent,
	"dnsblog":         readDNSBlog,
	"error":           readAgent,
	"flush":           readOther,
	"lmtp":            readSMTP,
	"local":           readAgent,
	"master":          readMaster,
	"nqmgr":           readQmgr,
	"oqmgr":           readQmgr,
	"pickup":          readPickup,
	"pipe":            readAgent,
	"postdrop":        readOther,
	"postfix-script":  readMaster,
	"postlogd":        readOther,
	"postqueue":       readOther,
	"postscreen":      readPostscreen,
	"postsuper":       readPostsuper,
	"proxymap":        readOther,
	"qmgr":            readQmgr,
	"qmqpd":           readSMTPD,
	"scache":          readSCache,
	"sendmail":        readOther,
	"showq":           readOther,
	"smtp":            readSMTP,
	"smtpd":           readSMTPD,
	"spawn":           readOther,
	"tlsmgr":          readOther,
	"tlsproxy":        readTLSProxy,
	"trivial-rewrite": readOther,
	"verify":          readOther,
	"virtual":         readAgent,
}

// read reads a text whose daemon is known. A delivery record may come from any
// agent, from cleanup and from qmgr.
func (e *Event) read(daemon reader, s string) Kind {
	if strings.HasPrefix(s, "to=") && e.Severity == Info {
		return e.readDelivery(s)
	}
	if kind := daemon(e, s); kind != Unrecognized {
		return kind
	}
	return e.readAnywhere(s)
}

// readAnywhere reads what many daemons write (util/msg_output.c,
// util/dict_open.c, global/mail_params.c).
func (e *Event) readAnywhere(s string) Kind {
	switch {
	case e.Severity != Info:
		return Problem
	case strings.HasPrefix(s, "passing <"), // global/deliver_pass.c
		strings.HasPrefix(s, "status=deferred ("): // global/bounce.c, global/abounce.c: no recipient
		return e.note(RemoteEnd{})
	case strings.HasPrefix(s, "using backwards-compatible default setting"),
		strings.HasSuffix(s, " has changed -- restarting"),
		strings.HasPrefix(s, "Postfix is using backwards-compatible default settings"),
		strings.HasPrefix(s, "Postfix is running with backwards-compatible default settings"),
		strings.HasPrefix(s, "See http") && strings.Contains(s, "COMPATIBILITY_README"),
		strings.HasPrefix(s, "To disable backwards compatibility use "),
		strings.HasPrefix(s, "cache ") && strings.Contains(s, " cleanup: retained="):
		return e.note(RemoteEnd{})
	}
	return Unrecognized
}

// readOther is for daemons that write warnings only.
func readOther(*Event, string) Kind { return Unrecognized }

// readAgent is for delivery agents: their records were read before.
func readAgent(*Event, string) Kind { return Unrecognized }

// Daemons whose sentences tell them apart, for envelopes that lost the name.
// The first that knows the text has written it.
var byShape = [...]string{
	"qmgr", "smtpd", "cleanup", "smtp", "bounce", "pickup", "postscreen", "dnsblog", "anvil", "scache", "master", "postsuper",
}

// readAny reads a text whose daemon is not known, and says which it must have
// been where that can be told.
func (e *Event) readAny(s string) Kind {
	if strings.HasPrefix(s, "to=") && e.Severity == Info {
		kind := e.readDelivery(s)
		e.Daemon = e.Delivery.agent()
		return kind
	}
	for _, daemon := range byShape {
		kind := readers[daemon](e, s)
		if kind == Unrecognized || kind == Problem { // any daemon's
			continue
		}
		e.Daemon = daemon
		if kind == ContentCheck && e.Remote == (RemoteEnd{}) { // smtp_header_checks name no client
			e.Daemon = "smtp"
		}
		return kind
	}
	return e.readAnywhere(s)
}

// agent says which agent a delivery record must be from. smtp and lmtp differ in
// the port only.
func (d *DeliveryRecord) agent() string {
	switch {
	case d.Relay.Name == "local" && d.Relay.Addr == "":
		return "local"
	case d.Relay.Name == "virtual" && d.Relay.Addr == "":
		return "virtual"
	case d.Relay.IsSocket(), d.Relay.Addr != "" && d.Relay.Port == "24":
		return "lmtp"
	case d.Relay.Addr != "":
		return "smtp"
	case strings.HasPrefix(d.Text, "delivered via "+d.Relay.Name+" service"):
		return "pipe"
	case strings.HasPrefix(d.Text, "delivery temporarily suspended: "):
		return "error"
	case strings.HasPrefix(d.Text, "connect to "), strings.HasPrefix(d.Text, "Host or domain name not found."):
		return "smtp"
	}
	return UnknownDaemon
}
