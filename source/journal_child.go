// Running journalctl.

package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// child is a journalctl that runs.
type child struct {
	cmd    *exec.Cmd
	stop   context.CancelCauseFunc
	ctx    context.Context
	said   lastWord
	export exportReader
}

// dying is how long it may go on after it has closed its output.
const dying = 10 * time.Second

var (
	errSilent = errors.New("it said nothing for too long")
	errEnded  = errors.New("it ended")
)

// start runs journalctl, in a process group of its own, so that it can be killed
// with all that it started. If silence isn't 0, it is killed when it says nothing
// for so long.
func start(ctx context.Context, silence time.Duration, program string, args []string) (*child, error) {
	c := &child{}
	c.ctx, c.stop = context.WithCancelCause(ctx)
	c.cmd = exec.CommandContext(c.ctx, program, args...)
	c.cmd.Env = append(os.Environ(), "LC_ALL=C", "SYSTEMD_COLORS=0", "SYSTEMD_LOG_LEVEL=info")
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.cmd.Cancel = c.kill
	c.cmd.WaitDelay = time.Second
	c.cmd.Stderr = &c.said
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		c.stop(nil)
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	context.AfterFunc(c.ctx, func() { out.Close() }) // whoever else may hold its other end
	c.export.r = bufio.NewReaderSize(&patient{out, silence, c.stop}, 64<<10)
	return c, nil
}

func (c *child) kill() error {
	if err := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// end waits for its end, and says why it came, if all had been read. One that must
// not end does so for a reason. What it said itself is nearest to the cause.
func (c *child) end(readErr error, mayEnd bool) error {
	if readErr != io.EOF || !mayEnd {
		c.stop(nil) // it closed its output, or writes what nobody reads
	}
	timer := time.AfterFunc(dying, func() { c.stop(errSilent) })
	exit := c.cmd.Wait()
	timer.Stop()
	silent := context.Cause(c.ctx) == errSilent
	c.stop(nil)
	switch said := c.said.sentence(); {
	case silent:
		return fmt.Errorf("journalctl: %w", errSilent)
	case errors.Is(readErr, errNotExport):
		return fmt.Errorf("journalctl: %w", readErr)
	case said != "" && (exit != nil || !mayEnd):
		return fmt.Errorf("journalctl: %s", said)
	case exit != nil && mayEnd:
		return fmt.Errorf("journalctl: %w", exit)
	case !mayEnd:
		return fmt.Errorf("journalctl: %w", errEnded)
	}
	return nil
}

// patient is a reader that gives up a child which says nothing for too long.
type patient struct {
	r     io.Reader
	after time.Duration // 0: never
	stop  context.CancelCauseFunc
}

func (p *patient) Read(b []byte) (int, error) {
	if p.after > 0 {
		timer := time.AfterFunc(p.after, func() { p.stop(errSilent) })
		defer timer.Stop()
	}
	n, err := p.r.Read(b)
	if err != nil {
		err = io.EOF // a pipe that was closed has no more to say
	}
	return n, err
}

// maxWord bounds what is kept of what journalctl says, in bytes.
const maxWord = 300

// lastWord keeps the last line of what is written to it.
type lastWord struct {
	last, now []byte
}

func (w *lastWord) Write(b []byte) (int, error) {
	for line := range bytes.Lines(b) {
		text := bytes.TrimSuffix(line, []byte("\n"))
		w.now = append(w.now, text[:min(len(text), maxWord-len(w.now))]...)
		if len(text) < len(line) {
			if len(bytes.TrimSpace(w.now)) > 0 {
				w.last = append(w.last[:0], w.now...)
			}
			w.now = w.now[:0]
		}
	}
	return len(b), nil
}

// sentence is the line, fit to be logged.
func (w *lastWord) sentence() string {
	b := w.now
	if len(bytes.TrimSpace(b)) == 0 {
		b = w.last
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.TrimSpace(strings.ToValidUTF8(string(b), "?")))
}
