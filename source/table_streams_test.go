package source

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The kinds of sources that are sent to us, for table_test.go.

const (
	notAgain = "nothing of it can be read again"
	notThere = "nothing is there before it is opened"
)

// received is a kind of stream.
func received(name string, make func(*testing.T) *rig, cant ...string) kind {
	k := kind{name: name, make: make, cant: map[string]string{fromEnd: notThere, aRestart: notAgain, aGap: notAgain}}
	for i := 0; i < len(cant); i += 2 {
		k.cant[cant[i]] = cant[i+1]
	}
	return k
}

// streamKinds are all of them.
var streamKinds = []kind{
	received("Unix datagrams", unixRig),
	received("UDP", udpRig),
	received("TCP, lines", func(t *testing.T) *rig { return tcpRig(t, func(line string) string { return line + "\n" }) }),
	received("TCP, counted", func(t *testing.T) *rig {
		return tcpRig(t, func(line string) string { return fmt.Sprintf("%d %s", len(line), line) })
	}),
	received("FIFO", fifoRig),
	received("standard input", stdinRig, theEnd, "a read of standard input can't be broken off: its goroutine stays until it is written to"),
}

func lostOf(s *Set) int64 {
	st := s.Stats()
	return st.Dropped + st.KernelDropped
}

// streamRig is a stream with these options.
func streamRig(o StreamOptions, write func(lines ...string)) *rig {
	return &rig{
		options: func() SetOptions { return SetOptions{Others: []Other{StreamOf(o)}} },
		write:   write,
		lost:    lostOf,
		stop:    (*Set).Stop,
	}
}

// dialled connects, once somebody listens.
func dialled(t *testing.T, network, address string) net.Conn {
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		c, err := net.Dial(network, address)
		if err == nil {
			return c
		}
		if time.Now().After(end) {
			t.Errorf("dial %s: %v", address, err)
			return nil
		}
	}
}

// datagramRig sends a datagram a line. One that is too long for the network is its
// sender's affair.
func datagramRig(t *testing.T, network, listen, address string) *rig {
	return streamRig(StreamOptions{Listen: []string{listen}}, func(lines ...string) {
		c := dialled(t, network, address)
		if c == nil {
			return
		}
		defer c.Close()
		for _, line := range lines {
			if _, err := io.WriteString(c, line); err != nil && len(line) < MaxLine {
				t.Error(err)
			}
		}
	})
}

func unixRig(t *testing.T) *rig {
	path := filepath.Join(t.TempDir(), "log")
	return datagramRig(t, "unixgram", path, path)
}

func udpRig(t *testing.T) *rig {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := c.LocalAddr().String()
	c.Close()
	return datagramRig(t, "udp", "udp://"+address, address)
}

func tcpRig(t *testing.T, frame func(line string) string) *rig {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	return streamRig(StreamOptions{Listen: []string{"tcp://" + address}}, func(lines ...string) {
		c := dialled(t, "tcp", address)
		if c == nil {
			return
		}
		defer c.Close()
		for _, line := range lines {
			if line == "" { // a frame of none is no frame (RFC 6587, NONZERO-DIGIT)
				continue
			}
			if _, err := io.WriteString(c, frame(line)); err != nil {
				t.Error(err)
			}
		}
	})
}

func fifoRig(t *testing.T) *rig {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return streamRig(StreamOptions{Pipes: []string{path}}, func(lines ...string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, err = io.WriteString(file, strings.Join(lines, "\n")+"\n")
			file.Close()
		}
		if err != nil {
			t.Error(err)
		}
	})
}

func stdinRig(t *testing.T) *rig {
	var in io.WriteCloser
	r := streamRig(StreamOptions{}, func(lines ...string) {
		if _, err := io.WriteString(in, strings.Join(lines, "\n")+"\n"); err != nil {
			t.Error(err)
		}
	})
	r.options = func() SetOptions {
		var out io.Reader
		out, in = io.Pipe()
		return SetOptions{Others: []Other{StreamOf(StreamOptions{Pipes: []string{Stdin}, Stdin: out})}}
	}
	return r
}
