package thresholds

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	s, err := Load("../../../alerts/thresholds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Value("bounce_ratio_spike"); err != nil || v <= 0 || v >= 1 {
		t.Errorf("bounce_ratio_spike is %g, %v", v, err)
	}
	if _, err := s.Get("nothing"); err == nil || !strings.Contains(err.Error(), `no threshold "nothing"`) {
		t.Errorf("nothing: %v", err)
	}
}

// What a hand that edits the file may get wrong is an error that names it.
func TestFaults(t *testing.T) {
	const head = "links: {runbooks: a, dashboards: b}\njob: j\nlabels: [l]\nthresholds:\n"
	for body, want := range map[string]string{
		head + "  - {name: a, value: 1, unit: count, why: x}\n":                                               "",
		head + "  - {name: a, value: 1, unit: count, why: x}\n  - {name: a, value: 1, unit: ratio, why: x}\n": `threshold "a"`,
		head + "  - {name: a, value: 1, unit: minutes, why: x}\n":                                             `threshold "a"`,
		head + "  - {name: a, value: 0, unit: count, why: x}\n":                                               `threshold "a"`,
		head + "  - {name: a, value: 1, unit: count}\n":                                                       `threshold "a"`,
		head + "  - {name: a, value: 1, unit: count, because: x}\n":                                           "because",
		head + "  - {name: a, value: many, unit: count, why: x}\n":                                            "many",
		"thresholds: [{name: a, value: 1, unit: count, why: x}]\n":                                            "links, job and labels",
		"": "EOF",
	} {
		path := filepath.Join(t.TempDir(), "thresholds.yaml")
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %q", body, err, want)
		}
	}
	if _, err := Load("nowhere.yaml"); err == nil {
		t.Error("a file that is not there is read")
	}
}
