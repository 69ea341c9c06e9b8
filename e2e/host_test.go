package e2e

// Where Postfix runs: on this host with Postfix's own log file, or in a private
// mount and UTS namespace whose /dev/log belongs to an rsyslogd of ours, or in one
// that has a network of its own as well.

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// commandTimeout is what any one command may take.
const commandTimeout = 60 * time.Second

// host runs commands. With a holder they run in its namespaces.
type host struct {
	dir    string    // of everything that the run writes
	holder *exec.Cmd // rsyslogd; nil on the plain host
	spaces []string  // what is private, as options of unshare and nsenter
}

// needPostfix skips where Postfix can't run, saying why.
func needPostfix(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a run of Postfix takes a while: skipped by -short")
	}
	if os.Geteuid() != 0 {
		t.Skip("starting Postfix takes root")
	}
	for _, name := range []string{"postfix", "postconf", "postqueue", "postsuper", "sendmail", "smtp-source"} {
		needCommand(t, name)
	}
}

func needCommand(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is missing: install Debian's postfix and rsyslog (%v)", name, err)
	}
}

// tempDir is a short path, for Unix sockets in it, that Postfix's user can
// enter. A run that failed leaves it where E2E_KEEP is set.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pf")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() && os.Getenv("E2E_KEEP") != "" {
			t.Logf("kept %s", dir)
			return
		}
		os.RemoveAll(dir)
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// plainHost is this host, as it is.
func plainHost(t *testing.T) *host { return &host{dir: tempDir(t)} }

// private gives the shell a /dev of its own, without /dev/log, and the name mx;
// no name but those in $1/hosts can be looked up. $2 is the network of loopback
// addresses, where the namespace has a network.
const private = `set -e
[ -z "$2" ] || { ip link set lo up && ip address add "$2" dev lo; }
mount --make-rprivate /
mkdir "$1/dev"
mount -t tmpfs -o mode=755 none "$1/dev"
for n in null zero full random urandom tty; do
	: >"$1/dev/$n"
	mount --bind "/dev/$n" "$1/dev/$n"
done
ln -s /proc/self/fd "$1/dev/fd"
mount --move "$1/dev" /dev
mount --bind "$1/hosts" /etc/hosts
mount --bind "$1/resolv.conf" /etc/resolv.conf
echo mx >/proc/sys/kernel/hostname
exec rsyslogd -n -i NONE -f "$1/rsyslog.conf"
`

// rsyslogConf writes the same messages in four formats, but its own in none.
const rsyslogConf = `module(load="imuxsock" SysSock.Name="/dev/log" SysSock.RateLimit.Interval="0")
template(name="pda" type="string" string="%timereported:::date-year% %timereported:1:15:date-rfc3164%.%timereported:1:3:date-subseconds% %hostname% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
:programname, isequal, "rsyslogd" stop
action(type="omfile" file="DIR/rfc3164.log" template="RSYSLOG_TraditionalFileFormat")
action(type="omfile" file="DIR/rfc3339.log" template="RSYSLOG_FileFormat")
action(type="omfile" file="DIR/rfc5424.log" template="RSYSLOG_SyslogProtocol23Format")
action(type="omfile" file="DIR/pda.log" template="pda")
`

// privateHost is a host with an rsyslogd of its own; it skips where the kernel
// does not let us have one. names are for /etc/hosts.
func privateHost(t *testing.T, names string) *host {
	t.Helper()
	return newPrivateHost(t, names, "", rsyslogConf)
}

// networkHost is a private host with a network of its own, whose loopback
// interface has all addresses of that prefix.
func networkHost(t *testing.T, names, prefix string) *host {
	t.Helper()
	needCommand(t, "ip")
	return newPrivateHost(t, names, prefix, rsyslogConf, "--net")
}

func newPrivateHost(t *testing.T, names, prefix, conf string, more ...string) *host {
	t.Helper()
	for _, name := range []string{"rsyslogd", "unshare", "nsenter"} {
		needCommand(t, name)
	}
	spaces := append([]string{"--mount", "--uts"}, more...)
	if out, err := exec.Command("unshare", append(slices.Clone(spaces), "true")...).CombinedOutput(); err != nil {
		t.Skipf("no private namespaces here: %v: %s", err, out)
	}
	h := &host{dir: tempDir(t), spaces: spaces}
	h.write(t, "hosts", names)
	h.write(t, "resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
	h.write(t, "rsyslog.conf", strings.ReplaceAll(conf, "DIR", h.dir))
	h.holder = exec.Command("unshare", append(slices.Clone(spaces), "sh", "-c", private, "sh", h.dir, prefix)...)
	h.holder.Env = append(os.Environ(), "TZ=UTC")
	h.holder.Stderr = os.Stderr
	if err := h.holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.stop)
	h.awaitRsyslogd(t)
	return h
}

// awaitRsyslogd waits until it listens.
func (h *host) awaitRsyslogd(t *testing.T) {
	t.Helper()
	await(t, "rsyslogd's socket", func() bool {
		_, err := h.try("", "test", "-S", "/dev/log")
		return err == nil
	})
}

// stop ends rsyslogd, which writes out what it holds. Once is enough; more do no harm.
func (h *host) stop() {
	if h.holder == nil || h.holder.ProcessState != nil {
		return
	}
	h.holder.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(20*time.Second, func() { h.holder.Process.Kill() })
	defer kill.Stop()
	h.holder.Wait()
}

// run runs a command, which must succeed, and is its output.
func (h *host) run(t *testing.T, stdin string, command ...string) string {
	t.Helper()
	out, err := h.try(stdin, command...)
	if err != nil {
		t.Fatalf("%q: %v\n%s", command, err, out)
	}
	return out
}

func (h *host) try(stdin string, command ...string) (string, error) {
	if h.holder != nil {
		enter := append([]string{"nsenter", "--target", strconv.Itoa(h.holder.Process.Pid)}, h.spaces...)
		command = append(append(enter, "--"), command...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = h.dir
	cmd.Stdin = strings.NewReader(stdin)
	out, err := os.CreateTemp(h.dir, "out") // not a pipe: daemons would keep it open
	if err != nil {
		return "", err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	runErr := cmd.Run()
	said, err := os.ReadFile(out.Name())
	if runErr != nil {
		err = runErr
	}
	return string(said), err
}

func (h *host) path(name string) string { return filepath.Join(h.dir, name) }

func (h *host) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(h.path(name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// await polls until ok is true, for two minutes at most.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited two minutes in vain for %s", what)
		}
	}
}
