package main

import (
	"net"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// showq SOCKET FILE answers clients as Postfix's showq would, until the test ends.
// The file is read for each: a line is an attribute and its value, an empty line
// the end of a list of them. Where it says hang, nothing is answered.
func scriptShowq(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: ts.MkAbs(args[0]), Net: "unix"})
	ts.Check(err)
	l.SetUnlinkOnClose(false)
	ts.Defer(func() { l.Close() })
	file := ts.MkAbs(args[1])
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			data, _ := os.ReadFile(file) // what is not there is an empty answer
			if string(data) == "hang\n" {
				go hangUp(c)
				continue
			}
			_, _ = c.Write([]byte(showqAnswer(string(data))))
			c.Close()
		}
	}()
}

// hangUp waits for the client to go.
func hangUp(c net.Conn) {
	defer c.Close()
	_, _ = c.Read(make([]byte, 1))
}

func showqAnswer(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			name, value, _ := strings.Cut(line, " ")
			b.WriteString(name + "\x00" + value)
		}
		b.WriteByte(0)
	}
	return b.String()
}
