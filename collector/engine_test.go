package collector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

const connectLine = "2026-11-03T10:00:00Z mx postfix/smtpd[1]: connect from unknown[192.0.2.10]"

// script is a source that answers as told: a line, io.EOF for a pause, or
// another error.
type script struct {
	answers []any
	wait    []error // what Wait answers, the last one again and again
	during  func()  // called by Wait
}

func (s *script) Next() (maillog.Line, checkpoint.Pos, error) {
	if len(s.answers) == 0 {
		return maillog.Line{}, checkpoint.Pos{}, io.EOF
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	if err, ok := a.(error); ok {
		return maillog.Line{}, checkpoint.Pos{}, err
	}
	return maillog.Line{Text: a.(string)}, checkpoint.Pos{}, nil
}

func (s *script) Wait(ctx context.Context) error {
	if s.during != nil {
		s.during()
	}
	err := s.wait[0]
	if len(s.wait) > 1 {
		s.wait = s.wait[1:]
	}
	return err
}

func TestRun(t *testing.T) {
	broken := errors.New("input/output error")
	for _, c := range []struct {
		name   string
		s      script
		count  string
		err    error
		caught bool
	}{
		{"files end", script{answers: []any{connectLine, connectLine}, wait: []error{io.EOF}}, "2", nil, true},
		{"the log grows", script{answers: []any{connectLine, io.EOF, connectLine, io.EOF, connectLine}, wait: []error{nil, nil, io.EOF}}, "3", nil, true},
		{"a read fails", script{answers: []any{connectLine, broken, connectLine}}, "1", broken, false},
		{"waiting fails", script{answers: []any{connectLine}, wait: []error{broken}}, "1", broken, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := New(Options{})
			if err := e.Run(context.Background(), &c.s); !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if e.CaughtUp() != c.caught {
				t.Errorf("caught up: %v", e.CaughtUp())
			}
			want := `postfix_smtpd_connections_total{instance_name="postfix",service=""} ` + c.count + "\n"
			if got := nonZero(t, e); !strings.Contains(got, want) {
				t.Errorf("no %s in\n%s", want, got)
			}
		})
	}
}

func TestRunEndsWithContext(t *testing.T) {
	for _, wait := range []error{nil, context.Canceled, errors.New("closed")} {
		ctx, cancel := context.WithCancel(context.Background())
		s := &script{wait: []error{wait}, during: cancel}
		if err := New(Options{}).Run(ctx, s); err != context.Canceled {
			t.Errorf("Wait says %v: %v", wait, err)
		}
	}
}

// A long log is not read to its end first.
func TestRunEndsWithContextAmidLines(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	e := New(Options{Observe: func(*maillog.Event, *track.Outcome, *classify.Verdict) { cancel() }})
	s := &script{answers: []any{connectLine, connectLine, connectLine}}
	if err := e.Run(ctx, s); err != context.Canceled || len(s.answers) != 2 {
		t.Errorf("%v, %d lines left", err, len(s.answers))
	}
}

func TestObserve(t *testing.T) {
	var seen []string
	e := New(Options{Observe: func(ev *maillog.Event, o *track.Outcome, v *classify.Verdict) {
		seen = append(seen, strings.Join([]string{ev.Daemon, string(v.Class), v.Provider, fmt.Sprint(o.Message.Attempts)}, " "))
	}})
	feedLog(e, `Nov  3 10:00:00 mx postfix/cleanup[1]: 3F1A1: message-id=<x@example.net>
Nov  3 10:00:00 mx postfix/qmgr[1]: 3F1A1: from=<a@example.net>, size=1, nrcpt=2 (queue active)
foreign
Nov  3 10:00:00 mx postfix/smtp[1]: 3F1A1: to=<a@example.com>, relay=mx.example.com[198.51.100.1]:25, delay=1, delays=0/0/1/0, dsn=5.0.0, status=bounced (no)
Nov  3 10:00:00 mx postfix/smtp[1]: 3F1A1: to=<b@example.com>, relay=none, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (ok)
Nov  3 10:00:00 mx postfix/smtp[1]: connect to h.example[192.0.2.1]:25: Connection refused
`)
	want := "cleanup   0|qmgr   1|smtp unclassified other 1|smtp  none 1|smtp  other 0"
	if got := strings.Join(seen, "|"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Scrapes run beside the counting, and each is one moment of the log: a delivery
// is never seen without its delay.
func TestScrapeIsOneMoment(t *testing.T) {
	e := New(Options{})
	log := readGolden(t, "deliveries")
	done := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(done)
		for range 50 {
			feedLog(e, log)
		}
	})
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		sent, observed := 0.0, uint64(0)
		for _, f := range gather(t, e) {
			for _, m := range f.Metric {
				switch f.GetName() {
				case "postfix_deliveries_total":
					if m.Label[len(m.Label)-1].GetValue() == "sent" {
						sent += m.Counter.GetValue()
					}
				case "postfix_delivery_delay_seconds":
					observed += m.Histogram.GetSampleCount()
				}
			}
		}
		if uint64(sent) != observed {
			t.Fatalf("%v sent, %d delays", sent, observed)
		}
	}
	reader.Wait()
}

// The same lines give the same numbers.
func TestSameLinesSameNumbers(t *testing.T) {
	log := readGolden(t, "deliveries") + readGolden(t, "sessions")
	if a, b := nonZero(t, feedLog(New(Options{}), log)), nonZero(t, feedLog(New(Options{}), log)); a != b {
		t.Errorf("first\n%s\nthen\n%s", a, b)
	}
}

// No line allocates once its series exist, its template and its block: with the
// rules that are built in, and with none. Expired messages and new ones do in
// track, which is tested there.
func TestFeedDoesNotAllocate(t *testing.T) {
	shipped, err := classify.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	set, err := classify.Load(shipped)
	if err != nil {
		t.Fatal(err)
	}
	for _, rules := range []*classify.Set{nil, set} {
		for _, name := range []string{"deliveries", "rejects", "content", "sessions", "tls", "postscreen", "forgery-clients", "forgery-replies"} {
			e := New(Options{Rules: rules})
			for line := range strings.Lines(readGolden(t, name)) {
				line = strings.TrimSuffix(line, "\n")
				feed := func() { e.Feed(maillog.Line{Text: line}, checkpoint.Pos{}) }
				feed()
				if n := allocations(feed); n != 0 {
					t.Errorf("%v allocations: %s", n, line)
				}
			}
		}
	}
}

// allocations is the least of a few measurements: all goroutines' allocations are
// counted, the runtime's too.
func allocations(f func()) float64 {
	least := testing.AllocsPerRun(50, f)
	for range 3 {
		if least == 0 {
			break
		}
		least = min(least, testing.AllocsPerRun(50, f))
	}
	return least
}

func TestDescribe(t *testing.T) {
	e := New(Options{})
	ch := make(chan *prometheus.Desc, 1000)
	e.Describe(ch)
	if len(ch) != len(e.families.declared) {
		t.Errorf("%d descriptions of %d families", len(ch), len(e.families.declared))
	}
}

// readGolden is the log of a golden file.
func readGolden(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("../testdata/golden/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, log, _ := strings.Cut(string(b), "-- mail.log --\n")
	log, _, _ = strings.Cut(log, "-- metrics --\n")
	return log
}
