package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// result is what one run of a phase took.
type result struct {
	Lines, Bytes int64
	CPU          time.Duration // user and system; of the phase alone where it tells, else of its process
	Allocations  int64         // -1: not known
	peak         int64         // bytes
}

// runSelf runs a phase of this program as a child, so that it has its own
// memory. This process must stay small: what it holds counts in a child's peak.
func runSelf(phase string, o *options) (result, error) {
	self, err := os.Executable()
	if err != nil {
		return result{}, err
	}
	out, r, err := runChild(self, "-phase="+phase, "-log="+o.log, "-lines="+strconv.Itoa(o.lines),
		"-format="+o.traffic.Format.String(), "-long-ids="+strconv.FormatBool(o.traffic.LongIDs))
	if err != nil {
		return r, err
	}
	cpu := r.CPU
	if err := json.Unmarshal(out, &r); err != nil {
		return r, fmt.Errorf("phase %s: %w", phase, err)
	}
	if r.CPU == 0 {
		r.CPU = cpu
	}
	return r, nil
}

// runReport runs the exporter over the log.
func runReport(o *options) (result, error) {
	out, r, err := runChild(o.exporter, "report", "--format=prometheus", o.log)
	if err != nil {
		return r, err
	}
	if !bytes.Contains(out, []byte("postfix_log_lines_total")) {
		return r, fmt.Errorf("%s report printed no postfix_log_lines_total", o.exporter)
	}
	r.Allocations = -1
	return r, nil
}

func runChild(name string, args ...string) ([]byte, result, error) {
	cmd := exec.Command(name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(stderr.String()))
	}
	if err != nil {
		return nil, result{}, err
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return nil, result{}, errors.New("this system does not tell what a process used")
	}
	return stdout.Bytes(), result{
		CPU:  cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		peak: usage.Maxrss << 10, // Linux counts it in KiB
	}, nil
}
