package source

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestDatagramIsOneLine, whatever is in it.
func TestDatagramIsOneLine(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	for _, network := range []string{"udp", "unixgram"} {
		w := newStreamWorld(t)
		host, listen := "127.0.0.1|", "udp://127.0.0.1:0"
		if network == "unixgram" {
			host, listen = "mx|", w.path("log")
		}
		w.open(StreamOptions{Listen: []string{listen}, Host: "mx"})
		c := w.dial(network, w.address(0))
		var want []string
		cut := int64(0)
		for _, m := range [][2]string{
			{"<22>Nov 21 03:55:40 mx postfix/smtp[1]: x", "<22>Nov 21 03:55:40 mx postfix/smtp[1]: x"},
			{"a\n", "a"}, {"a\r\n", "a"}, {"a\x00", "a"}, {"a\n\x00\n", "a"}, {"\n", ""}, {"", ""},
			{"a\n<22>Nov 21 03:55:40 mx postfix/smtp[1]: forged", "a"},
			{"\n<22>forged", ""},
			{"a\x00b\xff\rc", "a\x00b\xff\rc"},
			{"12 abc", "12 abc"},
			{long[:60_000], long[:60_000]},
		} {
			w.say(c, m[0])
			want = append(want, host+m[1])
		}
		if network == "unixgram" { // UDP carries no more
			w.say(c, long+"\n")
			w.say(c, long+"x")
			w.say(c, long+long)
			cut = 2
			want = append(want, host+long, host+long, host+long)
		}
		w.want(want...)
		if st := w.s.Stats(); st.Received != int64(len(want)) || st.LongLines != cut || st.Dropped+st.KernelDropped+st.BadFrames+st.Lag != 0 {
			t.Errorf("%s: %+v", network, st)
		}
	}
}

func TestUDPSenders(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{"udp://:0"}}) // IPv6 as well, where there is one
	_, port, err := net.SplitHostPort(w.address(0))
	w.must(err)
	for _, from := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.1"} {
		c, err := net.DialUDP("udp", &net.UDPAddr{IP: net.ParseIP(from)}, udpAddress(t, "127.0.0.1:"+port))
		w.must(err)
		w.say(c, "x")
		w.must(c.Close())
	}
	w.want("127.0.0.1|x", "127.0.0.2|x", "127.0.0.1|x")
	if c, err := net.Dial("udp", "[::1]:"+port); err == nil {
		w.say(c, "x")
		w.want("::1|x")
	}
}

func udpAddress(t *testing.T, s string) *net.UDPAddr {
	a, err := net.ResolveUDPAddr("udp", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestQueueIsFull: what isn't counted in time is dropped, and counted as dropped; the
// first are kept. The senders don't wait.
func TestQueueIsFull(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{w.path("log")}, QueueBytes: 1})
	c := w.dial("unixgram", w.path("log"))
	const sent = 3 * minStreamBatches * streamBatchLines
	for i := range sent {
		w.say(c, fmt.Sprint(i))
	}
	w.until("all", func() bool { return w.s.Stats().Received == sent && len(w.got) > 0 && w.s.Stats().Lag == 0 })
	st := w.s.Stats()
	if int64(len(w.got))+st.Dropped != sent || st.Dropped == 0 || len(w.got) < minStreamBatches*streamBatchLines || st.KernelDropped != 0 {
		t.Errorf("%d of %d came, %+v", len(w.got), sent, st)
	}
	for i, line := range w.got[:minStreamBatches*streamBatchLines] {
		if line != fmt.Sprintf("|%d", i) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	w.got = nil
	w.say(c, "again")
	w.want("|again")
}

// TestKernelDrops: each datagram that was sent is counted somewhere, though nobody
// reads the socket for a while.
func TestKernelDrops(t *testing.T) {
	w := newStreamWorld(t)
	var slow atomic.Bool
	hold := make(chan struct{})
	slow.Store(true)
	w.open(StreamOptions{Listen: []string{"udp://127.0.0.1:0"}, ReceiveBuffer: 4096, Now: func() time.Time {
		if slow.Load() {
			<-hold
		}
		return time.Now()
	}})
	if runtime.GOOS != "linux" {
		t.Skip("nobody tells here")
	}
	c := w.dial("udp", w.address(0))
	const sent = 2000
	for range sent {
		w.say(c, "x")
	}
	w.until("drops", func() bool { return w.s.Stats().KernelDropped > sent/2 })
	slow.Store(false)
	close(hold)
	w.until("all", func() bool { return int64(len(w.got))+w.s.Stats().KernelDropped == sent })

	hold = make(chan struct{}) // and again, without a look between: at the end all is known
	slow.Store(true)
	for range sent {
		w.say(c, "x")
	}
	slow.Store(false)
	close(hold)
	w.s.Stop()
	w.toEnd()
	w.must(w.s.Close())
	if st := w.s.Stats(); st.Received+st.KernelDropped != 2*sent || st.Received != int64(len(w.got)) || st.Received == 0 {
		t.Errorf("closed: %d, %+v", len(w.got), st)
	}
}

func TestUnixSocketFile(t *testing.T) {
	w := newStreamWorld(t)
	path := w.path("log")
	dead, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	w.must(err)
	w.must(dead.Close()) // without unlinking
	if _, err := os.Lstat(path); err != nil {
		t.Fatal("no socket of a predecessor", err)
	}
	w.open(StreamOptions{Listen: []string{"unixgram://" + path}})
	if info, err := os.Lstat(path); err != nil || info.Mode() != os.ModeSocket|0o666 {
		t.Error(info.Mode(), err)
	}
	if _, err := NewStream(StreamOptions{Listen: []string{path}}); err == nil || !strings.Contains(err.Error(), "another process listens there") {
		t.Error("a second one:", err)
	}
	w.say(w.dial("unixgram", path), "x") // it still works
	w.want("|x")

	w.must(os.Remove(path))
	first := w.s
	w.open(StreamOptions{Listen: []string{path}, SocketMode: 0o600})
	w.must(first.Close()) // not its file any more
	if info, err := os.Lstat(path); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Error(info, err)
	}
	w.must(w.s.Close())
	if _, err := os.Lstat(path); err == nil {
		t.Error("it is left behind")
	}

	stream, err := net.Listen("unix", path) // of another kind, and living
	w.must(err)
	defer stream.Close()
	if _, err := NewStream(StreamOptions{Listen: []string{path}}); err == nil || !strings.Contains(err.Error(), "another process listens there") {
		t.Error("a stream socket:", err)
	}
}

// TestStopLosesNothing: every datagram whose sender was told that it was sent is
// counted, though the end comes in the middle.
func TestStopLosesNothing(t *testing.T) {
	for range 20 {
		w := newStreamWorld(t)
		w.open(StreamOptions{Listen: []string{w.path("log")}, Pipes: []string{w.path("missing")}})
		var sent atomic.Int64
		var all sync.WaitGroup
		for range 4 {
			c := w.dial("unixgram", w.path("log"))
			all.Go(func() {
				for {
					if _, err := c.Write([]byte("x")); err != nil {
						return
					}
					sent.Add(1)
				}
			})
		}
		w.until("some", func() bool { return len(w.got) > 500 })
		w.s.Stop()
		if _, err := os.Lstat(w.path("log")); err == nil {
			t.Error("others still find the socket")
		}
		w.toEnd()
		all.Wait()
		if st := w.s.Stats(); int64(len(w.got))+st.Dropped != sent.Load() {
			t.Errorf("%d were sent, %d came, %+v", sent.Load(), len(w.got), st)
		}
		w.must(w.s.Close())
	}
}
