package maillog

// What log_adhoc.c and the queue manager write reads back as it was.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

const writeRounds = 3000

// A writtenRecord is a delivery record before it is written; addresses are in
// internal form, times in microseconds.
type writtenRecord struct {
	queueID, to, origTo string
	relay               RemoteEnd
	connUse             int // 0: not logged
	delay               int64
	delays              [4]int64
	tls, dsn, status    string
	text                string
}

// text is log_adhoc().
func (r writtenRecord) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: to=<%s>", r.queueID, writeAddress(r.to))
	if r.origTo != "" {
		fmt.Fprintf(&b, ", orig_to=<%s>", writeAddress(r.origTo))
	}
	fmt.Fprintf(&b, ", relay=%s", writeRelay(r.relay))
	if r.connUse > 1 {
		fmt.Fprintf(&b, ", conn_use=%d", r.connUse)
	}
	fmt.Fprintf(&b, ", delay=%s, delays=", writeSeconds(r.delay))
	for i, d := range r.delays {
		b.WriteString(strings.Repeat("/", min(i, 1)) + writeSeconds(d))
	}
	if r.tls != "" {
		b.WriteString(", tls=" + r.tls)
	}
	fmt.Fprintf(&b, ", dsn=%s, status=%s (%s)", r.dsn, r.status, r.text)
	return b.String()
}

func writeRelay(r RemoteEnd) string {
	s := r.Name
	if r.Addr != "" {
		s += "[" + r.Addr + "]"
	}
	if r.Port != "" {
		s += ":" + r.Port
	}
	return s
}

// record is what must be read from r's line, if it is not cut.
func (r writtenRecord) record() DeliveryRecord {
	d := DeliveryRecord{
		To: writePrintable(writeAddress(r.to), '?'), OrigTo: writePrintable(writeAddress(r.origTo), '?'), Relay: r.relay,
		ConnUse: Unread, Delay: writtenSeconds(r.delay), TLS: r.tls, DSN: r.dsn,
		Status: writtenStatuses[r.status], StatusText: r.status, Text: writePrintable(r.text, '?'),
	}
	if r.connUse > 1 {
		d.ConnUse = r.connUse
	}
	for i := range d.Delays {
		d.Delays[i] = writtenSeconds(r.delays[i])
	}
	return d
}

func writtenSeconds(micros int64) float64 {
	f, _ := strconv.ParseFloat(writeSeconds(micros), 64)
	return f
}

var writtenStatuses = map[string]Status{
	"sent": Sent, "deferred": Deferred, "bounced": Bounced, "SOFTBOUNCE": SoftBounced,
	"deliverable": Deliverable, "undeliverable": Undeliverable, "undeliverable-but-not-cached": Undeliverable,
}

func (w writer) record() writtenRecord {
	r := writtenRecord{
		queueID: w.queueID(), to: w.address(), relay: w.relay(), delay: w.micros(),
		tls:    pick(w, "", "", "may", "may?", "may:none", "dane/!requiretls:nocertmatch"),
		dsn:    fmt.Sprintf("%d.%d.%d", pick(w, 2, 4, 5), w.Intn(1000), w.Intn(1000)),
		status: pick(w, "sent", "deferred", "bounced", "SOFTBOUNCE", "deliverable", "undeliverable", "undeliverable-but-not-cached"),
		text:   w.replyText(),
	}
	if w.Intn(3) == 0 {
		r.origTo = pick(w, w.address(), "root", "ro ot", w.hostile()+"x@example.org")
		if r.origTo[0] == '@' {
			r.origTo = "x" + r.origTo
		}
	}
	if w.Intn(3) == 0 {
		r.connUse = 2 + w.Intn(200)
	}
	for i := range r.delays {
		r.delays[i] = w.micros()
	}
	return r
}

func (w writer) relay() RemoteEnd {
	return pick(w, RemoteEnd{Name: "none"}, RemoteEnd{Name: "local"}, RemoteEnd{Name: "dovecot"},
		RemoteEnd{Name: w.host(), Addr: w.ip(), Port: "25"}, RemoteEnd{Name: w.host(), Addr: w.ip()},
		RemoteEnd{Name: w.host(), Addr: "private/dovecot-lmtp"}, RemoteEnd{Name: w.host(), Addr: "/var/run/lmtp"})
}

// micros is a time from nothing to years, small ones as often as large ones.
func (w writer) micros() int64 { return int64(math.Pow(10, w.Float64()*14)) - 1 }

func TestWrittenDeliveriesAreRead(t *testing.T) {
	w := newWriter(1)
	var p Parser
	for range writeRounds {
		r := w.record()
		text := writeText(r.String())
		if len(text) >= 2000 {
			continue // TestCutDeliveriesAreRead
		}
		var e Event
		if !p.Parse("Nov 21 03:55:40 mx postfix/smtp[393]: "+text, &e) || e.Kind != Delivery {
			t.Fatalf("not read as a delivery: kind %s\n%s", e.Kind, text)
		}
		ambiguous := e.Ambiguous && !strings.Contains(r.text, "@") // a reply may quote a record
		if e.QueueID != r.queueID || e.Delivery != r.record() || ambiguous || e.Truncated {
			t.Fatalf("read %q %+v\nambiguous %t, truncated %t\nwritten %q %+v\n%s",
				e.QueueID, e.Delivery, e.Ambiguous, e.Truncated, r.queueID, r.record(), text)
		}
	}
}

// A record cut at any byte shows either its own status or none.
func TestCutDeliveriesAreRead(t *testing.T) {
	w := newWriter(2)
	for range 300 {
		r := w.record()
		long := strings.Repeat(w.hostile()+"x", 2+w.Intn(400))
		switch w.Intn(3) {
		case 0:
			r.to = "x" + long + r.to
		case 1:
			r.origTo = "x" + long + "@example.org"
		default:
			r.text += long
		}
		text := writeText(r.String())
		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/smtp[393]: "+text, &e) || e.Kind != Delivery {
			t.Fatalf("not read as a delivery: kind %s\n%s", e.Kind, text)
		}
		d, want := e.Delivery, r.record()
		if e.Truncated != (len(text) == 2000) {
			t.Fatalf("truncated is %t for %d bytes\n%s", e.Truncated, len(text), text)
		}
		if d.Status != StatusTruncated && (d.Status != want.Status || d.To != want.To || d.Relay != want.Relay || !strings.HasPrefix(want.Text, d.Text)) {
			t.Fatalf("read %+v\nwritten %+v\n%s", d, want, text)
		}
		if d.Status == StatusTruncated && (len(text) < 2000 || !strings.HasPrefix(want.To, strings.TrimRight(d.To, " "))) {
			t.Fatalf("read %+v\nwritten %+v\n%s", d, want, text)
		}
	}
}

func TestWrittenQueueManagerLinesAreRead(t *testing.T) {
	w := newWriter(3)
	for range writeRounds {
		from := pick(w, "", w.address(), w.address())
		size, nrcpt, id := w.Int63n(1e12), 1+w.Int63n(50000), w.queueID()
		forced := w.Intn(2) == 0
		active := writeText(fmt.Sprintf("%s: from=<%s>, size=%d, nrcpt=%d (queue active)", id, writeAddress(from), size, nrcpt))
		expired := writeText(fmt.Sprintf("%s: from=<%s>, status=%sexpired, returned to sender", id, writeAddress(from), map[bool]string{true: "force-"}[forced]))
		logged := writePrintable(writeAddress(from), '?')

		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/qmgr[3]: "+active, &e) || e.Kind != Active || e.QueueID != id ||
			e.Message.From != logged || e.Message.Size != size || e.Message.Recipients != nrcpt {
			t.Fatalf("read %s %q %+v\n%s", e.Kind, e.QueueID, e.Message, active)
		}
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/qmgr[3]: "+expired, &e) || e.Kind != Expired || e.QueueID != id ||
			e.Message.From != logged || e.Message.Forced != forced {
			t.Fatalf("read %s %q %+v\n%s", e.Kind, e.QueueID, e.Message, expired)
		}
	}
}

// The model's own law: a table from format_tv.c's rules.
func TestWriteSeconds(t *testing.T) {
	for micros, want := range map[int64]string{
		0: "0", 4999: "0", 5000: "0.01", 10000: "0.01", 12345: "0.01", 129999: "0.13", 999999: "1", 994000: "0.99", 1050000: "1.1",
		1949999: "1.9", 9949999: "9.9", 9960000: "10", 10400000: "10", 10500000: "11", 428621000000: "428621",
	} {
		if got := writeSeconds(micros); got != want {
			t.Errorf("%d µs: %s, want %s", micros, got, want)
		}
	}
}
