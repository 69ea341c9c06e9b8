package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

const zwibbleRules = "rules:\n  - {name: own, class: spam_rejected, any: [zwibble], examples: [550 zwibble]}\n"

// classifyAll runs classify with zwibbleRules.
func classifyAll(t *testing.T, stdin io.Reader, stdout io.Writer, flags ...string) (status int, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("own.yaml", []byte(zwibbleRules), 0o600); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	status = run(append([]string{"classify", "--rules.file=own.yaml"}, flags...), stdin, stdout, &b)
	return status, b.String()
}

const (
	yes = "spam_rejected\tblock\tother\town\n"
	no  = "unclassified\tunknown\tother\t-\n"
)

func TestClassifyLines(t *testing.T) {
	longest := "zwibble " + strings.Repeat("wu ", maxReplyLine)
	longest = longest[:maxReplyLine]
	for _, c := range []struct{ name, in, out, stderr string }{
		{"no newline at the end", "zwibble", yes, ""},
		{"an empty line at the end", "zwibble\n\n", yes + no, ""},
		{"only a newline", "\n", no, ""},
		{"carriage returns", "zwibble\r\n\r\nzwibble\r\n", yes + no + yes, ""},
		{"byte order mark", "\ufeffzwibble\n", yes, ""},
		{"not UTF-8", "\xff\xfe zwibble\n\x00\x80\n", yes + no, ""},
		{"control characters", "550\x00zwibble\x1b[2J\n", yes, ""},
		{"longest", longest + "\n" + longest + "\r\n" + longest, yes + yes + yes, ""},
		{"too long", "zwibble\n" + longest + "x\nzwibble\n", yes, "standard input, line 2: longer than 1048576 bytes"},
		{"too long, with a carriage return", "zwibble\n" + longest + "x\r\nzwibble\n", yes, "standard input, line 2: longer than 1048576 bytes"},
		{"too long, at the end", longest + "x", "", "standard input, line 1: longer than 1048576 bytes"},
		{"far too long", strings.Repeat("x", 3*maxReplyLine), "", "standard input, line 1: longer than 1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			status, stderr := classifyAll(t, strings.NewReader(c.in), &out)
			if out.String() != c.out {
				t.Errorf("%q, want %q", out.String(), c.out)
			}
			if c.stderr == "" && (status != exitOK || stderr != "") || c.stderr != "" && (status != exitFailed || stderr != "postfix_exporter: "+c.stderr+"\n") {
				t.Errorf("status %d, %q", status, stderr)
			}
		})
	}
}

func TestClassifyTable(t *testing.T) {
	var out bytes.Buffer
	in := "\ufeffCODE\tText\t\t\r\n550\tzwibble\t\t\r\n\t\xff \"zwibble\"\r\n\r\n"
	if status, stderr := classifyAll(t, strings.NewReader(in), &out, "--input=tsv"); status != exitOK || out.String() != yes+yes+no {
		t.Errorf("status %d, %q, %q", status, stderr, out.String())
	}
	for _, code := range []string{"55", "5500", "0550", "5x0", "+50", "199", "600", "000", "-55", "550.0"} {
		if status, stderr := classifyAll(t, strings.NewReader("code\ttext\n"+code+"\tzwibble\n"), io.Discard, "--input=tsv"); status != exitFailed || !strings.Contains(stderr, "line 2: the code") {
			t.Errorf("%s: status %d, %q", code, status, stderr)
		}
	}
}

// What --explain shows of a text can't play with a terminal.
func TestExplainIsPrintable(t *testing.T) {
	var out bytes.Buffer
	if status, stderr := classifyAll(t, strings.NewReader("550 zwib\x1b[2J \u202e \ue000 wo\u0301 \xff\n"), &out, "--explain"); status != exitOK {
		t.Fatalf("status %d, %q", status, stderr)
	}
	for _, r := range strings.ReplaceAll(strings.ReplaceAll(out.String(), "\n", ""), "\t", "") {
		if r < ' ' || r == 0x7f || r == '\u202e' || r == '\ue000' {
			t.Errorf("%q in %q", r, out.String())
		}
	}
}

// refusing is an output that fails with an error.
type refusing struct{ err error }

func (r refusing) Write([]byte) (int, error) { return 0, r.err }

func TestClassifyOutputEnds(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(strings.Repeat("zwibble\n", 100_000)), iotest.ErrReader(errors.New("was read to the end")))
	if status, stderr := classifyAll(t, endless, refusing{&os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}}); status != exitOK || stderr != "" {
		t.Errorf("a broken pipe: status %d, %q", status, stderr)
	}
	if status, stderr := classifyAll(t, strings.NewReader("x\n"), full{}); status != exitFailed || !strings.Contains(stderr, "no space left") {
		t.Errorf("a full disk: status %d, %q", status, stderr)
	}
	in := io.MultiReader(strings.NewReader("zwibble\n"), iotest.ErrReader(errors.New("it broke")))
	var out bytes.Buffer
	if status, stderr := classifyAll(t, in, &out); status != exitFailed || stderr != "postfix_exporter: standard input, line 2: it broke\n" || out.String() != yes {
		t.Errorf("a broken input: status %d, %q, %q", status, stderr, out.String())
	}
}

// An answer doesn't wait for the next line.
func TestClassifyAnswersAtOnce(t *testing.T) {
	in, ask := io.Pipe()
	answer, out := io.Pipe()
	done := make(chan int)
	go func() {
		status, _ := classifyAll(t, in, out)
		done <- status
	}()
	stopped := time.AfterFunc(patience, func() { out.CloseWithError(errors.New("no answer")) })
	defer stopped.Stop()
	for range 3 {
		io.WriteString(ask, "zwibble\n")
		b := make([]byte, len(yes))
		if _, err := io.ReadFull(answer, b); err != nil || string(b) != yes {
			t.Fatalf("%q, %v", b, err)
		}
	}
	ask.Close()
	if status := <-done; status != exitOK {
		t.Errorf("status %d", status)
	}
}
