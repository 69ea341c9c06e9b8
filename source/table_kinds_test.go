package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/internal/journal"
)

// The kinds of sources, for table_test.go.

const readAgain = "what it has is still there after the end, and read then"

var kinds = []kind{
	{name: "file", cant: map[string]string{orderlyStop: readAgain}, make: fileRig},
	{name: "rotated and packed files", cant: map[string]string{orderlyStop: readAgain}, make: rotatedRig},
	{name: "pattern", cant: map[string]string{orderlyStop: readAgain}, make: patternRig},
	{name: "journal", cant: map[string]string{orderlyStop: readAgain}, make: journalRig},
}

// appendTo writes lines as a syslog daemon does.
func appendTo(t *testing.T, path string, lines ...string) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err == nil {
		_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
		file.Close()
	}
	if err != nil {
		t.Error(err)
	}
}

// empty removes all that is in a directory.
func empty(t *testing.T, dir string) {
	names, err := os.ReadDir(dir)
	for _, n := range names {
		err = os.RemoveAll(filepath.Join(dir, n.Name()))
	}
	if err != nil {
		t.Error(err)
	}
}

func gapsOf(s *Set) int64 { return s.Stats().Gaps }

func fileRig(t *testing.T) *rig {
	dir := t.TempDir()
	path := filepath.Join(dir, "mail.log")
	return &rig{
		options: func() SetOptions { return SetOptions{Paths: []string{path}} },
		write:   func(lines ...string) { appendTo(t, path, lines...) },
		lose:    func() { empty(t, dir) },
		lost:    gapsOf,
	}
}

// rotatedRig is a log that is rotated before each write, and packed.
func rotatedRig(t *testing.T) *rig {
	r := fileRig(t)
	path := r.options().Paths[0]
	n := 0
	rotated := func() string { return fmt.Sprintf("%s-%d", path, 20260100+n) }
	r.write = func(lines ...string) {
		if n > 0 {
			if b, err := os.ReadFile(rotated()); err == nil {
				old, err := os.Stat(rotated())
				if err == nil {
					err = os.WriteFile(rotated()+".gz", packers[".gz"](string(b)), 0o644)
				}
				if err != nil || os.Chtimes(rotated()+".gz", old.ModTime(), old.ModTime()) != nil || os.Remove(rotated()) != nil {
					t.Error(err)
				}
			}
		}
		n++
		if err := os.Rename(path, rotated()); err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		appendTo(t, path, lines...)
	}
	return r
}

// patternRig are three logs, and more later.
func patternRig(t *testing.T) *rig {
	dir := t.TempDir()
	n := 0
	return &rig{
		options: func() SetOptions { return SetOptions{Paths: []string{filepath.Join(dir, "*.log")}} },
		write: func(lines ...string) {
			for _, line := range lines {
				n++
				appendTo(t, filepath.Join(dir, fmt.Sprintf("%d.log", n%3+n/1000)), line)
			}
		},
		lose: func() { empty(t, dir) },
		lost: func(s *Set) int64 { return (s.Stats().Gaps + 2) / 3 }, // one for each log
	}
}

// journalRig is a real journal, read by the real journalctl.
func journalRig(t *testing.T) *rig {
	dir := t.TempDir()
	n, begun := 0, time.Unix(1_795_000_000, 0)
	return &rig{
		options: func() SetOptions {
			return SetOptions{Others: []Other{JournalOf(JournalOptions{Directory: dir})}}
		},
		write: func(lines ...string) {
			var entries []journal.Entry
			for _, line := range lines {
				n++
				entries = append(entries, journal.Entry{Time: begun.Add(time.Duration(n) * time.Millisecond), Host: "mx", Program: "postfix/smtp", PID: n, Unit: "postfix@-.service", Text: line})
			}
			journal.Append(t, dir, "a.journal", 1, entries)
		},
		lose: func() { empty(t, dir) },
		lost: gapsOf,
	}
}
