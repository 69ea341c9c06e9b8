package maillog

// What syslog daemons, postlogd and container runtimes put before Postfix's
// text reads back as it was.

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// A writtenEnvelope is all that stands before the text.
type writtenEnvelope struct {
	at   time.Time // UTC
	host string
	tag  string
	pid  int
}

// envelopes are the formats, each with how exactly its stamp tells the time.
var envelopes = []struct {
	name  string
	exact time.Duration
	write func(w writtenEnvelope, text string) string
}{
	{"syslog", time.Second, writtenEnvelope.syslog},
	{"postlogd", time.Second, writtenEnvelope.postlogd},
	{"rfc3339", time.Microsecond, writtenEnvelope.rfc3339},
	{"rfc3339 with an offset", time.Microsecond, func(w writtenEnvelope, text string) string {
		w.at = w.at.In(time.FixedZone("", -(9*3600 + 1800)))
		return w.rfc3339(text)
	}},
	{"year first", time.Millisecond, func(w writtenEnvelope, text string) string {
		return w.at.Format("2006 Jan _2 15:04:05.000 ") + w.rest(text)
	}},
	{"forwarded rfc3339", time.Microsecond, func(w writtenEnvelope, text string) string { return "<22>" + w.rfc3339(text) }},
	{"forwarded syslog", time.Second, func(w writtenEnvelope, text string) string { return "<22>" + w.syslog(text) }},
	{"rfc5424", time.Microsecond, func(w writtenEnvelope, text string) string {
		return fmt.Sprintf("<22>1 %s %s %s %d - -  %s", w.at.Format("2006-01-02T15:04:05.000000Z07:00"), w.host, w.tag, w.pid, text)
	}},
	{"solaris", time.Second, func(w writtenEnvelope, text string) string {
		return w.syslog("[ID 197553 mail.info] " + text)
	}},
	{"docker", time.Second, writtenEnvelope.docker},
	{"cri", time.Second, func(w writtenEnvelope, text string) string {
		return w.at.Format("2006-01-02T15:04:05.000000000Z07:00") + " stdout F " + w.postlogd(text)
	}},
	{"cri around rfc3339", time.Second, func(w writtenEnvelope, text string) string {
		return w.at.Format(time.RFC3339Nano) + " stderr F " + w.rfc3339(text)
	}},
	{"rsyslog around syslog", time.Second, func(w writtenEnvelope, text string) string {
		return w.at.Format("2006-01-02T15:04:05.000000Z07:00") + " relay " + w.syslog(text)
	}},
	{"rsyslog around rsyslog", time.Second, func(w writtenEnvelope, text string) string {
		return w.at.Format("2006-01-02T15:04:05.000000Z07:00") + " relay " + w.rfc3339(text)
	}},
}

func (w writtenEnvelope) rest(text string) string {
	return fmt.Sprintf("%s %s[%d]: %s", w.host, w.tag, w.pid, text)
}

func (w writtenEnvelope) syslog(text string) string {
	return w.at.Format("Jan _2 15:04:05 ") + w.rest(text)
}

// postlogd pads the day with a zero (util/msg_logger.c).
func (w writtenEnvelope) postlogd(text string) string {
	return w.at.Format("Jan 02 15:04:05 ") + w.rest(text)
}

func (w writtenEnvelope) rfc3339(text string) string {
	return w.at.Format("2006-01-02T15:04:05.000000Z07:00 ") + w.rest(text)
}

// docker is json-file: "<", ">" and "&" are escaped as encoding/json does.
func (w writtenEnvelope) docker(text string) string {
	line, _ := json.Marshal(struct {
		Log    string    `json:"log"`
		Stream string    `json:"stream"`
		Time   time.Time `json:"time"`
	}{w.postlogd(text) + "\n", "stdout", w.at})
	return string(line)
}

func TestWrittenEnvelopesAreRead(t *testing.T) {
	for _, envelope := range envelopes {
		t.Run(envelope.name, func(t *testing.T) {
			w := newWriter(8)
			now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
			p := Parser{NotAfter: now.Unix()}
			for range 300 {
				at := now.Add(-time.Duration(w.Int63n(int64(360 * 24 * time.Hour)))).Truncate(envelope.exact)
				r := w.record()
				program := pick(w, [3]string{"postfix", "", "smtp"}, [3]string{"postfix-out", "", "lmtp"},
					[3]string{"postfix", "relay", "smtp"}, [3]string{"postfix", "a/b", "smtp"})
				written := writtenEnvelope{at, pick(w, "mx", "mx1.example.com", "192.0.2.1", "a_b"), tagOf(program), 1 + w.Intn(1<<22)}
				text := writeText(r.String())
				line := envelope.write(written, text)
				var e Event
				if !p.Parse(line, &e) {
					t.Fatalf("not read\n%s", line)
				}
				if e.Host != written.host || [3]string{e.Instance, e.Service, e.Daemon} != program || e.PID != written.pid {
					t.Fatalf("read %q %q %q %q %d\nwritten %+v\n%s", e.Host, e.Instance, e.Service, e.Daemon, e.PID, written, line)
				}
				if d := e.Time.Sub(at); d < -envelope.exact/2 || d > envelope.exact/2 {
					t.Fatalf("read %v, written %v\n%s", e.Time, at, line)
				}
				if len(text) < 2000 && e.Delivery != r.record() {
					t.Fatalf("read    %+v\nwritten %+v\n%s", e.Delivery, r.record(), line)
				}
			}
		})
	}
}

func tagOf(program [3]string) string {
	if program[1] == "" {
		return program[0] + "/" + program[2]
	}
	return program[0] + "/" + program[1] + "/" + program[2]
}
