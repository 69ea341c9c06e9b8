package sink

// The bytes of the dialogue: lines and replies, with limits and deadlines.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

var errLong = errors.New("line too long")

// say writes a reply of one or more lines (RFC 5321 §4.2).
func (c *session) say(code int, lines ...string) bool {
	var b bytes.Buffer
	for i, line := range lines {
		sep := "-"
		if i == len(lines)-1 {
			sep = " "
		}
		fmt.Fprintf(&b, "%d%s%s\r\n", code, sep, line)
	}
	if len(lines) == 0 {
		fmt.Fprintf(&b, "%d\r\n", code)
	}
	c.conn.SetWriteDeadline(time.Now().Add(c.server.opts.Timeout))
	_, err := c.conn.Write(b.Bytes())
	return err == nil
}

// line reads a command line, without its end.
func (c *session) line() (string, error) {
	c.conn.SetReadDeadline(time.Now().Add(c.server.opts.Timeout))
	line, err := c.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", errLong
	}
	if err != nil {
		return "", err
	}
	return string(bytes.TrimRight(line, "\r\n")), nil
}

// text reads a message up to the line with the single dot.
func (c *session) text() ([]byte, error) {
	var kept []byte
	start := true
	for size := 0; size < maxData; {
		c.conn.SetReadDeadline(time.Now().Add(c.server.opts.Timeout))
		part, err := c.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		size += len(part)
		if start && (string(part) == ".\r\n" || string(part) == ".\n") {
			return kept, nil
		}
		if start && part[0] == '.' {
			part = part[1:]
		}
		if len(kept)+len(part) <= maxKept {
			kept = append(kept, part...)
		}
		start = err == nil
	}
	return nil, io.ErrShortBuffer
}

// path takes the address out of "FROM:<a@b> SIZE=1". A quoted local part may
// hold ">" (RFC 5321 §4.1.2).
func path(arg, prefix string) (string, bool) {
	if len(arg) < len(prefix) || !strings.EqualFold(arg[:len(prefix)], prefix) {
		return "", false
	}
	rest, ok := strings.CutPrefix(strings.TrimLeft(arg[len(prefix):], " "), "<")
	if !ok {
		return "", false
	}
	quoted := false
	for i := 0; i < len(rest); i++ {
		switch {
		case quoted && rest[i] == '\\':
			i++
		case rest[i] == '"':
			quoted = !quoted
		case rest[i] == '>' && !quoted:
			return rest[:i], true
		}
	}
	return "", false
}
