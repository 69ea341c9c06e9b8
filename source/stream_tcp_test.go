package source

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

func TestTCPFramings(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	for _, c := range []struct {
		name, sent string
		want       []string
		bad, cut   int64
	}{
		{"newlines", "<22>a\n<22>b\n", []string{"<22>a", "<22>b"}, 0, 0},
		{"CR LF, LF NUL", "<22>a\r\n<22>b\n\x00<22>c\n", []string{"<22>a", "<22>b", "<22>c"}, 0, 0},
		{"counts", "5 <22>a6 <22>bb", []string{"<22>a", "<22>bb"}, 0, 0},
		{"counts and trailers", "5 <22>a\n6 <22>b\n5 <22>c\r\n\x00", []string{"<22>a", "<22>b", "<22>c"}, 0, 0},
		{"both", "<22>a\n5 <22>b<22>c\n", []string{"<22>a", "<22>b", "<22>c"}, 0, 0},
		{"a stamp", "2026-11-21T03:55:40Z mx a: x\n<22>b\n", []string{"2026-11-21T03:55:40Z mx a: x", "<22>b"}, 0, 0},
		{"a count of 0", "0 <22>a\n<22>b\n", []string{"0 <22>a", "<22>b"}, 0, 0},
		{"no last newline", "<22>a\n<22>b", []string{"<22>a", "<22>b"}, 0, 0},
		{"half a frame", "5 <22>a10 <22>b", []string{"<22>a"}, 1, 0},
		{"half a count", "5 <22>a10", []string{"<22>a"}, 1, 0},
		{"a count too long", "5 <22>a99999999 <22>b\n<22>c\n", []string{"<22>a"}, 1, 0},
		{"digits without end", "5 <22>a" + strings.Repeat("9", 100_000) + "\n<22>b\n", []string{"<22>a", long[:0] + strings.Repeat("9", MaxLine), "<22>b"}, 0, 1},
		{"a frame that holds lines", "12 <22>a\n<22>b\n5 <22>c", []string{"<22>a", "<22>c"}, 1, 0},
		{"empty ones", "\n\n\r\n<22>a\n\n", []string{"<22>a"}, 0, 0},
		{"nothing", "", nil, 0, 0},
		{"the longest", long + "\n<22>b\n", []string{long, "<22>b"}, 0, 0},
		{"too long", long + "x\n<22>b\n", []string{long, "<22>b"}, 0, 1},
		{"too long a frame", fmt.Sprintf("%d %s5 <22>b", 2*len(long), long+long), []string{long, "<22>b"}, 0, 1},
	} {
		w := newStreamWorld(t)
		w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0"}})
		conn := w.dial("tcp", w.address(0))
		w.say(conn, c.sent)
		_ = conn.(*net.TCPConn).CloseWrite()
		var want []string
		for _, m := range c.want {
			want = append(want, "127.0.0.1|"+m)
		}
		w.T.Run(c.name, func(t *testing.T) {
			v := *w
			v.T = t
			v.until("the end of the connection", func() bool { _, err := conn.Read(make([]byte, 1)); return err != nil })
			v.until("its end", func() bool { return v.s.Stats().Connections == 0 })
			v.s.Stop()
			v.toEnd()
			v.want(want...)
			if st := v.s.Stats(); st.BadFrames != c.bad || st.LongLines != c.cut || st.Received != int64(len(want)) {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestTCPBreaks: a connection that is reset in a line gives no half line.
func TestTCPBreaks(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0"}})
	c := w.dial("tcp", w.address(0)).(*net.TCPConn)
	w.say(c, "<22>a\n<22>status=se")
	w.want("127.0.0.1|<22>a")
	w.must(c.SetLinger(0))
	w.must(c.Close())
	w.until("the end", func() bool { return w.s.Stats().Connections == 0 })
	w.want()
	if st := w.s.Stats(); st.BadFrames != 1 {
		t.Errorf("%+v", st)
	}
}

// TestTCPLosesFraming: what follows a count that can't be is not waited for.
func TestTCPLosesFraming(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0"}})
	c := w.dial("tcp", w.address(0))
	w.say(c, "9999999999999999999999 <22>a")
	w.must(c.SetReadDeadline(time.Now().Add(10 * time.Second)))
	if _, err := c.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Error("the connection is kept:", err)
	}
	if st := w.s.Stats(); st.BadFrames != 1 {
		t.Errorf("%+v", st)
	}
}

func TestTCPConnectionsAreBounded(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0"}, Connections: 2})
	one, two := w.dial("tcp", w.address(0)), w.dial("tcp", w.address(0))
	w.until("both", func() bool { return w.s.Stats().Connections == 2 })
	three := w.dial("tcp", w.address(0))
	if _, err := three.Read(make([]byte, 1)); err == nil {
		t.Error("a third one is let in")
	}
	w.say(one, "a\n")
	w.want("127.0.0.1|a")
	w.must(one.Close())
	w.until("a place", func() bool { return w.s.Stats().Connections == 1 })
	w.say(w.dial("tcp", w.address(0)), "b\n")
	w.want("127.0.0.1|b")
	w.say(two, "c\n")
	w.want("127.0.0.1|c")
	if st := w.s.Stats(); st.Refused != 1 || st.Connections != 2 {
		t.Errorf("%+v", st)
	}
}

func TestTCPIdle(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0"}, Idle: 100 * time.Millisecond})
	c := w.dial("tcp", w.address(0))
	for range 10 { // not as long as it says something
		w.say(c, "a\n")
		w.want("127.0.0.1|a")
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Error("it is let be:", err)
	}
}

// TestBackPressure: who can wait, waits; nothing is lost. Datagrams have room beside it.
func TestBackPressure(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0", w.path("log")}, QueueBytes: 1})
	const sent = 20 * streamBatchLines
	lines := manyLines("line", sent)
	c := w.dial("tcp", w.address(0))
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c, strings.Join(lines, "\n")+"\n")
		done <- err
	}()
	for w.s.Stats().Received < minStreamBatches/2*streamBatchLines {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond)
	if n := w.s.Stats().Received; n > minStreamBatches/2*streamBatchLines {
		t.Errorf("%d lines are held", n)
	}
	w.say(w.dial("unixgram", w.path("log")), "datagram")
	for w.s.Stats().Received%streamBatchLines == 0 {
		time.Sleep(time.Millisecond)
	}
	w.until("all", func() bool { return len(w.got) == sent+1 })
	w.must(<-done)
	n, found := 0, false
	for _, line := range w.got {
		if line == "|datagram" {
			found = true
		} else if line != "127.0.0.1|"+lines[n] {
			t.Fatalf("line %d is %q", n, line)
		} else {
			n++
		}
	}
	if st := w.s.Stats(); !found || st.Dropped != 0 || st.Received != sent+1 {
		t.Errorf("datagram %v, %+v", found, st)
	}
}

// TestStopReadsConnections: what was sent before Stop is counted, in connections that
// weren't accepted, too.
func TestStopReadsConnections(t *testing.T) {
	for range 10 {
		w := newStreamWorld(t)
		w.open(StreamOptions{Listen: []string{"tcp://127.0.0.1:0", "udp://127.0.0.1:0"}})
		tcp, udp := w.address(0), w.address(1)
		for i := range 20 {
			w.say(w.dial("tcp", tcp), strings.Join(manyLines(fmt.Sprintf("<22>%d", i), 100), "\n")+"\nhalf")
			w.say(w.dial("udp", udp), "x")
		}
		w.s.Stop()
		if _, err := net.DialTimeout("tcp", tcp, time.Second); err == nil {
			time.Sleep(drainQuiet)
		}
		w.toEnd()
		if st := w.s.Stats(); len(w.got) != 2020 || st.BadFrames != 20 || st.Dropped != 0 {
			t.Fatalf("%d lines, %+v", len(w.got), st)
		}
		w.must(w.s.Close())
	}
}
