package e2e

// More syslog datagrams than any host logs, while the exporter is scraped: each one
// that was sent is counted as a line or as lost. make flood runs it at full rate.

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfix_exporter/internal/mklog/traffic"
)

const (
	floodRate    = 5000 // datagrams a second, as a test
	floodSeconds = 1
	floodLines   = 100_000 // different ones
)

// TestFlood floods a UDP socket, then a Unix socket. E2E_FLOOD is the rate a second,
// E2E_FLOOD_SECONDS for how long. Only the sum is asserted: what gets lost is up to the
// machine.
func TestFlood(t *testing.T) {
	rate, seconds := numberFrom(t, "E2E_FLOOD", floodRate), numberFrom(t, "E2E_FLOOD_SECONDS", floodSeconds)
	binary := buildExporter(t)
	datagrams := makeDatagrams()
	for _, network := range []string{"udp", "unixgram"} {
		address := net.JoinHostPort("127.0.0.1", freePort(t, "127.0.0.1"))
		if network == "unixgram" {
			address = filepath.Join(t.TempDir(), "log")
		}
		s := receive(t, binary, network+"://"+address)
		conn := dialSoon(t, network, address)
		scraper := startTask(t, func(ctx context.Context) {
			for sleep(ctx, time.Second) {
				s.scrape()
			}
		})
		sent := flood(t, conn, datagrams, rate, seconds)
		scraper.stop()
		counted := s.settled()
		s.stop()
		received, dropped, byKernel := s.lost()
		fmt.Printf("%-8s  %d datagrams sent, %.0f %% of %d a second; %d counted; lost: %d by the kernel, %d by the exporter; %.2f s of CPU\n", network,
			sent, 100*float64(sent)/float64(rate*seconds), rate, counted, byKernel, dropped, cpu(s.cmd).Seconds())
		if counted+dropped+byKernel != sent || received != counted+dropped {
			t.Errorf("%s: %d were sent, %d counted, %d received, %d and %d lost", network, sent, counted, received, dropped, byKernel)
		}
		if network == "unixgram" && byKernel != 0 {
			t.Errorf("the kernel drops datagrams of a Unix socket")
		}
	}
}

// TestFloodWhileStopped: what the kernel has no room for, while the exporter stands
// still, is counted to the last datagram.
func TestFloodWhileStopped(t *testing.T) {
	binary, datagrams := buildExporter(t), makeDatagrams()
	address := net.JoinHostPort("127.0.0.1", freePort(t, "127.0.0.1"))
	s := receive(t, binary, "udp://"+address)
	conn := dialSoon(t, "udp", address)
	s.cmd.Process.Signal(syscall.SIGSTOP)
	for _, d := range datagrams {
		if _, err := conn.Write(d); err != nil {
			t.Fatal(err)
		}
	}
	s.cmd.Process.Signal(syscall.SIGCONT)
	counted := s.settled()
	s.stop()
	_, dropped, byKernel := s.lost()
	if counted+dropped+byKernel != len(datagrams) || byKernel == 0 || counted == 0 {
		t.Errorf("%d were sent, %d counted, %d and %d lost", len(datagrams), counted, dropped, byKernel)
	}
	if !strings.Contains(s.stderr.String(), `msg="Messages were lost"`) {
		t.Errorf("nothing is said of that:\n%s", s.stderr.String())
	}
}

// receive starts the exporter on an address for syslog.
func receive(t *testing.T, binary, listen string) *server {
	t.Helper()
	s := startExporter(t, binary, "--syslog.listen="+listen, "--state.file=")
	await(t, "the exporter", func() bool { return s.scrape() != nil })
	return s
}

func dialSoon(t *testing.T, network, address string) (conn net.Conn) {
	t.Helper()
	await(t, "its socket", func() bool {
		var err error
		conn, err = net.Dial(network, address)
		return err == nil
	})
	t.Cleanup(func() { conn.Close() })
	return conn
}

// makeDatagrams are messages as rsyslog forwards them.
func makeDatagrams() (all [][]byte) {
	log := traffic.New(traffic.Options{Seed: 1, Format: traffic.RFC3164, Rate: 5000})
	for range floodLines {
		b, _ := log.AppendLine([]byte(mailInfo))
		all = append(all, b[:len(b)-1])
	}
	return all
}

// flood sends at a rate, or as fast as it can, and is how many were sent.
func flood(t *testing.T, conn net.Conn, datagrams [][]byte, rate, seconds int) (sent int) {
	t.Helper()
	begun := time.Now()
	for {
		at := time.Since(begun)
		if at > time.Duration(seconds)*time.Second {
			return sent
		}
		for due := int(float64(rate) * at.Seconds()); sent < due && time.Since(begun) < time.Duration(seconds)*time.Second; sent++ {
			if _, err := conn.Write(datagrams[sent%len(datagrams)]); err != nil {
				t.Fatalf("datagram %d: %v", sent, err)
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// settled waits until nothing more is counted, and is how many lines were.
func (s *server) settled() int {
	s.t.Helper()
	before := -1.0
	await(s.t, "the counting to end", func() bool {
		now, _ := s.scrape().sum(logLines)
		time.Sleep(500 * time.Millisecond)
		was := before
		before = now
		return now == was
	})
	return int(before)
}

var receivedRE = regexp.MustCompile(`msg="What was received" received=(\d+) dropped=(\d+) dropped_by_kernel=(\d+) `)

// lost is what an exporter that has ended said of what it received.
func (s *server) lost() (received, dropped, byKernel int) {
	s.t.Helper()
	m := receivedRE.FindStringSubmatch(s.stderr.String())
	if m == nil {
		s.t.Fatalf("it doesn't say what was received:\n%s", s.stderr.String())
	}
	received, _ = strconv.Atoi(m[1])
	dropped, _ = strconv.Atoi(m[2])
	byKernel, _ = strconv.Atoi(m[3])
	return received, dropped, byKernel
}

func cpu(cmd *exec.Cmd) time.Duration {
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}
