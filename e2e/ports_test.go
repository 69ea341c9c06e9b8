package e2e

// Loopback ports.

import (
	"net"
	"testing"
)

// freePort is a port that nobody listens on.
func freePort(t *testing.T, addr string) string {
	t.Helper()
	l := listen(t, addr)
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func listen(t *testing.T, addr string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(addr, "0"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func hasIPv6() bool {
	l, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		l.Close()
	}
	return err == nil
}
