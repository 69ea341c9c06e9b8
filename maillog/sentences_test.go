package maillog

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sentences: a line's tag and text, and the event it must become, as dump shows
// it. One case a line; grouped as the readers are.
var sentences = []struct{ line, want string }{
	// smtpd
	{`smtpd: connect from unknown[unknown]`, `Connect Remote.Name=unknown Remote.Addr=unknown`},
	{`smtpd: connect from mx.example.org[2001:db8::1]:4711`, `Connect Remote.Name=mx.example.org Remote.Addr=2001:db8::1 Remote.Port=4711`},
	{`smtpd: connect from mx.example.org[192.0.2.1] trailing`, `Unrecognized`},
	{`smtpd: disconnect from a.example[192.0.2.1] ehlo=1 quit=1 commands=2`, `Disconnect Remote.Name=a.example Remote.Addr=192.0.2.1 Session.Commands= ehlo=1 quit=1 commands=2`},
	{`smtpd: disconnect from a.example[192.0.2.1]`, `Disconnect Remote.Name=a.example Remote.Addr=192.0.2.1`},
	{`smtpd: 4A5B6C7D: client=a.example[192.0.2.1]`, `Client QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1`},
	{`smtpd: 4A5B6C7D: client=a.example[192.0.2.1], sasl_method=PLAIN, sasl_username=a, b`, `Client QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1 SASL.Method=PLAIN SASL.Username=a, b`},
	{`smtpd: 4A5B6C7D: client=a.example[192.0.2.1], sasl_sender="x, sasl_method=PLAIN, sasl_username=root"`, `Client QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1 SASL.Sender="x, sasl_method=PLAIN, sasl_username=root"`},
	{`smtpd: 4A5B6C7D: client=a.example[192.0.2.1], orig_queue_id=9F8E7D6C, orig_client=b.example[192.0.2.2]`, `Client QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1`},
	{`smtpd: lost connection after DATA (1234 bytes) from a.example[192.0.2.1]`, `LostConnection Remote.Name=a.example Remote.Addr=192.0.2.1 Session.Reason=lost connection Session.Stage=DATA`},
	{`smtpd: NOQUEUE: timeout after END-OF-MESSAGE from a.example[192.0.2.1]`, `LostConnection QueueID=NOQUEUE Remote.Name=a.example Remote.Addr=192.0.2.1 Session.Reason=timeout Session.Stage=END-OF-MESSAGE`},
	{`smtpd: too many errors after RCPT from a.example[192.0.2.1]`, `LostConnection Remote.Name=a.example Remote.Addr=192.0.2.1 Session.Reason=too many errors Session.Stage=RCPT`},
	{`smtpd: improper command pipelining after EHLO from a.example[192.0.2.1]: MAIL FROM:<x> from b.example[192.0.2.2]`, `ProtocolAbuse Remote.Name=a.example Remote.Addr=192.0.2.1 Session.Reason=improper command pipelining Session.Stage=EHLO`},
	{`smtpd: warning: non-SMTP command from a.example[192.0.2.1]: GET / HTTP/1.1`, `ProtocolAbuse Severity=warning Remote.Name=a.example Remote.Addr=192.0.2.1 Session.Reason=non-SMTP command`},
	{`smtpd: warning: a.example[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6`, `SASLFailed Severity=warning Remote.Name=a.example Remote.Addr=192.0.2.1 SASL.Method=LOGIN SASL.Reason=UGFzc3dvcmQ6`},
	{`smtpd: warning: a.example[192.0.2.1]: SASL PLAIN authentication failed: generic failure, sasl_username=a, sasl_username=b`, `SASLFailed Severity=warning Remote.Name=a.example Remote.Addr=192.0.2.1 SASL.Method=PLAIN SASL.Username=a, sasl_username=b SASL.Reason=generic failure`},
	{`smtpd: warning: a.example[192.0.2.1]: SASL PLAIN authentication aborted`, `SASLFailed Severity=warning Remote.Name=a.example Remote.Addr=192.0.2.1 SASL.Method=PLAIN`},
	{`smtpd: warning: Connection rate limit exceeded: 41 from a.example[192.0.2.1] for service smtp`, `RateLimited Severity=warning Remote.Name=a.example Remote.Addr=192.0.2.1`},
	{`smtpd: warning: hostname a.example does not resolve to address 192.0.2.1`, `Problem Severity=warning`},
	{`smtpd: discarding EHLO keywords: CHUNKING`, `Note`},
	{`smtpd: proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as 4A5B; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<a.example>`, `Restriction Restriction.Action=proxy-accept Restriction.Stage=END-OF-MESSAGE Restriction.Code=250 Restriction.Enhanced=2.0.0 Restriction.Text=Ok: queued as 4A5B Restriction.Reason=Ok: queued as 4A5B Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=a.example`},

	// access decisions
	{`smtpd: NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 554 5.7.1 <b@b.example>: Relay access denied; from=<> to=<b@b.example> proto=ESMTP helo=<a.example>`, `Restriction QueueID=NOQUEUE Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=reject Restriction.Stage=RCPT Restriction.Code=554 Restriction.Enhanced=5.7.1 Restriction.Text=<b@b.example>: Relay access denied Restriction.Reason=Relay access denied Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=a.example`},
	{`smtpd: NOQUEUE: reject: CONNECT from a.example[192.0.2.1]: 554 5.7.1 <a.example[192.0.2.1]>: Client host rejected: Access denied; proto=SMTP`, `Restriction QueueID=NOQUEUE Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=reject Restriction.Stage=CONNECT Restriction.Code=554 Restriction.Enhanced=5.7.1 Restriction.Text=<a.example[192.0.2.1]>: Client host rejected: Access denied Restriction.Reason=Client host rejected: Access denied Restriction.Proto=SMTP`},
	{`smtpd: NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 550 5.1.1 <x>: Relay access denied; z@b.example>: Recipient address rejected: User unknown; from=<a@a.example> to=<"x>: Relay access denied; z"@b.example> proto=ESMTP helo=<h>`, `Restriction QueueID=NOQUEUE Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=reject Restriction.Stage=RCPT Restriction.Code=550 Restriction.Enhanced=5.1.1 Restriction.Text=<x>: Relay access denied; z@b.example>: Recipient address rejected: User unknown Restriction.Reason=Recipient address rejected: User unknown Restriction.From=a@a.example Restriction.To="x>: Relay access denied; z"@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h`},
	{`smtpd: NOQUEUE: milter-reject: RCPT from a.example[192.0.2.1]: 550 5.7.1 no; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<h> sasl_username=<ann>`, `Restriction QueueID=NOQUEUE Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=milter-reject Restriction.Stage=RCPT Restriction.Code=550 Restriction.Enhanced=5.7.1 Restriction.Text=no Restriction.Reason=no Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h SASL.Username=ann`},
	{`smtpd: 4A5B6C7D: hold: RCPT from a.example[192.0.2.1]: <b@b.example>: Recipient address held; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<h>`, `Restriction QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=hold Restriction.Stage=RCPT Restriction.Text=<b@b.example>: Recipient address held Restriction.Reason=Recipient address held Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h`},
	{`smtpd: NOQUEUE: reject: NONSENSE from a.example[192.0.2.1]: 554 5.7.1 no`, `Unrecognized QueueID=NOQUEUE`},
	{`smtpd: 4A5B6C7D: reject: END-OF-MESSAGE from a.example[192.0.2.1]: bare <LF> received; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<h>`, `Restriction QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=reject Restriction.Stage=END-OF-MESSAGE Restriction.Text=bare <LF> received Restriction.Reason=bare <LF> received Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h`},

	// cleanup
	{`cleanup: 4A5B6C7D: message-id=<a@b>, status=sent (250 ok)`, `MessageID QueueID=4A5B6C7D Message.ID=<a@b>, status=sent (250 ok)`},
	{`cleanup: 4A5B6C7D: message-id=`, `MessageID QueueID=4A5B6C7D`},
	{`cleanup: 4A5B6C7D: resent-message-id=<a@b>`, `MessageID QueueID=4A5B6C7D Message.ID=<a@b> Message.Resent=true`},
	{`cleanup: 4A5B6C7D: removed (canceled)`, `Removed QueueID=4A5B6C7D`},
	{`cleanup: 4A5B6C7D: warning: header Subject: from x[y]; from=<c@d>: no from a.example[192.0.2.1]; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<h>: seen`, `ContentCheck QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=warning Restriction.Stage=header Restriction.Text=Subject: from x[y]; from=<c@d>: no Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h Restriction.Note=seen`},
	{`cleanup: 4A5B6C7D: info: header Subject: x from local; from=<a@a.example>`, `ContentCheck QueueID=4A5B6C7D Remote.Name=local Restriction.Action=info Restriction.Stage=header Restriction.Text=Subject: x Restriction.From=a@a.example Restriction.HasFrom=true`},
	{`cleanup: 4A5B6C7D: milter-reject: END-OF-MESSAGE from a.example[192.0.2.1]: 5.7.1 spam; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<h>`, `Restriction QueueID=4A5B6C7D Remote.Name=a.example Remote.Addr=192.0.2.1 Restriction.Action=milter-reject Restriction.Stage=END-OF-MESSAGE Restriction.Enhanced=5.7.1 Restriction.Text=spam Restriction.Reason=spam Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h`},
	{`cleanup: warning: 4A5B6C7D: queue file size limit exceeded`, `Problem Severity=warning QueueID=4A5B6C7D`},
	{`cleanup: message-id=<a@b>`, `MessageID Message.ID=<a@b>`}, // a pipeline stripped the queue id

	// smtp
	{`smtp: connect to mx.b.example[192.0.2.9]:25: Connection refused`, `ConnectFailed Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Remote.Port=25 Reply.Text=Connection refused`},
	{`smtp: 4A5B6C7D: host mx.b.example[192.0.2.9] said: 450 4.2.0 later (in reply to MAIL FROM command) no (in reply to RCPT TO command)`, `AttemptFailed QueueID=4A5B6C7D Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Reply.Host.Name=mx.b.example Reply.Host.Addr=192.0.2.9 Reply.Text=450 4.2.0 later (in reply to MAIL FROM command) no Reply.Code=450 Reply.Enhanced=4.2.0 Reply.Command=RCPT TO`},
	{`smtp: 4A5B6C7D: host mx.b.example[192.0.2.9] refused to talk to me: 421 busy`, `AttemptFailed QueueID=4A5B6C7D Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Reply.Host.Name=mx.b.example Reply.Host.Addr=192.0.2.9 Reply.Text=421 busy Reply.Code=421 Reply.Refused=true`},
	{`smtp: 4A5B6C7D: conversation with mx.b.example[192.0.2.9] timed out while sending RCPT TO`, `AttemptFailed QueueID=4A5B6C7D Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Reply.Text=conversation with mx.b.example[192.0.2.9] timed out while sending RCPT TO`},
	{`smtp: Untrusted TLS connection established to mx.b.example[192.0.2.9]:25: TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)`, `TLSEstablished Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Remote.Port=25 TLS.Trust=Untrusted TLS.Protocol=TLSv1.2 TLS.Cipher=ECDHE-RSA-AES256-GCM-SHA384 TLS.Bits=256/256`},
	{`smtpd: Anonymous TLS connection reused from a.example[192.0.2.1] to mx.example.net: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519`, `TLSEstablished Remote.Name=a.example Remote.Addr=192.0.2.1 TLS.Trust=Anonymous TLS.Inbound=true TLS.Reused=true TLS.Protocol=TLSv1.3 TLS.Cipher=TLS_AES_256_GCM_SHA384 TLS.Bits=256/256`},
	{`smtpd: SSL_accept error from a.example[192.0.2.1]: lost connection`, `TLSFailed Remote.Name=a.example Remote.Addr=192.0.2.1 TLS.Inbound=true TLS.Error=lost connection`},
	{`smtp: mx.b.example[192.0.2.9]:25: subject_CN=Untrusted TLS connection established to x, issuer=y, fingerprint=z`, `Note Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Remote.Port=25`},
	{`smtp: certificate verification failed for mx.b.example[192.0.2.9]:25: untrusted issuer /CN=x`, `Note Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Remote.Port=25`},
	{`smtpd: setting up TLS connection from a.example[192.0.2.1]`, `Note Remote.Name=a.example Remote.Addr=192.0.2.1`},
	{`smtp: 4A5B6C7D: breaking line > 990 bytes with <CR><LF>SPACE`, `Note QueueID=4A5B6C7D`},
	{`smtp: TLSRPT: status=success, domain=b.example, receiving_mx=mx.b.example[192.0.2.9]`, `Note`},

	// delivery records
	{`local: 4A5B6C7D: to=<root>, orig_to=<a@a.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (x)`, `Delivery QueueID=4A5B6C7D Delivery.To=root Delivery.OrigTo=a@a.example Delivery.Relay.Name=local Delivery.Delay=1 Delivery.Delays=[1 0 0 0] Delivery.DSN=2.0.0 Delivery.Status=sent Delivery.StatusText=sent Delivery.Text=x`},
	{`error: 4A5B6C7D: to=<a@[x>, relay=mx[192.0.2.9]:25>, relay=none, delay=0.01, delays=0/0/0/0, dsn=5.1.3, status=bounced (bad address syntax)`, `Delivery QueueID=4A5B6C7D Ambiguous=true Delivery.To=a@[x>, relay=mx[192.0.2.9]:25 Delivery.Relay.Name=none Delivery.Delay=0.01 Delivery.DSN=5.1.3 Delivery.Status=bounced Delivery.StatusText=bounced Delivery.Text=bad address syntax`},
	{`smtp: 4A5B6C7D: to=<>, relay=none, status=deferred (x)`, `Delivery QueueID=4A5B6C7D Delivery.Relay.Name=none Delivery.Delays=[-1 -1 -1 -1] Delivery.Status=deferred Delivery.StatusText=deferred Delivery.Text=x`},

	{`smtp: 4A5B6C7D: status=deferred (bounce failed)`, `Note QueueID=4A5B6C7D`},
	{`smtp: TLS protocol trace for mx.b.example[192.0.2.9]:25 saved to x`, `Note Remote.Name=mx.b.example Remote.Addr=192.0.2.9 Remote.Port=25`},
	{`smtp: 4A5B6C7D: to=<a@b.example>, relay=none, delay=1.277, status=deferred (x)`, `Delivery QueueID=4A5B6C7D Delivery.To=a@b.example Delivery.Relay.Name=none Delivery.Delay=1.277 Delivery.Delays=[-1 -1 -1 -1] Delivery.Status=deferred Delivery.StatusText=deferred Delivery.Text=x`},

	// qmgr
	{`qmgr: 4A5B6C7D: from=<a@a.example>, size=1, nrcpt=2 (queue active)`, `Active QueueID=4A5B6C7D Message.From=a@a.example Message.Size=1 Message.Recipients=2`},
	{`qmgr: 4A5B6C7D: from=<x>, size=9, nrcpt=9 (queue active)@a.example>, size=1, nrcpt=2 (queue active)`, `Active QueueID=4A5B6C7D Message.From=x>, size=9, nrcpt=9 (queue active)@a.example Message.Size=1 Message.Recipients=2`},
	{`qmgr: 4A5B6C7D: from=<>, status=expired, returned to sender`, `Expired QueueID=4A5B6C7D`},
	{`qmgr: 4A5B6C7D: from=<a@a.example>, status=force-expired, returned to sender`, `Expired QueueID=4A5B6C7D Message.From=a@a.example Message.Forced=true`},
	{`qmgr: 4A5B6C7D: removed`, `Removed QueueID=4A5B6C7D`},
	{`qmgr: 4A5B6C7D: skipped, still being delivered`, `Note QueueID=4A5B6C7D`},
	{`qmgr: 4A5B6C7D: status=deferred (bounce failed)`, `Note QueueID=4A5B6C7D`},

	// postscreen, dnsblog, tlsproxy
	{`postscreen: PASS NEW [2001:db8::1]:4711`, `Postscreen Remote.Addr=2001:db8::1 Remote.Port=4711 Screen.Event=PASS NEW`},
	{`postscreen: CONNECT from [192.0.2.1]:4711 to [192.0.2.2]:25`, `Postscreen Remote.Addr=192.0.2.1 Remote.Port=4711 Screen.Event=CONNECT`},
	{`postscreen: DNSBL rank 3 for [192.0.2.1]:4711`, `Postscreen Remote.Addr=192.0.2.1 Remote.Port=4711 Screen.Event=DNSBL Screen.Rank=3`},
	{`postscreen: PREGREET 5 after 0.1 from [192.0.2.1]:4711: PASS NEW [192.0.2.9]:1`, `Postscreen Remote.Addr=192.0.2.1 Remote.Port=4711 Screen.Event=PREGREET`},
	{`postscreen: BARE NEWLINE from [192.0.2.1]:4711 after EHLO`, `Postscreen Remote.Addr=192.0.2.1 Remote.Port=4711 Screen.Event=BARE NEWLINE Screen.Stage=EHLO`},
	{`postscreen: NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.7.1 no; from=<a@a.example>, to=<b@b.example>, proto=ESMTP, helo=<h;>`, `Restriction QueueID=NOQUEUE Remote.Addr=192.0.2.1 Remote.Port=4711 Restriction.Action=reject Restriction.Stage=RCPT Restriction.Code=550 Restriction.Enhanced=5.7.1 Restriction.Text=no Restriction.Reason=no Restriction.From=a@a.example Restriction.To=b@b.example Restriction.HasFrom=true Restriction.Proto=ESMTP Restriction.Helo=h;`},
	{`dnsblog: addr 192.0.2.1 listed by domain zen.example.org as 127.0.0.4`, `DNSBLListed Remote.Addr=192.0.2.1 Screen.List=zen.example.org Screen.Result=127.0.0.4`},
	{`tlsproxy: DISCONNECT [192.0.2.1]:4711`, `Note Remote.Addr=192.0.2.1 Remote.Port=4711`},

	// others
	{`pickup: 4A5B6C7D: uid=1000 from=<a> x>`, `Pickup QueueID=4A5B6C7D Message.From=a> x Message.UID=1000`},
	{`bounce: 4A5B6C7D: sender non-delivery notification: 9F8E7D6C`, `Notification QueueID=4A5B6C7D Message.Type=sender non-delivery notification Message.Other=9F8E7D6C`},
	{`bounce: warning: 4A5B6C7D: undeliverable postmaster notification discarded`, `Notification Severity=warning QueueID=4A5B6C7D Message.Type=undeliverable postmaster notification discarded`},
	{`bounce: 4A5B6C7D: sender whatever: 9F8E7D6C`, `Unrecognized QueueID=4A5B6C7D`},
	{`anvil: statistics: max connection rate 1/60s for (127.0.0.1:25:2001:db8::1) at Nov 21 03:00:00`, `AnvilStatistics Anvil.What=connection rate Anvil.Value=1 Anvil.Service=127.0.0.1:25 Anvil.Client=2001:db8::1`},
	{`anvil: statistics: max cache size 3 at Nov 21 03:00:00`, `AnvilStatistics Anvil.What=cache size Anvil.Value=3`},
	{`scache: statistics: start interval Nov 21 03:00:00`, `Note`},
	{`master: daemon started -- version 3.10.2, configuration /etc/postfix`, `Lifecycle Action=daemon started Version=3.10.2`},
	{`postfix-script: refreshing the Postfix mail system`, `Lifecycle Action=refreshing`},
	{`postsuper: 4A5B6C7D: placed on hold`, `QueueAction QueueID=4A5B6C7D Action=placed on hold`},
	{`postsuper: Deleted: 2 messages`, `QueueAction Action=Deleted Count=2`},
	{`postsuper: 4A5B6C7D: removed`, `Removed QueueID=4A5B6C7D Action=removed`},
	{`trivial-rewrite: table hash:/etc/postfix/transport(0,lock) has changed -- restarting`, `Note`},
	{`proxymap: error: no`, `Problem Severity=error`},
	{`policyd: to=<a@a.example>, relay=x, status=sent (ok)`, `Unrecognized`},
	{`policyd: 4A5B6C7D: from=<a@a.example>, size=1, nrcpt=2 (queue active)`, `Unrecognized QueueID=4A5B6C7D`},
}

func TestSentences(t *testing.T) {
	for _, c := range sentences {
		tag, text, _ := strings.Cut(c.line, ": ")
		var p Parser
		var e Event
		if !p.Parse("Nov 21 03:00:00 mx postfix/"+tag+"[1]: "+text, &e) {
			t.Errorf("not taken for Postfix's: %s", c.line)
			continue
		}
		if got := dump(&e); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.line, got, c.want)
		}
	}
}

// dump shows an event's kind and what is set in it, without envelope and text.
func dump(e *Event) string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	d := *e
	d.Time, d.Host, d.Instance, d.Service, d.Daemon, d.PID, d.Tag, d.Text, d.Kind = time.Time{}, "", "", "", "", 0, 0, "", 0
	dumpStruct(&b, "", reflect.ValueOf(d))
	return b.String()
}

func dumpStruct(b *strings.Builder, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		name, f := prefix+v.Type().Field(i).Name, v.Field(i)
		switch {
		case f.IsZero(), f.CanInt() && f.Int() == Unread, f.CanFloat() && f.Float() == Unread:
		case f.Type() == reflect.TypeFor[time.Time]():
		case f.Kind() == reflect.Struct:
			dumpStruct(b, name+".", f)
		default:
			fmt.Fprintf(b, " %s=%v", name, f.Interface())
		}
	}
}

// TestUnknownTextsLeaveNothing: what a reader left before it gave up must not show.
func TestUnknownTextsLeaveNothing(t *testing.T) {
	for _, c := range sentences {
		tag, text, _ := strings.Cut(c.line, ": ")
		var p Parser
		var e Event
		p.Parse("Nov 21 03:00:00 mx postfix/"+tag+"[1]: "+text+"\x00", &e)
		if (e.Kind == Unrecognized || e.Kind == Problem) && strings.Count(dump(&e), ".") > 0 {
			t.Errorf("%s: %s", c.line, dump(&e))
		}
	}
}

func TestLostDaemonNames(t *testing.T) {
	for _, c := range []struct{ text, daemon string }{
		{`4A5B6C7D: to=<a@a.example>, relay=mx.a.example[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)`, "smtp"},
		{`4A5B6C7D: to=<a@a.example>, relay=a.example[private/dovecot-lmtp], delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)`, "lmtp"},
		{`4A5B6C7D: to=<a@a.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)`, "local"},
		{`4A5B6C7D: to=<a@a.example>, relay=filter, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered via filter service)`, "pipe"},
		{`4A5B6C7D: to=<a@a.example>, relay=none, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (discarded)`, "unknown"},
		{`4A5B6C7D: from=<a@a.example>, size=1, nrcpt=1 (queue active)`, "qmgr"},
		{`4A5B6C7D: removed`, "qmgr"},
		{`connect from a.example[192.0.2.1]`, "smtpd"},
		{`4A5B6C7D: message-id=<a@b>`, "cleanup"},
		{`4A5B6C7D: uid=0 from=<root>`, "pickup"},
		{`PASS OLD [192.0.2.1]:4711`, "postscreen"},
		{`4A5B6C7D: warning: header Subject: x from a.example[192.0.2.1]; from=<a@b> to=<c@d> proto=ESMTP helo=<h>`, "cleanup"},
		{`4A5B6C7D: warning: header Subject: x: seen`, "smtp"},
		{`fatal: no recipients`, "unknown"},
		{`something else`, "unknown"},
	} {
		var p Parser
		var e Event
		if !p.Parse("<22>1 2026-11-21T03:00:00Z mx postfix 12 - -  "+c.text, &e) || e.Daemon != c.daemon || e.PID != 12 {
			t.Errorf("%s: daemon %q, pid %d; want %q, 12", c.text, e.Daemon, e.PID, c.daemon)
		}
	}
}

func TestEachCommand(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{" ehlo=2 starttls=1 rcpt=0/1 commands=3/4", "ehlo 2/2, starttls 1/1, rcpt 0/1, "},
		{" bdat=1 notes=bare_lf", "bdat 1/1, "},
		{" rcpt=2/1 mail=x data=-1 =1 quit", ""},
		{"", ""},
	} {
		var b strings.Builder
		EachCommand(c.in, func(name string, accepted, total int64) { fmt.Fprintf(&b, "%s %d/%d, ", name, accepted, total) })
		if b.String() != c.want {
			t.Errorf("EachCommand(%q): %q, want %q", c.in, b.String(), c.want)
		}
	}
}
