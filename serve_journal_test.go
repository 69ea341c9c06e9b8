package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/internal/journal"
)

// process is the exporter as one of its own, on a real journal.
type process struct {
	*testing.T
	binary, dir, address string
	cmd                  *exec.Cmd
	stderr               bytes.Buffer
}

func newProcess(t *testing.T) *process {
	p := &process{T: t, dir: t.TempDir()}
	self, err := os.Executable()
	p.must(err)
	p.binary = filepath.Join(t.TempDir(), program) // by that name it is the program, see TestMain
	p.must(os.Symlink(self, p.binary))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	p.must(err)
	p.address = listener.Addr().String()
	p.must(listener.Close())
	return p
}

func (p *process) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatalf("%v\n%s", err, p.stderr.String())
	}
}

func (p *process) start() {
	p.Helper()
	p.cmd = exec.Command(p.binary, "--systemd.enable", "--systemd.journal_path="+p.dir, "--systemd.unit=postfix@-",
		"--state.file="+filepath.Join(filepath.Dir(p.binary), "state"), "--web.listen-address="+p.address)
	p.cmd.Stderr = &p.stderr
	p.must(p.cmd.Start())
	p.Cleanup(func() { _ = p.cmd.Process.Kill() })
}

func (p *process) end(how os.Signal) {
	p.must(p.cmd.Process.Signal(how))
	_ = p.cmd.Wait()
}

// waitFor waits until a scrape has the line.
func (p *process) waitFor(want string) {
	p.Helper()
	got := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get("http://" + p.address + "/metrics")
		if err != nil {
			continue
		}
		b, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if got = string(b); strings.Contains(got, "\n"+want+"\n") {
			return
		}
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.Fatalf("no %s\n%.2000s\n%s", want, got, p.stderr.String())
}

// TestServeJournal: what is counted goes on over kill -9, and entries that come
// while the exporter is away are counted once.
func TestServeJournal(t *testing.T) {
	p := newProcess(t)
	first := time.Now().Add(-time.Hour)
	sent := 0
	send := func(n int) {
		var entries []journal.Entry
		for range n {
			sent++
			entries = append(entries, journal.Entry{Time: first.Add(time.Duration(sent) * time.Second), Host: "mx", Program: "postfix/smtp", PID: 9, Unit: "postfix@-.service",
				Text: fmt.Sprintf("%010X: to=<ann@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)", sent)})
		}
		entries = append(entries, journal.Entry{Time: first.Add(time.Duration(sent) * time.Second), Host: "mx", Program: "postfix/smtp", PID: 9, Unit: "cron.service", Text: "forged"})
		journal.Append(t, p.dir, "a.journal", 1, entries)
	}
	counted := func() string { return fmt.Sprintf(`postfix_log_lines_total{outcome="parsed"} %d`, sent) }
	send(100)
	p.start()
	p.waitFor(counted())
	send(10)
	p.waitFor(counted())
	for _, how := range []os.Signal{os.Kill, os.Interrupt, os.Kill} {
		p.end(how)
		send(20)
		p.start()
		p.waitFor(counted())
		send(5)
		p.waitFor(counted())
		p.waitFor("postfix_exporter_log_gaps_total 0")
	}
	p.end(os.Interrupt)
	if said := p.stderr.String(); strings.Count(said, "Going on where the last run stopped") != 3 || strings.Contains(said, "level=warn") {
		t.Error(said)
	}
}
