package maillog

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// takeApart makes a record of a line, by an envelope reader of its own: "STAMP HOST
// TAG[PID]: TEXT", where the stamp has so many words.
func takeApart(line string, words int) (r Record, ok bool) {
	parts := strings.SplitN(line, " ", words+3)
	if len(parts) < words+3 {
		return r, false
	}
	tag, ok := strings.CutSuffix(parts[words+1], ":")
	name, pid, _ := strings.Cut(strings.TrimSuffix(tag, "]"), "[")
	r = Record{Host: parts[words], Program: name, Text: parts[words+2], PID: int(number(pid))}
	return r, ok
}

// TestRecordIsLine takes the lines of real logs apart: as fields they tell what they
// tell as lines.
func TestRecordIsLine(t *testing.T) {
	for name, words := range map[string]int{"rfc3164.log": 3, "maillog_file.log": 3, "pda.log": 4, "rfc3339.log": 1} {
		n := 0
		eachLine(t, filepath.Join("../testdata/logs", name), func(line string) {
			checkRecord(t, strings.Replace(line, "  ", " 0", 1), words)
			n++
		})
		if n < 1000 {
			t.Errorf("%s: %d lines", name, n)
		}
	}
	for _, line := range handmade() {
		if strings.HasPrefix(line, "Nov 21 03:55:40 mx postfix") && !strings.Contains(line, "[ID ") {
			checkRecord(t, line, 3)
		}
	}
}

func checkRecord(t *testing.T, line string, words int) {
	t.Helper()
	const now = 1795300000
	p, q := Parser{NotAfter: now}, Parser{NotAfter: now}
	var want, got Event
	read := p.Parse(line, &want)
	r, ok := takeApart(line, words)
	if !ok {
		t.Fatalf("no record: %q", line)
	}
	r.Time = want.Time
	if q.ParseLine(Line{Record: &r}, &got) != read || !reflect.DeepEqual(got, want) {
		t.Errorf("%s\nas a record %+v\nas a line   %+v", line, got, want)
	}
}

// TestHostileRecords: fields can hold what no line of a file can.
func TestHostileRecords(t *testing.T) {
	const delivery = "4C2FB3A1B2: to=<ann@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)"
	stamp := time.Unix(1795300000, 0)
	for _, c := range []struct {
		name          string
		program, text string
		read          bool
		kind          Kind
	}{
		{"a delivery", "postfix/smtp", delivery, true, Delivery},
		{"a whole line as text", "postfix/smtp", "Nov 21 03:55:40 mx postfix/smtp[393]: " + delivery, true, Unrecognized},
		{"a whole line of another program", "logger", "Nov 21 03:55:40 mx postfix/smtp[393]: " + delivery, false, 0},
		{"a container's line", "dockerd", `{"log":"Nov 21 03:55:40 mx postfix/smtp[393]: ` + delivery + `\n"}`, false, 0},
		{"a second line", "postfix/smtp", "nothing of interest\n" + delivery, true, Unrecognized},
		{"a first line", "postfix/smtp", delivery + "\nand more", true, Delivery},
		{"a text of newlines", "postfix/smtp", "\n\n\n", true, Unrecognized},
		{"a text of NULs", "postfix/smtp", "\x00\x00\x00", true, Unrecognized},
		{"NULs before", "postfix/smtp", "\x00" + delivery, true, Unrecognized},
		{"no text", "postfix/smtp", "", true, Unrecognized},
		{"no program", "", delivery, false, 0},
		{"a blank in the program", "postfix/smtp x", delivery, false, 0},
		{"a newline in the program", "postfix/smtp\n", delivery, false, 0},
		{"a NUL in the program", "postfix/sm\x00tp", delivery, false, 0},
		{"a pid in the program", "postfix/smtp[1]", delivery, false, 0},
		{"a colon in the program", "postfix/smtp:", delivery, false, 0},
		{"a long program", "postfix/" + strings.Repeat("x", maxProgram), delivery, false, 0},
		{"a long text", "postfix/smtp", delivery[:len(delivery)-1] + strings.Repeat("x", 1<<20) + ")", true, Delivery}, // as cut as a long line is
	} {
		var p Parser
		var e Event
		r := Record{Time: stamp, Host: "mx", Program: c.program, PID: 7, Text: c.text}
		if read := p.ParseRecord(&r, &e); read != c.read || e.Kind != c.kind {
			t.Errorf("%s: %v, kind %v", c.name, read, e.Kind)
		}
		if e.Host != "mx" || !e.Time.Equal(stamp) || len(e.Text) > textLimit || strings.Contains(e.Text, "\n") {
			t.Errorf("%s: %q of %q at %v", c.name, e.Text[:min(len(e.Text), 80)], e.Host, e.Time)
		}
	}
}

// FuzzRecord: whatever a record holds, it is the line that is made of it.
func FuzzRecord(f *testing.F) {
	for _, line := range handmade() {
		if r, ok := takeApart(line, 3); ok {
			f.Add(r.Program, r.Text)
		}
	}
	f.Add("postfix/smtp", "a\nb\x00c\xff")
	f.Fuzz(func(t *testing.T, program, text string) {
		var p, q Parser
		var got, want Event
		read := p.ParseRecord(&Record{Host: "mx", Program: program, PID: 7, Text: text}, &got)
		if !read {
			return
		}
		first, _, _ := strings.Cut(text, "\n")
		if strings.HasPrefix(first, "[ID ") || len(first) > textLimit { // an envelope's; cut
			return
		}
		if !q.Parse("Nov 21 03:55:40 mx "+program+"[7]: "+first, &want) {
			t.Fatalf("%q: a record only", program)
		}
		want.Time, got.Time = time.Time{}, time.Time{}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q %q\nas a record %+v\nas a line   %+v", program, text, got, want)
		}
	})
}
