package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A block of docs/RULES.md between fences, and the file that it is, if any.
var guideBlock = regexp.MustCompile("(?ms)^(?:<!-- file: ([a-z.]+) -->\n)?```([a-z]*)\n(.*?)^```$")

// TestRulesGuide tries docs/RULES.md from top to bottom: its files are written,
// its commands run, and must say what is printed there.
func TestRulesGuide(t *testing.T) {
	text, err := os.ReadFile("docs/RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, commands := 0, 0
	for _, m := range guideBlock.FindAllStringSubmatch(string(text), -1) {
		switch file, language, body := m[1], m[2], m[3]; {
		case file != "":
			files++
			if err := os.WriteFile(filepath.Join(dir, file), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		case language == "console":
			for _, c := range strings.Split("\n"+body, "\n$ ")[1:] {
				commands++
				command, want, _ := strings.Cut(c, "\n")
				if got := shell(t, dir, command); strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
					t.Errorf("$ %s\n%swant\n%s", command, got, want)
				}
			}
		}
	}
	if files < 5 || commands < 5 {
		t.Errorf("only %d files and %d commands were found", files, commands)
	}
}

// shell is what a command says; its exit status doesn't matter.
func shell(t *testing.T, dir, command string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}
