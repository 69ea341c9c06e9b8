package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every phase reads every line.
func TestPhases(t *testing.T) {
	const lines = 25_000 // more than two batches
	log := filepath.Join(t.TempDir(), "mail.log")
	phase := func(name string) (r result) {
		t.Helper()
		var out bytes.Buffer
		if err := runPhase(&options{phase: name, log: log, lines: lines}, &out); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	phase("write")
	read := phase("read")
	if read.Lines != lines || read.Bytes < 100*lines {
		t.Errorf("read: %+v, want %d lines", read, lines)
	}
	for _, name := range []string{"parse", "engine"} {
		if r := phase(name); r.Lines != read.Lines || r.Bytes != read.Bytes {
			t.Errorf("%s: %+v, want as many lines and bytes as %+v", name, r, read)
		}
	}
	if r := phase("parse"); r.CPU <= 0 {
		t.Errorf("parse took %v", r.CPU)
	}
	if err := runPhase(&options{phase: "rest", log: log}, new(bytes.Buffer)); err == nil {
		t.Error("there is a phase called rest")
	}
}

func TestBatch(t *testing.T) {
	var b batch
	for range 2 {
		want := []string{"one", "", "three"}
		for _, line := range want {
			b.add(line)
		}
		if got := b.lines(); strings.Join(got, ",") != strings.Join(want, ",") {
			t.Errorf("lines = %q, want %q", got, want)
		}
		b.clear()
	}
}

func TestTable(t *testing.T) {
	var tab table
	runs := []result{{1000, 9000, 3 * time.Millisecond, 30, 1 << 20}, {1000, 9000, time.Millisecond, 10, 2 << 20}, {1000, 9000, 2 * time.Millisecond, 20, 3 << 20}}
	next := func() (result, error) {
		r := runs[0]
		runs = append(runs[1:], r)
		return r, nil
	}
	for _, phase := range []string{"read", "parse"} {
		if err := tab.add(phase, &options{runs: 3}, next); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := tab.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1,000 lines, 0.0 MB, 9 bytes a line; medians of 3 runs",
		"parse      500,000         4     1.00            0.0200       2.0",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestWrongUse(t *testing.T) {
	for _, args := range [][]string{{"-lines=0"}, {"-runs=0"}, {"file"}, {"-format=x"}} {
		if status := run(args, new(bytes.Buffer), new(bytes.Buffer)); status != 2 {
			t.Errorf("%q: status %d, want 2", args, status)
		}
	}
}
