package classify

import (
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

// benchReplies are replies of usual lengths; the first has 400 bytes.
var benchReplies = []Reply{
	{Host: "gmail-smtp-in.l.google.com", Code: 421, Enhanced: "4.7.28", Command: "end of DATA", Text: "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating 421-4.7.28 from your IP address. To protect our users from spam, mail sent from 421-4.7.28 your IP address has been temporarily rate limited. For more 421-4.7.28 information, go to https://support.google.com/mail/?p=UnsolicitedRateLimitError and review our Bulk Email Senders Guidelines. a1-20020a05600c0000000000b00000000000si000000.000 - gsmtp"},
	{Host: "mx.example.net", Code: 550, Enhanced: "5.1.1", Command: "RCPT TO", Text: "550 5.1.1 <someone@example.net>: Recipient address rejected: User unknown in virtual mailbox table"},
	{Host: "mx.example.org", Code: 554, Enhanced: "5.7.1", Command: "RCPT TO", Text: "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.7"},
	{Text: "connect to mx.example.com[192.0.2.1]:25: Connection timed out"},
	{Host: "mx.example.org", Code: 550, Text: "550 " + strings.Repeat("block ", 330)},
	{Host: "mx.example.org", Code: 550, Text: "550 zxcvb qwert asdfg nothing here that any rule would know of"},
}

func BenchmarkJudge(b *testing.B) {
	s := shipped(b)
	for i, name := range []string{"400bytes", "unknown", "listed", "own", "flood", "nothing"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Judge(&benchReplies[i])
			}
		})
	}
}

// TestJudgeDoesNotAllocate: the path of each line leans on it.
func TestJudgeDoesNotAllocate(t *testing.T) {
	s := shipped(t)
	for i := range benchReplies {
		if n := testing.AllocsPerRun(100, func() { s.Judge(&benchReplies[i]) }); n != 0 {
			t.Errorf("%q: %v allocations", benchReplies[i].Text, n)
		}
	}
	d := maillog.DeliveryRecord{To: "a@example.com", Relay: maillog.RemoteEnd{Name: "mx.example.net", Addr: "192.0.2.1"}, DSN: "5.1.1",
		Text: "host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)"}
	if n := testing.AllocsPerRun(100, func() { s.JudgeDelivery(&d) }); n != 0 {
		t.Errorf("a delivery: %v allocations", n)
	}
	r := maillog.RestrictionRecord{Action: "reject", Stage: "RCPT", Code: 554, Enhanced: "5.7.1", Reason: "Relay access denied"}
	if n := testing.AllocsPerRun(100, func() { s.RejectReason(&r) }); n != 0 {
		t.Errorf("a reject: %v allocations", n)
	}
}

// BenchmarkLoad is what a start and a reload cost with files of one's own.
func BenchmarkLoad(b *testing.B) {
	files, err := Shipped()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Load(files); err != nil {
			b.Fatal(err)
		}
	}
}
