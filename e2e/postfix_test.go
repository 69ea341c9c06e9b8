package e2e

// A Postfix instance: made, started, asked about its queue, stopped.

import (
	"fmt"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// instance is a Postfix of our own.
type instance struct {
	*host
	ports map[string]string // by their names in the configuration
	log   string            // path
}

// ports named in the configuration, but for those of sinks.
var servicePorts = []string{"SUBMISSION", "SMTP", "LIMITED", "EARLY", "NOBODY"}

// newInstance writes a configuration with these ports (of sinks) and checks it.
func newInstance(t *testing.T, h *host, ports map[string]string) *instance {
	t.Helper()
	p := &instance{host: h, ports: ports, log: h.path("rfc3339.log")}
	for _, name := range servicePorts {
		p.ports[name] = freePort(t, "127.0.0.1")
	}
	logging, longIDs, ipv6 := "maillog_file =", "no", ""
	if h.holder == nil {
		p.log = h.path("mail.log")
		logging, longIDs = fmt.Sprintf("maillog_file = %s\nmaillog_file_prefixes = %s", p.log, h.dir), "yes"
	}
	if hasIPv6() {
		p.ports["SMTP6"] = freePort(t, "::1")
		ipv6 = fill(ipv6Service, p.ports)
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{"LOGGING": logging, "LONGIDS": longIDs, "IPV6": ipv6, "UID": nobody.Uid, "GID": nobody.Gid}
	p.writeConf(t, words)
	p.makeDirs(t)
	p.run(t, "", "postfix", "-c", p.path("conf"), "check")
	return p
}

func (p *instance) writeConf(t *testing.T, words map[string]string) {
	t.Helper()
	if err := os.Mkdir(p.path("conf"), 0o755); err != nil {
		t.Fatal(err)
	}
	words["DIR"] = p.dir
	for i := 2; i <= 7; i++ {
		words[fmt.Sprint("HOST", i)] = p.server(i)
	}
	maps.Copy(words, p.ports)
	for name, text := range conf {
		p.write(t, "conf/"+name, fill(text, words))
	}
	if err := os.Chmod(p.path("conf/filter"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeKeyPair(t, p.path("conf/cert.pem"), p.path("conf/key.pem"))
}

// fill replaces @WORD@ by its value.
func fill(text string, words map[string]string) string {
	for word, value := range words {
		text = strings.ReplaceAll(text, "@"+word+"@", value)
	}
	return text
}

// server is how transport_maps names 127.0.0.i.
func (h *host) server(i int) string {
	if h.holder == nil {
		return fmt.Sprintf("[127.0.0.%d]", i)
	}
	return fmt.Sprintf("[mx%d.receiver.example]", i)
}

// hostNames is an /etc/hosts with the names that server gives.
func hostNames() string {
	text := "127.0.0.1 localhost\n::1 localhost\n"
	for i := 2; i <= 7; i++ {
		text += fmt.Sprintf("127.0.0.%d mx%d.receiver.example\n", i, i)
	}
	return text
}

// makeDirs makes the directories that Postfix does not make itself. Mail is
// delivered as nobody.
func (p *instance) makeDirs(t *testing.T) {
	t.Helper()
	for _, d := range []struct {
		name, owner string
		mode        os.FileMode
	}{{"queue", "root", 0o755}, {"data", "postfix", 0o700}, {"mail", "nobody", 0o755}, {"mail/locked", "root", 0o700}} {
		owner, err := user.Lookup(d.owner)
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(owner.Uid)
		gid, _ := strconv.Atoi(owner.Gid)
		if err := os.Mkdir(p.path(d.name), d.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(p.path(d.name), uid, gid); err != nil {
			t.Fatal(err)
		}
	}
}

// start starts Postfix; it stops when the test ends, if not before.
func (p *instance) start(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { p.stopPostfix(t) })
	p.run(t, "", "postfix", "-c", p.path("conf"), "start")
}

// stopPostfix stops the master we started, by force if it must be.
func (p *instance) stopPostfix(t *testing.T) {
	pid := p.masterPID()
	if pid == 0 {
		return
	}
	if out, err := p.try("", "postfix", "-c", p.path("conf"), "stop"); err != nil {
		t.Errorf("postfix stop: %v\n%s", err, out)
	}
	for deadline := time.Now().Add(20 * time.Second); syscall.Kill(pid, 0) == nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Error("master does not stop: killed")
			syscall.Kill(pid, syscall.SIGKILL)
			return
		}
	}
}

// masterPID is 0 where no master runs.
func (p *instance) masterPID() int {
	text, err := os.ReadFile(p.path("queue/pid/master.pid"))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || syscall.Kill(pid, 0) != nil {
		return 0
	}
	return pid
}

// files counts the files in a maildir.
func (p *instance) files(t *testing.T, maildir string) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.path("mail"), maildir, "new"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(entries)
}

// lines counts the lines of a file in the mail directory that begin with prefix.
func (p *instance) lines(t *testing.T, name, prefix string) (n int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.path("mail"), name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}
