package e2e

// The same mail of a real Postfix, by each way in which its log can come.

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"postfix_exporter/internal/journal"
)

// sendEverywhere has rsyslogd send what it writes to its files to a socket and a FIFO
// as well.
const sendEverywhere = `module(load="omuxsock")
template(name="forward" type="string" string="<%PRI%>%TIMESTAMP:::date-rfc3339% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%")
$OMUxSockSocket DIR/exporter
if prifilt("*.*") then :omuxsock:;forward
action(type="ompipe" pipe="DIR/fifo" template="RSYSLOG_FileFormat")
`

// TestEverySource: a file, a Unix socket for syslog, a FIFO and a journal give the
// same numbers, and these are true.
func TestEverySource(t *testing.T) {
	needPostfix(t)
	binary := buildExporter(t)
	r := newRun(t, newPrivateHost(t, hostNames(), "", rsyslogConf+sendEverywhere))
	if err := syscall.Mkfifo(r.path("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	servers := map[string]*server{
		"file":   serve(t, binary, r.log),
		"socket": receive(t, binary, r.path("exporter")),
		"fifo":   serve(t, binary, r.path("fifo")),
	}
	r.play(10)
	lines, want := countLines(t, r.log), report(t, binary, r.log)
	check := func(t *testing.T, s *server) {
		s.t = t
		got := s.after(lines)
		s.stop()
		r.truth.check(t, got)
		sameLog(t, got, want)
	}
	for name, s := range servers {
		t.Run(name, func(t *testing.T) { check(t, s) })
	}
	t.Run("journal", func(t *testing.T) { check(t, readJournal(t, binary, r.log)) })
}

// readJournal starts the exporter on a journal that has the lines of a log.
func readJournal(t *testing.T, binary, log string) *server {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var entries []journal.Entry
	for line := range strings.Lines(string(text)) {
		e, ok := journal.Parse(strings.TrimSuffix(line, "\n"), 0)
		if !ok {
			t.Fatalf("not a line of a log: %s", line)
		}
		entries = append(entries, e)
	}
	dir := t.TempDir()
	journal.Append(t, dir, "system.journal", 1, entries)
	return startExporter(t, binary, "--systemd.enable", "--systemd.journal_path="+dir, "--state.file=")
}
