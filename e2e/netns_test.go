//go:build linux

package e2e

// Sockets in another network namespace.

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// listenIn listens on addr in h's network. The socket stays there, whoever
// accepts from it.
func (h *host) listenIn(t *testing.T, addr string) net.Listener {
	t.Helper()
	type result struct {
		l   net.Listener
		err error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends here, in the other namespace
		var r result
		if r.err = enterNetwork(h.holder.Process.Pid); r.err == nil {
			r.l, r.err = net.Listen("tcp", addr)
		}
		done <- r
	}()
	r := <-done
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.l
}

// enterNetwork moves this thread into the network of a process.
func enterNetwork(pid int) error {
	space, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
	if err != nil {
		return err
	}
	defer space.Close()
	if err := unix.Setns(int(space.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter the network of %d: %w", pid, err)
	}
	return nil
}
