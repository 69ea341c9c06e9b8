// Syslog over TCP, RFC 6587.

package source

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"postfix_exporter/maillog"
)

const (
	firstPatience = 10 * time.Minute // for the first message of a connection
	acceptRest    = 100 * time.Millisecond
	tcpBuffer     = 16 << 10
)

// listener accepts connections.
type listener struct {
	faultState
	deadline
	s      *Stream
	at     listenAddress
	socket *net.TCPListener

	mu     sync.Mutex
	conns  map[*connection]struct{}
	closed bool
}

func (s *Stream) listenTCP(a listenAddress) (streamReader, error) {
	address, err := net.ResolveTCPAddr("tcp", a.address)
	if err != nil {
		return nil, reasonOf(err)
	}
	socket, err := net.ListenTCP("tcp", address) // with keepalive
	if err != nil {
		return nil, reasonOf(err)
	}
	l := &listener{s: s, at: a, socket: socket, conns: make(map[*connection]struct{})}
	l.deadline.set = socket.SetDeadline
	return l, nil
}

func (l *listener) run() {
	defer l.socket.Close()
	for {
		if l.s.isStopped() && !l.begin(l.s, 0) {
			return
		}
		c, err := l.socket.AcceptTCP()
		timeout, drained := l.passed(err)
		switch {
		case err == nil:
			l.faultState.set(nil)
			l.admit(c)
		case drained, errors.Is(err, net.ErrClosed):
			return
		case !timeout:
			l.faultState.set(fmt.Errorf("accept on %s: %w", l.at, reasonOf(err)))
			l.s.pause(acceptRest)
		}
	}
}

// admit reads a connection, if there aren't too many in the whole stream.
func (l *listener) admit(socket *net.TCPConn) {
	c := &connection{l: l, socket: socket, sender: senderOf(socket), frames: framer{max: MaxLine}}
	c.deadline.set = socket.SetReadDeadline
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.s.state.conns.Add(1) > int64(l.s.o.Connections) || l.closed {
		l.s.state.conns.Add(-1)
		l.s.state.refused.Add(1)
		_ = socket.Close()
		return
	}
	l.conns[c] = struct{}{}
	l.s.alive.Add(1)
	l.s.own.Go(func() {
		defer l.s.alive.Done()
		c.run()
		l.leave(c)
	})
}

func (l *listener) leave(c *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
	_ = c.socket.Close()
	l.s.state.conns.Add(-1)
}

func (l *listener) ebb() {
	l.wake()
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		c.wake()
	}
}

func (l *listener) end() {
	_ = l.socket.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for c := range l.conns {
		_ = c.socket.Close()
	}
}

// connection is one sender.
type connection struct {
	deadline
	l      *listener
	socket *net.TCPConn
	sender *maillog.Sender
	frames framer
	any    bool // a message came
	now    int64
}

// run reads until the sender ends, says nothing for too long, or its framing is lost.
func (c *connection) run() {
	buf := make([]byte, tcpBuffer)
	for c.begin(c.l.s, c.patience()) {
		n, err := c.socket.Read(buf)
		c.now = c.l.s.o.Now().Unix()
		whole := c.frames.write(buf[:n], c.give)
		if timeout, drained := c.passed(err); timeout && !drained && c.l.s.isStopped() {
			continue // what is there now is still to be read
		}
		if err != nil {
			c.frames.close(err == io.EOF, c.give)
		}
		c.count()
		if err != nil || !whole {
			return
		}
	}
	c.frames.close(false, c.give)
	c.count()
}

func (c *connection) patience() time.Duration {
	if c.any {
		return c.l.s.o.Idle
	}
	return min(c.l.s.o.Idle, firstPatience)
}

func (c *connection) give(message []byte) {
	c.any = true
	c.l.s.hand(alias(message), c.sender, c.now)
}

// count adds up what was wrong.
func (c *connection) count() {
	f := &c.frames
	c.l.s.state.cut.Add(int64(f.long))
	c.l.s.state.badFrames.Add(int64(f.bad))
	f.long, f.bad = 0, 0
}
