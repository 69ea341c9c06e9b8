package e2e

// When Postfix can't be asked for its queue: it is dead, it may not be asked, it
// says nothing, or too little. And when it can be asked again.

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// queueFault is an exporter whose Postfix can't be asked.
type queueFault struct {
	name   string
	w      *watcher
	reason string   // label
	says   []string // parts of its log line: what is wrong, and what to do
	end    func()   // of the fault
}

// checkFaults has all faults at once, each seen by an exporter of its own. s is one
// that lists the queue of p.
func checkFaults(t *testing.T, binary string, p *instance, s *watcher) {
	t.Helper()
	real := p.path("queue/public/showq")
	p.kill(t)
	faults := []queueFault{
		{"killed", s, "down", []string{"nobody listens there", "Postfix is not running: start it"}, nil},
		forbidden(t, binary, p, real),
		hanging(t, binary, p, real, "silent", hangs, []string{"no answer within 10s", "see its log, and start it again"}),
		hanging(t, binary, p, real, "trickle", trickles, []string{"the list is cut: nothing more within 10s behind 0 messages", "see Postfix's log"}),
	}
	for _, f := range faults {
		f.check(t)
	}
	p.start(t)
	for _, f := range faults {
		if f.end != nil {
			f.end()
		}
	}
	for _, f := range faults {
		f.recovers(t)
	}
}

// check sees that the fault is told, and that everything else is.
func (f *queueFault) check(t *testing.T) {
	t.Helper()
	m := f.w.awaitUp(0)
	for _, family := range []string{"postfix_queue_messages", "postfix_queue_recipients", "postfix_queue_oldest_seconds"} {
		if m[family] != nil {
			t.Errorf("%s: %s looks alive", f.name, family)
		}
	}
	if n, _ := m.sum(selector("postfix_exporter_queue_refresh_failures_total", "reason", f.reason)); n == 0 {
		t.Errorf("%s: no failure %q is counted", f.name, f.reason)
	}
	if n, ok := m.sum(logLines); !ok || n == 0 {
		t.Errorf("%s: nothing is told of the log", f.name)
	}
	if line := f.told("level=warn", "The queue can't be listed"); !containsAll(line, f.says) {
		t.Errorf("%s: it says %q, want %q", f.name, line, f.says)
	}
}

// recovers sees that the end of the fault is told.
func (f *queueFault) recovers(t *testing.T) {
	t.Helper()
	m := f.w.awaitUp(1)
	if n, _ := m.sum(selector("postfix_queue_messages", "queue", "deferred")); n < longQueue/2 {
		t.Errorf("%s: %v messages are deferred afterwards", f.name, n)
	}
	await(t, "the log line of the recovery of "+f.name, func() bool { return f.told("level=info", "The queue is listed again") != "" })
	if n := strings.Count(f.w.stderr.String(), "The queue can't be listed"); n != 1 {
		t.Errorf("%s: the fault was told %d times", f.name, n)
	}
	f.w.stop()
}

// told is the line of the exporter's log that has these.
func (f *queueFault) told(parts ...string) string {
	for line := range strings.Lines(f.w.stderr.String()) {
		if containsAll(line, parts) {
			return line
		}
	}
	return ""
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return text != ""
}

// kill ends Postfix as a crash does: its daemons go when they see it.
func (p *instance) kill(t *testing.T) {
	t.Helper()
	pid := p.masterPID()
	if pid == 0 {
		t.Fatal("Postfix does not run")
	}
	syscall.Kill(pid, syscall.SIGKILL)
	await(t, "the end of Postfix's daemons", func() bool {
		conn, err := net.Dial("unix", p.path("queue/public/showq"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
}

// forbidden is an exporter of a user that may not open the socket. Its end is
// what the log line advises: the user is put into the group.
func forbidden(t *testing.T, binary string, p *instance, showq string) queueFault {
	t.Helper()
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	own := p.path("exporter") // where nobody may enter
	p.run(t, "", "cp", binary, own)
	log := p.path("some.log")
	p.write(t, "some.log", "Nov 21 03:55:40 mx postfix/smtpd[1]: connect from localhost[127.0.0.1]\n")
	cmd := exec.Command(own)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	w := &watcher{server: launch(t, cmd, "--postfix.logfile_path="+log, "--state.file=", "--postfix.showq_path="+showq, "--queue.interval=5s")}
	public := p.path("queue/public")
	return queueFault{"no permission", w, "permission",
		[]string{"permission denied: add the exporter's user to the group that may enter the socket's directory (postconf setgid_group, mostly postdrop)"},
		func() {
			if err := os.Chmod(public, 0o711); err != nil {
				t.Error(err)
			}
		}}
}

// hanging is an exporter that asks a socket which answers so; its end is that the
// real one is there.
func hanging(t *testing.T, binary string, p *instance, real, name string, answer func(net.Conn), says []string) queueFault {
	t.Helper()
	path := p.path(name)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c)
		}
	}()
	w := watchQueue(t, binary, p, path)
	return queueFault{name, w, "timeout", says, func() {
		if err := os.Symlink(real, path+"."); err != nil {
			t.Error(err)
		}
		if err := os.Rename(path+".", path); err != nil {
			t.Error(err)
		}
	}}
}

// hangs says nothing until the client goes.
func hangs(c net.Conn) {
	defer c.Close()
	c.Read(make([]byte, 1))
}

// trickles tells of a message, a byte a second.
func trickles(c net.Conn) {
	defer c.Close()
	message := bytes.ReplaceAll(fmt.Appendf(nil, "queue_name deferred queue_id 4C0FFEE123 time %d size 1 sender a@b.example  ", time.Now().Unix()), []byte(" "), []byte{0})
	for i := 0; ; i++ {
		if _, err := c.Write(message[i%len(message):][:1]); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}
