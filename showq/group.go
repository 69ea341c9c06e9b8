package showq

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// group is a command that is killed with all that it started when ctx ends.
func group(ctx context.Context, path string, args ...string) (*exec.Cmd, *opening) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
			return err
		}
		return os.ErrProcessDone
	}
	cmd.WaitDelay = time.Second
	said := &opening{}
	cmd.Stderr = said
	return cmd, said
}

// maxSaid and maxSentence bound what is kept of what a command says, in bytes.
const (
	maxSaid     = 4 << 10
	maxSentence = 300
)

// opening keeps the first bytes of what is written to it.
type opening struct{ b []byte }

func (o *opening) Write(b []byte) (int, error) {
	o.b = append(o.b, b[:min(len(b), maxSaid-len(o.b))]...)
	return len(b), nil
}

// sentence is the line that ended the command, else the first one, fit to be
// logged.
func (o *opening) sentence() string {
	first, _, _ := strings.Cut(string(o.b), "\n")
	for line := range strings.Lines(string(o.b)) {
		if strings.Contains(line, ": fatal: ") || strings.Contains(line, ": panic: ") {
			first = line
			break
		}
	}
	first = strings.TrimSpace(first)
	first = strings.ToValidUTF8(first[:min(len(first), maxSentence)], "?")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, first)
}
