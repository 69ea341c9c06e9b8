package track

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// feed gives a log to a tracker. Each deferral's verdict is the class that its
// text begins with.
func feed(t *testing.T, tr *Tracker, log string) []Outcome {
	t.Helper()
	p := maillog.Parser{NotAfter: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).Unix()}
	var all []Outcome
	for line := range strings.Lines(strings.TrimSpace(log)) {
		var e maillog.Event
		if !p.Parse(strings.TrimSpace(line), &e) || e.Kind == maillog.Unrecognized {
			t.Fatalf("not read: %s", line)
		}
		var o Outcome
		tr.Add(&e, verdictOf(&e), &o)
		o.GivenUp = append([]GivenUp(nil), o.GivenUp...)
		all = append(all, o)
	}
	return all
}

func verdictOf(e *maillog.Event) *classify.Verdict {
	if e.Kind != maillog.Delivery || e.Delivery.Status == maillog.Sent {
		return nil
	}
	class, _, _ := strings.Cut(e.Delivery.Text, " ")
	return &classify.Verdict{Class: classify.Class(class), Provider: "other"}
}

const oneMessage = `
Nov 21 03:00:00 mx postfix/smtpd[1]: connect from a.example[192.0.2.1]
Nov 21 03:00:01 mx postfix/smtpd[1]: 4A5B6C7D: client=a.example[192.0.2.1], sasl_method=PLAIN, sasl_username=ann
Nov 21 03:00:01 mx postfix/cleanup[2]: 4A5B6C7D: message-id=<1@a.example>
Nov 21 03:00:01 mx postfix/qmgr[3]: 4A5B6C7D: from=<ann@A.Example>, size=1234, nrcpt=2 (queue active)
Nov 21 03:00:02 mx postfix/smtpd[1]: disconnect from a.example[192.0.2.1] commands=0/0
Nov 21 03:00:03 mx postfix/smtp[4]: 4A5B6C7D: to=<bob@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)
Nov 21 03:00:03 mx postfix/smtp[4]: 4A5B6C7D: to=<cat@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)
Nov 21 04:00:00 mx postfix/qmgr[3]: 4A5B6C7D: from=<ann@a.example>, size=1234, nrcpt=2 (queue active)
Nov 21 04:00:03 mx postfix/smtp[4]: 4A5B6C7D: to=<bob@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.2.2, status=deferred (full x)
Nov 21 04:00:03 mx postfix/smtp[4]: 4A5B6C7D: to=<cat@b.example>, relay=mx.b.example[192.0.2.9]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)
Nov 21 05:00:03 mx postfix/qmgr[3]: 4A5B6C7D: from=<ann@a.example>, status=expired, returned to sender
Nov 21 05:00:03 mx postfix/qmgr[3]: 4A5B6C7D: removed
`

func TestOneMessage(t *testing.T) {
	tr := New(10)
	o := feed(t, tr, oneMessage)
	if got := o[4].SessionTime; got != 2*time.Second {
		t.Errorf("session of %v, want 2s", got)
	}
	if !o[3].FirstActivation || o[7].FirstActivation {
		t.Errorf("first activations %v and %v, want true and false", o[3].FirstActivation, o[7].FirstActivation)
	}
	m := o[8].Message
	want := Message{Received: time.Date(2026, 11, 21, 3, 0, 1, 0, time.UTC), Attempts: 2}
	if m != want {
		t.Errorf("message %+v\nwant    %+v", m, want)
	}
	if got := fmt.Sprint(o[10].GivenUp); got != "[{{full  other <nil>} 1}]" {
		t.Errorf("given up %v: want one recipient, for the reason of its last attempt", got)
	}
	if got := o[11].QueueTime; got != 2*time.Hour+2*time.Second {
		t.Errorf("in the queue for %v, want 2h0m2s", got)
	}
	if tr.Len() != 0 || tr.waiting != 0 {
		t.Errorf("%d messages and %d recipients held after the end, want none", tr.Len(), tr.waiting)
	}
}

func TestUnknownMessage(t *testing.T) {
	tr := New(10)
	o := feed(t, tr, `
Nov 21 03:00:01 mx postfix/qmgr[3]: 4A5B6C7D: from=<ann@a.example>, size=1234, nrcpt=2 (queue active)
Nov 21 03:00:02 mx postfix/qmgr[3]: 4A5B6C7D: removed
Nov 21 03:00:02 mx postfix/smtpd[1]: disconnect from a.example[192.0.2.1] commands=0/0`)
	if o[0].FirstActivation || o[0].Known {
		t.Error("a message whose beginning was not seen may be in a retry")
	}
	if o[1].QueueTime != maillog.Unread || o[2].SessionTime != maillog.Unread {
		t.Errorf("queue time %v, session time %v: want both unread", o[1].QueueTime, o[2].SessionTime)
	}
}

// Where pids are missing, one session's end isn't another's.
func TestSessionsWithoutPIDs(t *testing.T) {
	o := feed(t, New(10), `
Nov 21 03:00:01 mx postfix/smtpd: connect from a.example[192.0.2.1]
Nov 21 03:00:02 mx postfix/smtpd: disconnect from b.example[192.0.2.2] commands=0/0`)
	if o[1].SessionTime != maillog.Unread {
		t.Errorf("session of %v", o[1].SessionTime)
	}
}

func TestClockGoesBack(t *testing.T) {
	o := feed(t, New(10), `
Nov 21 03:00:01 mx postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>
Nov 21 02:59:59 mx postfix/qmgr[3]: 4A5B6C7D: removed`)
	if o[1].QueueTime != maillog.Unread {
		t.Errorf("queue time %v, want unread", o[1].QueueTime)
	}
}

func TestIDUsedAgain(t *testing.T) {
	tr := New(10)
	o := feed(t, tr, `
Nov 21 03:00:01 mx postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>
Nov 21 03:00:01 mx postfix/qmgr[3]: 4A5B6C7D: from=<root@a.example>, size=1, nrcpt=1 (queue active)
Nov 21 03:00:01 mx postfix/smtp[4]: 4A5B6C7D: to=<b@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)
Nov 21 09:00:00 mx postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>
Nov 21 09:00:01 mx postfix/qmgr[3]: 4A5B6C7D: from=<root@a.example>, size=1, nrcpt=1 (queue active)
Nov 21 09:00:01 mx postfix/qmgr[3]: 4A5B6C7D: from=<root@a.example>, status=expired, returned to sender`)
	if !o[4].FirstActivation || o[4].Message.Attempts != 1 {
		t.Error("a second message with the id of an old one begins anew")
	}
	if len(o[5].GivenUp) != 0 || tr.waiting != 0 {
		t.Errorf("given up %v: these recipients were the old message's", o[5].GivenUp)
	}
}

func TestSameIDOnTwoHosts(t *testing.T) {
	o := feed(t, New(10), `
Nov 21 03:00:01 mx1 postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>
Nov 21 03:00:05 mx2 postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>
Nov 21 03:00:06 mx1 postfix-out/pickup[3]: 4A5B6C7D: uid=0 from=<root>
Nov 21 03:00:11 mx1 postfix/qmgr[3]: 4A5B6C7D: removed
Nov 21 03:00:11 mx2 postfix/qmgr[3]: 4A5B6C7D: removed
Nov 21 03:00:11 mx1 postfix-out/qmgr[3]: 4A5B6C7D: removed`)
	if o[3].QueueTime != 10*time.Second || o[4].QueueTime != 6*time.Second || o[5].QueueTime != 5*time.Second {
		t.Errorf("queue times %v, %v, %v; want 10s, 6s, 5s", o[3].QueueTime, o[4].QueueTime, o[5].QueueTime)
	}
}

// TestNeverMoreThanTheLimit feeds messages that never end.
func TestNeverMoreThanTheLimit(t *testing.T) {
	const limit = 50
	tr := New(limit)
	for i := range 1000 {
		feed(t, tr, fmt.Sprintf(`
Nov 21 03:00:01 mx postfix/pickup[3]: 4A5B%04X: uid=0 from=<root>
Nov 21 03:00:01 mx postfix/smtp[4]: 4A5B%04X: to=<b@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)`, i, i))
		if tr.Len() > limit || tr.waiting > tr.Len() {
			t.Fatalf("%d messages with %d recipients held, limit %d", tr.Len(), tr.waiting, limit)
		}
	}
	if tr.Evicted() != 1000-limit {
		t.Errorf("%d evicted, want %d", tr.Evicted(), 1000-limit)
	}
	if o := feed(t, tr, "Nov 21 03:00:02 mx postfix/qmgr[3]: 4A5B03E7: removed"); !o[0].Known {
		t.Error("the newest message is gone: the oldest must leave first")
	}
	if len(tr.messages.slots) > limit {
		t.Errorf("%d slots for a limit of %d", len(tr.messages.slots), limit)
	}
}

func TestManyRecipientsAreBounded(t *testing.T) {
	tr := New(10)
	feed(t, tr, "Nov 21 03:00:01 mx postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>")
	for i := range 100 {
		feed(t, tr, fmt.Sprintf("Nov 21 03:00:01 mx postfix/smtp[4]: 4A5B6C7D: to=<b%d@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)", i))
	}
	if tr.waiting != 50 || tr.Forgotten() != 50 {
		t.Errorf("%d recipients held and %d forgotten, want 50 and 50", tr.waiting, tr.Forgotten())
	}
}

// TestInterleavingChangesNothing shuffles the lines of many messages, each
// message's own order kept: every message's outcomes stay the same.
func TestInterleavingChangesNothing(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(oneMessage), "\n")
	rng := rand.New(rand.NewPCG(1, 2))
	var messages [][]string
	for i := range 20 {
		var m []string
		for _, line := range lines {
			line = strings.ReplaceAll(line, "4A5B6C7D", fmt.Sprintf("4A5B6C%02X", i))
			m = append(m, strings.ReplaceAll(line, "smtpd[1]", fmt.Sprintf("smtpd[%d]", i)))
		}
		messages = append(messages, m)
	}
	total := func(os []Outcome) (sum string) {
		var queue, session time.Duration
		var first, givenUp int
		for _, o := range os {
			queue += max(o.QueueTime, 0)
			session += max(o.SessionTime, 0)
			givenUp += len(o.GivenUp)
			if o.FirstActivation {
				first++
			}
		}
		return fmt.Sprint(queue, session, first, givenUp)
	}
	want := total(feed(t, New(100), strings.Join(flatten(messages), "\n")))
	for range 20 {
		if got := total(feed(t, New(100), strings.Join(shuffle(rng, messages), "\n"))); got != want {
			t.Fatalf("interleaved: %s, want %s", got, want)
		}
	}
}

func flatten(messages [][]string) (all []string) {
	for _, m := range messages {
		all = append(all, m...)
	}
	return all
}

func shuffle(rng *rand.Rand, messages [][]string) (all []string) {
	rest := append([][]string(nil), messages...)
	for len(rest) > 0 {
		i := rng.IntN(len(rest))
		all = append(all, rest[i][0])
		if rest[i] = rest[i][1:]; len(rest[i]) == 0 {
			rest = append(rest[:i], rest[i+1:]...)
		}
	}
	return all
}

// BenchmarkAdd adds the lines of one message's life, one line an operation.
func BenchmarkAdd(b *testing.B) {
	p := maillog.Parser{}
	var events []maillog.Event
	for line := range strings.Lines(strings.TrimSpace(oneMessage)) {
		var e maillog.Event
		p.Parse(strings.TrimSpace(strings.Clone(line)), &e)
		events = append(events, e)
	}
	tr := New(1000)
	v := classify.Verdict{}
	var o Outcome
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e := &events[i%len(events)]
		tr.Add(e, &v, &o)
	}
}
