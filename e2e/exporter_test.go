package e2e

// The exporter under test: built as it is shipped, run as it is run.

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// buildExporter builds the binary and is its path.
func buildExporter(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "postfix_exporter")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".")
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// report is what the report on a log says.
func report(t *testing.T, binary, log string, flags ...string) metrics {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(binary, append([]string{"report", "--format=prometheus", log}, flags...)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("report %s: %v\n%s", log, err, stderr.Bytes())
	}
	return parseMetrics(t, &stdout)
}

// server is the exporter, following a log.
type server struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	took   time.Duration // of the last scrape
	stderr output
}

// output is what a program writes, to be read while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// serve starts the exporter on a log that need not exist yet. It keeps no state.
func serve(t *testing.T, binary, log string) *server {
	t.Helper()
	return serveWith(t, binary, log, "")
}

// serveWith is serve with a state file ("": none) and more flags.
func serveWith(t *testing.T, binary, log, state string, flags ...string) *server {
	t.Helper()
	return startExporter(t, binary, append([]string{"--postfix.logfile_path=" + log, "--state.file=" + state}, flags...)...)
}

// startExporter starts it. The queue of a Postfix of this host is of no interest.
func startExporter(t *testing.T, binary string, flags ...string) *server {
	t.Helper()
	return launch(t, exec.Command(binary), append([]string{"--postfix.showq_path="}, flags...)...)
}

// launch starts the exporter, at a free port.
func launch(t *testing.T, cmd *exec.Cmd, flags ...string) *server {
	t.Helper()
	return launchAt(t, cmd, net.JoinHostPort("127.0.0.1", freePort(t, "127.0.0.1")), flags...)
}

// launchAt starts it at an address.
func launchAt(t *testing.T, cmd *exec.Cmd, addr string, flags ...string) *server {
	t.Helper()
	s := &server{t: t, cmd: cmd, url: "http://" + addr + "/metrics"}
	s.cmd.Args = append(append(s.cmd.Args, "--web.listen-address="+addr), flags...)
	s.cmd.Stderr = &s.stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill()
			s.cmd.Wait()
		}
	})
	return s
}

// scrape is nil while there is nothing to see.
func (s *server) scrape() metrics {
	s.t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	begun := time.Now()
	resp, err := client.Get(s.url)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	s.took = time.Since(begun)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil
	}
	return parseMetrics(s.t, bytes.NewReader(text))
}

// list reads one of the exporter's lists, as JSON.
func (s *server) list(path string, all any) {
	s.t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get(strings.TrimSuffix(s.url, "/metrics") + path + "?format=json")
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", path, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(all); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
}

// after waits until that many lines were read, and is the scrape then.
func (s *server) after(lines int) (m metrics) {
	s.t.Helper()
	var got float64
	defer func() {
		if s.t.Failed() {
			s.t.Logf("%v of %d lines were read; the exporter said:\n%s", got, lines, s.stderr.String())
		}
	}()
	await(s.t, "the exporter to read all", func() bool {
		m = s.scrape()
		got, _ = m.sum(logLines)
		return int(got) >= lines
	})
	return m
}

// stop ends the exporter, which must be clean.
func (s *server) stop() {
	s.t.Helper()
	s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(30*time.Second, func() { s.cmd.Process.Kill() })
	defer kill.Stop()
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("the exporter ended with %v:\n%s", err, s.stderr.String())
	}
}
