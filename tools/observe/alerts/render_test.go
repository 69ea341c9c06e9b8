package alerts

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"postfix_exporter/tools/observe/thresholds"
)

// What stands in the project is what the generator writes.
func TestFresh(t *testing.T) {
	set := load(t)
	made, err := Render(set, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		if !bytes.Equal(read(t, "alerts", name), want) {
			t.Errorf("alerts/%s is stale: run 'make alerts'", name)
		}
	}
	page := read(t, "docs", "RUNBOOKS.md")
	if want, err := WithTable(page, set); err != nil || !bytes.Equal(page, want) {
		t.Errorf("the thresholds in docs/RUNBOOKS.md are stale: run 'make alerts' (%v)", err)
	}
}

// Each threshold is used, and no template has a number of its own beside a metric.
func TestThresholdsAreUsed(t *testing.T) {
	var all strings.Builder
	for _, name := range files {
		text, err := templates.ReadFile("templates/" + name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		for _, found := range regexp.MustCompile(`(?m)[<>]=? *([1-9][0-9.]*|0\.[0-9]+).*$`).FindAllString(string(text), -1) {
			if !strings.HasPrefix(found, ">= 1)") && !strings.HasPrefix(found, ">= 1))") { // of the texts: what is not none
				t.Errorf("%s: %q: the number belongs into thresholds.yaml", name, found)
			}
		}
	}
	for _, th := range load(t).All {
		if th.Name != "baseline_hours" && !strings.Contains(all.String(), `t "`+th.Name+`"`) {
			t.Errorf("threshold %s is not used", th.Name)
		}
	}
}

// A factor shrinks windows, waiting times and thresholds in seconds, not counts.
func TestFactor(t *testing.T) {
	made, err := Render(load(t), 1./60)
	if err != nil {
		t.Fatal(err)
	}
	text := string(made["bounces.yaml"]) + string(made["flow.yaml"])
	for _, want := range []string{"interval: 1s", "[30s]", "for: 5s", "[24m:1m] offset 1m", "> 15\n", ">= 20"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the rules in which an hour is a minute", want)
		}
	}
	for _, factor := range []float64{0, -1, 2} {
		if _, err := Render(load(t), factor); err == nil {
			t.Errorf("factor %g is taken", factor)
		}
	}
	if _, err := Render(load(t), 1e-9); err == nil {
		t.Error("windows of nanoseconds are taken")
	}
}

// The links and labels of thresholds.yaml go into all rules.
func TestSettings(t *testing.T) {
	set := load(t)
	set.Labels = []string{"job", "instance", "cluster"}
	set.Job, set.Links.Runbooks = "mail", "https://wiki.example.org/mail"
	made, err := Render(set, 1)
	if err != nil {
		t.Fatal(err)
	}
	bounces := string(made["bounces.yaml"])
	for _, want := range []string{"by (job, instance, cluster, provider)", "https://wiki.example.org/mail#bouncespike", `{job=%q,instance=%q,cluster=%q}`} {
		if !strings.Contains(bounces, want) {
			t.Errorf("no %q", want)
		}
	}
	if !strings.Contains(string(made["exporter.yaml"]), `up{job="mail"}`) {
		t.Error("the job is another")
	}
}

func TestMissingThreshold(t *testing.T) {
	set := load(t)
	set.All = []thresholds.Threshold{set.All[0], set.All[1]}
	if _, err := Render(set, 1); err == nil || !strings.Contains(err.Error(), "no threshold") {
		t.Errorf("got %v", err)
	}
	if _, err := WithTable([]byte("# Runbooks\n"), set); err == nil {
		t.Error("a page without a place for the table is taken")
	}
}
