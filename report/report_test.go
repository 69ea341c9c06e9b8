package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
	"postfix_exporter/source"
)

// summarize takes lines through the engine.
func summarize(t testing.TB, lines ...string) (*Summary, []*dto.MetricFamily) {
	t.Helper()
	o := NewObserver()
	e := collector.New(collector.Options{Observe: o.Observe})
	for _, l := range lines {
		e.Feed(maillog.Line{Text: l}, checkpoint.Pos{NotAfter: 1_800_000_000})
	}
	gathered := gather(t, e)
	return Summarize(gathered, o, e.Blocks()), gathered
}

func gather(t testing.TB, e *collector.Engine) []*dto.MetricFamily {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(e)
	gathered, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return gathered
}

func text(t testing.TB, s *Summary) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const stamp = "2026-11-21T03:10:00+01:00 mx "

func delivery(to, relay, status, reply string) string {
	return fmt.Sprintf(stamp+"postfix/smtp[1]: 3ABCDEF01: to=<%s>, relay=%s, delay=1, delays=0/0/0/1, dsn=5.0.0, status=%s (%s)", to, relay, status, reply)
}

// The observer's hours and the metrics' totals count the same events, on every
// log there is.
func TestHoursAddUpToTotals(t *testing.T) {
	logs, _ := filepath.Glob("../../shared/logs/*.log")
	if len(logs) == 0 {
		t.Skip("no logs in ../../shared/logs")
	}
	for _, path := range logs {
		s := summarizeFile(t, path)
		var sum Hour
		for _, h := range s.Hours {
			sum.Received += h.Received
			sum.Sent += h.Sent
			sum.Deferred += h.Deferred
			sum.Bounced += h.Bounced
			sum.Rejected += h.Rejected
		}
		want := Hour{s.Totals.Received, s.Totals.Sent, s.Totals.Deferred, s.Totals.Bounced, s.Totals.Rejected}
		if sum != want {
			t.Errorf("%s: hours %+v, totals %+v", path, sum, want)
		}
		if got := total(s.Bounced.Top) + s.Bounced.Rest; got != s.Totals.Bounced {
			t.Errorf("%s: %d bounces have a text, %d are counted", path, got, s.Totals.Bounced)
		}
		checkText(t, path, text(t, s))
	}
}

func summarizeFile(t *testing.T, path string) *Summary {
	t.Helper()
	files, err := source.NewFiles([]string{path}, source.FilesOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	o := NewObserver()
	e := collector.New(collector.Options{Observe: o.Observe})
	if err := e.Run(context.Background(), files); err != nil {
		t.Fatal(err)
	}
	return Summarize(gather(t, e), o, e.Blocks())
}

var (
	addressInText = regexp.MustCompile(`[A-Za-z0-9]@[A-Za-z0-9]`)
	ipInText      = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
)

// checkText wants lines that fit, nothing that a terminal obeys, nobody's address.
func checkText(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if utf8.RuneCountInString(line) > width {
			t.Errorf("%s: %d columns: %s", name, utf8.RuneCountInString(line), line)
		}
		for _, r := range line {
			if !unicode.IsPrint(r) {
				t.Errorf("%s: %q in %q", name, r, line)
			}
		}
		if addressInText.MatchString(line) || ipInText.MatchString(line) {
			t.Errorf("%s: an address in %q", name, line)
		}
	}
}

func TestHostileTextsStayHarmless(t *testing.T) {
	s, _ := summarize(t,
		delivery("bob@example.com", "mx.example.com[192.0.2.1]:25", "bounced", "550 \u202e\u0085 mail bob@example.com, user bob, at 192.0.2.1 <x@y>"),
		stamp+"postfix/"+strings.Repeat("x", 200)+"\u202e[1]: warning: odd",
		stamp+"postfix/smtpd[1]: warning: unknown[192.0.2.1]: SASL bob@example.com authentication failed: x",
		stamp+`postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a.`+
			strings.Repeat("b", 150)+`.example; from=<a@b.c> to=<d@e.f> proto=ESMTP helo=<g>`,
	)
	out := text(t, s)
	checkText(t, "text", out)
	if strings.Contains(out, "bob") || !strings.Contains(out, "550 ?? mail <address>, user <user>, at <ip> <address>") {
		t.Errorf("%s", out)
	}
	var b bytes.Buffer
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if addressInText.Match(b.Bytes()) || ipInText.Match(b.Bytes()) {
		t.Errorf("an address in %s", b.String())
	}
}

func TestHoursAreOfTheLogsZone(t *testing.T) {
	s, _ := summarize(t, delivery("a@b.c", "none", "deferred", "x"))
	if s.Hours[3].Deferred != 1 {
		t.Errorf("%+v", s.Hours)
	}
	if out := text(t, s); !strings.Contains(out, "2026-11-21 03:10:00 +0100 to") {
		t.Errorf("%s", out)
	}
}

func TestReasonsAreCountedAndBounded(t *testing.T) {
	var lines []string
	for i := range maxReasons + 50 {
		word := strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i))
		lines = append(lines, delivery("a@b.c", "none", "bounced", "reason "+word))
	}
	for range 7 {
		lines = append(lines, delivery("a@b.c", "none", "bounced", "reason b"), delivery("a@b.c", "none", "SOFTBOUNCE", "later"))
	}
	r := newReasons()
	for i := range 2 * maxReasons {
		r.add(&maillog.Event{Delivery: maillog.DeliveryRecord{Text: strings.Repeat("x", i%40+1) + strings.Repeat(" y", i/40)}}, &classify.Verdict{})
	}
	if len(r.all) != maxReasons {
		t.Errorf("%d are kept", len(r.all))
	}
	s, _ := summarize(t, lines...)
	if top := s.Bounced.Top[0]; top.Template != "reason b" || top.Count != 8 || top.Class != "unclassified" {
		t.Errorf("top is %+v", top)
	}
	if len(s.Bounced.Top) != maxShown || s.Bounced.Rest != maxReasons+50-maxShown {
		t.Errorf("%d shown, %d others", len(s.Bounced.Top), s.Bounced.Rest)
	}
	if len(s.Deferred.Top) != 1 || s.Deferred.Top[0].Count != 7 {
		t.Errorf("soft bounces: %+v", s.Deferred)
	}
}

func TestQuantiles(t *testing.T) {
	var lines []string
	for i := range 1000 {
		lines = append(lines, fmt.Sprintf(stamp+"postfix/smtp[1]: 3ABCDEF01: to=<a@b.c>, relay=mx[192.0.2.1]:25, "+
			"delay=%d, delays=0/%d/0/%d, dsn=2.0.0, status=sent (250 ok)", i+1, i%4/3, i+1))
	}
	s, _ := summarize(t, lines...)
	if len(s.Delays) != 1 || len(s.Stages) != 4 || s.Stages[3].Name != "transmission" {
		t.Fatalf("%+v %+v", s.Delays, s.Stages)
	}
	d := s.Delays[0]
	for _, c := range []struct{ got, want float64 }{{d.P50, 500}, {d.P90, 900}, {d.P95, 950}, {d.P99, 990}} {
		if c.got < c.want*0.95 || c.got > c.want*1.05 {
			t.Errorf("%v, want %v within 5 %%", c.got, c.want)
		}
	}
	if got := s.Stages[0]; got.Count != 1000 || got.P99 != 0 {
		t.Errorf("all zero: %+v", got)
	}
	if got := s.Stages[1]; got.P50 != 0 || got.P90 < 0.95 || got.P90 > 1.05 {
		t.Errorf("a quarter is 1, the rest 0: %+v", got)
	}
}

func TestEmpty(t *testing.T) {
	s, _ := summarize(t)
	if got := text(t, s); got != "Postfix mail report\n\nThe log is empty.\n" {
		t.Errorf("%q", got)
	}
	var b bytes.Buffer
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "null"); n != 1 { // the period
		t.Errorf("%d nulls in %s", n, b.String())
	}
}

// The fields that programs rely on.
func TestJSONFields(t *testing.T) {
	s, _ := summarize(t, delivery("a@b.c", "mx[192.0.2.1]:25", "bounced", "550 no"))
	var b bytes.Buffer
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	for _, f := range strings.Fields(`format period lines totals deliveries_by_daemon deliveries_by_provider
		failures_by_class bounced deferred blocks rejects rejects_by_dnsbl connections connection_failures sasl_logins
		problems_by_daemon delivery_delay_seconds delivery_stage_delay_seconds hours`) {
		if fields[f] == nil {
			t.Errorf("no field %q", f)
		}
		delete(fields, f)
	}
	for f := range fields {
		t.Errorf("field %q is not in this test", f)
	}
}

func TestPrometheusIsTheLogOnly(t *testing.T) {
	_, gathered := summarize(t, delivery("a@b.c", "mx[192.0.2.1]:25", "bounced", "550 no"))
	var b bytes.Buffer
	if err := WritePrometheus(&b, gathered); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(b.String()), "\n") {
		line = strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE ")
		if !strings.HasPrefix(line, "postfix_") || strings.HasPrefix(line, "postfix_exporter_") {
			t.Errorf("%s", line)
		}
	}
	if !regexp.MustCompile(`(?m)^postfix_bounces_total\{.*\} 1$`).Match(b.Bytes()) {
		t.Errorf("no bounce in %s", b.String())
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"short", "short"},
		{"ten chars!", "ten chars!"},
		{"eleven char", "eleven|char"},
		{"one two three four", "one two|three four"},
		{"abcdefghijklmno", "abcdefghij|klmno"},
		{"ääääääääääää", "ääääääääää|ää"},
		{"0123456789 x", "0123456789|x"},
	} {
		if got := strings.Join(wrap(c.text, 10), "|"); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"smtp":                  "smtp",
		"a\u202eb\x00":          "a?b?",
		strings.Repeat("ä", 41): strings.Repeat("ä", 37) + "...",
		strings.Repeat("ä", 40): strings.Repeat("ä", 40),
	} {
		if got := cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNumbersForPeople(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{uint64(0), "-"}, {uint64(7), "7"}, {uint64(999), "999"}, {uint64(1000), "1,000"}, {uint64(1234567), "1,234,567"},
		{size(0), "0 B"}, {size(1023), "1023 B"}, {size(1536), "1.5 KiB"}, {size(5 << 40), "5.0 TiB"}, {size(5 << 50), "5120.0 TiB"},
		{seconds(0), "0 s"}, {seconds(0.25), "250 ms"}, {seconds(1.25), "1.2 s"}, {seconds(90), "90 s"},
		{seconds(600), "10 min"}, {seconds(7200), "2.0 h"}, {seconds(432000), "5.0 d"},
		{percent(1, 3), "33.3"}, {percent(0, 0), "-"},
	} {
		if got := cell(c.in); got != c.want {
			t.Errorf("%v: %q, want %q", c.in, got, c.want)
		}
	}
}

// An ordinary line costs the observer no allocation, nor does a known reason.
func TestObserveAllocates(t *testing.T) {
	o := NewObserver()
	e := collector.New(collector.Options{Observe: o.Observe})
	lines := []string{
		delivery("a@b.c", "mx[192.0.2.1]:25", "sent", "250 ok"),
		delivery("a@b.c", "mx[192.0.2.1]:25", "bounced", "550 <a@b.c> no"),
		stamp + "postfix/smtpd[1]: connect from a[192.0.2.1]",
	}
	feed := func() {
		for _, l := range lines {
			e.Feed(maillog.Line{Text: l}, checkpoint.Pos{})
		}
	}
	feed()
	if n := testing.AllocsPerRun(100, feed); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriteErrorsAreTold(t *testing.T) {
	s, gathered := summarize(t, delivery("a@b.c", "mx[192.0.2.1]:25", "sent", "250 ok"))
	for name, err := range map[string]error{
		"text":       s.WriteText(failing{}),
		"json":       s.WriteJSON(failing{}),
		"prometheus": WritePrometheus(failing{}, gathered),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
