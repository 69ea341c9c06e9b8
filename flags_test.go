package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
)

// full is a disk with no room left.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestHelpThatCantBeWritten(t *testing.T) {
	for _, flag := range []string{"--help", "--version"} {
		var stderr bytes.Buffer
		if status := run([]string{flag}, nil, full{}, &stderr); status != exitFailed || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s: status %d, %q", flag, status, stderr.String())
		}
	}
}

// TestFileNamesWithAt: kingpin would read arguments out of such a file.
func TestFileNamesWithAt(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("@400000005f", []byte("--help\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run([]string{"report", "--format=json", "@400000005f"}, nil, &stdout, &stderr); status != exitOK || !strings.Contains(stdout.String(), `"foreign": 1`) {
		t.Errorf("status %d, %q\n%.300s", status, stderr.String(), stdout.String())
	}
}
