package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-kit/log"

	"postfix_exporter/source"
)

// listening is the exporter, receiving syslog, with its state in a directory.
func listening(t *testing.T, dir string, flags ...string) *process {
	p := newProcess(t)
	p.cmd = exec.Command(p.binary, append([]string{"--state.file=" + filepath.Join(dir, "state"), "--postfix.showq_path=", "--web.listen-address=" + p.address}, flags...)...)
	p.cmd.Stderr = &p.stderr
	p.must(p.cmd.Start())
	p.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// shows looks at the metrics until they match.
func (p *process) shows(expr string) (body string) {
	p.Helper()
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		_, body, _ = fetch(client, http.MethodGet, "http://"+p.address+"/metrics")
		if regexp.MustCompile("(?m)" + expr).MatchString(body) {
			return body
		}
	}
	p.Fatalf("no %s\n%s", expr, body)
	return ""
}

// TestSyslog sends one message each way.
func TestSyslog(t *testing.T) {
	udp, tcp := freePacketAddress(t), newProcess(t).address
	socket := filepath.Join(t.TempDir(), "log")
	p := listening(t, t.TempDir(), "--syslog.listen=udp://"+udp, "--syslog.listen=tcp://"+tcp, "--syslog.listen="+socket)
	p.shows(`^postfix_log_lines_total\{outcome="parsed"\} 0$`)
	const text = "postfix/smtpd[%d]: connect from client.example.com[192.0.2.7]"
	for i, to := range [][2]string{{"udp", udp}, {"tcp", tcp}, {"unixgram", socket}} {
		c, err := net.Dial(to[0], to[1])
		p.must(err)
		m := fmt.Sprintf("<22>Nov 21 03:55:40 "+text, i)
		if to[0] == "tcp" {
			m = fmt.Sprintf("%d %s", len(m), m)
		}
		_, err = io.WriteString(c, m)
		p.must(err)
		p.must(c.Close())
	}
	p.shows(`^postfix_smtpd_connections_total\{.*\} 3$`)
	p.end(syscall.SIGTERM)
	if !strings.Contains(p.stderr.String(), `msg="What was received" received=3 dropped=0`) {
		t.Error(p.stderr.String())
	}
}

func freePacketAddress(t *testing.T) string {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().String()
}

// TestSyslogEndsInOrder: what was sent before SIGTERM is in the state that is saved.
func TestSyslogEndsInOrder(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "log")
	dir := t.TempDir()
	p := listening(t, dir, "--syslog.listen="+socket)
	p.shows(`^postfix_log_lines_total\{outcome="parsed"\} 0$`)
	c, err := net.Dial("unixgram", socket)
	p.must(err)
	const sent = 5000
	for i := range sent {
		_, err := fmt.Fprintf(c, "<22>Nov 21 03:55:40 postfix/smtpd[%d]: connect from client.example.com[192.0.2.7]", i)
		p.must(err)
	}
	p.end(syscall.SIGTERM)
	if !strings.Contains(p.stderr.String(), fmt.Sprintf(`received=%d dropped=0`, sent)) {
		t.Error(p.stderr.String())
	}
	again := listening(t, dir, "--syslog.listen="+socket)
	again.shows(fmt.Sprintf(`^postfix_smtpd_connections_total\{.*\} %d$`, sent))
	again.end(syscall.SIGTERM)
}

// TestTellsLoss: when it begins, and then now and then.
func TestTellsLoss(t *testing.T) {
	var out bytes.Buffer
	var l toldLoss
	logger := log.NewLogfmtLogger(&out)
	now := time.Unix(1e9, 0)
	for i, step := range []struct {
		after   time.Duration
		dropped int64
		told    bool
	}{
		{0, 0, false}, {0, 5, true}, {0, 6, false}, {lostEvery - 1, 7, false}, {1, 7, true}, {lostEvery, 7, false}, {0, 8, true},
	} {
		now = now.Add(step.after)
		out.Reset()
		l.tell(source.Stats{KernelDropped: step.dropped}, now, logger)
		if told := strings.Contains(out.String(), fmt.Sprintf("dropped_by_kernel=%d", step.dropped)); told != step.told {
			t.Errorf("step %d: %q", i, out.String())
		}
	}
}
