package collector

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A limit that was lowered takes no series away, and lets no more come.
func TestFewerSeries(t *testing.T) {
	e := New(Options{})
	const host = "Nov  3 10:00:00 mx postfix-%d/smtpd[1]: connect from unknown[192.0.2.10]\n"
	for i := range 40 {
		feedLog(e, fmt.Sprintf(host, i))
	}
	next := New(Options{MaxSeries: 20})
	restore(t, next, saved(e))
	feedLog(next, fmt.Sprintf(host, 7)+fmt.Sprintf(host, 50))
	text := scrape(t, next, "")
	for series, want := range map[string]bool{
		`postfix_smtpd_connections_total{instance_name="postfix-39",service=""} 1`:                   true,
		`postfix_smtpd_connections_total{instance_name="postfix-7",service=""} 2`:                    true,
		`postfix_smtpd_connections_total{instance_name="postfix-50",service=""} 1`:                   false,
		`postfix_smtpd_connections_total{instance_name="other",service="other"} 1`:                   true,
		`postfix_exporter_series_overflow_total{family="postfix_smtpd_connections_total"} 1`:         true,
		`postfix_log_messages_total{daemon="smtpd",instance_name="postfix-0",severity="info"} 1`:     true,
		`postfix_smtpd_disconnections_total{instance_name="postfix",service=""} 0`:                   true,
		`postfix_exporter_series_overflow_total{family="postfix_smtpd_disconnections_total"} 0`:      true,
		`postfix_smtpd_commands_total{command="auth",instance_name="other",outcome="accepted"} 0`:    false,
		`postfix_exporter_series_overflow_total{family="postfix_exporter_series_overflow_total"} 1`:  false,
		`postfix_log_messages_total{daemon="other",instance_name="other",severity="info"} 1`:         true,
		`postfix_log_messages_total{daemon="smtpd",instance_name="postfix-50",severity="warning"} 0`: false,
		`postfix_exporter_series_overflow_total{family="postfix_log_messages_total"} 1`:              true,
		`postfix_log_messages_total{daemon="smtpd",instance_name="postfix-39",severity="panic"} 0`:   true,
		`postfix_exporter_series_overflow_total{family="postfix_delivery_stage_seconds"} 0`:          true,
		`postfix_smtpd_connections_total{instance_name="other",service="other"} 0`:                   false,
		`postfix_smtpd_connections_total{instance_name="postfix-40",service=""} 0`:                   false,
		`postfix_log_lines_total{outcome="parsed"} 42`:                                               true,
	} {
		if strings.Contains(text, series+"\n") != want {
			t.Errorf("%s: want %v", series, want)
		}
	}
}

// Where there is less room for messages, replies and blocks, those leave that
// leave when it is full, and count as that.
func TestLessRoom(t *testing.T) {
	e := New(Options{Rules: loadRules(t, blockRules)})
	var log strings.Builder
	for i := range 9 {
		fmt.Fprintf(&log, "2026-11-03T10:00:00Z mx postfix/smtpd[1]: 4A0B%d: client=unknown[192.0.2.10]\n", i)
	}
	for i := range 6 {
		log.WriteString(said(i, "198.51.100.1", "550 5.9.9 "+strings.Repeat("odd ", i+1)))
	}
	feedLog(e, log.String()+blockLog)
	next := New(Options{Rules: loadRules(t, blockRules), MaxMessages: 4, MaxSeries: 2})
	next.unclassified.limit = 3
	restore(t, next, saved(e))
	text := scrape(t, next, "")
	for _, series := range []string{
		"postfix_exporter_tracked_messages 4",
		"postfix_exporter_evicted_messages_total 5",
		"postfix_exporter_forgotten_blocks_total 6",
		"postfix_exporter_forgotten_unclassified_total 3",
	} {
		if !strings.Contains(text, series+"\n") {
			t.Errorf("no %s in %s", series, regexp.MustCompile("(?m)^postfix_exporter_.*").FindAllString(text, -1))
		}
	}
	if b := next.Blocks(); len(b) != 2 || b[0].Last != minute(9) || b[1].Last != minute(8) {
		t.Errorf("%+v", b)
	}
	feedLog(next, "2026-11-03T11:00:00Z mx postfix/qmgr[1]: 4A0B8: removed\n2026-11-03T11:00:00Z mx postfix/qmgr[1]: 4A0B0: removed\n")
	if text := scrape(t, next, ""); !strings.Contains(text, `postfix_message_queue_seconds_count{instance_name="postfix"} 1`) {
		t.Error("the newest message is not the one that is known")
	}
}

// The source and the saving count from the start of the process; what they had
// counted before is added, also over two restarts. The lag is what it is now.
func TestOwnCounters(t *testing.T) {
	o := Options{
		Source: func() SourceStats {
			return SourceStats{LagBytes: 1, Rotations: 2, Missed: 3, Truncations: 4, CutLines: 5, Gaps: 6,
				Receives: true, Received: 7, Dropped: 8, KernelDropped: 9, Refused: 10, BadFrames: 11, Connections: 12}
		},
		Checkpoint: func() CheckpointStats { return CheckpointStats{Saved: time.Unix(9, 0), Failures: 7, Bytes: 8} },
	}
	want := map[string]int{"rotations_total": 2, "missed_files_total": 3, "truncations_total": 4, "cut_lines_total": 5, "gaps_total": 6, "failures_total": 7,
		"exporter_received_lines_total": 7, "exporter_dropped_lines_total": 8, "kernel_dropped_lines_total": 9, "refused_connections_total": 10, "bad_frames_total": 11}
	e := New(o)
	for starts := 1; starts < 4; starts++ {
		text := scrape(t, e, "")
		for name, n := range want {
			if !strings.Contains(text, fmt.Sprintf("_%s %d\n", name, n*starts)) {
				t.Errorf("start %d: no %s %d", starts, name, n*starts)
			}
		}
		if !strings.Contains(text, "_lag_bytes 1\n") || !strings.Contains(text, "_syslog_connections 12\n") || !strings.Contains(text, "_checkpoint_bytes 8\n") || !strings.Contains(text, "_checkpoint_successful 1\n") {
			t.Error("a gauge is not as now")
		}
		state := saved(e)
		e = New(o)
		restore(t, e, state)
	}
	bare := New(Options{}) // nobody to ask: what was counted is kept
	restore(t, bare, saved(e))
	next := New(o)
	restore(t, next, saved(bare))
	if text := scrape(t, next, ""); !strings.Contains(text, "_rotations_total 10\n") || !strings.Contains(text, "_failures_total 35\n") {
		t.Error("an engine without a source has forgotten its counts")
	}
}

func TestProgress(t *testing.T) {
	e := feedLog(New(Options{}), connectLine+"\nforeign\n"+connectLine)
	next := New(Options{})
	if n, last := next.Progress(); n != 0 || !last.IsZero() {
		t.Errorf("%d lines up to %v before the first", n, last)
	}
	restore(t, next, saved(e))
	want := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	for i, engine := range []*Engine{e, next} {
		if n, last := engine.Progress(); n != []uint64{3, 0}[i] || !last.Equal(want) {
			t.Errorf("%d lines up to %v", n, last)
		}
	}
}

func TestCaughtUpIsAsked(t *testing.T) {
	yes := false
	e := New(Options{CaughtUp: func() bool { return yes }})
	e.caught.Store(true)
	for _, yes = range []bool{false, true} {
		if want := fmt.Sprintf("postfix_exporter_caught_up %v\n", truth(yes)); e.CaughtUp() != yes || !strings.Contains(scrape(t, e, ""), want) {
			t.Errorf("caught up: %v", e.CaughtUp())
		}
	}
}
