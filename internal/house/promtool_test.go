package house

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/internal/mklog/traffic"
)

// A whole scrape of the real binary, over a log that moves every family, passes
// promtool check metrics; also with --label.host.
func TestPromtool(t *testing.T) {
	promtool := findPromtool(t)
	scrape := scrapeExporter(t, "--label.host")
	if complaints := check(promtool, scrape); complaints != "" || !bytes.Contains(scrape, []byte(`host="mx1"`)) {
		t.Errorf("promtool check metrics, with --label.host:\n%s", complaints)
	}
	scrape = scrapeExporter(t)
	if n := bytes.Count(scrape, []byte("# TYPE postfix_")); n < 20 {
		t.Fatalf("only %d families in the scrape", n)
	}
	if complaints := check(promtool, scrape); complaints != "" {
		t.Errorf("promtool check metrics:\n%s", complaints)
	}
	bad := append([]byte("# TYPE postfix_mails counter\npostfix_mails 1\n"), scrape...)
	if complaints := check(promtool, bad); !strings.Contains(complaints, "postfix_mails") {
		t.Errorf("promtool takes a counter without _total: %q", complaints)
	}
}

func findPromtool(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("promtool"); err == nil {
		return path
	}
	path, err := filepath.Abs("../../.cache/bin/promtool")
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Skip("no promtool: 'make deps' installs it")
	}
	return path
}

// check is what promtool complains of.
func check(promtool string, scrape []byte) string {
	cmd := exec.Command(promtool, "check", "metrics")
	cmd.Stdin = bytes.NewReader(scrape)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		return err.Error()
	}
	return strings.TrimSpace(string(out))
}

// scrapeExporter builds the exporter, lets it read a made-up log and scrapes it.
func scrapeExporter(t *testing.T, flags ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	binary, log := filepath.Join(dir, "postfix_exporter"), filepath.Join(dir, "mail.log")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, Module).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	writeLog(t, log)

	address := freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := exec.CommandContext(ctx, binary, append(flags, "--web.listen-address="+address, "--postfix.logfile_path="+log, "--state.file=",
		"--postfix.showq_path="+serveQueue(t, dir))...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer stop()

	// Until it has caught up, it answers 503.
	for range 300 {
		if scrape, ok := get("http://" + address + "/metrics"); ok && bytes.Contains(scrape, []byte("\npostfix_up 1\n")) {
			return scrape
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("no scrape within 30 seconds: %s", stderr.String())
	return nil
}

// serveQueue lists a queue as Postfix does, and is the socket's path.
func serveQueue(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadFile("../../showq/testdata/postfix-3.7.showq")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "showq")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write(list)
			c.Close()
		}
	}()
	return socket
}

func writeLog(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := traffic.New(traffic.Options{Rate: 5}).Write(f, 50_000); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func get(url string) ([]byte, bool) {
	client := http.Client{Timeout: 5 * time.Second}
	r, err := client.Get(url)
	if err != nil {
		return nil, false
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return body, err == nil && r.StatusCode == http.StatusOK
}
