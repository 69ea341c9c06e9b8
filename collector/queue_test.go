package collector

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/showq"
)

var queueNow = time.Unix(1_800_000_000, 0)

// waiting is a message by hand: age in seconds, and address and reason of each
// recipient.
type waiting struct {
	queue      string
	age, size  int64
	recipients [][2]string
}

// tell lists messages.
func tell(l *Listing, all ...waiting) {
	for _, w := range all {
		m := showq.Message{Queue: w.queue, Size: w.size}
		if w.age != unreadAge {
			m.Arrived = queueNow.Add(-time.Duration(w.age) * time.Second)
		}
		l.Message(&m)
		for _, r := range w.recipients {
			l.Recipient(&m, &showq.Recipient{Address: r[0], Reason: r[1]})
		}
	}
}

const unreadAge = -1 << 30

const (
	fullReason    = "host aspmx.l.google.com[192.0.2.1] said: 452-4.2.2 The recipient's inbox is out of storage space. (in reply to RCPT TO command)"
	refusedReason = "connect to mx.example.com[192.0.2.2]:25: Connection refused"
)

var queueOfAll = []waiting{
	{"deferred", 100, 1000, [][2]string{{"a@example.org", fullReason}, {"b@example.org", fullReason}, {"c@gmail.com", refusedReason}}},
	{"deferred", 90_000, 5000, [][2]string{{"d@example.org", refusedReason}, {"e@gmail.com", "Host or domain name not found. Name service error for name=gmail.com type=MX: Host not found, try again"}}},
	{"incoming", unreadAge, 1 << 30, [][2]string{{"a@gmail.com", ""}}},
	{"active", 60, 1024, [][2]string{{"a@gmail.com", ""}, {"b@example.org", ""}}},
	{"hold", -5, -1, [][2]string{{"a@example.org", ""}}},
	{"deferred", 2, 10, [][2]string{{"bob", "temporary failure"}, {"bob", "connect to mx[private/lmtp]: No such file or directory"}}},
}

// shipped are the rules that are built in.
func shipped(t testing.TB) *classify.Set {
	t.Helper()
	files, err := classify.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	set, err := classify.LoadOwn(nil, files)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// queueSeries are the series of a scrape whose names begin so, without those at 0.
func queueSeries(t *testing.T, e *Engine, begin string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for line := range strings.Lines(scrape(t, e, "")) {
		if series, v, found := strings.Cut(strings.TrimSpace(line), "} "); strings.HasPrefix(line, begin) && found && v != "0" {
			all[series[len(begin):]+"}"] = v
		} else if series, v, found := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(line, begin) && found && !strings.Contains(line, "{") {
			all[series[len(begin):]] = v
		}
	}
	return all
}

func TestQueue(t *testing.T) {
	q := NewQueue(0)
	e := New(Options{Queue: q, Rules: shipped(t)})
	for line := range strings.Lines(scrape(t, e, "")) {
		if strings.HasPrefix(line, "postfix_queue_") || strings.HasPrefix(line, "postfix_up") || strings.HasPrefix(line, "postfix_exporter_queue_refresh_t") {
			t.Error("before the first refresh:", line)
		}
	}
	l := q.List(e.Rules(), queueNow)
	tell(l, queueOfAll...)
	q.Listed(l, showq.Result{Unread: 2, Cut: 1}, 1500*time.Millisecond)
	for begin, want := range map[string]map[string]string{
		"postfix_up":              {"": "1"},
		"postfix_exporter_queue_": {"refresh_duration_seconds": "1.5", "refresh_timestamp_seconds": "1.8e+09", "unread_values": "3"},
		"postfix_queue_messages":  {`{queue="deferred"}`: "3", `{queue="active"}`: "1", `{queue="hold"}`: "1", `{queue="incoming"}`: "1"},
		"postfix_queue_bytes":     {`{queue="deferred"}`: "6010", `{queue="active"}`: "1024", `{queue="incoming"}`: "1.073741824e+09"},
		"postfix_queue_oldest":    {`_seconds{queue="deferred"}`: "90000", `_seconds{queue="active"}`: "60"},
		"postfix_queue_recipients": {
			`{class="mailbox_full",provider="google",queue="deferred"}`:      "2",
			`{class="connection_failed",provider="google",queue="deferred"}`: "1",
			`{class="connection_failed",provider="other",queue="deferred"}`:  "1",
			`{class="connection_failed",provider="local",queue="deferred"}`:  "1",
			`{class="dns_failure",provider="google",queue="deferred"}`:       "1",
			`{class="remote_error",provider="local",queue="deferred"}`:       "1",
			`{class="",provider="google",queue="incoming"}`:                  "1",
			`{class="",provider="google",queue="active"}`:                    "1",
			`{class="",provider="other",queue="active"}`:                     "1",
			`{class="",provider="other",queue="hold"}`:                       "1",
		},
		"postfix_queue_provider_oldest_seconds": {
			`{provider="google",queue="deferred"}`: "90000", `{provider="other",queue="deferred"}`: "90000", `{provider="local",queue="deferred"}`: "2",
			`{provider="google",queue="active"}`: "60", `{provider="other",queue="active"}`: "60",
		},
		`postfix_queue_message_age_seconds_bucket{le="60"`:       {`,queue="deferred"}`: "1", `,queue="active"}`: "1", `,queue="hold"}`: "1"},
		`postfix_queue_message_age_seconds_bucket{le="300"`:      {`,queue="deferred"}`: "2", `,queue="active"}`: "1", `,queue="hold"}`: "1"},
		`postfix_queue_message_age_seconds_bucket{le="+Inf"`:     {`,queue="deferred"}`: "3", `,queue="active"}`: "1", `,queue="hold"}`: "1"},
		`postfix_queue_message_size_bytes_bucket{le="1024"`:      {`,queue="deferred"}`: "2", `,queue="active"}`: "1"},
		`postfix_queue_message_size_bytes_bucket{le="268435456"`: {`,queue="deferred"}`: "3", `,queue="active"}`: "1"},
		`postfix_queue_message_size_bytes_bucket{le="+Inf"`:      {`,queue="deferred"}`: "3", `,queue="active"}`: "1", `,queue="incoming"}`: "1"},
	} {
		if got := queueSeries(t, e, begin); !maps.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", begin, got, want)
		}
	}
}

// Closed sets are there at 0 once a list was read, also of an empty queue.
func TestEmptyQueue(t *testing.T) {
	q := NewQueue(0)
	e := New(Options{Queue: q})
	q.Listed(q.List(e.Rules(), queueNow), showq.Result{}, 0)
	text := scrape(t, e, "")
	for _, want := range []string{
		`postfix_queue_messages{queue="maildrop"} 0`, `postfix_queue_bytes{queue="hold"} 0`, `postfix_queue_oldest_seconds{queue="deferred"} 0`,
		`postfix_queue_recipients{class="",provider="other",queue="deferred"} 0`, `postfix_queue_message_age_seconds_bucket{le="+Inf",queue="active"} 0`,
		`postfix_exporter_queue_refresh_failures_total{reason="down"} 0`, `postfix_up 1`,
		`postfix_exporter_series_overflow_total{family="postfix_queue_recipients"} 0`,
		`postfix_exporter_series_overflow_total{family="postfix_queue_provider_oldest_seconds"} 0`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
}

// A failure takes the numbers of the last list away, and nothing else.
func TestQueueFails(t *testing.T) {
	q := NewQueue(0)
	e := New(Options{Queue: q})
	good := func() {
		l := q.List(e.Rules(), queueNow)
		tell(l, queueOfAll...)
		q.Listed(l, showq.Result{}, time.Second)
	}
	good()
	q.Files(map[string]int64{"active": 7, "corrupt": 0})
	tell(q.List(e.Rules(), queueNow), queueOfAll[0]) // cut
	q.Failed(showq.Cut, 3*time.Second)
	q.Failed(showq.Timeout, 4*time.Second)
	text := scrape(t, e, "")
	for _, want := range []string{
		"postfix_up 0", "postfix_exporter_queue_refresh_duration_seconds 4", "postfix_exporter_queue_refresh_timestamp_seconds 1.8e+09",
		`postfix_exporter_queue_refresh_failures_total{reason="cut"} 1`, `postfix_exporter_queue_refresh_failures_total{reason="timeout"} 1`,
		`postfix_queue_files{queue="active"} 7`, `postfix_queue_files{queue="corrupt"} 0`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(text, "\npostfix_queue_"); n != 2 || strings.Contains(text, "queue_unread") {
		t.Errorf("%d series of the queue, want those of two directories:\n%s", n, text)
	}
	good()
	if text := scrape(t, e, ""); !strings.Contains(text, `postfix_queue_messages{queue="deferred"} 3`) || !strings.Contains(text, "postfix_up 1\n") {
		t.Error("it does not come back")
	}
	q.Files(nil)
	if strings.Contains(scrape(t, e, ""), "postfix_queue_files{") {
		t.Error("files that are not known any more")
	}
}

// The number of series is bounded, and what is folded is counted, at each refresh.
func TestQueueOverflow(t *testing.T) {
	rules := "providers:\n"
	var all []waiting
	for i := range 50 {
		rules += fmt.Sprintf("  p%d: {hosts: [mx%d.example]}\n", i, i)
		all = append(all, waiting{"deferred", 10, 1, [][2]string{{"a@example.org", fmt.Sprintf("connect to mx%d.example[192.0.2.1]:25: no", i)}}})
	}
	q := NewQueue(20)
	e := New(Options{Queue: q, Rules: loadRules(t, rules)})
	for n := 1; n <= 2; n++ {
		l := q.List(e.Rules(), queueNow)
		tell(l, all...)
		q.Listed(l, showq.Result{}, 0)
		waits, longest := queueSeries(t, e, "postfix_queue_recipients"), queueSeries(t, e, "postfix_queue_provider_oldest_seconds")
		if len(waits) > 20+1 || len(longest) > 20+1 || waits[`{class="unclassified",provider="other",queue="deferred"}`] != fmt.Sprint(50-14) {
			t.Errorf("%v\n%v", waits, longest)
		}
		over := queueSeries(t, e, `postfix_exporter_series_overflow_total{family="postfix_queue_`)
		if want := map[string]string{`recipients"}`: fmt.Sprint(n * (50 - 14)), `provider_oldest_seconds"}`: fmt.Sprint(n * (50 - 20))}; !maps.Equal(over, want) {
			t.Errorf("%v, want %v", over, want)
		}
	}
}

// New rules judge from the next list on.
func TestQueueRules(t *testing.T) {
	q := NewQueue(0)
	e := New(Options{Queue: q})
	for _, class := range []string{"unclassified", "greylisted", "rate_limited"} {
		if class != "unclassified" {
			e.SetRules(loadRules(t, "rules:\n  - name: own\n    class: "+class+"\n    any: [later]\n    examples: [\"450 later\"]\n"))
		}
		l := q.List(e.Rules(), queueNow)
		tell(l, waiting{"deferred", 1, 1, [][2]string{{"a@example.org", "host mx.example.com[192.0.2.1] said: 450 later"}}})
		q.Listed(l, showq.Result{}, 0)
		if got := slices.Collect(maps.Keys(queueSeries(t, e, "postfix_queue_recipients"))); len(got) != 1 || !strings.Contains(got[0], class) {
			t.Errorf("%v, want %s", got, class)
		}
	}
}

// manyWaiting tells of so many messages of two recipients.
func manyWaiting(l *Listing, n int) {
	m := showq.Message{Queue: "deferred", Size: 31200, Arrived: queueNow.Add(-time.Hour)}
	address := []byte("a000000@d00.example.org")
	for i := range n {
		for at, v := 6, i; at > 0; at, v = at-1, v/10 {
			address[at] = byte('0' + v%10)
		}
		address[9], address[10] = byte('0'+i/10%10), byte('0'+i%10)
		l.Message(&m)
		l.Recipient(&m, &showq.Recipient{Address: string(address), Reason: fullReason})
		l.Recipient(&m, &showq.Recipient{Address: string(address), Reason: refusedReason})
	}
}

// TestQueueMemory: a long queue takes no more than a short one.
func TestQueueMemory(t *testing.T) {
	q, rules := NewQueue(0), shipped(t)
	q.Listed(q.List(rules, queueNow), showq.Result{}, 0)
	held := func(n int) uint64 {
		l := q.List(rules, queueNow)
		manyWaiting(l, n)
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		q.Listed(l, showq.Result{}, 0)
		return m.HeapAlloc
	}
	held(10_000)
	if short, long := held(1000), held(100_000); long > short+256<<10 {
		t.Errorf("%d bytes for 1000 messages, %d for 100,000", short, long)
	}
}

func BenchmarkQueue(b *testing.B) {
	b.ReportAllocs()
	q := NewQueue(0)
	l := q.List(shipped(b), queueNow)
	manyWaiting(l, 10)
	b.ResetTimer()
	manyWaiting(l, b.N)
}
