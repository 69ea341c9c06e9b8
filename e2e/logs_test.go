package e2e

// Makes testdata/logs: one run's messages in every format, with the truth, and
// testdata/sample.log.

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const logsDir = "../testdata/logs"

// realLogs are written by rsyslogd; converted ones have their messages in the
// envelopes of software that we don't run here.
var (
	realLogs  = []string{"rfc3164.log", "rfc3339.log", "rfc5424.log", "pda.log"}
	converted = map[string]func(stamp time.Time, message string) string{
		"maillog_file.log": postlogd,
		"cri.log":          cri,
		"docker.json.log":  docker,
	}
)

// TestUpdateLogs writes testdata anew with -update.
func TestUpdateLogs(t *testing.T) {
	if !*update {
		t.Skip("testdata is written with -update only")
	}
	needPostfix(t)
	binary := buildExporter(t)
	r := newRun(t, privateHost(t, hostNames()))
	r.play(1)
	r.truth.check(t, report(t, binary, r.log))
	if t.Failed() {
		t.Fatal("testdata is left as it was")
	}
	for _, name := range realLogs {
		put(t, filepath.Join(logsDir, name), r.anonymous(name))
	}
	lines := r.anonymous("rfc3339.log")
	for name, envelope := range converted {
		put(t, filepath.Join(logsDir, name), convert(t, lines, envelope))
	}
	text, err := json.MarshalIndent(r.truth, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(logsDir, "truth.json"), append(text, '\n'))
	put(t, filepath.Join(logsDir, "../sample.log"), sample(lines, 400))
}

func put(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// anonymous is a log without the directory of the run.
func (r *run) anonymous(name string) []byte {
	text, err := os.ReadFile(r.path(name))
	if err != nil {
		r.t.Fatal(err)
	}
	return bytes.ReplaceAll(text, []byte(r.dir), []byte("/srv/mx"))
}

// convert puts Postfix's messages of an RFC 3339 log into another envelope.
func convert(t *testing.T, lines []byte, envelope func(time.Time, string) string) []byte {
	t.Helper()
	var b bytes.Buffer
	for line := range bytes.Lines(lines) {
		stamp, rest, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
		at, err := time.Parse(time.RFC3339Nano, stamp)
		if err != nil {
			t.Fatal(err)
		}
		_, message, _ := strings.Cut(rest, " ")
		if strings.HasPrefix(message, "postfix") {
			b.WriteString(envelope(at.UTC(), message) + "\n")
		}
	}
	return b.Bytes()
}

// postlogd is the line of Postfix's own log file (util/msg_logger.c): the day has two digits.
func postlogd(at time.Time, message string) string {
	return at.Format("Jan 02 15:04:05") + " mx " + message
}

// cri is that line on the standard output of a container, as containerd logs it.
func cri(at time.Time, message string) string {
	return at.Format("2006-01-02T15:04:05.000000000Z07:00") + " stdout F " + postlogd(at, message)
}

// docker is the same from Docker's json-file driver, which escapes < and > as Go does.
func docker(at time.Time, message string) string {
	line, _ := json.Marshal(struct { // strings and a time: no error
		Log    string    `json:"log"`
		Stream string    `json:"stream"`
		Time   time.Time `json:"time"`
	}{postlogd(at, message) + "\n", "stdout", at})
	return string(line)
}

func TestEnvelopes(t *testing.T) {
	at := time.Date(2026, 11, 3, 3, 5, 40, 810_051_000, time.UTC)
	const message = "postfix/smtp[393]: 4C0FFEE123: to=<a@b.example>"
	for name, want := range map[string]string{
		"maillog_file.log": "Nov 03 03:05:40 mx " + message,
		"cri.log":          "2026-11-03T03:05:40.810051000Z stdout F Nov 03 03:05:40 mx " + message,
		"docker.json.log":  `{"log":"Nov 03 03:05:40 mx postfix/smtp[393]: 4C0FFEE123: to=\u003ca@b.example\u003e\n","stream":"stdout","time":"2026-11-03T03:05:40.810051Z"}`,
	} {
		if got := converted[name](at, message); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
