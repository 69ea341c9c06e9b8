package source

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Each case is in the right order.
func TestOldestFirst(t *testing.T) {
	for name, ordered := range map[string]string{
		"numbers":          "mail.log.10.gz mail.log.9.gz mail.log.2.gz mail.log.1 mail.log",
		"numbers from 0":   "maillog.11 maillog.2 maillog.1 maillog.0 maillog",
		"zeros before":     "mail.log.010 mail.log.09 mail.log.1 mail.log",
		"dates":            "mail.log-20251231.gz mail.log-20260101.gz mail.log-20260102 mail.log",
		"dates with lines": "mail.log-2025-12-31 mail.log-2026-01-01 mail.log",
		"hours":            "mail.log-2026010109 mail.log-2026010110.gz mail.log-2026010111 mail.log",
		"newsyslog's":      "maillog.20251231T000000 maillog.20260101T000000 maillog",
		"seconds":          "mail.log-1767225600 mail.log-1767312000 mail.log",
		"both":             "mail.log.2 mail.log.1 mail.log-20260101 mail.log",
		"packed first":     "mail.log.1.gz mail.log.1 mail.log.gz mail.log",
		"in a directory":   "/a.1/mail.log.2 /a.1/mail.log.1 /a.1/mail.log",
		"any packing":      "mail.log.9.bz2 mail.log.3.zst mail.log.2.xz mail.log.1.gz mail.log",
		"no live one":      "mail.log.3 mail.log.2",
	} {
		want := strings.Fields(ordered)
		for range 20 {
			got := slices.Clone(want)
			rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
			given := slices.Clone(got)
			if oldestFirst(got); !slices.Equal(got, want) {
				t.Errorf("%s: %v was sorted to %v", name, given, got)
			}
		}
	}
}

// Different logs stay as they were given.
func TestOldestFirstKeepsLogs(t *testing.T) {
	for given, want := range map[string]string{
		"b a c":                                 "b a c",
		"b.log b.log.1 a.log a.log.1":           "b.log.1 b.log a.log.1 a.log",
		"b.log a.log b.log.1":                   "b.log.1 b.log a.log",
		"mail.log mail.err.1 -":                 "mail.log mail.err.1 -",
		"x/mail.log.1 y/mail.log.2":             "x/mail.log.1 y/mail.log.2",
		"2026 2025":                             "2026 2025",
		"-20260102 -20260101":                   "-20260102 -20260101",
		"mail.log2 mail.log1":                   "mail.log2 mail.log1",
		"mail.log.old mail.log":                 "mail.log.old mail.log",
		"mail.log.1.lz4 mail.log.2.lz4":         "mail.log.1.lz4 mail.log.2.lz4",
		"./mail.log mail.log.1 d/../mail.log.2": "d/../mail.log.2 mail.log.1 ./mail.log",
		"":                                      "",
	} {
		got := strings.Fields(given)
		if oldestFirst(got); strings.Join(got, " ") != want {
			t.Errorf("%q was sorted to %q, not %q", given, got, want)
		}
	}
}
