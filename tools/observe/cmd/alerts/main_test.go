package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../../.."

// With a factor and a folder it writes all rules there, and nothing in the project.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	var stderr bytes.Buffer
	if code := run([]string{"-root", root, "-factor", "0.01", "-out", dir}, &stderr); code != 0 {
		t.Fatalf("exit status %d: %s", code, &stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "bounces.yaml"))
	if err != nil || !strings.Contains(string(text), "[18s]") {
		t.Errorf("no window of 18 s in the rules: %v", err)
	}
	if all, _ := filepath.Glob(filepath.Join(dir, "*")); len(all) != 5 {
		t.Errorf("it wrote %v", all)
	}
}

func TestRunFaults(t *testing.T) {
	for want, args := range map[string][]string{
		"say with -out":          {"-root", root, "-factor", "0.5"},
		"at most 1":              {"-root", root, "-factor", "7", "-out", t.TempDir()},
		"reading the thresholds": {"-root", t.TempDir()},
		"writing the rules":      {"-root", root, "-out", filepath.Join(t.TempDir(), "nowhere")},
	} {
		var stderr bytes.Buffer
		if code := run(args, &stderr); code != 1 || !strings.Contains(stderr.String(), want) {
			t.Errorf("%v: exit status %d, %s", args, code, &stderr)
		}
	}
	if code := run([]string{"-nothing"}, new(bytes.Buffer)); code != 2 {
		t.Errorf("an unknown flag: exit status %d", code)
	}
}
