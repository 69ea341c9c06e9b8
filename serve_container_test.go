package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/internal/container"
)

// TestServeContainer: serve reads a container's log that grows, in parts, is killed
// in the middle of lines, and shows what the report on the plain log says.
func TestServeContainer(t *testing.T) {
	text, err := os.ReadFile("testdata/logs/maillog_file.log")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(11, 12))
	rendered := container.CRI.Render(random, stamped(string(text)))
	p := newProcess(t)
	path := filepath.Join(p.dir, "0.log")
	const runs = 4
	for n := range runs {
		from, to := n*len(rendered)/runs, (n+1)*len(rendered)/runs
		p.must(appendTo(path, rendered[from:to]))
		p.serve(path)
		p.waitFor("postfix_exporter_source_lag_bytes 0")
		if n == runs-1 {
			break
		}
		time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
		p.end(os.Kill)
	}
	got, want := p.families(), reportOn(t, putOld(t, "mail.log", text))
	if got != want {
		t.Errorf("%s\n%s", firstDifference(got, want), p.stderr.String())
	}
	p.end(os.Interrupt)
}

func appendTo(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(text)
	return err
}

// serve starts the exporter on a file.
func (p *process) serve(path string) {
	p.Helper()
	p.cmd = exec.Command(p.binary, "--postfix.logfile_path="+path, "--postfix.showq_path=",
		"--state.file="+filepath.Join(filepath.Dir(p.binary), "state"), "--web.listen-address="+p.address)
	p.cmd.Stderr = &p.stderr
	p.must(p.cmd.Start())
	p.Cleanup(func() { _ = p.cmd.Process.Kill() })
}

// families are those of a scrape that come from the log, as a report has them.
func (p *process) families() string {
	p.Helper()
	answer, err := http.Get("http://" + p.address + "/metrics")
	p.must(err)
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	p.must(err)
	var b strings.Builder
	for line := range strings.Lines(string(all)) {
		name := strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE ")
		if strings.HasPrefix(name, "postfix_") && !strings.HasPrefix(name, "postfix_exporter_") {
			b.WriteString(line)
		}
	}
	return b.String()
}
