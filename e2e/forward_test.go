package e2e

// A real rsyslogd that forwards what it is sent, by each way that docs/RELIABILITY.md
// shows, to an exporter each.

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const forwardConf = `global(parser.permitSlashInProgramName="on")
module(load="imuxsock" SysSock.Name="DIR/socket" SysSock.RateLimit.Interval="0")
module(load="omuxsock")
template(name="postfix" type="string" string="<%PRI%>%TIMESTAMP:::date-rfc3339% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%")
:programname, isequal, "rsyslogd" stop
action(type="omfile" file="DIR/truth" template="RSYSLOG_FileFormat")
$OMUxSockSocket UNIX
if prifilt("mail.*") then :omuxsock:;postfix
mail.* action(type="omfwd" target="127.0.0.1" port="COUNTED" protocol="tcp" TCP_Framing="octet-counted" template="postfix"
  queue.type="LinkedList" action.resumeRetryCount="-1")
mail.* action(type="omfwd" target="127.0.0.1" port="LINES" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format" queue.type="LinkedList")
mail.* action(type="omfwd" target="127.0.0.1" port="UDP" protocol="udp" template="postfix" queue.type="LinkedList")
`

// TestForward: all four count what rsyslogd wrote to its file.
func TestForward(t *testing.T) {
	if _, err := exec.LookPath("rsyslogd"); err != nil {
		t.Skip("no rsyslogd: 'make deps' installs it")
	}
	binary, dir := buildExporter(t), t.TempDir()
	config := forwardConf
	servers := map[string]*server{}
	for _, way := range []struct{ name, network string }{{"UNIX", "unixgram"}, {"COUNTED", "tcp"}, {"LINES", "tcp"}, {"UDP", "udp"}} {
		port := freePort(t, "127.0.0.1")
		address, named := net.JoinHostPort("127.0.0.1", port), port
		if way.network == "unixgram" {
			address = filepath.Join(t.TempDir(), "log")
			named = address
		}
		servers[way.name] = receive(t, binary, way.network+"://"+address)
		config = strings.ReplaceAll(config, way.name, named)
	}
	d := startSyslogdWith(t, dir, config, 7)
	d.mu.Lock()
	d.send(5000)
	d.mu.Unlock()
	d.atRest(func() {})
	want := report(t, binary, d.truth)
	for name, s := range servers {
		t.Run(name, func(t *testing.T) {
			s.t = t
			sameLog(t, s.after(d.lines()), want)
			s.stop()
			if received, dropped, byKernel := s.lost(); received != d.lines() || dropped+byKernel != 0 {
				t.Errorf("%d received, %d and %d lost", received, dropped, byKernel)
			}
		})
	}
}
