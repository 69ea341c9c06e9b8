package e2e

// The queue in the metrics, with a real Postfix: what is shown of 20,000 messages,
// what a scrape costs meanwhile, and what is said when Postfix can't be asked.

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestLongQueue does all of it on the same messages, for they take a while to make.
func TestLongQueue(t *testing.T) {
	needPostfix(t)
	binary := buildExporter(t)
	p := longInstance(t)
	empty := watchQueue(t, binary, p, p.path("queue/public/showq"))
	empty.awaitUp(1)
	t.Logf("peak memory with an empty queue: %d kB", empty.peak())
	empty.stop()
	begun := time.Now()
	p.fill(t)
	t.Logf("%d messages were deferred, and aged, in %v", longQueue, time.Since(begun).Round(time.Second))

	s := watchQueue(t, binary, p, p.path("queue/public/showq"))
	s.awaitUp(1)
	checkNumbers(t, p, s)
	checkScrapes(t, s)
	t.Logf("peak memory: %d kB", s.peak())
	if grown := s.peak() - empty.peakSeen; grown > 32<<10 {
		t.Errorf("%d messages in the queue took %d kB more than none", longQueue, grown)
	}
	checkFaults(t, binary, p, s)
}

// watcher is an exporter that lists a queue each five seconds.
type watcher struct {
	*server
	peakSeen int64
}

// watchQueue starts one on a log of its own; it keeps no state.
func watchQueue(t *testing.T, binary string, p *instance, showq string) *watcher {
	t.Helper()
	return watchQueueWith(t, exec.Command(binary), p, showq)
}

func watchQueueWith(t *testing.T, cmd *exec.Cmd, p *instance, showq string) *watcher {
	t.Helper()
	return &watcher{server: launch(t, cmd, "--postfix.logfile_path="+p.log, "--state.file=", "--postfix.showq_path="+showq,
		"--postfix.queue_directory="+p.path("queue"), "--queue.interval=5s")}
}

// peak is the most memory that the exporter had, in kB (proc(5), VmHWM).
func (w *watcher) peak() int64 {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Sscan(rest, &w.peakSeen)
		}
	}
	return w.peakSeen
}

// awaitUp waits until postfix_up is so, and is the scrape then.
func (w *watcher) awaitUp(want float64) (m metrics) {
	w.t.Helper()
	defer func() {
		if w.t.Failed() {
			w.t.Logf("the exporter said:\n%s", w.stderr.String())
		}
	}()
	await(w.t, "postfix_up", func() bool {
		m = w.scrape()
		got, ok := m.sum("postfix_up")
		return ok && got == want
	})
	return m
}

// refreshed is the scrape after the next refresh that did not fail.
func (w *watcher) refreshed(after float64) (m metrics, at float64) {
	w.t.Helper()
	await(w.t, "a refresh", func() bool {
		m = w.scrape()
		at, _ = m.sum("postfix_exporter_queue_refresh_timestamp_seconds")
		return at > after
	})
	return m, at
}

// checkNumbers compares what is shown with what postqueue tells. The queue is at
// rest, but a refresh may begin in the millisecond in which a message comes of age.
func checkNumbers(t *testing.T, p *instance, s *watcher) {
	t.Helper()
	q, files := p.queue(t), p.queueFiles(t)
	var at float64
	var differ []string
	for range 3 {
		var m metrics
		m, at = s.refreshed(at)
		got, bounds := m.queueSeries(t)
		if differ = queueDifferences(got, expectedQueue(q, files, at, bounds)); len(differ) == 0 {
			break
		}
	}
	for _, d := range differ[:min(len(differ), 20)] {
		t.Error(d)
	}
	for _, queue := range []string{"maildrop", "active", "incoming", "deferred", "hold"} {
		t.Logf("%s: %d messages, %d recipients", queue, len(in(queue, q)), recipients(in(queue, q)))
		if len(in(queue, q)) == 0 {
			t.Errorf("there is nothing in %s: that proves little", queue)
		}
	}
}

// scrapeTime is how long one scrape took, and when it began, in seconds (Unix time).
type scrapeTime struct{ at, took float64 }

// checkScrapes scrapes through several refreshes: no scrape waits for one.
func checkScrapes(t *testing.T, s *watcher) {
	t.Helper()
	const refreshes = 3
	var all []scrapeTime
	var during []float64
	_, last := s.refreshed(0)
	for range refreshes {
		all = all[:0]
		var m metrics
		for at := last; at == last; time.Sleep(10 * time.Millisecond) {
			begun := time.Now()
			m = s.scrape()
			all = append(all, scrapeTime{float64(begun.UnixMicro()) / 1e6, s.took.Seconds()})
			at, _ = m.sum("postfix_exporter_queue_refresh_timestamp_seconds")
		}
		last, _ = m.sum("postfix_exporter_queue_refresh_timestamp_seconds")
		took, _ := m.sum("postfix_exporter_queue_refresh_duration_seconds")
		for _, one := range all {
			if one.at >= last && one.at+one.took <= last+took {
				during = append(during, one.took)
			}
		}
		t.Logf("a refresh took %.2f s", took)
	}
	if len(during) < 10 {
		t.Fatalf("only %d scrapes fell into refreshes: did the others wait for their end?", len(during))
	}
	slices.Sort(during)
	at := func(q float64) float64 { return 1e3 * during[int(q*float64(len(during)-1))] }
	t.Logf("%d scrapes during refreshes: fastest %.1f ms, a quarter within %.1f, half %.1f, 95 of 100 %.1f, slowest %.1f",
		len(during), at(0), at(0.25), at(0.5), at(0.95), at(1))
	if at(0.25) > 50 { // not the slow half: the machine has other things to do
		t.Errorf("a quarter of the scrapes during a refresh took %.1f ms and less, want 50", at(0.25))
	}
}
