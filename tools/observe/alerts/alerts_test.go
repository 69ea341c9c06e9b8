package alerts

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Each alert says how grave it is, what it means and where to read on.
func TestAlerts(t *testing.T) {
	var names []string
	for _, file := range files {
		for _, r := range rules(t, file) {
			if r.Alert == "" {
				continue
			}
			names = append(names, r.Alert)
			if !slices.Contains([]string{"critical", "warning", "info", "none"}, r.Labels["severity"]) {
				t.Errorf("%s: severity %q", r.Alert, r.Labels["severity"])
			}
			for _, a := range []string{"summary", "description", "runbook_url", "dashboard_url"} {
				if r.Annotations[a] == "" {
					t.Errorf("%s has no %s", r.Alert, a)
				}
			}
			if strings.Contains(r.Annotations["summary"], "{{") {
				t.Errorf("%s: the summary is the heading of a group, and so is the same for all", r.Alert)
			}
			if !strings.HasSuffix(r.Annotations["runbook_url"], "#"+strings.ToLower(r.Alert)) {
				t.Errorf("%s: its runbook is another's: %s", r.Alert, r.Annotations["runbook_url"])
			}
		}
	}
	checkRunbooks(t, names)
}

// checkRunbooks: one section an alert, with all parts, and none too many.
func checkRunbooks(t *testing.T, names []string) {
	t.Helper()
	text, _, _ := strings.Cut(string(read(t, "docs", "RUNBOOKS.md")), tableBegins)
	for _, section := range strings.Split(text, "\n### ")[1:] {
		name, body, _ := strings.Cut(section, "\n")
		i := slices.Index(names, name)
		if i < 0 {
			t.Errorf("docs/RUNBOOKS.md has a section %q, which is no alert, or twice", name)
			continue
		}
		names = slices.Delete(names, i, i+1)
		for _, part := range []string{"\n**Meaning.** ", "\n**Impact.** ", "\n**Diagnosis.**", "\n**Mitigation.** "} {
			if strings.Count(body, part) != 1 {
				t.Errorf("docs/RUNBOOKS.md: %s has not one %q", name, part)
			}
		}
	}
	if len(names) > 0 {
		t.Errorf("docs/RUNBOOKS.md has no section for %v, or an alert's name is there twice", names)
	}
}

// Each alert has a test in which it fires, with all its texts, and one in which it is quiet.
func TestEachAlertIsTested(t *testing.T) {
	for _, file := range files {
		fires, quiet := map[string]bool{}, map[string]bool{}
		if file != "fleet.yaml" {
			for _, test := range unitTests(t, file).Tests {
				for _, a := range test.Alerts {
					fires[a.Name] = fires[a.Name] || len(a.Expected) > 0
					quiet[a.Name] = quiet[a.Name] || len(a.Expected) == 0
				}
			}
		}
		for _, r := range rules(t, file) {
			if r.Alert != "" && (!fires[r.Alert] || !quiet[r.Alert] && r.Alert != "Watchdog") {
				t.Errorf("%s: it is tested firing: %v, quiet: %v", r.Alert, fires[r.Alert], quiet[r.Alert])
			}
		}
	}
}

// unitTest is as much of promtool's file of tests as is needed here.
type unitTest struct {
	RuleFiles []string `yaml:"rule_files"`
	Interval  string   `yaml:"evaluation_interval"`
	Tests     []struct {
		Name     string `yaml:"name"`
		Interval string `yaml:"interval"`
		Series   []any  `yaml:"input_series"`
		Alerts   []struct {
			Name     string `yaml:"alertname"`
			Time     string `yaml:"eval_time"`
			Expected []any  `yaml:"exp_alerts,omitempty"`
		} `yaml:"alert_rule_test,omitempty"`
		Exprs []struct {
			Expr     string   `yaml:"expr"`
			Time     string   `yaml:"eval_time"`
			Expected []sample `yaml:"exp_samples"`
		} `yaml:"promql_expr_test,omitempty"`
	} `yaml:"tests"`
}

type sample struct {
	Labels string  `yaml:"labels"`
	Value  float64 `yaml:"value"`
}

func unitTests(t *testing.T, file string) unitTest {
	t.Helper()
	var u unitTest
	if err := yaml.Unmarshal(read(t, "alerts", "tests", file), &u); err != nil {
		t.Fatal(err)
	}
	for _, test := range u.Tests {
		if !regexp.MustCompile(`^[A-Z][A-Za-z]+[ ,]`).MatchString(test.Name) {
			t.Errorf("%s: test %q: its name begins with that of its alert", file, test.Name)
		}
	}
	return u
}
