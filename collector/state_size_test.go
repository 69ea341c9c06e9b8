package collector

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// At the limits a state is as long as state.go says.
func TestStateSize(t *testing.T) {
	var h distribution
	h.classic = make([]uint64, len(queueBuckets.bounds)+1)
	for i := range 64 * 9 { // all buckets that there are
		for range 200 { // two bytes a count
			h.observe(queueBuckets, int64(math.Pow(2, float64(i)/9)))
		}
	}
	if n := len(encoded(h.save)); n > 1100 {
		t.Errorf("a histogram takes %d bytes", n)
	}
	e := New(Options{})
	before := len(saved(e))
	const messages = 1000
	for i := range messages {
		id := fmt.Sprintf("%023d", i)
		events := []maillog.Event{
			{Kind: maillog.Client, QueueID: id, Time: time.Unix(1795000000, 999_999_999)},
			{Kind: maillog.Active, QueueID: id, Message: maillog.MessageRecord{Size: math.MaxInt64, Recipients: math.MaxInt64}},
		}
		for r := range 5 {
			d := record(maillog.Deferred, 1, 1, 0, 0, 0)
			d.To = fmt.Sprint(r)
			events = append(events, maillog.Event{Kind: maillog.Delivery, QueueID: id, Delivery: d})
		}
		feed(e, events...)
	}
	if n := (len(saved(e)) - before) / messages; n > 105 || e.tracker.Len() != messages {
		t.Errorf("a message takes %d bytes, and %d are there", n, e.tracker.Len())
	}
}

func TestSaveDoesNotAllocate(t *testing.T) {
	e := feedLog(New(Options{Rules: loadRules(t, blockRules), Source: func() SourceStats { return SourceStats{} }}),
		blockLog+deferralLog+readGolden(t, "deliveries")+readGolden(t, "sessions"))
	line := strings.TrimSpace(answer(1, "mx.wide.example", "550 5.7.1 on our list"))
	var to checkpoint.Encoder
	save := func() {
		to.Reset()
		e.Feed(maillog.Line{Text: line}, checkpoint.Pos{}) // a template is to be made
		e.Save(&to)
	}
	save()
	if n := allocations(save); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A busy host: 10,000 series, 50,000 messages, of which a fifth wait for three
// recipients.
func newBusyEngine(b *testing.B) *Engine {
	e := New(Options{})
	readings := parsed(b, readGolden(b, "deliveries")+readGolden(b, "sessions"))
	for i := 0; seriesOf(e) < 10_000; i++ {
		for _, r := range readings {
			r.event.Instance = fmt.Sprint("postfix-", i)
			for j := range r.event.Delivery.Delays {
				r.event.Delivery.Delays[j] *= float64(1 + i%7*j)
			}
			e.families.count(&r)
		}
	}
	for i := range 50_000 {
		id := fmt.Sprintf("4A%dB", i)
		at := time.Unix(1795000000, int64(i)*1000)
		feed(e, maillog.Event{Kind: maillog.Client, QueueID: id, Time: at},
			maillog.Event{Kind: maillog.Active, QueueID: id, Time: at, Message: maillog.MessageRecord{From: "news@lists.example.com", Size: 43210, Recipients: 3}})
		for r := 0; i%5 == 0 && r < 3; r++ {
			d := record(maillog.Deferred, 1, 1, 0, 0, 0)
			d.To = fmt.Sprint(r, "@example.com")
			feed(e, maillog.Event{Kind: maillog.Delivery, QueueID: id, Time: at, Delivery: d})
		}
	}
	return e
}

// How long the counting stops for a state to be saved.
func BenchmarkSave(b *testing.B) {
	e := newBusyEngine(b)
	var to checkpoint.Encoder
	e.Save(&to)
	b.ReportAllocs()
	for b.Loop() {
		to.Reset()
		e.Save(&to)
	}
	b.ReportMetric(float64(len(to.Bytes()))/1e6, "MB")
}

func BenchmarkRestore(b *testing.B) {
	state := []byte(saved(newBusyEngine(b)))
	b.ReportAllocs()
	for b.Loop() {
		if err := New(Options{}).Restore(checkpoint.NewDecoder(state)); err != nil {
			b.Fatal(err)
		}
	}
}
