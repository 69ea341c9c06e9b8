package e2e

// The rules and examples of alerts/ for a test: our addresses, and short windows.

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/prometheus/common/model"
)

// timeFactor is what windows, waiting times and limits in seconds are multiplied by.
const timeFactor = 0.01

// example is a file of alerts/, with each old text replaced by the new one.
func (m *monitor) example(name string, pairs ...string) string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "alerts", name))
	if err != nil {
		m.t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(text), pairs[i]) {
			m.t.Fatalf("alerts/%s has no longer %q: the test can't put its own in", name, pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(string(text))
}

func (m *monitor) write(name, text string) string {
	m.t.Helper()
	path := m.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
	return path
}

// writeRules has the rules written as users do, with short windows. What a
// delivery takes does not shrink with them, so its limits stay what they are. For
// a baseline one hour of history is enough: six would be longer than the test.
func (m *monitor) writeRules() {
	m.t.Helper()
	m.write("project/alerts/thresholds.yaml", m.example("thresholds.yaml",
		"name: baseline_hours, value: 6,", "name: baseline_hours, value: 1,",
		"name: stage_slow, value: 60,", "name: stage_slow, value: 6000,",
		"name: queue_manager_slow, value: 300,", "name: queue_manager_slow, value: 30000,"))
	if err := os.Mkdir(m.path("rules"), 0o755); err != nil {
		m.t.Fatal(err)
	}
	cmd := exec.Command("go", "-C", "../tools/observe", "run", "-buildvcs=false", "./cmd/alerts", "-root", m.path("project"), "-out", m.path("rules"),
		"-factor", fmt.Sprint(timeFactor))
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatalf("writing the rules: %v\n%s", err, out)
	}
}

// prometheusConf scrapes the exporter each second.
func (m *monitor) prometheusConf(exporter, alertmanager string) string {
	m.t.Helper()
	return m.write("prometheus.yml", m.example("prometheus.yml",
		"scrape_interval: 30s", "scrape_interval: 1s",
		"scrape_timeout: 10s", "scrape_timeout: 1s",
		"evaluation_interval: 1m", "evaluation_interval: 1s",
		"mx1.example.com:9154", exporter,
		"127.0.0.1:9093", alertmanager))
}

var routeTimes = regexp.MustCompile(`((?:group_wait|group_interval|repeat_interval): )(\S+)`)

// alertmanagerConf has our addresses. Who gets mail is told by a webhook too.
func (m *monitor) alertmanagerConf(smarthost net.Addr) string {
	m.t.Helper()
	text := m.example("alertmanager.yml",
		"http://127.0.0.1:9911", m.pages.url,
		"smarthost: relay.example.net:587", "smarthost: "+smarthost.String()+"\n        require_tls: false",
		"        auth_username: alertmanager\n", "",
		"        auth_password_file: /etc/alertmanager/smtp-password\n", "",
		"    email_configs:\n", "    webhook_configs:\n      - url: "+m.pages.url+"/mail\n        send_resolved: true\n    email_configs:\n")
	return m.write("alertmanager.yml", routeTimes.ReplaceAllStringFunc(text, func(s string) string {
		found := routeTimes.FindStringSubmatch(s)
		d, err := model.ParseDuration(found[2])
		if err != nil {
			m.t.Fatalf("alertmanager.yml: %q: %v", s, err)
		}
		return found[1] + model.Duration(float64(d)*timeFactor).String()
	}))
}
