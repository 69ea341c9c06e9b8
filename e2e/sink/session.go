package sink

// The dialogue: what each command is answered, and what is written down of it.

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// session is one connection.
type session struct {
	server *Server
	conn   net.Conn
	r      *bufio.Reader
	tls    bool
	open   bool // MAIL was accepted
	sender string
	rcpts  []string
}

func newSession(s *Server, conn net.Conn) *session {
	return &session{server: s, conn: conn, r: bufio.NewReaderSize(conn, maxLine)}
}

// serve talks until the client quits, breaks off or is hung up on.
func (c *session) serve() {
	greeting := c.step(Step{Stage: Connect})
	if greeting.failed() {
		c.record(Connect, "", greeting)
	}
	if !c.answer(greeting, 220, c.server.opts.Name+" ESMTP") {
		return
	}
	for range maxCommands {
		line, err := c.line()
		if errors.Is(err, errLong) {
			c.say(500, "5.5.2 Line too long")
			return
		}
		if err != nil || !c.command(line) {
			return
		}
	}
}

// command answers one command; false ends the session.
func (c *session) command(line string) bool {
	verb, arg, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "HELO", "EHLO", "LHLO":
		return c.hello(strings.ToUpper(verb))
	case "MAIL":
		return c.mail(arg)
	case "RCPT":
		return c.rcpt(arg)
	case "DATA":
		return c.data()
	case "STARTTLS":
		return c.startTLS()
	case "RSET":
		c.reset()
		return c.say(250, "2.0.0 Ok")
	case "NOOP":
		return c.say(250, "2.0.0 Ok")
	case "QUIT":
		c.say(221, "2.0.0 Bye")
		return false
	}
	return c.say(502, "5.5.1 Command not implemented")
}

func (c *session) hello(verb string) bool {
	c.reset()
	if (verb == "LHLO") != c.server.opts.LMTP {
		return c.say(500, "5.5.1 Wrong protocol")
	}
	reply := c.step(Step{Stage: Hello})
	if reply.failed() {
		c.record(Hello, "", reply)
		return c.answer(reply, 0)
	}
	return c.answer(reply, 250, c.extensions(verb)...)
}

func (c *session) extensions(verb string) []string {
	lines := []string{c.server.opts.Name}
	if verb == "HELO" || c.server.opts.Plain {
		return lines
	}
	lines = append(lines, "PIPELINING", fmt.Sprint("SIZE ", maxData), "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES")
	if c.server.opts.TLS != nil && !c.tls {
		lines = append(lines, "STARTTLS")
	}
	return lines
}

func (c *session) mail(arg string) bool {
	sender, ok := path(arg, "FROM:")
	if !ok {
		return c.say(501, "5.5.4 Syntax: MAIL FROM:<address>")
	}
	if c.open {
		return c.say(503, "5.5.1 Nested MAIL command")
	}
	reply := c.step(Step{Stage: Mail, Sender: sender, Seen: c.server.times(Mail, sender)})
	c.sender = sender
	if reply.failed() {
		c.record(Mail, "", reply)
		return c.answer(reply, 0)
	}
	c.open = true
	return c.answer(reply, 250, "2.1.0 Ok")
}

func (c *session) rcpt(arg string) bool {
	recipient, ok := path(arg, "TO:")
	switch {
	case !ok:
		return c.say(501, "5.5.4 Syntax: RCPT TO:<address>")
	case !c.open:
		return c.say(503, "5.5.1 Need MAIL command")
	case len(c.rcpts) == maxRcpts:
		return c.say(452, "4.5.3 Too many recipients")
	}
	reply := c.step(Step{Stage: Rcpt, Sender: c.sender, Recipient: recipient, Seen: c.server.times(Rcpt, recipient)})
	if reply.failed() {
		c.record(Rcpt, recipient, reply)
		return c.answer(reply, 0)
	}
	c.rcpts = append(c.rcpts, recipient)
	return c.answer(reply, 250, "2.1.5 Ok")
}

func (c *session) data() bool {
	if len(c.rcpts) == 0 {
		return c.say(503, "5.5.1 No valid recipients")
	}
	reply := c.step(c.transaction(Data))
	if reply.failed() {
		c.recordAll(Data, reply)
		c.reset()
		return c.answer(reply, 0)
	}
	if !c.answer(reply, 354, "End data with <CR><LF>.<CR><LF>") {
		return false
	}
	text, err := c.text()
	if err != nil {
		return false
	}
	return c.dot(text)
}

// dot answers the end of a message: once, or with LMTP for each recipient.
func (c *session) dot(text []byte) bool {
	defer c.reset()
	if !c.server.opts.LMTP {
		reply := c.step(c.transaction(Dot))
		c.recordAll(Dot, reply)
		if !reply.failed() {
			c.server.keep(Message{c.sender, c.rcpts, text})
		}
		return c.answer(reply, 250, "2.0.0 Ok: queued as 4C0FFEE")
	}
	for _, r := range c.rcpts {
		reply := c.step(Step{Stage: Dot, Sender: c.sender, Recipient: r, Recipients: c.rcpts, Seen: c.server.times(Dot, r)})
		c.record(Dot, r, reply)
		if !reply.failed() {
			c.server.keep(Message{c.sender, []string{r}, text})
		}
		if !c.answer(reply, 250, "2.1.5 Ok") {
			return false
		}
	}
	return true
}

func (c *session) startTLS() bool {
	if c.server.opts.TLS == nil || c.tls {
		return c.say(502, "5.5.1 TLS not available")
	}
	reply := c.step(Step{Stage: StartTLS})
	if reply.failed() {
		c.record(StartTLS, "", reply)
		return c.answer(reply, 0)
	}
	if !c.answer(reply, 220, "2.0.0 Ready to start TLS") {
		return false
	}
	conn := tls.Server(c.conn, c.server.opts.TLS)
	conn.SetDeadline(time.Now().Add(c.server.opts.Timeout))
	if conn.Handshake() != nil {
		return false
	}
	c.server.shookHands()
	c.conn, c.tls, c.r = conn, true, bufio.NewReaderSize(conn, maxLine)
	c.reset()
	return true
}

func (c *session) reset() { c.open, c.sender, c.rcpts = false, "", nil }
