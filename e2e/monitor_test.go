package e2e

// A real Prometheus and Alertmanager, with the rules and examples of alerts/, in
// which an hour passes in 36 seconds.

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"postfix_exporter/e2e/sink"
)

// monitor watches one exporter.
type monitor struct {
	t            *testing.T
	dir          string
	pages        *pages
	mail         *sink.Server // takes what goes by mail
	prometheus   string       // URLs
	alertmanager string
}

// builtTool is the path of a program that make builds; without it the test is skipped.
func builtTool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", ".cache", "bin", name))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Skipf("no %s: 'make observe-tools' builds it (%v)", name, err)
	}
	return path
}

// startMonitor starts both, to scrape the exporter at that address.
func startMonitor(t *testing.T, exporter string) *monitor {
	t.Helper()
	m := &monitor{t: t, dir: tempDir(t), pages: newPages(t)}
	l := listen(t, "127.0.0.1")
	m.mail = sink.Start(l, sink.Options{Name: "relay.example.net"})
	t.Cleanup(func() { m.mail.Close() })
	m.writeRules()
	alertmanager := "127.0.0.1:" + freePort(t, "127.0.0.1")
	m.alertmanager = m.start("alertmanager", alertmanager,
		"--config.file="+m.alertmanagerConf(l.Addr()), "--storage.path="+m.path("alertmanager"), "--cluster.listen-address=")
	m.prometheus = m.start("prometheus", "127.0.0.1:"+freePort(t, "127.0.0.1"),
		"--config.file="+m.prometheusConf(exporter, alertmanager), "--storage.tsdb.path="+m.path("prometheus"),
		"--rules.alert.resend-delay=1s", "--query.lookback-delta=5s")
	return m
}

func (m *monitor) path(name string) string { return filepath.Join(m.dir, name) }

// start starts a program that ends with the test, waits until it is ready, and is
// its URL.
func (m *monitor) start(name, addr string, args ...string) (url string) {
	m.t.Helper()
	var said output
	cmd := exec.Command(builtTool(m.t, name), append([]string{"--web.listen-address=" + addr, "--log.level=warn"}, args...)...)
	cmd.Dir = m.dir
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if m.t.Failed() {
			m.t.Logf("%s said:\n%s", name, said.String())
		}
	})
	await(m.t, name, func() bool {
		resp, err := http.Get("http://" + addr + "/-/ready")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return "http://" + addr
}

// get reads the JSON at a URL.
func (m *monitor) get(url string, to any) {
	m.t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(to); err != nil || resp.StatusCode != http.StatusOK {
		m.t.Fatalf("%s: %s: %v", url, resp.Status, err)
	}
}

// has says whether Prometheus has an answer to a query.
func (m *monitor) has(query string) bool {
	m.t.Helper()
	var answer struct{ Data struct{ Result []any } }
	m.get(m.prometheus+"/api/v1/query?query="+url.QueryEscape(query), &answer)
	return len(answer.Data.Result) > 0
}

// heldAlert is an alert as Alertmanager has it.
type heldAlert struct {
	Fingerprint string
	Labels      map[string]string
	EndsAt      time.Time
	Status      struct{ InhibitedBy []string }
}

// alerts are those that fire now, by name; where several have one, the last.
func (m *monitor) alerts() map[string]heldAlert {
	m.t.Helper()
	var all []heldAlert
	m.get(m.alertmanager+"/api/v2/alerts", &all)
	named := map[string]heldAlert{}
	for _, a := range all {
		if a.EndsAt.After(time.Now()) {
			named[a.Labels["alertname"]] = a
		}
	}
	return named
}

// silenced says whether one alert silences another now.
func (m *monitor) silenced(name, by string) bool {
	m.t.Helper()
	all := m.alerts()
	return all[by].Fingerprint != "" && slices.Contains(all[name].Status.InhibitedBy, all[by].Fingerprint)
}
