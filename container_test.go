package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
	"postfix_exporter/internal/container"
	"postfix_exporter/maillog"
	"postfix_exporter/source"
)

// containerNow is when the logs of real runs are read.
var containerNow = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// TestContainerCountsAsFile: a log as a container runtime keeps it, some of its lines
// in parts, gives the numbers of the log in a file: in a report, and followed with
// restarts anywhere.
func TestContainerCountsAsFile(t *testing.T) {
	rules, _, err := loadRules(nil)
	if err != nil {
		t.Fatal(err)
	}
	logs := append(realLogs(t), "testdata/logs/pda.log")
	t.Run("logs beside the project", func(t *testing.T) {
		if len(logs) < 10 {
			t.Skip("there are none: only the project's own are read")
		}
	})
	for _, path := range logs {
		for _, form := range []container.Form{container.CRI, container.Docker} {
			t.Run(filepath.Base(path)+" "+string(form), func(t *testing.T) {
				containerCountsAsFile(t, path, form, collector.Options{Rules: rules})
			})
		}
	}
}

func containerCountsAsFile(t *testing.T, path string, form container.Form, options collector.Options) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := stamped(string(text))
	random := rand.New(rand.NewPCG(7, uint64(len(text))))
	rendered := form.Render(random, lines)
	if parts := bytes.Count(rendered, []byte("\n")) - len(lines); parts < len(lines)/4 {
		t.Errorf("%d lines in only %d parts more: that proves little", len(lines), parts)
	}
	file, in := putOld(t, "mail.log", text), putOld(t, "0.log", rendered)
	if got, want := reportOn(t, in), reportOn(t, file); got != want {
		t.Errorf("report: %s", firstDifference(got, want))
	}
	whole := followAll(t, file, 1, options)
	if got, want := followAll(t, in, 6, options), whole; got != want {
		t.Errorf("followed: %s", firstDifference(got, want))
	}
}

// stamped are lines of a file as a container prints them, each when its stamp says,
// and some on the standard error.
func stamped(text string) (lines []container.Line) {
	p := maillog.Parser{NotAfter: containerNow.Unix()}
	at := containerNow.AddDate(0, 0, -20)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		var e maillog.Event
		if p.Parse(line, &e); !e.Time.IsZero() {
			at = e.Time
		}
		lines = append(lines, container.Line{Time: at.UTC(), Stream: []string{"stdout", "stdout", "stdout", "stderr"}[len(lines)%4], Text: line})
	}
	return lines
}

// putOld writes a file that was last written to before containerNow.
func putOld(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, containerNow, containerNow); err != nil {
		t.Fatal(err)
	}
	return path
}

func reportOn(t *testing.T, path string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run([]string{cmdReport, "--format=prometheus", path}, nil, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	return stdout.String()
}

// followAll counts a log in so many runs, each of which goes on where the last one
// was saved, and is the scrape at the end.
func followAll(t *testing.T, path string, runs int, options collector.Options) string {
	t.Helper()
	random := rand.New(rand.NewPCG(3, uint64(runs)))
	var state []byte
	for n := 1; ; n++ {
		s := &saved{path: "state"}
		if state != nil {
			s.decoder = checkpoint.NewDecoder(state)
			if err := s.readPlaces(); err != nil {
				t.Fatal(err)
			}
		}
		lines, err := source.NewSet(source.SetOptions{Paths: []string{path}, Poll: true, At: s.places, Now: func() time.Time { return containerNow }})
		if err != nil {
			t.Fatal(err)
		}
		engine := collector.New(options)
		if err := s.restore(engine.Restore); err != nil {
			t.Fatal(err)
		}
		left := random.IntN(500)
		if n == runs {
			left = -1 // all
		}
		for ; left != 0; left-- {
			line, at, err := lines.Next()
			if err == io.EOF {
				break
			}
			engine.Feed(line, at)
		}
		var to checkpoint.Encoder
		encodeState(&to, lines.Places(), engine.Save)
		state = append([]byte(nil), to.Bytes()...)
		if lines.Close() != nil || lines.Stats().Gaps != 0 {
			t.Fatalf("%+v", lines.Stats())
		}
		if n == runs {
			return scrape(t, engine)
		}
	}
}
