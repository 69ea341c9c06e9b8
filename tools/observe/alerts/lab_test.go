package alerts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// lab runs the tests of one alert on variants of it, with the records that it
// needs and nothing else.
type lab struct {
	dir, promtool string
	before        []Rule
}

func newLab(t *testing.T, promtool, file string, all []Rule, at int) *lab {
	t.Helper()
	l := &lab{dir: t.TempDir(), promtool: promtool, before: needed(t, all, at)}
	u := unitTests(t, file)
	u.RuleFiles = []string{"rules.yaml"}
	mine := u.Tests[:0]
	for _, test := range u.Tests {
		if strings.TrimRight(strings.Fields(test.Name)[0], ",") != all[at].Alert {
			continue
		}
		asked := test.Alerts[:0]
		for _, a := range test.Alerts {
			if a.Name == all[at].Alert {
				asked = append(asked, a)
			}
		}
		test.Alerts = asked
		for i := range test.Exprs {
			test.Exprs[i].Expected = ofAlert(test.Exprs[i].Expected, all[at].Alert)
		}
		mine = append(mine, test)
	}
	u.Tests = mine
	l.write(t, "tests.yaml", u)
	return l
}

func ofAlert(all []sample, alert string) []sample {
	kept := []sample{}
	for _, s := range all {
		if strings.Contains(s.Labels, `"`+alert+`"`) {
			kept = append(kept, s)
		}
	}
	return kept
}

// needed are the records that a rule and its texts read, and those that these read.
func needed(t *testing.T, all []Rule, at int) []Rule {
	t.Helper()
	texts := all[at].Expr + strings.Join(queries(t, all[at]), " ")
	var kept []Rule
	for i := at - 1; i >= 0; i-- {
		if all[i].Record != "" && strings.Contains(texts, all[i].Record) {
			kept = append([]Rule{all[i]}, kept...)
			texts += all[i].Expr
		}
	}
	return kept
}

func (l *lab) write(t *testing.T, name string, what any) {
	t.Helper()
	text, err := yaml.Marshal(what)
	if err == nil {
		err = os.WriteFile(filepath.Join(l.dir, name), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// passes says whether the tests of the alert pass with this in its place.
func (l *lab) passes(r Rule) (string, bool) {
	rules := append(append([]Rule{}, l.before...), r)
	text, err := yaml.Marshal(File{Groups: []Group{{Name: "lab", Interval: "1m", Rules: rules}}})
	if err != nil {
		return err.Error(), false
	}
	if err := os.WriteFile(filepath.Join(l.dir, "rules.yaml"), text, 0o600); err != nil {
		return err.Error(), false
	}
	out, err := exec.Command(l.promtool, "test", "rules", filepath.Join(l.dir, "tests.yaml")).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "FAILED:") {
		return string(out), true // a variant that is no rule proves nothing
	}
	return string(out), err == nil
}
