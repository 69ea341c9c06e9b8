package e2e

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/logs and testdata/sample.log again")

// What rsyslog's RFC 5424 template does not tell: the part of the tag after "/".
// Without it postsuper's "removed" is like qmgr's.
var notInRFC5424 = []string{"daemon", "service", removed}

// newRun makes a Postfix on h, with the servers that it talks to.
func newRun(t *testing.T, h *host) *run {
	t.Helper()
	all, ports := newSinks(t)
	r := &run{t: t, sinks: all, truth: truth{}, mailboxes: map[string]int{}, expected: map[string]int{}}
	r.instance = newInstance(t, h, ports)
	all.startSocket(t, r.path("queue/private/dovecot-lmtp"))
	return r
}

// play sends all the traffic there is, n times the common kinds, and stops Postfix.
func (r *run) play(n int) {
	r.start(r.t)
	r.inbound(8 * n)
	r.foreign()
	r.refuse()
	r.misbehave()
	r.content()
	r.outbound(n)
	r.hostile()
	r.retries()
	r.stopPostfix(r.t)
	r.host.stop()
	r.sum()
}

// TestSyslog: Postfix logs to rsyslogd, which writes four formats at once. The
// exporter follows one, and reports on all.
func TestSyslog(t *testing.T) {
	needPostfix(t)
	binary := buildExporter(t)
	r := newRun(t, privateHost(t, hostNames()))
	s := serve(t, binary, r.log)
	r.play(20)
	live := s.after(countLines(t, r.log))
	s.stop()
	r.truth.check(t, live)
	same(t, live, report(t, binary, r.log))
	for _, name := range []string{"rfc3164.log", "pda.log"} {
		r.truth.check(t, report(t, binary, r.path(name)))
	}
	r.truth.check(t, report(t, binary, r.path("rfc5424.log")), notInRFC5424...)
}

// TestPostlogd: Postfix writes its own log file, with long queue ids, for some
// thousand mails.
func TestPostlogd(t *testing.T) {
	needPostfix(t)
	binary := buildExporter(t)
	r := newRun(t, plainHost(t))
	s := serve(t, binary, r.log)
	r.play(200)
	live := s.after(countLines(t, r.log))
	s.stop()
	r.truth.check(t, live)
	same(t, live, report(t, binary, r.log))
}

func countLines(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(text, []byte("\n"))
}
