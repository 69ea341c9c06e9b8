package sink

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"reflect"
	"strings"
	"testing"
	"time"
)

// start serves o on a loopback port until the test ends.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := Start(l, o)
	t.Cleanup(func() { s.Close() })
	return s
}

// talk sends the lines one by one; each reply's lines are joined by "|", a hang-up is "gone".
func talk(t *testing.T, s *Server, lines ...string) []string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(conn)
	replies := []string{reply(r)}
	for _, line := range lines {
		fmt.Fprintf(conn, "%s\r\n", line)
		replies = append(replies, reply(r))
	}
	return replies
}

func reply(r *bufio.Reader) string {
	var lines []string
	for {
		line, err := textproto.NewReader(r).ReadLine()
		if err != nil {
			return "gone"
		}
		lines = append(lines, line)
		if len(line) < 4 || line[3] != '-' {
			return strings.Join(lines, "|")
		}
	}
}

// orders answers as the table says: "stage who" -> reply.
func orders(table map[string]Reply) func(Step) Reply {
	return func(s Step) Reply {
		who := s.Recipient
		switch {
		case s.Stage == Mail:
			who = s.Sender
		case who == "" && len(s.Recipients) > 0:
			who = s.Recipients[0]
		}
		return table[strings.TrimSpace(string(s.Stage)+" "+who)]
	}
}

func TestAnswers(t *testing.T) {
	const ehlo, from, to, data, dot = "EHLO c.example", "MAIL FROM:<s@c.example>", "RCPT TO:<r@d.example>", "DATA", "hi\r\n."
	whole := []string{ehlo, from, to, data, dot}
	for _, tt := range []struct {
		name    string
		script  map[string]Reply
		send    []string
		last    string // reply
		answers []Answer
	}{
		{"accepts", nil, whole, "250 2.0.0 Ok: queued as 4C0FFEE", []Answer{{Dot, "s@c.example", "r@d.example", 250}}},
		{"own text", map[string]Reply{"dot r@d.example": {Code: 250, Lines: []string{"2.0.0 fine", "really"}}}, whole, "250-2.0.0 fine|250 really", []Answer{{Dot, "s@c.example", "r@d.example", 250}}},
		{"greeting 554", map[string]Reply{"connect": {Code: 554, Lines: []string{"go away"}}}, nil, "554 go away", []Answer{{Connect, "", "", 554}}},
		{"greeting 421 hangs up", map[string]Reply{"connect": {Code: 421, Lines: []string{"busy"}}}, []string{ehlo}, "gone", []Answer{{Connect, "", "", 421}}},
		{"greeting dropped", map[string]Reply{"connect": {Drop: true}}, nil, "gone", []Answer{{Connect, "", "", 0}}},
		{"ehlo 450", map[string]Reply{"hello": {Code: 450, Lines: []string{"no", "not now"}}}, []string{ehlo}, "450-no|450 not now", []Answer{{Hello, "", "", 450}}},
		{"mail 550", map[string]Reply{"mail s@c.example": {Code: 550, Lines: []string{"5.7.1 no"}}}, []string{ehlo, from}, "550 5.7.1 no", []Answer{{Mail, "s@c.example", "", 550}}},
		{"rcpt after refused mail", map[string]Reply{"mail s@c.example": {Code: 550}}, []string{ehlo, from, to}, "503 5.5.1 Need MAIL command", []Answer{{Mail, "s@c.example", "", 550}}},
		{"rcpt 450 bare", map[string]Reply{"rcpt r@d.example": {Code: 450}}, []string{ehlo, from, to}, "450", []Answer{{Rcpt, "s@c.example", "r@d.example", 450}}},
		{"rcpt dropped", map[string]Reply{"rcpt r@d.example": {Drop: true}}, []string{ehlo, from, to}, "gone", []Answer{{Rcpt, "s@c.example", "r@d.example", 0}}},
		{"data 451", map[string]Reply{"data r@d.example": {Code: 451}}, []string{ehlo, from, to, data}, "451", []Answer{{Data, "s@c.example", "r@d.example", 451}}},
		{"dot 550 then hang up", map[string]Reply{"dot r@d.example": {Code: 550, Drop: true}}, append(whole[:5:5], "NOOP"), "gone", []Answer{{Dot, "s@c.example", "r@d.example", 550}}},
		{"dot dropped", map[string]Reply{"dot r@d.example": {Drop: true}}, whole, "gone", []Answer{{Dot, "s@c.example", "r@d.example", 0}}},
		{"one of two", map[string]Reply{"rcpt x@d.example": {Code: 550}}, []string{ehlo, from, "RCPT TO:<x@d.example>", to, data, dot}, "250 2.0.0 Ok: queued as 4C0FFEE",
			[]Answer{{Rcpt, "s@c.example", "x@d.example", 550}, {Dot, "s@c.example", "r@d.example", 250}}},
		{"no recipients", nil, []string{ehlo, from, data}, "503 5.5.1 No valid recipients", nil},
		{"nested mail", nil, []string{ehlo, from, from}, "503 5.5.1 Nested MAIL command", nil},
		{"wrong protocol", nil, []string{"LHLO c.example"}, "500 5.5.1 Wrong protocol", nil},
		{"unknown command", nil, []string{"FOO"}, "502 5.5.1 Command not implemented", nil},
		{"long line", nil, []string{strings.Repeat("x", maxLine)}, "500 5.5.2 Line too long", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, Options{Answer: orders(tt.script)})
			replies := talk(t, s, tt.send...)
			s.Close()
			if got := replies[len(replies)-1]; got != tt.last {
				t.Errorf("last reply %q, want %q", got, tt.last)
			}
			if got := s.Answers(); !reflect.DeepEqual(got, tt.answers) {
				t.Errorf("answers %v, want %v", got, tt.answers)
			}
		})
	}
}

func TestStartTLSRefused(t *testing.T) {
	s := start(t, Options{TLS: &tls.Config{}, Answer: orders(map[string]Reply{"starttls": {Code: 454, Lines: []string{"4.7.0 no"}}})})
	replies := talk(t, s, "EHLO c.example", "STARTTLS", "MAIL FROM:<s@c.example>")
	s.Close()
	if got, want := strings.Join(replies[2:], "; "), "454 4.7.0 no; 250 2.1.0 Ok"; got != want {
		t.Errorf("replies %q, want %q", got, want)
	}
	if got, want := s.Answers(), []Answer{{StartTLS, "", "", 454}}; !reflect.DeepEqual(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
}

func TestLMTPAnswersEachRecipient(t *testing.T) {
	s := start(t, Options{LMTP: true, Answer: orders(map[string]Reply{"dot b@d.example": {Code: 552, Lines: []string{"5.2.2 full"}}})})
	replies := talk(t, s, "LHLO c.example", "MAIL FROM:<>", "RCPT TO:<a@d.example>", "RCPT TO:<b@d.example>", "DATA", "hi\r\n.\r\nNOOP")
	s.Close()
	want := []Answer{{Dot, "", "a@d.example", 250}, {Dot, "", "b@d.example", 552}}
	if got := s.Answers(); !reflect.DeepEqual(got, want) {
		t.Errorf("answers %v, want %v; replies %q", got, want, replies)
	}
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestSeenCountsEarlierAttempts(t *testing.T) {
	s := start(t, Options{Answer: func(s Step) Reply {
		if s.Stage == Rcpt && s.Seen < 2 {
			return Reply{Code: 450}
		}
		return Reply{}
	}})
	replies := talk(t, s, "EHLO c", "MAIL FROM:<s@c>", "RCPT TO:<r@d>", "RCPT TO:<r@d>", "RCPT TO:<r@d>")
	if got, want := strings.Join(replies[3:], "; "), "450; 450; 250 2.1.5 Ok"; got != want {
		t.Errorf("replies %q, want %q", got, want)
	}
	if s.Deferred() != 2 || s.Refused() != 0 || s.Accepted() != 0 || s.Dropped() != 0 {
		t.Errorf("answers %v", s.Answers())
	}
}

func TestMessageIsKept(t *testing.T) {
	s := start(t, Options{})
	talk(t, s, "EHLO c", `MAIL FROM:<"a>b"@c> SIZE=10`, `RCPT TO:<"x\">, y"@d> NOTIFY=NEVER`, "DATA", "Subject: x\r\n\r\n..dot\r\n.")
	s.Close()
	want := []Message{{`"a>b"@c`, []string{`"x\">, y"@d`}, []byte("Subject: x\r\n\r\n.dot\r\n")}}
	if got := s.Messages(); !reflect.DeepEqual(got, want) {
		t.Errorf("messages %q, want %q", got, want)
	}
}

func TestSilentClientIsLeft(t *testing.T) {
	s := start(t, Options{Timeout: time.Millisecond})
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	text, err := io.ReadAll(conn)
	if want := "220 sink.example ESMTP\r\n"; string(text) != want || err != nil {
		t.Errorf("got %q and %v, want %q and the end", text, err, want)
	}
}

func TestPath(t *testing.T) {
	for _, tt := range []struct{ arg, want string }{
		{"TO:<a@b>", "a@b"},
		{"to: <a@b> X=<c>", "a@b"},
		{`TO:<"a>"@b>`, `"a>"@b`},
		{`TO:<"a\">"@b>`, `"a\">"@b`},
		{"TO:<>", ""},
		{"TO:a@b", "-"},
		{"TO:<a@b", "-"},
		{`TO:<"a>@b`, "-"},
		{"FROM:<a@b>", "-"},
		{"", "-"},
	} {
		got, ok := path(tt.arg, "TO:")
		if !ok {
			got = "-"
		}
		if got != tt.want {
			t.Errorf("path(%q) = %q, want %q", tt.arg, got, tt.want)
		}
	}
}
