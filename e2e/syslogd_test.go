package e2e

// An rsyslogd of ours that is sent what Postfix would send it, and writes it to
// two files: the log, which is rotated, and the truth, which is not. Its socket
// has another name than /dev/log, so that it needs neither root nor a namespace.

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"postfix_exporter/internal/mklog/traffic"
)

const (
	sendRate    = 1500 // lines a second
	sendEvery   = 10 * time.Millisecond
	mailInfo    = "<22>" // facility and severity, RFC 3164 §4.1.1
	drainWithin = 30 * time.Second
)

// sysLogConf has the log before the truth: rsyslogd commits a batch to one after
// the other, so what the truth has, the log has too.
const sysLogConf = `module(load="imuxsock" SysSock.Name="DIR/socket" SysSock.RateLimit.Interval="0")
:programname, isequal, "rsyslogd" stop
action(type="omfile" file="DIR/log/mail.log" template="TEMPLATE")
action(type="omfile" file="DIR/truth" template="TEMPLATE")
`

// syslogd is that rsyslogd and its sender.
type syslogd struct {
	t          *testing.T
	cmd        *exec.Cmd
	log, truth string
	made       atomic.Int64 // lines that were sent, or are about to be

	mu      sync.Mutex // held while something is sent
	conn    net.Conn
	traffic *traffic.Generator
}

// startSyslogd starts one that writes by one of rsyslog's own templates.
func startSyslogd(t *testing.T, dir, template string, seed uint64) *syslogd {
	t.Helper()
	return startSyslogdWith(t, dir, strings.ReplaceAll(sysLogConf, "TEMPLATE", template), seed)
}

// startSyslogdWith starts one with a configuration, in which DIR is replaced.
func startSyslogdWith(t *testing.T, dir, config string, seed uint64) *syslogd {
	t.Helper()
	d := &syslogd{t: t, log: filepath.Join(dir, "log", "mail.log"), truth: filepath.Join(dir, "truth")}
	// Faster than it is sent: more messages are in flight, and some are evicted.
	d.traffic = traffic.New(traffic.Options{Seed: seed, Format: traffic.RFC3339, Rate: 20 * sendRate})
	conf, socket := filepath.Join(dir, "rsyslog.conf"), filepath.Join(dir, "socket")
	if err := os.WriteFile(conf, []byte(strings.ReplaceAll(config, "DIR", dir)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Dir(d.log), 0o755); err != nil {
		t.Fatal(err)
	}
	d.cmd = exec.Command("rsyslogd", "-n", "-i", "NONE", "-f", conf)
	d.cmd.Env = append(os.Environ(), "TZ=UTC")
	d.cmd.Stderr = os.Stderr
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	await(t, "rsyslogd's socket", func() (ok bool) {
		var err error
		d.conn, err = net.Dial("unixgram", socket)
		return err == nil
	})
	t.Cleanup(func() { d.conn.Close() })
	return d
}

// stop ends rsyslogd.
func (d *syslogd) stop() {
	d.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(20*time.Second, func() { d.cmd.Process.Kill() })
	defer kill.Stop()
	d.cmd.Wait()
}

// run sends until ctx ends.
func (d *syslogd) run(ctx context.Context) {
	for at := time.Now(); sleep(ctx, sendEvery); {
		due := int(sendRate * time.Since(at).Seconds())
		at = at.Add(time.Duration(due) * time.Second / sendRate)
		d.mu.Lock()
		d.send(due)
		d.mu.Unlock()
	}
}

// send sends lines as syslog(3) does. It blocks while rsyslogd's socket is full.
func (d *syslogd) send(lines int) {
	var line, datagram []byte
	for range lines {
		line, _ = d.traffic.AppendLine(line[:0])
		_, rest, _ := bytes.Cut(line, []byte(" ")) // the stamp
		_, rest, _ = bytes.Cut(rest, []byte(" "))  // the host
		datagram = time.Now().UTC().AppendFormat(append(datagram[:0], mailInfo...), time.Stamp+" ")
		datagram = append(datagram, bytes.TrimSuffix(rest, []byte("\n"))...)
		d.made.Add(1)
		d.conn.SetWriteDeadline(time.Now().Add(drainWithin))
		if _, err := d.conn.Write(datagram); err != nil {
			d.t.Errorf("send to rsyslogd: %v", err)
			return
		}
	}
}

func (d *syslogd) lines() int { return int(d.made.Load()) }

// atRest does something while nothing is sent and all that was is written.
func (d *syslogd) atRest(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.soon("rsyslogd to write all", func() bool {
		text, err := os.ReadFile(d.truth)
		return err == nil && bytes.Count(text, []byte("\n")) == d.lines()
	})
	do()
}

// awaitReopened waits until there are lines in the new log: rsyslogd has let the
// old one go, which may be packed then.
func (d *syslogd) awaitReopened() {
	d.soon("rsyslogd to open the new log", func() bool {
		info, err := os.Stat(d.log)
		return err == nil && info.Size() > 0
	})
}

// soon is await for any goroutine.
func (d *syslogd) soon(what string, ok func() bool) {
	for deadline := time.Now().Add(drainWithin); !ok(); time.Sleep(sendEvery) {
		if time.Now().After(deadline) {
			d.t.Errorf("waited %v in vain for %s", drainWithin, what)
			return
		}
	}
}
