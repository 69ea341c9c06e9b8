package alerts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// promtools are that of now, and Debian's of 2023: rules must do with both.
var promtools = []string{"promtool", "promtool3"}

// output runs a program in the project and returns what it said.
func output(t *testing.T, dir, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(program(t, name), args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func paths(prefix string) []string {
	var all []string
	for _, f := range files {
		all = append(all, prefix+f)
	}
	return all
}

// Each promtool takes the rules, and their tests pass.
func TestPromtool(t *testing.T) {
	for _, promtool := range promtools {
		t.Run(promtool, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(root, "alerts")
			if out, err := output(t, dir, promtool, append([]string{"check", "rules"}, files...)...); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if out, err := output(t, dir, promtool, append([]string{"test", "rules"}, paths("tests/")...)...); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// The rules with other windows are rules too.
func TestShortWindows(t *testing.T) {
	made, err := Render(load(t), 0.005)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range made {
		write(t, text, dir, name)
	}
	for _, promtool := range promtools {
		if out, err := output(t, dir, promtool, append([]string{"check", "rules"}, files...)...); err != nil {
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}

// pint finds nothing, not even something to think of.
func TestPint(t *testing.T) {
	args := append([]string{"--no-color", "-c", "alerts/pint.hcl", "--offline", "lint", "--fail-on=info", "--min-severity=info"}, paths("alerts/")...)
	if out, err := output(t, root, "pint", args...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The example of a Prometheus is sound, with the rules where it looks for them.
func TestPrometheusExample(t *testing.T) {
	dir := t.TempDir()
	write(t, read(t, "alerts", "prometheus.yml"), dir, "prometheus.yml")
	write(t, []byte(`[{"targets": ["mx1.example.com", "mx2.example.com"], "labels": {"datacenter": "ams"}}]`), dir, "targets", "postfix-1.json")
	for _, f := range files {
		write(t, read(t, "alerts", f), dir, "rules", f)
	}
	for _, promtool := range promtools {
		out, err := output(t, dir, promtool, "check", "config", "prometheus.yml")
		if err != nil || strings.Contains(out, "WARNING") || strings.Count(out, "rules found") != len(files) {
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}

func write(t *testing.T, text []byte, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The example of an Alertmanager is sound, and sends each alert where its severity says.
func TestRoutes(t *testing.T) {
	dir := filepath.Join(root, "alerts")
	if out, err := output(t, dir, "amtool", "check-config", "alertmanager.yml"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for severity, want := range map[string]string{"critical": "pager", "warning": "mail", "info": "digest", "none": "mail"} {
		route(t, want, "alertname=BounceSpike", "severity="+severity, "job=postfix", "instance=mx1:9154")
	}
	route(t, "heartbeat", "alertname=Watchdog", "severity=none")
}

func route(t *testing.T, want string, labels ...string) {
	t.Helper()
	args := append([]string{"config", "routes", "test", "--config.file=alertmanager.yml", "--verify.receivers=" + want}, labels...)
	if out, err := output(t, filepath.Join(root, "alerts"), "amtool", args...); err != nil {
		t.Errorf("%v: %v\n%s", labels, err, out)
	}
}

// The alerts that routes and inhibitions name are there.
func TestAlertmanagerNames(t *testing.T) {
	var known []string
	for _, file := range files {
		for _, r := range rules(t, file) {
			known = append(known, r.Alert)
		}
	}
	found := regexp.MustCompile(`alertname!?=~?"([^"]*)"`).FindAllStringSubmatch(string(read(t, "alerts", "alertmanager.yml")), -1)
	if len(found) < 8 {
		t.Errorf("only %d names", len(found))
	}
	for _, m := range found {
		for _, name := range strings.Split(m[1], "|") {
			if !slices.Contains(known, name) {
				t.Errorf("alertmanager.yml names %s, which is no alert", name)
			}
		}
	}
}
