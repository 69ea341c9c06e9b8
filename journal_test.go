package main

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
	"postfix_exporter/internal/journal"
	"postfix_exporter/maillog"
	"postfix_exporter/source"
)

// realLogs are the logs of real runs whose lines have a stamp, a host and a tag:
// the project's, and those beside it.
func realLogs(t *testing.T) []string {
	t.Helper()
	shared := os.Getenv("POSTFIX_EXPORTER_SHARED")
	if shared == "" {
		shared = "../shared"
	}
	paths, err := filepath.Glob(filepath.Join(shared, "logs", "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	return append(paths, "testdata/logs/rfc3339.log", "testdata/logs/rfc3164.log", "testdata/logs/maillog_file.log")
}

// TestJournalCountsAsFile: entries of a real journal, read with restarts at any of
// them, give the numbers of the lines that a syslog daemon made of them.
func TestJournalCountsAsFile(t *testing.T) {
	rules, _, err := loadRules(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range realLogs(t) {
		t.Run(filepath.Base(path), func(t *testing.T) { journalCountsAsFile(t, path, collector.Options{Rules: rules}) })
	}
}

func journalCountsAsFile(t *testing.T, path string, options collector.Options) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, dir := collector.New(options), t.TempDir()
	var entries []journal.Entry
	others := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		e, ok := journal.Parse(line, 2026)
		if !ok { // a shell's word in what a container wrote
			others++
			continue
		}
		entries = append(entries, e)
		file.Feed(maillog.Line{Text: line}, checkpoint.Pos{NotAfter: e.Time.Unix()})
	}
	if others > 1 {
		t.Errorf("%d lines are no entries", others)
	}
	journal.Append(t, dir, "a.journal", 1, entries)
	if got, want := scrape(t, readJournal(t, dir, options)), scrape(t, file); got != want {
		t.Errorf("%d entries: %s", len(entries), firstDifference(got, want))
	}
}

// readJournal counts a journal, in several runs.
func readJournal(t *testing.T, dir string, options collector.Options) *collector.Engine {
	var state []byte
	random := rand.New(rand.NewPCG(1, 1))
	for runs := 1; ; runs++ {
		s := &saved{path: "state"}
		if state != nil {
			s.decoder = checkpoint.NewDecoder(state)
			if err := s.readPlaces(); err != nil {
				t.Fatal(err)
			}
		}
		lines, err := source.NewJournal(source.JournalOptions{Directory: dir, At: onePlace(s.places)})
		if err != nil {
			t.Fatal(err)
		}
		engine := collector.New(options)
		if err := s.restore(engine.Restore); err != nil {
			t.Fatal(err)
		}
		left := random.IntN(1000)
		if runs == 5 {
			left = -1 // all
		}
		for ; left != 0 && !lines.CaughtUp(); left-- {
			if line, at, err := lines.Next(); err == nil {
				engine.Feed(line, at)
			} else if err != io.EOF || !lines.CaughtUp() && lines.Wait(t.Context()) != nil || lines.Err() != nil {
				t.Fatal(err, lines.Err())
			}
		}
		var to checkpoint.Encoder
		encodeState(&to, []checkpoint.Place{lines.Place()}, engine.Save)
		state = append([]byte(nil), to.Bytes()...)
		if lines.Close() != nil || lines.Stats().Gaps != 0 {
			t.Fatalf("%+v", lines.Stats())
		}
		if runs == 5 {
			return engine
		}
	}
}
