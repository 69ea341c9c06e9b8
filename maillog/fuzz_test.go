package maillog

// Fuzzing: any bytes do no harm and agree with the twin; any delivery record
// that is written is read.

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, line := range handmade() {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		line, _, _ = strings.Cut(line, "\n") // a source gives lines
		line = line[:min(len(line), 3000)]
		var fresh, used Event
		var p, q Parser
		ok := p.Parse(line, &fresh)
		q.Parse("<22>Nov 21 03:55:40 mx postfix-out/submission/smtpd[393]: warning: 4C2FB3A1B2: removed", &used)
		q.Parse(`{"log":"Nov 21 03:55:40 mx postfix/qmgr[3]: 4C2FB3A1B2: \u003cremoved\n"}`, &used)
		again := q.Parse(line, &used)
		used.Tag = fresh.Tag // numbered in the order of a parser's lines
		if again != ok || !reflect.DeepEqual(fresh, used) {
			t.Errorf("a used parser reads otherwise\nfresh %+v\nused  %+v", fresh, used)
		}
		if ok {
			checkBounds(t, line, &fresh)
		}
		agree(t, line)
	})
}

// checkBounds holds the strings of an Event to what the line says, and its
// numbers to what Postfix can write.
func checkBounds(t *testing.T, line string, e *Event) {
	t.Helper()
	line = strings.TrimLeft(line, "\x00")
	if strings.HasPrefix(line, "{") {
		var docker struct{ Log string }
		if json.Unmarshal([]byte(line), &docker) != nil || !utf8.ValidString(line) {
			return
		}
		line = docker.Log
	}
	eachString(reflect.ValueOf(*e), "Event", func(field, s string) {
		if field != "Event.Daemon" && !strings.Contains(line, s) {
			t.Errorf("%s is %q, which the line does not say\n%q", field, s, line)
		}
	})
	d := e.Delivery
	for _, seconds := range append(d.Delays[:], d.Delay) {
		if seconds < Unread || seconds != seconds {
			t.Errorf("a delay of %v\n%q", seconds, line)
		}
	}
	if e.PID < Unread || d.ConnUse < Unread || e.Message.Size < Unread || e.Message.Recipients < Unread || e.Count < Unread ||
		e.Message.UID < Unread || e.Screen.Rank < Unread || e.Anvil.Value < Unread || e.Restriction.Code < 0 || e.Restriction.Code > 999 {
		t.Errorf("a number out of bounds: %+v\n%q", e, line)
	}
	if e.Kind >= kinds || e.Severity >= Severity(Severities) || d.Status > StatusTruncated {
		t.Errorf("kind %d, severity %d, status %d\n%q", e.Kind, e.Severity, d.Status, line)
	}
}

// eachString visits the strings of a struct, but for those of time.Time.
func eachString(v reflect.Value, name string, visit func(field, s string)) {
	for i := range v.NumField() {
		field, path := v.Field(i), name+"."+v.Type().Field(i).Name
		switch {
		case field.Kind() == reflect.String:
			visit(path, field.String())
		case field.Kind() == reflect.Struct && v.Type().Field(i).Name != "Time":
			eachString(field, path, visit)
		}
	}
}

func FuzzDelivery(f *testing.F) {
	w := newWriter(9)
	for range 20 {
		f.Add(w.address(), w.address(), w.host(), w.replyText(), int64(w.Intn(1e9)), w.Intn(4))
	}
	f.Add(`a>, relay=x[192.0.2.1]:25, status=sent (250 ok)@example.com`, "", "mx.example.com", ") ((", int64(0), 0)
	f.Fuzz(func(t *testing.T, to, origTo, host, text string, micros int64, uses int) {
		if !writableAddress(to) || origTo != "" && !writableAddress(origTo) || writeHostRE.FindString(host) != host || micros < 0 || micros > 1e15 {
			return
		}
		r := writtenRecord{queueID: "4C2FB3A1B2", to: to, origTo: origTo, relay: RemoteEnd{Name: host, Addr: "192.0.2.1", Port: "25"},
			connUse: min(max(uses, 0), 1<<30), delay: micros, delays: [4]int64{micros, 0, micros / 7, 1}, dsn: "4.2.0", status: "deferred", text: text}
		line := writeText(r.String())
		if len(line) >= 2000 {
			return
		}
		var e Event
		if !new(Parser).Parse("Nov 21 03:55:40 mx postfix/smtp[393]: "+line, &e) || e.Delivery != r.record() || e.Ambiguous && !strings.Contains(text, "@") {
			t.Errorf("ambiguous %t\nread    %+v\nwritten %+v\n%q", e.Ambiguous, e.Delivery, r.record(), line)
		}
	})
}

// writableAddress is whether an address is of the forms that reach a delivery
// agent over SMTP: any local part, and a host name or an address literal.
func writableAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at >= 0 && s[0] != '@' && writeDomainRE.MatchString(s[at+1:]) && !strings.Contains(s, "\x00")
}
