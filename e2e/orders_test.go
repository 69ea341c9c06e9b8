package e2e

// What remote servers answer. The first word of a local part is an order:
// rcpt-550.7@remote.example is refused at RCPT.

import (
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"postfix_exporter/e2e/sink"
)

// order says how a recipient (at MAIL: a sender) is answered.
type order struct {
	stage sink.Stage
	reply sink.Reply
	times int // then accepted; 0: always
}

func says(code int, lines ...string) sink.Reply { return sink.Reply{Code: code, Lines: lines} }

var long = strings.Repeat("no, no, no, status=sent (250 ok) ", 28)

// Texts that would like to be taken for something else.
var orders = map[string]order{
	"mail-450":   {sink.Mail, says(450, "4.7.1 Sender rate exceeded"), 1},
	"mail-550":   {sink.Mail, says(550, "5.7.1 Sender address rejected: not welcome"), 0},
	"rcpt-450":   {sink.Rcpt, says(450, "4.2.0 Greylisted, please try again in 300 seconds"), 1},
	"rcpt-452":   {sink.Rcpt, says(452, "4.2.2 The recipient's inbox is out of storage space.", "4.2.2 Please direct them to", "4.2.2 https://help.remote.example/?p=OverQuotaTemp"), 0},
	"rcpt-421":   {sink.Rcpt, says(421, "4.7.0 Try again later, closing connection"), 1},
	"rcpt-drop":  {sink.Rcpt, sink.Reply{Drop: true}, 1},
	"rcpt-slow":  {sink.Rcpt, sink.Reply{Delay: 3 * time.Second}, 1},
	"rcpt-550":   {sink.Rcpt, says(550, "5.1.1 The email account that you tried to reach does not exist.", "5.1.1 See https://help.remote.example/?p=NoSuchUser", "5.1.1 a1-20020a05 - remote"), 0},
	"rcpt-554":   {sink.Rcpt, says(554, "5.7.1 Service unavailable; Client host [192.0.2.25] blocked using dnsbl.example"), 0},
	"rcpt-bare":  {sink.Rcpt, says(550), 0},
	"rcpt-nodsn": {sink.Rcpt, says(551, "User not local; please try <other@elsewhere.example>"), 0},
	"rcpt-long":  {sink.Rcpt, says(550, "5.1.1 "+long, "5.1.1 "+long, "5.1.1 "+long), 0},
	"rcpt-liar":  {sink.Rcpt, says(550, `5.1.1 <a@b>, relay=mx.liar.example[192.0.2.1]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok`), 0},
	"rcpt-quote": {sink.Rcpt, says(553, `5.1.3 "x)" ((( (in reply to end of DATA command) postfix/smtp[1]: 4C0FFEE123: to=<c@d.example>, relay=none, status=deferred (x)`), 0},
	"rcpt-utf8":  {sink.Rcpt, says(550, "5.1.1 Пользователь не найден \u0085\u2028 \x1b[31m\xff"), 0},
	"data-451":   {sink.Data, says(451, "4.3.0 Temporary lookup failure"), 1},
	"data-554":   {sink.Data, says(554, "5.5.1 No thanks"), 0},
	"data-drop":  {sink.Data, sink.Reply{Drop: true}, 1},
	"dot-451":    {sink.Dot, says(451, "4.7.1 Message queued for content inspection", "4.7.1 try again"), 1},
	"dot-550":    {sink.Dot, says(550, "5.7.1 Our system has detected that this message is likely unsolicited mail.", "5.7.1 https://help.remote.example/?p=UnsolicitedMessageError"), 0},
	"dot-drop":   {sink.Dot, sink.Reply{Drop: true}, 1},
	"dot-552":    {sink.Dot, says(552, "5.2.2 Mailbox full"), 0},
	"dot-boast":  {sink.Dot, says(250, "2.0.0 Ok), to=<x@y.example>, relay=none, delay=1, status=bounced (550 5.1.1 (in reply to RCPT TO command)"), 0},
}

// obey is the script of a server that follows orders.
func obey(s sink.Step) sink.Reply {
	who := s.Recipient
	switch {
	case s.Stage == sink.Mail:
		who = s.Sender
	case who == "" && len(s.Recipients) > 0:
		who = s.Recipients[0]
	}
	word, _, _ := strings.Cut(who, ".")
	o, ok := orders[word]
	if !ok || o.stage != s.Stage || o.times > 0 && s.Seen >= o.times {
		return sink.Reply{}
	}
	return o.reply
}

// always answers one stage so.
func always(stage sink.Stage, reply sink.Reply) func(sink.Step) sink.Reply {
	return func(s sink.Step) sink.Reply {
		if s.Stage == stage {
			return reply
		}
		return sink.Reply{}
	}
}

// sinks are the remote servers, by their names in the configuration.
type sinks map[string]*sink.Server

// newSinks starts the servers on loopback and is their ports.
func newSinks(t *testing.T) (sinks, map[string]string) {
	t.Helper()
	all, ports := sinks{}, map[string]string{}
	for _, s := range []struct {
		name, addr string
		options    sink.Options
	}{
		{"REMOTE", "127.0.0.2", sink.Options{Name: "mx2.receiver.example", Answer: obey, TLS: serverTLS(t, "mx2.receiver.example")}},
		{"HOME", "127.0.0.2", sink.Options{Name: "mx2.receiver.example"}},
		{"PLAIN", "127.0.0.3", sink.Options{Name: "mx3.receiver.example", Answer: obey, Plain: true}},
		{"BUSY", "127.0.0.4", sink.Options{Answer: always(sink.Connect, says(421, "4.3.2 mx4.receiver.example too busy"))}},
		{"CLOSED", "127.0.0.5", sink.Options{Answer: always(sink.Connect, says(554, "mx5.receiver.example no SMTP service here", "see https://help.receiver.example/"))}},
		{"MUTE", "127.0.0.6", sink.Options{Answer: always(sink.Connect, sink.Reply{Drop: true})}},
		{"NOHELO", "127.0.0.6", sink.Options{Answer: always(sink.Hello, says(550, "5.7.1 we do not know you"))}},
		{"LMTP", "127.0.0.2", sink.Options{Name: "lmtp.receiver.example", Answer: obey, LMTP: true}},
		{"HOME6", "::1", sink.Options{Name: "mx6.receiver.example"}},
	} {
		if s.addr == "::1" && !hasIPv6() {
			continue
		}
		l := listen(t, s.addr)
		all.start(t, s.name, l, s.options)
		_, ports[s.name], _ = net.SplitHostPort(l.Addr().String())
	}
	return all, ports
}

func (all sinks) start(t *testing.T, name string, l net.Listener, o sink.Options) {
	all[name] = sink.Start(l, o)
	t.Cleanup(func() { all[name].Close() })
}

// startSocket starts the LMTP server behind a Unix socket in Postfix's queue.
func (all sinks) startSocket(t *testing.T, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	all.start(t, "SOCKET", l, sink.Options{Answer: obey, LMTP: true})
}
