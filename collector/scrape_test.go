package collector

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/showq"
)

// newFullEngine has at least one series of every family.
func newFullEngine(t testing.TB) *Engine { return newFullEngineWith(t, false) }

func newFullEngineWith(t testing.TB, byHost bool) *Engine {
	e := New(Options{Rules: loadRules(t, blockRules), Queue: newFullQueue(), ByHost: byHost,
		Source: func() SourceStats {
			return SourceStats{LagBytes: 1, Rotations: 2, Truncations: 3, CutLines: 4, Gaps: 5,
				Receives: true, Received: 6, Dropped: 7, KernelDropped: 8, Refused: 9, BadFrames: 10, Connections: 11}
		},
		Checkpoint: func() CheckpointStats {
			return CheckpointStats{Saved: time.Unix(1700000001, 250e6), Failures: 6, Failed: true, Bytes: 7}
		}})
	blocked := record(maillog.Bounced, 1, 1, 0, 0, 0)
	blocked.Text = "spam"
	feed(e, maillog.Event{Kind: maillog.Delivery, Daemon: "smtp", Delivery: blocked})
	for _, c := range countCases {
		r := c.r
		e.families.count(&r)
	}
	for _, daemon := range []string{"smtpd", "cleanup"} {
		feed(e, maillog.Event{Kind: maillog.Restriction, Daemon: daemon, Time: time.Unix(1700000000, 500e6),
			Restriction: maillog.RestrictionRecord{Action: "reject", Stage: "RCPT", Code: 554,
				Text: "Service unavailable; Client host [192.0.2.1] blocked using bl.example"}})
	}
	return e
}

func newFullQueue() *Queue {
	q := NewQueue(0)
	l := q.List(&classify.Set{}, queueNow)
	tell(l, queueOfAll...)
	q.Listed(l, showq.Result{}, time.Second)
	q.Files(map[string]int64{"active": 1})
	return q
}

func TestEveryFamilyIsShown(t *testing.T) {
	var want []string
	for _, f := range declaredFamilies() {
		want = append(want, f.name)
	}
	slices.Sort(want)
	for _, byHost := range []bool{false, true} {
		var got []string
		for _, f := range gather(t, newFullEngineWith(t, byHost)) {
			got = append(got, f.GetName())
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
}

func TestLint(t *testing.T) {
	for _, byHost := range []bool{false, true} {
		problems, err := promlint.NewWithMetricFamilies(gather(t, newFullEngineWith(t, byHost))).Lint()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// Series of closed sets are there, at 0, before the first line.
func TestSeriesFromTheStart(t *testing.T) {
	text := scrape(t, New(Options{}), "")
	for _, series := range []string{
		`postfix_log_lines_total{outcome="unrecognized"} 0`,
		`postfix_deliveries_total{daemon="smtp",instance_name="postfix",provider="other",service="",status="bounced"} 0`,
		`postfix_deliveries_total{daemon="local",instance_name="postfix",provider="local",service="",status="sent"} 0`,
		`postfix_messages_expired_total{forced="true",instance_name="postfix"} 0`,
		`postfix_notifications_total{instance_name="postfix",type="postmaster_delay"} 0`,
		`postfix_smtpd_lost_connections_total{instance_name="postfix",service="",stage="END-OF-MESSAGE"} 0`,
		`postfix_log_ambiguous_records_total 0`,
		`postfix_exporter_unread_values_total{field="size"} 0`,
		`postfix_exporter_series_overflow_total{family="postfix_deliveries_total"} 0`,
		`postfix_exporter_caught_up 0`,
	} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
	if strings.Contains(text, "last_line_timestamp_seconds ") || strings.Contains(text, "postfix_exporter_source_") ||
		strings.Contains(text, "postfix_exporter_log_gaps") || strings.Contains(text, "postfix_exporter_checkpoint_") ||
		strings.Contains(text, "queue_refresh") || strings.Contains(text, "postfix_up") || strings.Contains(text, "postfix_queue_") {
		t.Error("shows what is not known")
	}
}

func TestExporterValues(t *testing.T) {
	e := newFullEngine(t)
	e.caught.Store(true)
	text := scrape(t, e, "")
	for _, series := range []string{
		"postfix_exporter_caught_up 1",
		"postfix_exporter_last_line_timestamp_seconds 1.7000000005e+09",
		"postfix_exporter_source_lag_bytes 1",
		"postfix_exporter_source_rotations_total 2",
		"postfix_exporter_source_truncations_total 3",
		"postfix_exporter_source_cut_lines_total 4",
		"postfix_exporter_log_gaps_total 5",
		"postfix_exporter_checkpoint_timestamp_seconds 1.70000000125e+09",
		"postfix_exporter_checkpoint_failures_total 6",
		"postfix_exporter_checkpoint_successful 0",
		"postfix_exporter_checkpoint_bytes 7",
		"postfix_exporter_tracked_messages 0",
		"postfix_exporter_evicted_messages_total 0",
		"postfix_exporter_forgotten_deferrals_total 0",
	} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s", series)
		}
	}
}

// A stamp without a year gets it from the position; an event without a stamp
// leaves the time as it was, and so do other programs' lines.
func TestLastLine(t *testing.T) {
	e := feedLog(New(Options{}), `Nov  3 10:00:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.10]
Nov  3 10:00:09 mx dovecot: foreign
`)
	feed(e, maillog.Event{Kind: maillog.Connect})
	at := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	if want := fmt.Sprintf("postfix_exporter_last_line_timestamp_seconds %v\n", float64(at.Unix())); !strings.Contains(scrape(t, e, ""), want) {
		t.Errorf("no %s", want)
	}
}

func TestTrackedMessages(t *testing.T) {
	var log strings.Builder
	for i := range 5 {
		fmt.Fprintf(&log, "Nov  3 10:00:00 mx postfix/smtpd[1]: 4A0B%d: client=unknown[192.0.2.10]\n", i)
	}
	text := scrape(t, feedLog(New(Options{MaxMessages: 3}), log.String()), "")
	for _, want := range []string{"postfix_exporter_tracked_messages 3\n", "postfix_exporter_evicted_messages_total 2\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestOverflowIsShown(t *testing.T) {
	e := New(Options{MaxSeries: 40})
	for i := range 20 {
		feed(e, maillog.Event{Kind: maillog.Connect, Instance: fmt.Sprint("postfix-", i), Daemon: "smtpd"})
	}
	for range 2 { // the second scrape shows no more than the first
		text := scrape(t, e, "")
		for _, series := range []string{
			`postfix_log_messages_total{daemon="other",instance_name="other",severity="info"} 12`,
			`postfix_exporter_series_overflow_total{family="postfix_log_messages_total"} 12`,
			`postfix_exporter_series_overflow_total{family="postfix_smtpd_connections_total"} 0`,
		} {
			if !strings.Contains(text, series+"\n") {
				t.Errorf("no %s in\n%s", series, text)
			}
		}
	}
}

// Text shows classic buckets, protobuf shows native ones beside them.
func TestBothKindsOfBuckets(t *testing.T) {
	e := newFullEngine(t)
	const series = `postfix_message_size_bytes_bucket{instance_name="",le="16384"} 1`
	if text := scrape(t, e, ""); !strings.Contains(text, series) {
		t.Errorf("no %s", series)
	}
	body := scrape(t, e, string(expfmt.NewFormat(expfmt.TypeProtoDelim)))
	d := expfmt.NewDecoder(strings.NewReader(body), expfmt.NewFormat(expfmt.TypeProtoDelim))
	for {
		var f dto.MetricFamily
		if err := d.Decode(&f); err != nil {
			t.Fatal(err)
		}
		if f.GetName() != "postfix_message_size_bytes" {
			continue
		}
		h := f.Metric[0].Histogram // of 5000 bytes
		if len(h.Bucket) != len(sizeBuckets.bounds) || h.GetSchema() != 3 || len(h.PositiveDelta) != 1 ||
			h.PositiveSpan[0].GetOffset() != 99 { // 2^(98/8) < 5000 <= 2^(99/8)
			t.Errorf("%v", h)
		}
		return
	}
}

func scrape(t testing.TB, e *Engine, accept string) string {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(e)
	w := httptest.NewRecorder()
	q := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	q.Header.Set("Accept", accept)
	promhttp.HandlerFor(r, promhttp.HandlerOpts{}).ServeHTTP(w, q)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}
