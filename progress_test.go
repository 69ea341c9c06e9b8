package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/source"
)

func TestProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	if err := os.WriteFile(path, bytes.Repeat([]byte("line\n"), 3*progressLines), 0o644); err != nil {
		t.Fatal(err)
	}
	files, err := source.NewFiles([]string{path}, source.FilesOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var w bytes.Buffer
	start := time.Now().Add(-time.Hour) // long enough ago for the first update
	p := &progress{Files: files, w: &w, start: start, shown: start}
	n := 0
	for err == nil {
		if _, _, err = p.Next(); err == nil {
			n++
		}
	}
	if err != io.EOF || n != 3*progressLines {
		t.Fatalf("%d lines, %v", n, err)
	}
	got := w.String()
	if !strings.HasPrefix(got, clearLine+"100 %  0.0 million lines") || strings.Count(got, "%") != 1 {
		t.Errorf("shown: %q, want one update", got)
	}
	if !strings.HasSuffix(got, clearLine) {
		t.Errorf("shown: %q, want the line cleared at the end", got)
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, w := range map[string]io.Writer{"a buffer": &bytes.Buffer{}, "a file": f} {
		files := &source.Files{}
		if withProgress(files, w) != files {
			t.Errorf("%s is taken for a terminal", name)
		}
	}
}
