package showq

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	for address, want := range map[string]string{
		"/var/spool/postfix/public/showq":  "unix /var/spool/postfix/public/showq",
		"public/showq":                     "unix public/showq",
		"127.0.0.1:10025":                  "tcp 127.0.0.1:10025",
		"tcp://mx.example.com:10025":       "tcp mx.example.com:10025",
		"[::1]:10025":                      "tcp [::1]:10025",
		"":                                 "",
		"showq":                            "",
		":10025":                           "",
		"127.0.0.1:":                       "",
		"::1:10025":                        "",
		"tcp://a:1/b":                      "",
		"/" + strings.Repeat("x", maxPath): "",
	} {
		got := ""
		l, err := New(address)
		if err == nil {
			got = l.network + " " + l.address
		}
		if got != want {
			t.Errorf("New(%q) = %q, %v, want %q", address, got, err, want)
		}
	}
}

func TestOverSocket(t *testing.T) {
	long := wire(hello+head) + strings.Repeat(wire("recipient.bob@example-org.reason.refused."), 5_000) + "\x00\x00"
	for _, c := range []struct {
		name   string
		answer func(net.Conn)
		told   int64
		want   string // the reason, and a part of the sentence
	}{
		{"a list", func(c net.Conn) { c.Write([]byte(long)) }, 5_000, ""},
		{"hangs", hang, 0, "timeout: no answer within 1s: showq hangs"},
		{"hangs in the middle", func(c net.Conn) { c.Write([]byte(long[:len(long)-1])); hang(c) }, 5_000,
			"timeout: the list is cut: nothing more within 1s behind 1 messages"},
		{"is slow", func(c net.Conn) {
			for range 10 {
				time.Sleep(120 * time.Millisecond)
				c.Write([]byte(wire(head + "recipient.b..")))
			}
			c.Write([]byte{0})
		}, 10, ""},
		{"trickles", func(c net.Conn) {
			for _, b := range []byte(long[:200]) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(40 * time.Millisecond)
			}
		}, 0, "timeout: the list is cut: nothing more within 1s behind 0 messages: showq hangs"},
		{"goes away", func(c net.Conn) { c.Write([]byte(long[:len(long)/2])) }, 2_498, "cut: the list is cut: it ends in the middle, behind 1 messages"},
		{"goes away at once", func(net.Conn) {}, 0, "cut: the list is cut: it ends in the middle, behind 0 messages"},
		{"speaks SMTP", func(c net.Conn) { c.Write([]byte("220 mx ESMTP\r\n")); hang(c) }, 0, "malformed: who answers is not"},
	} {
		for _, address := range serve(t, c.answer) {
			l := newLister(t, address)
			l.Silence = time.Second
			result, err := l.List(context.Background(), &diary{})
			got := ""
			if err != nil {
				got = string(ReasonOf(err)) + ": " + err.Error()
			}
			if reason, text, _ := strings.Cut(c.want, ": "); !strings.HasPrefix(got, reason) || !strings.Contains(got, text) ||
				(got == "") != (c.want == "") || c.want != "" && !strings.Contains(got, address) {
				t.Errorf("%s at %s: %q, want %q", c.name, address, got, c.want)
			}
			if way := map[bool]string{true: "unix", false: "tcp"}[address[0] == '/']; result.Way != way {
				t.Errorf("%s at %s: asked by way of %q", c.name, address, result.Way)
			}
			if diff := result.Recipients - c.told; diff < -1 || diff > 1 {
				t.Errorf("%s at %s: %d recipients, want %d", c.name, address, result.Recipients, c.told)
			}
		}
	}
}

func TestNobodyListens(t *testing.T) {
	dir := shortDir(t)
	dead := filepath.Join(dir, "showq")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: dead, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false) // as a master that died leaves it
	listener.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		dead:                    "down: connect " + dead + ": nobody listens there: Postfix is not running: start it",
		free.Addr().String():    "down: connect " + free.Addr().String() + ": nobody listens there: Postfix is not running: start it",
		file:                    "other: connect " + file + ": it is no socket: write the path of showq's socket",
		dir:                     "other: connect " + dir + ": it is no socket: write the path of showq's socket",
		filepath.Join(dir, "x"): "down: connect " + dir + "/x: there is no such socket: Postfix never ran there, or its queue is elsewhere (postconf queue_directory); nor does postqueue help: there is no command postconf here",
	} {
		result, err := newLister(t, address).List(context.Background(), &diary{})
		if got := string(ReasonOf(err)) + ": " + err.Error(); got != want {
			t.Errorf("%s\n got %s\nwant %s", address, got, want)
		}
		if result.Way != "" {
			t.Errorf("%s: asked by way of %s", address, result.Way)
		}
	}
}

func TestUnconnected(t *testing.T) {
	l := &Lister{network: "unix", address: "/s"}
	for errno, want := range map[syscall.Errno]Reason{
		syscall.EACCES: Forbidden, syscall.EPERM: Forbidden, syscall.ENOENT: Down, syscall.ECONNREFUSED: Down,
		syscall.EAGAIN: Timeout, syscall.EMFILE: Other,
	} {
		err := l.unconnected(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errno)})
		if ReasonOf(err) != want || !errors.Is(err, errno) || !strings.HasPrefix(err.Error(), "connect /s: ") {
			t.Errorf("%v: %s, %v", errno, ReasonOf(err), err)
		}
		if again := errno == syscall.EACCES || errno == syscall.EPERM || errno == syscall.ENOENT; isUnopened(err) != again {
			t.Errorf("%v: postqueue may help: %v", errno, !again)
		}
	}
}

func TestReasons(t *testing.T) {
	if ReasonOf(nil) != "" || ReasonOf(fs.ErrClosed) != Other {
		t.Error("an error that is not ours has a reason")
	}
}
