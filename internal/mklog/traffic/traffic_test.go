package traffic

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

const testLines = 60_000

// log is a made-up log, line by line.
func log(t *testing.T, o Options) []string {
	t.Helper()
	var b bytes.Buffer
	n, err := New(o).Write(&b, testLines)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("Write = %d, %v; wrote %d bytes", n, err, b.Len())
	}
	lines := strings.SplitAfter(b.String(), "\n")
	if len(lines) != testLines+1 || lines[testLines] != "" {
		t.Fatalf("%d lines, want %d", len(lines)-1, testLines)
	}
	return lines[:testLines]
}

func TestSameSeedSameLog(t *testing.T) {
	one, again, other := log(t, Options{Seed: 1}), log(t, Options{Seed: 1}), log(t, Options{Seed: 2})
	if strings.Join(one, "") != strings.Join(again, "") {
		t.Error("one seed made two logs")
	}
	if strings.Join(one, "") == strings.Join(other, "") {
		t.Error("two seeds made one log")
	}
}

func TestFormats(t *testing.T) {
	for format, pattern := range map[Format]string{
		RFC3164: `^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d mx1 [a-z0-9/-]+(\[\d+\])?: \S`,
		RFC3339: `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 mx1 [a-z0-9/-]+(\[\d+\])?: \S`,
		RFC5424: `^<(22|20|18)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 mx1 [a-z]+ (\d+|-) - -  \S`,
	} {
		want := regexp.MustCompile(pattern)
		for i, line := range log(t, Options{Format: format}) {
			if !want.MatchString(line) {
				t.Errorf("%v, line %d: %q", format, i+1, line)
				break
			}
		}
	}
}

func TestFormatNames(t *testing.T) {
	for f := range Format(len(formatNames)) {
		var got Format
		if err := got.Set(f.String()); err != nil || got != f {
			t.Errorf("Set(%q): %v, %v", f, got, err)
		}
	}
	if err := new(Format).Set("rfc822"); err == nil {
		t.Error("rfc822 was taken")
	}
}

func TestTimeNeverGoesBack(t *testing.T) {
	g := New(Options{Rate: 50})
	var line []byte
	var first, last time.Time
	for i := range testLines {
		var at time.Time
		line, at = g.AppendLine(line[:0])
		if at.Before(last) {
			t.Fatalf("line %d is of %v, the one before of %v", i+1, at, last)
		}
		if last = at; i == 0 {
			first = at
		}
	}
	rate := testLines / last.Sub(first).Seconds()
	if rate < 35 || rate > 65 {
		t.Errorf("%.1f lines a second, want about 50", rate)
	}
}

var (
	short = regexp.MustCompile(`: ([0-9A-F]{10}): (.*)`)
	long  = regexp.MustCompile(`: ([0-9BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz]{10}z[0-9BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy]+): (.*)`)
)

// Each message begins, and after its end its id is not seen again.
func TestLivesOfMessages(t *testing.T) {
	for _, o := range []Options{{}, {LongIDs: true}} {
		pattern := short
		if o.LongIDs {
			pattern = long
		}
		alive, ended := map[string]bool{}, map[string]bool{}
		for i, line := range log(t, o) {
			m := pattern.FindStringSubmatch(line)
			if m == nil || !strings.Contains(line, " postfix/") {
				continue
			}
			id, text := m[1], m[2]
			begins := strings.HasPrefix(text, "client=") || strings.HasPrefix(text, "uid=")
			switch {
			case ended[id]:
				t.Fatalf("line %d, id was used before: %s", i+1, line)
			case !alive[id] && !begins && !strings.HasPrefix(text, "message-id="):
				t.Fatalf("line %d, message did not begin: %s", i+1, line)
			case alive[id] && begins:
				t.Fatalf("line %d, message begins twice: %s", i+1, line)
			}
			alive[id] = true
			if text == "removed" {
				delete(alive, id)
				ended[id] = true
			}
		}
		if len(ended) < testLines/20 {
			t.Errorf("%+v: only %d messages ended", o, len(ended))
		}
	}
}

// A process has one client at a time, and takes leave of it.
func TestSessions(t *testing.T) {
	pattern := regexp.MustCompile(`(postfix\S*/smtpd\[\d+\]): (connect|disconnect) from (\S+)`)
	client := map[string]string{}
	sessions := 0
	for i, line := range log(t, Options{}) {
		m := pattern.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		process, what, who := m[1], m[2], m[3]
		if want := client[process]; what == "connect" && want != "" || what == "disconnect" && want != who {
			t.Fatalf("line %d, after client %q: %s", i+1, want, line)
		}
		client[process] = who
		if what == "disconnect" {
			client[process] = ""
			sessions++
		}
	}
	if sessions < testLines/20 {
		t.Errorf("only %d sessions", sessions)
	}
}

// What a log of this length must have some of.
func TestProportions(t *testing.T) {
	lines := log(t, Options{Rate: 10}) // slow, so that messages expire before its end
	all := strings.Join(lines, "")
	if n := len(all) / len(lines); n < 140 || n > 220 {
		t.Errorf("a line has %d bytes on the average", n)
	}
	for _, c := range []struct {
		what     string
		min, max float64 // in 1,000 lines
	}{
		{": removed\n", 60, 130},
		{"status=sent (", 80, 200},
		{"status=deferred (", 5, 25},
		{"status=bounced (", 2, 10},
		{"status=expired, returned to sender\n", 0.2, 3},
		{"sender non-delivery notification: ", 2, 12},
		{"NOQUEUE: reject: ", 10, 40},
		{"milter-reject: ", 0.3, 5},
		{"SASL ", 3, 20},
		{": PASS OLD ", 2, 15},
		{": PREGREET ", 1, 5},
		{": statistics: ", 1, 10},
		{": warning: ", 5, 30},
		{" TLS connection established ", 80, 250},
		{", orig_to=<", 1, 10},
		{", conn_use=", 2, 15},
	} {
		n := float64(strings.Count(all, c.what)) / float64(len(lines)) * 1000
		if n < c.min || n > c.max {
			t.Errorf("%.1f in 1,000 lines have %q, want %g to %g", n, c.what, c.min, c.max)
		}
	}
	foreign := 0
	for _, line := range lines {
		if !strings.Contains(line, " postfix/") {
			foreign++
		}
	}
	if n := float64(foreign) / float64(len(lines)); n < 0.01 || n > 0.02 {
		t.Errorf("%.1f %% of the lines are other programs', want 1 to 2 %%", 100*n)
	}
	if strings.Contains(all, "%!") || strings.ContainsRune(all, 0) {
		t.Error("a sentence was not filled in")
	}
}

func TestSeconds(t *testing.T) {
	for micro, want := range map[int64]string{
		0: "0", 4_000: "0", 5_000: "0.01", 57_000: "0.06", 100_000: "0.1", 994_000: "0.99",
		999_000: "1", 1_260_000: "1.3", 9_960_000: "10", 15_400_000: "15", 171_000_000: "171",
	} {
		if got := string(appendSeconds(nil, micro)); got != want {
			t.Errorf("%d us: %s, want %s", micro, got, want)
		}
	}
}

func BenchmarkGenerator(b *testing.B) {
	for f := range Format(len(formatNames)) {
		b.Run(fmt.Sprint(f), func(b *testing.B) {
			n, err := New(Options{Format: f}).Write(io.Discard, b.N)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(n / int64(b.N))
		})
	}
}
