package e2e

// Counts that survive: a log is written and rotated while its exporter is killed
// and started, again and again. No Postfix is needed.

import (
	"syscall"
	"testing"
	"time"
)

// TestCrash kills the exporter at any moment.
func TestCrash(t *testing.T) {
	o := newOrdeal(t, "")
	o.begin()
	o.runs(50, o.kill)
	o.settle()
}

// TestCrashCopytruncate does so with a log that is never renamed.
func TestCrashCopytruncate(t *testing.T) {
	o := newOrdeal(t, "")
	o.rotator.ways, o.scraper.spare = copies, nil
	o.begin()
	o.runs(20, o.kill)
	o.settle()
}

// TestCrashNot ends it with SIGTERM instead.
func TestCrashNot(t *testing.T) {
	o := newOrdeal(t, "")
	o.begin()
	o.runs(20, o.terminate)
	o.settle()
}

// runs starts the exporter and ends it, some times.
func (o *ordeal) runs(n int, end func(*server)) {
	o.t.Helper()
	for range n {
		s := o.start()
		time.Sleep(o.life())
		end(s)
		time.Sleep(o.upTo(600 * time.Millisecond))
	}
}

// life is how long a run lasts: mostly up to a second; or it still reads what it
// missed; or it saves its state some times.
func (o *ordeal) life() time.Duration {
	switch o.random.IntN(8) {
	case 0:
		return o.upTo(4 * time.Second)
	case 1, 2:
		return o.upTo(150 * time.Millisecond)
	}
	return o.upTo(time.Second)
}

func (o *ordeal) upTo(d time.Duration) time.Duration {
	return time.Duration(o.random.Int64N(int64(d)))
}

// kill ends a run in the middle of whatever it does. One that has ended by itself
// is a fault.
func (o *ordeal) kill(s *server) {
	o.t.Helper()
	s.cmd.Process.Kill()
	err := s.cmd.Wait()
	if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		o.t.Fatalf("run %d ended by itself: %v\n%s", len(o.served), err, s.stderr.String())
	}
}

// terminate ends a run as systemd does; its status must be 0.
func (o *ordeal) terminate(s *server) {
	o.t.Helper()
	await(o.t, "the exporter to know signals", func() bool { return s.says("Starting ") > 0 })
	s.stop()
}
