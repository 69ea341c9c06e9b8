package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The program from outside: each file of testdata/script is a test, its
// commands are testscript's and those of scriptCommands.

var update = flag.Bool("update", false, "write what the scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){program: runAsProgram})
}

func runAsProgram() {
	if os.Getenv("AS_NOBODY") != "" && os.Geteuid() == 0 { // root may read everything
		const nobody = 65534
		if err := errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			panic(err)
		}
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    scriptStatus,
			"freeport":  scriptFreePort,
			"listen":    scriptListen,
			"get":       scriptGet,
			"post":      scriptPost,
			"append":    scriptAppend,
			"gzip":      scriptGzip,
			"truncate":  scriptTruncate,
			"terminate": scriptTerminate,
			"hangup":    scriptHangUp,
			"showq":     scriptShowq,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("TZ", "UTC")
			e.Setenv("COLUMNS", "80")
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state-home"))
			return nil
		},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(2 * time.Minute), // for a program that should have ended
	})
}

// status N PROGRAM ARG... runs a program that must exit with N.
func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program [arg...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// freeport VAR sets a variable to an address that nobody listens at.
func scriptFreePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}

// listen VAR sets a variable to an address that is taken until the test ends.
func scriptListen(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

// patience is how long a script waits for something to come true.
const patience = 15 * time.Second

// get URL STATUS [REGEXP...] asks until the answer has the status and matches
// all expressions. A line of metrics is matched by ^...$.
func scriptGet(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: get URL status [regexp...]")
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		status, body, err := fetch(client, http.MethodGet, args[0])
		missing := unmet(args[1:], status, body)
		if err == nil && missing == "" {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s: no %s\nlast: %s %v\n%s", args[0], missing, status, err, body)
		}
	}
}

// post URL STATUS [REGEXP...] posts nothing, once; the answer must be as with get.
func scriptPost(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: post URL status [regexp...]")
	}
	status, body, err := fetch(&http.Client{Timeout: 5 * time.Second}, http.MethodPost, args[0])
	ts.Check(err)
	if missing := unmet(args[1:], status, body); missing != "" {
		ts.Fatalf("%s: no %s\n%s\n%s", args[0], missing, status, body)
	}
}

func fetch(client *http.Client, method, url string) (status, body string, err error) {
	q, err := http.NewRequest(method, url, nil)
	if err != nil {
		return "", "", err
	}
	r, err := client.Do(q)
	if err != nil {
		return "", "", err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return strconv.Itoa(r.StatusCode), string(b), err
}

// unmet is the first of the wishes (status, expressions) that is not true.
func unmet(wishes []string, status, body string) string {
	if status != wishes[0] {
		return "status " + wishes[0]
	}
	for _, expr := range wishes[1:] {
		if !regexp.MustCompile("(?m)" + expr).MatchString(body) {
			return expr
		}
	}
	return ""
}

// append FILE FROM... appends files to a file, in one write each.
func scriptAppend(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	ts.Check(err)
	for _, from := range args[1:] {
		_, err := f.WriteString(ts.ReadFile(from))
		ts.Check(err)
	}
	ts.Check(f.Close())
}

// gzip FILE makes FILE.gz.
func scriptGzip(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, ts.ReadFile(args[0]))
	ts.Check(errors.Join(err, z.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(args[0])+".gz", b.Bytes(), 0o644))
}

// truncate FILE N cuts a file to N bytes.
func scriptTruncate(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// terminate sends SIGTERM to what runs in the background; wait, testscript's
// own, then checks that it ended with status 0. hangup sends SIGHUP.
func scriptTerminate(ts *testscript.TestScript, _ bool, _ []string) { signalAll(ts, syscall.SIGTERM) }

func scriptHangUp(ts *testscript.TestScript, _ bool, _ []string) { signalAll(ts, syscall.SIGHUP) }

func signalAll(ts *testscript.TestScript, s os.Signal) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(s))
	}
}
