package source

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
)

// streamWorld is a Stream, and what it gave: "host|text" of a message, the text of a
// line.
type streamWorld struct {
	*testing.T
	dir string
	s   *Stream
	got []string
}

func newStreamWorld(t *testing.T) *streamWorld { return &streamWorld{T: t, dir: t.TempDir()} }

func (w *streamWorld) path(name string) string { return filepath.Join(w.dir, name) }

func (w *streamWorld) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *streamWorld) open(o StreamOptions) {
	w.Helper()
	s, err := NewStream(o)
	w.must(err)
	w.s = s
	w.Cleanup(func() { w.must(s.Close()) })
}

// pull takes what there is.
func (w *streamWorld) pull() {
	w.Helper()
	for {
		line, _, err := w.s.Next()
		if err == io.EOF {
			return
		}
		w.must(err)
		text := strings.Clone(line.Text)
		if line.Sender != nil {
			text = line.Sender.Host + "|" + text
		}
		w.got = append(w.got, text)
	}
}

func (w *streamWorld) until(what string, done func() bool) {
	w.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); {
		if time.Now().After(deadline) {
			w.Fatalf("no %s; %d lines: %.300q, %+v, %v", what, len(w.got), w.got, w.s.Stats(), w.s.Err())
		}
		ctx, stop := context.WithTimeout(w.Context(), 20*time.Millisecond)
		_ = w.s.Wait(ctx)
		stop()
		w.pull()
	}
}

// want waits for these lines, and that there are no others.
func (w *streamWorld) want(lines ...string) {
	w.Helper()
	w.until(fmt.Sprintf("%d lines", len(lines)), func() bool { return len(w.got) >= len(lines) })
	if !slices.Equal(w.got, lines) {
		w.Errorf("got  %.300q\nwant %.300q", w.got, lines)
	}
	w.got = nil
}

// toEnd reads until nothing comes ever again.
func (w *streamWorld) toEnd() {
	w.Helper()
	w.until("end", func() bool { return w.s.Wait(w.Context()) == io.EOF })
}

// address of the n-th that is listened at.
func (w *streamWorld) address(n int) string {
	switch r := w.s.readers[n].(type) {
	case *datagrams:
		return r.socket.(net.PacketConn).LocalAddr().String()
	case *listener:
		return r.socket.Addr().String()
	}
	return ""
}

func (w *streamWorld) dial(network, address string) net.Conn {
	w.Helper()
	c, err := net.Dial(network, address)
	w.must(err)
	w.Cleanup(func() { c.Close() })
	return c
}

func (w *streamWorld) say(c io.Writer, text string) {
	w.Helper()
	_, err := io.WriteString(c, text)
	w.must(err)
}

// manyLines are so many different lines.
func manyLines(what string, n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf("%s %d", what, i))
	}
	return lines
}

func TestStreamOptionsThatCantBe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		listen, pipe, want string
	}{
		{"", "", "neither an address nor a pipe"},
		{"udp://514", "", "listen on udp://514: not an address like udp://:514"},
		{"http://:514", "", "not an address like"},
		{"log", "", "not an address like"},
		{"udp://127.0.0.1:", "", "not an address like"},
		{"udp://127.0.0.1:99999", "", "invalid port"},
		{"tcp://" + taken.Addr().String(), "", "listen on tcp://" + taken.Addr().String() + ": bind: address already in use"},
		{filepath.Join(dir, "missing", "log"), "", "its directory must be there: stat "},
		{file, "", "listen on unixgram://" + file + ": a file that is no socket"},
		{"/" + strings.Repeat("x", 108), "", "107 bytes at most"},
		{"", file, file + " is no FIFO"},
		{"", dir, dir + " is no FIFO"},
		{"", Stdin, "standard input isn't there"},
	} {
		o := StreamOptions{}
		if c.listen != "" {
			o.Listen = []string{"udp://127.0.0.1:0", c.listen}
		}
		if c.pipe != "" {
			o.Pipes = []string{c.pipe}
		}
		s, err := NewStream(o)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s%s: %v, want %q", c.listen, c.pipe, err, c.want)
		}
	}
}

func TestStreamIsKnownByItsNames(t *testing.T) {
	w := newStreamWorld(t)
	fifo := w.fifo("b")
	w.open(StreamOptions{Listen: []string{"udp://127.0.0.1:0", "udp://127.0.0.1:0", w.path("a")}, Pipes: []string{fifo, fifo + "/../b", Stdin}, Stdin: strings.NewReader("")})
	place := w.s.Place()
	want := checkpoint.Place{Log: "stream - " + fifo + " udp://127.0.0.1:0 unixgram://" + w.path("a")}
	if place != want || len(w.s.readers) != 4 || !w.s.CaughtUp() || w.s.Resumed() != (Resume{}) {
		t.Errorf("%+v of %d, %+v", place, len(w.s.readers), w.s.Resumed())
	}
	for _, c := range []struct {
		at   checkpoint.Place
		want Resume
	}{
		{checkpoint.Place{Log: "stream -"}, Resume{}},
		{checkpoint.Place{Log: "/var/log/mail.log", Path: "/var/log/mail.log.1"}, Resume{How: OtherLog, Was: "/var/log/mail.log.1", Path: "stream -"}},
		{checkpoint.Place{Log: "stream udp://:514"}, Resume{How: OtherLog, Was: "stream udp://:514", Path: "stream -"}},
	} {
		w.open(StreamOptions{Pipes: []string{Stdin}, Stdin: strings.NewReader(""), At: c.at})
		if got := w.s.Resumed(); got != c.want {
			t.Errorf("%+v: %+v", c.at, got)
		}
	}
}

// TestStreamEndsWhole: closed at any moment, twice, it leaves no goroutine and no
// descriptor.
func TestStreamEndsWhole(t *testing.T) {
	w := newStreamWorld(t)
	goroutines, descriptors := runtime.NumGoroutine(), countDescriptors(t)
	for i := range 30 {
		s, err := NewStream(StreamOptions{
			Listen: []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0", w.path("log")},
			Pipes:  []string{w.path("missing"), w.fifo(fmt.Sprint(i))},
		})
		w.must(err)
		w.s = s
		c := w.dial("tcp", w.address(1))
		w.say(w.dial("unixgram", w.path("log")), "one")
		w.say(c, "<22>two\n<22>thr")
		if i%3 == 0 {
			w.until("both", func() bool { return len(w.got) == 2 })
		}
		if i%2 == 0 {
			s.Stop()
		}
		time.Sleep(time.Duration(i%5) * time.Millisecond)
		w.must(s.Close())
		w.must(s.Close())
		s.Stop()
		if _, _, err := s.Next(); err != io.EOF || s.Wait(t.Context()) != io.EOF || s.Stats().Connections != 0 {
			t.Fatal("closed, it goes on", err)
		}
		if _, err := os.Lstat(w.path("log")); err == nil {
			t.Fatal("the socket is left")
		}
		w.got = nil
		c.Close()
	}
	for range 100 {
		if runtime.NumGoroutine() <= goroutines && countDescriptors(t) <= descriptors+30 { // senders' sockets
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines were %d, %d descriptors were %d\n%s", runtime.NumGoroutine(), goroutines, countDescriptors(t), descriptors, stacks[:runtime.Stack(stacks, true)])
}

func countDescriptors(t *testing.T) int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(all)
}

// TestStreamWakes: a caller that waits for several sources at once is told.
func TestStreamWakes(t *testing.T) {
	w := newStreamWorld(t)
	wake := make(chan struct{}, 1)
	w.open(StreamOptions{Listen: []string{w.path("log")}, Wake: wake})
	c := w.dial("unixgram", w.path("log"))
	for range 3 {
		w.say(c, "one")
		select {
		case <-wake:
		case <-time.After(5 * time.Second):
			t.Fatal("not woken")
		}
		w.pull()
	}
	w.want("|one", "|one", "|one")
}
