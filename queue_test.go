package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/showq"
)

// try is a refresh: how long it takes and how it ends.
type try struct {
	takes time.Duration
	err   error
}

// watchOf is a watch whose refreshes are these; then they hang. at is when they began.
func watchOf(out *bytes.Buffer, tries ...try) (w *queueWatch, at *[]time.Duration) {
	begun := time.Now()
	at = new([]time.Duration)
	return &queueWatch{
		queue: collector.NewQueue(0),
		rules: func() *classify.Set { return &classify.Set{} },
		list: func(ctx context.Context, v showq.Visitor) (showq.Result, error) {
			if *at = append(*at, time.Since(begun)); len(*at) > len(tries) {
				<-ctx.Done()
				return showq.Result{}, ctx.Err()
			}
			v.Message(&showq.Message{Queue: "deferred", ID: "3F2A14B7C1", Sender: "ann@example.com"})
			now := tries[len(*at)-1]
			time.Sleep(now.takes)
			return showq.Result{Way: "unix", Messages: 1}, now.err
		},
		every:  time.Minute,
		logger: log.NewLogfmtLogger(out),
		now:    time.Now,
	}, at
}

// A refresh begins an interval after the last one, but one that took long is
// followed by a pause as long.
func TestQueueInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		w, at := watchOf(&out, try{}, try{takes: 10 * time.Second}, try{takes: 50 * time.Second}, try{takes: 5 * time.Minute, err: errors.New("no")}, try{})
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- w.run(ctx) }()
		time.Sleep(time.Hour)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		want := []time.Duration{0, time.Minute, 2 * time.Minute, 220 * time.Second, 820 * time.Second, 880 * time.Second}
		if !slices.Equal(*at, want) {
			t.Errorf("begun %v, want %v", *at, want)
		}
	})
}

// A fault is told once, another one too, and the end of it.
func TestQueueIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fault := func(r showq.Reason) error { return &showq.Error{Reason: r} }
		var out bytes.Buffer
		w, _ := watchOf(&out, try{}, try{err: fault(showq.Down)}, try{err: fault(showq.Down)}, try{err: fault(showq.Timeout)},
			try{err: errors.New("one")}, try{err: errors.New("two")}, try{err: errors.New("two")}, try{}, try{}, try{err: fault(showq.Down)})
		ctx, stop := context.WithTimeout(context.Background(), time.Hour)
		defer stop()
		if err := w.run(ctx); err != nil {
			t.Error(err)
		}
		var levels []string
		for line := range strings.Lines(out.String()) {
			level, _, _ := strings.Cut(line, " ")
			levels = append(levels, level)
		}
		if want := []string{"level=warn", "level=warn", "level=warn", "level=warn", "level=info", "level=warn"}; !slices.Equal(levels, want) || strings.Contains(out.String(), "example.com") {
			t.Errorf("%s", out.String())
		}
	})
}

// Once in a long while postqueue has to help: that is told, not each time.
func TestQueueWayIsTold(t *testing.T) {
	var out bytes.Buffer
	w := &queueWatch{logger: log.NewLogfmtLogger(&out)}
	for range 2 {
		w.tell(&showq.Result{Way: "postqueue", Refused: errors.New("permission denied")}, nil)
	}
	if got, want := out.String(), `level=info msg="The queue is listed by postqueue" because="permission denied"`+"\n"; got != want {
		t.Errorf("%q", got)
	}
}

func TestQueueDirectory(t *testing.T) {
	for _, c := range []struct {
		o    queueOptions
		want string
	}{
		{queueOptions{showq: "/var/spool/postfix/public/showq"}, "/var/spool/postfix"},
		{queueOptions{showq: "/run/showq"}, ""},
		{queueOptions{showq: "127.0.0.1:991"}, ""},
		{queueOptions{showq: "127.0.0.1:991", directory: "/queue", directoryGiven: true}, "/queue"},
		{queueOptions{showq: "/var/spool/postfix/public/showq", directoryGiven: true}, ""},
	} {
		if got := c.o.files(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.o, got, c.want)
		}
	}
}

func TestNoQueue(t *testing.T) {
	w, err := newQueueWatch(&serveOptions{}, log.NewNopLogger())
	if err != nil || w.queue != nil {
		t.Fatalf("%v, %v", w.queue, err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	if err := w.run(ctx); err != nil || ctx.Err() == nil {
		t.Errorf("%v; it must not end before the others", err)
	}
}

// hangingShowq tells of so many messages, then no more. full is closed when it has.
func hangingShowq(t *testing.T, messages int) (address string, full chan struct{}) {
	t.Helper()
	address, full = filepath.Join(t.TempDir(), "showq"), make(chan struct{})
	l, err := net.Listen("unix", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		one := []byte(showqAnswer("queue_name deferred\nqueue_id 3F2A14B7C1\ntime 1795279944\nsize 2000\nsender a@example.com\nrecipient b@example.org\nreason host mx.example.org[192.0.2.1] said: 450 4.2.0 later\n\n"))
		for range messages {
			if _, err := c.Write(one); err != nil {
				return
			}
		}
		close(full)
		hangUp(c)
	}()
	return address, full
}

// No scrape waits for a refresh, and neither does the end of the program.
func TestScrapeWhileTheQueueHangs(t *testing.T) {
	address, full := hangingShowq(t, 20_000)
	o := &serveOptions{telemetryPath: "/metrics", queue: queueOptions{showq: address, interval: time.Minute}, limits: limits{series: 2000}}
	w, err := newQueueWatch(o, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	w.queue.Listed(w.queue.List(&classify.Set{}, time.Now()), showq.Result{}, 0)
	rules, _, err := loadRules(nil)
	if err != nil {
		t.Fatal(err)
	}
	engine := collector.New(collector.Options{Rules: rules, Queue: w.queue})
	w.rules = engine.Rules
	handler, err := newHandler(o, engine, (&saver{}).shows(nil), func() error { return nil }, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.run(ctx) }()
	scrape := func(when string) time.Duration {
		begun := time.Now()
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
		took := time.Since(begun)
		if body := answer.Body.String(); answer.Code != 200 || !strings.Contains(body, "\npostfix_up 1\n") || !strings.Contains(body, `postfix_queue_messages{queue="deferred"} 0`) {
			t.Errorf("%s: status %d", when, answer.Code)
		}
		return took
	}
	fastest := time.Minute // of ten, for the machine has other things to do
	for range 10 {
		fastest = min(fastest, scrape("while it is listed"))
	}
	<-full
	fastest = min(fastest, scrape("while it hangs"))
	if fastest > 50*time.Millisecond {
		t.Errorf("the fastest scrape took %v", fastest)
	}
	begun := time.Now()
	stop()
	if err := <-ended; err != nil || time.Since(begun) > time.Second {
		t.Errorf("%v; it ended after %v", err, time.Since(begun))
	}
	// That it was cut off says nothing of Postfix.
	scrape("afterwards")
	if fault := fmt.Sprint(w.fault, w.way); fault != "" {
		t.Error(fault)
	}
}
