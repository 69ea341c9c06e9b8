//go:build linux

package e2e

// A program of Postfix that hangs.

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// daemon is the process of one of Postfix's programs.
func (p *instance) daemon(t *testing.T, name string) *os.Process {
	t.Helper()
	master := strconv.Itoa(p.masterPID())
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		stat, _ := os.ReadFile(filepath.Join(dir, "stat")) // it may have ended
		pid, rest, _ := strings.Cut(string(stat), " ("+name+") ")
		if f := strings.Fields(rest); len(f) > 1 && f[1] == master {
			n, _ := strconv.Atoi(pid)
			process, _ := os.FindProcess(n)
			return process
		}
	}
	t.Fatalf("master %s has no %s", master, name)
	return nil
}

// stall stops a program of Postfix where it is; the function lets it go on.
func (p *instance) stall(t *testing.T, name string) (goOn func()) {
	t.Helper()
	process := p.daemon(t, name)
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	goOn = func() { process.Signal(syscall.SIGCONT) }
	t.Cleanup(goOn)
	return goOn
}
