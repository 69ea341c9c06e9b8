//go:build linux

package e2e

// How fast an exporter that was away for long catches up: a benchmark, run by
// make backlog.

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfix_exporter/internal/mklog/traffic"
)

const (
	backlogShare  = 0.8 // of report's speed, at least
	backlogMemory = 128 // MiB, below it
)

// effort is what a run took.
type effort struct {
	cpu    time.Duration
	memory float64 // MiB, resident at most
}

// TestBacklog compares serve, from its start on a log until it is ready, with
// report. E2E_BACKLOG is the log's size in MB, E2E_RUNS how often each is run;
// medians are compared.
func TestBacklog(t *testing.T) {
	size, runs := numberFrom(t, "E2E_BACKLOG", 0), numberFrom(t, "E2E_RUNS", 3)
	if size == 0 {
		t.Skip("a benchmark: make backlog runs it")
	}
	binary, log := buildExporter(t), filepath.Join(t.TempDir(), "mail.log")
	lines := makeBacklog(t, log, int64(size)*1e6)
	var served, reported []effort
	for range runs { // by turns: other work on this machine troubles both
		served = append(served, catchUp(t, binary, log, lines))
		reported = append(reported, sumUp(t, binary, log))
	}
	serve, report := median(served), median(reported)
	share := report.cpu.Seconds() / serve.cpu.Seconds()
	fmt.Printf("log: %d lines, %d MB; medians of %d runs\n", lines, size, runs)
	for name, e := range sorted(map[string]effort{"report": report, "serve": serve}) {
		fmt.Printf("%-6s  %9.0f lines/CPU s  %6.2f CPU s  %6.1f MiB at most\n", name, float64(lines)/e.cpu.Seconds(), e.cpu.Seconds(), e.memory)
	}
	fmt.Printf("serve catches up at %.0f %% of report's speed\n", 100*share)
	if share < backlogShare || serve.memory >= backlogMemory {
		t.Errorf("want %.0f %% and less than %d MiB", 100*backlogShare, backlogMemory)
	}
}

func numberFrom(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s: not a number above 0", variable, s)
	}
	return n
}

// makeBacklog writes a log of that many bytes, about, and is its lines.
func makeBacklog(t *testing.T, log string, size int64) (lines int) {
	t.Helper()
	file, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const some = 10_000
	g := traffic.New(traffic.Options{Seed: 1, Format: traffic.RFC3339, Rate: 100})
	for size > 0 {
		n, err := g.Write(file, some)
		if err != nil {
			t.Fatal(err)
		}
		lines += some
		size -= n
	}
	return lines
}

// catchUp serves a log until it is ready.
func catchUp(t *testing.T, binary, log string, lines int) effort {
	t.Helper()
	s := serveWith(t, binary, log, filepath.Join(t.TempDir(), "state"))
	defer s.stop()
	await(t, "serve to catch up", func() bool { return s.isReady() })
	m := s.scrape()
	if n, _ := m.sum(logLines); int(n) != lines {
		t.Errorf("serve is ready after %v lines of %d", n, lines)
	}
	seconds, _ := m.sum("process_cpu_seconds_total")
	return effort{time.Duration(seconds * float64(time.Second)), peakMemory(t, s.cmd.Process.Pid)}
}

// isReady asks for little, so that asking costs the exporter nothing.
func (s *server) isReady() bool {
	resp, err := http.Get(strings.TrimSuffix(s.url, "/metrics") + "/-/ready")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// peakMemory is VmHWM, see proc(5), in MiB.
func peakMemory(t *testing.T, pid int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	kib, err := strconv.ParseFloat(string(bytes.Fields(rest)[0]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib / 1024
}

// sumUp runs report on a log.
func sumUp(t *testing.T, binary, log string) effort {
	t.Helper()
	cmd := exec.Command(binary, "report", "--format=prometheus", log)
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("this system does not tell what a process used")
	}
	return effort{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), float64(usage.Maxrss) / 1024}
}

// median is of each part of the efforts for itself.
func median(all []effort) (e effort) {
	var cpu []time.Duration
	var memory []float64
	for _, one := range all {
		cpu, memory = append(cpu, one.cpu), append(memory, one.memory)
	}
	slices.Sort(cpu)
	slices.Sort(memory)
	return effort{cpu[len(all)/2], memory[len(all)/2]}
}
