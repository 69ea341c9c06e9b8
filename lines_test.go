package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"postfix_exporter/source"
)

// TestTellsWhatLasts: a log that is missing from the start is told at once, one
// that was read only when it stays away.
func TestTellsWhatLasts(t *testing.T) {
	const missing, back = "The log can't be read now", "The log is read again"
	path := filepath.Join(t.TempDir(), "mail.log")
	follow, err := source.NewSet(source.SetOptions{Paths: []string{path}, Poll: true})
	if err != nil {
		t.Fatal(err)
	}
	defer follow.Close()
	var out strings.Builder
	l := newToldLines(follow, log.NewLogfmtLogger(&out))
	now := time.Unix(0, 0)
	for _, step := range []struct {
		what  string
		there bool
		after time.Duration
		want  string
	}{
		{"missing at the start", false, 0, missing},
		{"there", true, time.Second, back},
		{"gone for a moment", false, time.Second, ""},
		{"there again", true, time.Second, ""},
		{"gone", false, time.Second, ""},
		{"gone for long", false, awayTime, missing},
		{"still gone", false, awayTime, ""},
		{"back", true, time.Second, back},
	} {
		if step.there {
			err = os.WriteFile(path, []byte("a line\n"), 0o600)
		} else if err = os.Remove(path); os.IsNotExist(err) {
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			_, _, _ = l.Next()
		}
		now = now.Add(step.after)
		out.Reset()
		l.tell(now)
		l.tell(now) // tells nothing new
		if got := strings.Count(out.String(), "msg="); !strings.Contains(out.String(), step.want) || got > 1 || step.want == "" && got > 0 {
			t.Errorf("%s: told %q, want %q", step.what, out.String(), step.want)
		}
	}
}
