package stand

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// process is a program that runs until it is stopped.
type process struct {
	name  string
	log   string
	cmd   *exec.Cmd
	ended chan struct{}
	err   error
}

// start runs a program, its output in a log, and waits until an address answers.
func (s *Stand) start(ctx context.Context, name, ready string, argv ...string) error {
	p := &process{name: name, log: filepath.Join(s.options.Dir, name+".log"), ended: make(chan struct{})}
	out, err := os.Create(p.log)
	if err != nil {
		return err
	}
	defer out.Close()
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is ours to pass on
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("%s can't be started: %w", name, err)
	}
	s.running = append(s.running, p)
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p.untilReady(ctx, ready)
}

// patience is how long a program may take to answer: Grafana makes its database.
const patience = 3 * time.Minute

func (p *process) untilReady(ctx context.Context, url string) error {
	client := http.Client{Timeout: 2 * time.Second}
	deadline := time.After(patience)
	for {
		if r, err := client.Get(url); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-p.ended:
			return p.wait()
		case <-deadline:
			return fmt.Errorf("%s doesn't answer; its log is %s", p.name, p.log)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// wait says why it ended.
func (p *process) wait() error {
	<-p.ended
	text, _ := os.ReadFile(p.log)
	if p.err == nil {
		return fmt.Errorf("%s ended:\n%s", p.name, tail(text, 1500))
	}
	return fmt.Errorf("%s ended: %w\n%s", p.name, p.err, tail(text, 1500))
}

func tail(text []byte, n int) []byte {
	if len(text) > n {
		return text[len(text)-n:]
	}
	return text
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}
