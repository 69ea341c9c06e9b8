package collector

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

const none = maillog.Unread

var relay = maillog.RemoteEnd{Name: "mx.example", Addr: "192.0.2.1", Port: "25"}

func record(status maillog.Status, delay float64, delays ...float64) maillog.DeliveryRecord {
	return maillog.DeliveryRecord{Status: status, Delay: delay, Delays: [4]float64(delays), DSN: "2.0.0", Relay: relay}
}

// Readings by hand, and all that they change: without the counts of lines that
// every line adds to, and without buckets.
var countCases = []struct {
	name string
	r    reading
	want string
}{
	{"sent", reading{event: maillog.Event{Kind: maillog.Delivery, Daemon: "smtp", Service: "relay",
		Delivery: record(maillog.Sent, 1.5, 0.5, 0, 0.25, 0.75)}, verdict: classify.Verdict{Provider: "other"}}, `
deliveries_total{daemon="smtp",provider="other",service="relay",status="sent"} 1
delivery_delay_seconds{daemon="smtp",provider="other"} count 1 sum 1.5
delivery_stage_seconds{daemon="smtp",stage="before_queue_manager"} count 1 sum 0.5
delivery_stage_seconds{daemon="smtp",stage="connection_setup"} count 1 sum 0.25
delivery_stage_seconds{daemon="smtp",stage="queue_manager"} count 1 sum 0
delivery_stage_seconds{daemon="smtp",stage="transmission"} count 1 sum 0.75`},
	{"numbers that can't be read", reading{event: maillog.Event{Kind: maillog.Delivery, Daemon: "smtp",
		Delivery: record(maillog.Sent, math.Inf(1), none, 1, math.NaN(), 1e300)}, verdict: classify.Verdict{Provider: "other"}}, `
deliveries_total{daemon="smtp",provider="other",service="",status="sent"} 1
delivery_stage_seconds{daemon="smtp",stage="queue_manager"} count 1 sum 1
exporter_unread_values_total{field="delay"} 1
exporter_unread_values_total{field="delays"} 3`},
	{"delays= that can't be read at all", reading{event: maillog.Event{Kind: maillog.Delivery, Daemon: "local",
		Delivery: record(maillog.Sent, 2, none, none, none, none)}, verdict: classify.Verdict{Provider: "local"}}, `
deliveries_total{daemon="local",provider="local",service="",status="sent"} 1
delivery_delay_seconds{daemon="local",provider="local"} count 1 sum 2
exporter_unread_values_total{field="delays"} 4`},
	{"before 2.3 there is no delays=", reading{event: maillog.Event{Kind: maillog.Delivery, Daemon: "local",
		Delivery: maillog.DeliveryRecord{Status: maillog.Sent, Delay: 2, Delays: [4]float64{none, none, none, none}}},
		verdict: classify.Verdict{Provider: "local"}}, `
deliveries_total{daemon="local",provider="local",service="",status="sent"} 1
delivery_delay_seconds{daemon="local",provider="local"} count 1 sum 2`},
	{"bounced", failed("smtp", maillog.Bounced), `
bounces_total{class="user_unknown",daemon="smtp",kind="hard",provider="other"} 1
deliveries_total{daemon="smtp",provider="other",service="",status="bounced"} 1`},
	{"deferred", failed("qmgr", maillog.Deferred), `
deferrals_total{class="user_unknown",daemon="qmgr",kind="hard",provider="other"} 1
deliveries_total{daemon="qmgr",provider="other",service="",status="deferred"} 1`},
	{"soft bounced", failed("smtp", maillog.SoftBounced), `
deferrals_total{class="user_unknown",daemon="smtp",kind="hard",provider="other"} 1
deliveries_total{daemon="smtp",provider="other",service="",status="soft_bounced"} 1`},
	{"probe", failed("smtp", maillog.Undeliverable), `
deliveries_total{daemon="smtp",provider="other",service="",status="undeliverable"} 1`},
	{"ambiguous and cut", reading{event: maillog.Event{Kind: maillog.Delivery, Daemon: "smtp", Ambiguous: true,
		Delivery: maillog.DeliveryRecord{Status: maillog.StatusTruncated, Delay: none}}, verdict: classify.Verdict{Provider: "local"}}, `
deliveries_total{daemon="smtp",provider="local",service="",status="truncated"} 1
log_ambiguous_records_total{} 1`},

	{"expired", reading{event: maillog.Event{Kind: maillog.Expired, Daemon: "qmgr"}, known: true,
		outcome: track.Outcome{GivenUp: []track.GivenUp{{Recipients: 3, Verdict: classify.Verdict{Class: "mailbox_full", Kind: "soft",
			Provider: "other"}}}}}, `
expirations_total{class="mailbox_full",kind="soft",provider="other"} 3
messages_expired_total{forced="false"} 1`},
	{"force-expired", reading{event: maillog.Event{Kind: maillog.Expired, Message: maillog.MessageRecord{Forced: true}}}, `
messages_expired_total{forced="true"} 1`},
	{"connect failed", reading{event: maillog.Event{Kind: maillog.ConnectFailed, Daemon: "smtp", Remote: relay,
		Reply: maillog.Reply{Text: "Connection timed out"}}, verdict: classify.Verdict{Provider: "other"}}, `
smtp_connection_failures_total{provider="other",reason="timeout"} 1`},
	{"TLS failed, to a server", reading{event: maillog.Event{Kind: maillog.TLSFailed, Daemon: "smtp"},
		verdict: classify.Verdict{Provider: "other"}}, `
smtp_connection_failures_total{provider="other",reason="tls"} 1`},
	{"TLS failed, from a client", reading{event: maillog.Event{Kind: maillog.TLSFailed, Daemon: "smtpd",
		TLS: maillog.TLSRecord{Inbound: true}}}, ``},

	{"client", reading{event: maillog.Event{Kind: maillog.Client, Daemon: "smtpd", QueueID: "4X"}}, `
messages_received_total{daemon="smtpd",sasl_method="none",service=""} 1`},
	{"client with a login", reading{event: maillog.Event{Kind: maillog.Client, Daemon: "smtpd", Service: "submission", QueueID: "4X",
		SASL: maillog.SASLRecord{Method: "plain"}}}, `
messages_received_total{daemon="smtpd",sasl_method="PLAIN",service="submission"} 1
sasl_logins_total{method="PLAIN",outcome="success",service="submission"} 1`},
	{"client in front of a proxy filter", reading{event: maillog.Event{Kind: maillog.Client, Daemon: "smtpd", QueueID: "NOQUEUE"}}, ``},
	{"login failed", reading{event: maillog.Event{Kind: maillog.SASLFailed, Daemon: "smtpd",
		SASL: maillog.SASLRecord{Method: "PLAIN authentication failed"}}}, `
sasl_logins_total{method="other",outcome="failure",service=""} 1`},
	{"pickup", reading{event: maillog.Event{Kind: maillog.Pickup, Daemon: "pickup", QueueID: "4X"}}, `
messages_received_total{daemon="pickup",sasl_method="none",service=""} 1`},
	{"activation", activation(true, 5000, 3), `
message_recipients{} count 1 sum 3
message_size_bytes{} count 1 sum 5000`},
	{"activation, not the first", activation(false, 5000, 3), ``},
	{"activation, unread", activation(true, none, none), `
exporter_unread_values_total{field="recipients"} 1
exporter_unread_values_total{field="size"} 1`},
	{"removed", removed("qmgr", 90*time.Second), `
message_queue_seconds{} count 1 sum 90
messages_removed_total{} 1`},
	{"removed, start unknown", removed("qmgr", none), `
messages_removed_total{} 1`},
	{"removed, not known at all", reading{event: maillog.Event{Kind: maillog.Removed, Daemon: "qmgr"}}, `
messages_removed_total{} 1`},
	{"disconnect, not known at all", reading{event: maillog.Event{Kind: maillog.Disconnect, Daemon: "smtpd"}}, `
smtpd_disconnections_total{service=""} 1`},
	{"deleted by hand", removed("postsuper", 90*time.Second), ``},
	{"cancelled", removed("cleanup", 90*time.Second), ``},
	{"notification", reading{event: maillog.Event{Kind: maillog.Notification, Daemon: "bounce",
		Message: maillog.MessageRecord{Type: "sender delay notification"}}}, `
notifications_total{type="delay"} 1`},

	{"connect", reading{event: maillog.Event{Kind: maillog.Connect, Daemon: "smtpd", Service: "smtps"}}, `
smtpd_connections_total{service="smtps"} 1`},
	{"disconnect", reading{known: true, outcome: track.Outcome{SessionTime: 2500 * time.Millisecond},
		event: maillog.Event{Kind: maillog.Disconnect, Daemon: "smtpd",
			Session: maillog.SessionRecord{Commands: " ehlo=1 mail=1 rcpt=1/3 bogus=2 data=0/1 commands=3/6"}}}, `
smtpd_commands_total{command="data",outcome="rejected",service=""} 1
smtpd_commands_total{command="ehlo",outcome="accepted",service=""} 1
smtpd_commands_total{command="mail",outcome="accepted",service=""} 1
smtpd_commands_total{command="other",outcome="accepted",service=""} 2
smtpd_commands_total{command="rcpt",outcome="accepted",service=""} 1
smtpd_commands_total{command="rcpt",outcome="rejected",service=""} 2
smtpd_disconnections_total{service=""} 1
smtpd_session_seconds{service=""} count 1 sum 2.5`},
	{"lost connection", lost("lost connection", "DATA (512 bytes)"), `
smtpd_lost_connections_total{service="",stage="DATA"} 1`},
	{"timeout", lost("timeout", "UNKNOWN"), `
smtpd_lost_connections_total{service="",stage="other"} 1`},
	{"too many errors", lost("too many errors", "RCPT"), ``},
	{"TLS", tls(false, "TLSv1.3", "TLS_AES_256_GCM_SHA384"), `
tls_connections_total{cipher="TLS_AES_256_GCM_SHA384",direction="inbound",protocol="TLSv1.3",trust="anonymous"} 1`},
	{"TLS reused", tls(true, "TLSv1.3", "TLS_AES_256_GCM_SHA384"), ``},
	{"TLS with a bad name", tls(false, "TLSv1.3 ", ""), `
tls_connections_total{cipher="other",direction="inbound",protocol="other",trust="anonymous"} 1`},
	{"postscreen", reading{event: maillog.Event{Kind: maillog.Postscreen, Screen: maillog.ScreenRecord{Event: "BLACKLISTED"}}}, `
postscreen_events_total{event="denylisted"} 1`},
	{"unrecognized", reading{event: maillog.Event{Kind: maillog.Unrecognized, Daemon: "flush"}}, `
log_unrecognized_lines_total{daemon="flush"} 1`},
	{"note", reading{event: maillog.Event{Kind: maillog.Note, Daemon: "scache"}}, ``},
	{"problem", reading{event: maillog.Event{Kind: maillog.Problem, Severity: maillog.Warning, Daemon: "tlsmgr"}}, ``},
}

func failed(daemon string, status maillog.Status) reading {
	return reading{event: maillog.Event{Kind: maillog.Delivery, Daemon: daemon, Delivery: record(status, 1, 1, 0, 0, 0)},
		verdict: classify.Verdict{Class: "user_unknown", Kind: "hard", Provider: "other"}}
}

func activation(first bool, size, recipients int64) reading {
	return reading{known: true, outcome: track.Outcome{FirstActivation: first},
		event: maillog.Event{Kind: maillog.Active, Daemon: "qmgr", Message: maillog.MessageRecord{Size: size, Recipients: recipients}}}
}

func removed(daemon string, queued time.Duration) reading {
	return reading{known: true, outcome: track.Outcome{QueueTime: queued}, event: maillog.Event{Kind: maillog.Removed, Daemon: daemon}}
}

func lost(reason, stage string) reading {
	return reading{event: maillog.Event{Kind: maillog.LostConnection, Daemon: "smtpd",
		Session: maillog.SessionRecord{Reason: reason, Stage: stage}}}
}

func tls(reused bool, protocol, cipher string) reading {
	return reading{event: maillog.Event{Kind: maillog.TLSEstablished, Daemon: "smtpd",
		TLS: maillog.TLSRecord{Trust: "Anonymous", Inbound: true, Reused: reused, Protocol: protocol, Cipher: cipher}}}
}

func TestCount(t *testing.T) {
	for _, c := range countCases {
		t.Run(c.name, func(t *testing.T) {
			e := New(Options{})
			c.r.event.Instance = "p"
			e.families.count(&c.r)
			if got, want := changes(t, e), strings.TrimPrefix(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// changes is what the readings of instance "p" counted, shortened.
func changes(t *testing.T, e *Engine) string {
	short := strings.NewReplacer("postfix_", "", `,instance_name="p"`, "", `instance_name="p",`, "", `instance_name="p"`, "")
	text := bucketsPattern.ReplaceAllString(short.Replace(nonZero(t, e)), "")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "log_messages_total") || strings.HasPrefix(l, "log_lines_total")
	}), "\n")
}

var bucketsPattern = regexp.MustCompile(` le[^ \n]+`)

func TestCountLines(t *testing.T) {
	e := New(Options{})
	for _, ev := range []maillog.Event{
		{Kind: maillog.Note, Daemon: "scache"},
		{Kind: maillog.Problem, Daemon: "smtpd", Severity: maillog.Warning},
		{Kind: maillog.Problem, Daemon: "smtpd", Severity: maillog.Panic},
		{Kind: maillog.Problem, Daemon: "smtpd", Severity: maillog.Warning},
		{Kind: maillog.Unrecognized, Daemon: "smtpd"},
	} {
		feed(e, ev)
	}
	e.Feed(maillog.Line{Text: "not a line of Postfix"}, checkpoint.Pos{})
	const want = `postfix_log_lines_total{outcome="foreign"} 1
postfix_log_lines_total{outcome="ignored"} 1
postfix_log_lines_total{outcome="parsed"} 3
postfix_log_lines_total{outcome="unrecognized"} 1
postfix_log_messages_total{daemon="scache",instance_name="",severity="info"} 1
postfix_log_messages_total{daemon="smtpd",instance_name="",severity="info"} 1
postfix_log_messages_total{daemon="smtpd",instance_name="",severity="panic"} 1
postfix_log_messages_total{daemon="smtpd",instance_name="",severity="warning"} 2
postfix_log_unrecognized_lines_total{daemon="smtpd",instance_name=""} 1
`
	if got := nonZero(t, e); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
