package showq

import (
	"bufio"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

const (
	hello = "protocol.mail_queue_list_protocol.."
	head  = "queue_name.deferred.queue_id.3F2A14B7C1.time.1795279944.size.312.forced_expire.0.sender.ann@example-com."
	told  = "deferred 3F2A14B7C1 1795279944 312 from \"ann@example-com\"\n"
)

// wire writes bytes: a dot is a NUL.
func wire(s string) string { return strings.ReplaceAll(s, ".", "\x00") }

func TestWire(t *testing.T) {
	cases := readings{
		{"nothing waits", hello + ".", ""},
		{"nothing waits before 3.6", ".", ""},
		{"a message without recipients", hello + head + "..", told},
		{"a recipient", hello + head + "recipient.bob@example-org.reason.refused...", told + `3F2A14B7C1 to "bob@example-org": "refused"` + "\n"},
		{"before 3.5", "queue_name.hold.queue_id.A.time.7.size.8.sender..recipient.b.reason....",
			"hold A 7 8 from \"\"\nA to \"b\": \"\"\n"},
		{"since 3.11", head + "original_recipient.x.recipient.b.log_class.defer.reason.no.original_recipient.y.recipient.c.log_class.bounce.reason.never.original_recipient.z.recipient.d.log_class..reason....",
			told + "3F2A14B7C1 to \"b\": \"no\"\n3F2A14B7C1 to \"c\": \"never\" bounced\n3F2A14B7C1 to \"d\": \"\"\n"},
		{"two messages", head + "recipient.b.reason...queue_name.active.queue_id.4jWzL32cpqz1SZS3.time.1.size.0.forced_expire.1.sender.s.recipient.c.reason....",
			told + "3F2A14B7C1 to \"b\": \"\"\nactive 4jWzL32cpqz1SZS3 1 0 forced from \"s\"\n4jWzL32cpqz1SZS3 to \"c\": \"\"\n"},
		{"in any order", "sender.s.size.2.new.x.queue_id.A.time.1.queue_name.incoming.reason.r.recipient.b.reason.q.recipient.c...",
			"incoming A 1 2 from \"s\"\nA to \"b\": \"r\"\nA to \"c\": \"q\"\n"},
		{"reasons only for some", head + "recipient.b.recipient.c.reason.r.recipient.d...",
			told + "3F2A14B7C1 to \"b\": \"\"\n3F2A14B7C1 to \"c\": \"r\"\n3F2A14B7C1 to \"d\": \"\"\n"},
		{"what is not known yet", "summary.1..new.x.queue_name.q.queue_id.A.time.1.size.2.newer..sender.s.recipient.b.newest.z...",
			"other A 1 2 from \"s\"\nA to \"b\": \"\"\n"},
		{"no numbers", "queue_name.hold.queue_id.A.time.soon.size.-1.forced_expire.maybe.sender.s...", "hold A 0 -1 from \"s\"\n"},
		{"numbers out of range", "queue_name.hold.queue_id.A.time.9999999999999.size.18446744073709551615.sender.s...", "hold A 0 -1 from \"s\"\n"},
		{"text that plays tricks", head + "recipient.\n\x1b[2J\xff\u202e.reason.queue_id\nrecipient\r...",
			told + `3F2A14B7C1 to "\n\x1b[2J\xff\u202e": "queue_id\nrecipient\r"` + "\n"},
		{"behind the end", ".recipient.b", ""},

		{"no answer", "", "cut: the list is cut: it ends in the middle\n"},
		{"no end mark", hello + head + "recipient.b.reason...", told + "3F2A14B7C1 to \"b\": \"\"\ncut: the list is cut: it ends in the middle\n"},
		{"half a value", head + "recipient.b", told + "cut: the list is cut: it ends in the middle\n"},
		{"half a name", head + "reci", "cut: the list is cut: it ends in the middle\n"},
		{"Postfix before 3.1", "-Queue ID-  --Size-- ----Arrival", "malformed: the list is a text for people: that is Postfix before 3.1, and 3.1 or newer is needed\n"},
		{"an empty queue before 3.1", "Mail queue is empty\n", "malformed: the list is a text for people: that is Postfix before 3.1, and 3.1 or newer is needed\n"},
		{"an SMTP server", "220 mx ESMTP\r\n", "malformed: who answers is not Postfix's showq: correct the address\n"},
		{"another service", "protocol.anvil_protocol..", "malformed: who answers is another service of Postfix than showq: correct the address\n"},
		{"protocol and message", "protocol.mail_queue_list_protocol." + head + "..", "malformed: a message has a protocol's name\n"},
		{"a long name", strings.Repeat("a", 101) + "..", "malformed: an attribute's name is longer than 100 bytes\n"},
		{"names without end", strings.Repeat("a", 1<<20), "malformed: an attribute's name is longer than 100 bytes\n"},
		{"no queue id", "queue_name.hold.time.1.size.2.sender.s...", "malformed: a message has no queue, or no queue id\n"},
		{"two queue ids", "queue_id.A.queue_id.B...", "malformed: a message has two values of one kind\n"},
		{"no end of a message", head + "recipient.b." + head + "..", told + "malformed: a message goes on behind its recipients\n"},
		{"a recipient without address", head + "reason.r...", told + "malformed: a recipient has no address\n"},
	}
	for i, c := range cases {
		cases[i].in = wire(c.in)
	}
	cases.run(t, readList)
}

func TestLongValues(t *testing.T) {
	const limit = MaxValue
	for _, c := range []struct{ size, want, cut int }{{limit - 1, limit - 1, 0}, {limit, limit, 0}, {limit + 1, limit, 1}, {10 * limit, limit, 1}} {
		in := wire(head+"recipient.") + strings.Repeat("x", c.size) + wire(".reason.r...")
		got, result := read(readList, iotest.HalfReader(strings.NewReader(in)))
		want := told + `3F2A14B7C1 to "` + strings.Repeat("x", c.want) + "\": \"r\"\n"
		if got != want || int(result.Cut) != c.cut {
			t.Errorf("%d bytes: %d cut, %d bytes told", c.size, result.Cut, len(got)-len(want)+c.want)
		}
	}
}

func TestCounts(t *testing.T) {
	in := wire(head + "recipient.b.recipient.c..queue_name.hold.queue_id.A.time.x.forced_expire.x.sender.s...")
	_, result := read(readList, strings.NewReader(in))
	if want := (Result{Messages: 2, Recipients: 2, Unread: 3}); result != want {
		t.Errorf("%+v, want %+v", result, want)
	}
}

// keeper keeps what may be kept.
type keeper struct{ queues []string }

func (k *keeper) Message(m *Message)             { k.queues = append(k.queues, m.Queue) }
func (k *keeper) Recipient(*Message, *Recipient) {}

func TestQueueMayBeKept(t *testing.T) {
	var in string
	for _, name := range Queues {
		in += "queue_name." + name + ".queue_id.A.."
	}
	var k keeper
	if err := readList(bufio.NewReader(strings.NewReader(wire(in+"."))), &draft{visitor: &k, result: &Result{}}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(k.queues, Queues[:]) {
		t.Errorf("%q", k.queues)
	}
}
