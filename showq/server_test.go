package showq

// Servers that are no Postfix.

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// serve answers each client on a unix socket and on a TCP port. What it does
// with a client ends with the test.
func serve(t *testing.T, answer func(net.Conn)) (addresses []string) {
	t.Helper()
	for network, address := range map[string]string{"unix": filepath.Join(shortDir(t), "showq"), "tcp": "127.0.0.1:0"} {
		listener, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				go func() {
					defer conn.Close()
					answer(conn)
				}()
			}
		}()
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses
}

// shortDir is short enough for a socket's path, and anybody may enter it.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "showq")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// newLister has no commands.
func newLister(t *testing.T, address string) *Lister {
	t.Helper()
	l, err := New(address)
	if err != nil {
		t.Fatal(err)
	}
	l.folders = nil
	t.Setenv("PATH", "")
	return l
}

// hang keeps the client waiting until it goes.
func hang(conn net.Conn) { conn.Read(make([]byte, 1)) }
