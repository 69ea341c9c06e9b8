package showq

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"
)

// lazy takes its time with each message.
type lazy struct{ diary }

func (l *lazy) Message(m *Message) {
	time.Sleep(600 * time.Millisecond)
	l.diary.Message(m)
}

// It is not showq's silence that the visitor is slow.
func TestSlowVisitor(t *testing.T) {
	long := wire(head) + strings.Repeat(wire("recipient.b."), bufferSize) // more than is read at once
	for _, address := range serve(t, func(c net.Conn) { c.Write([]byte(long + "\x00" + wire(head+".."))) }) {
		l := newLister(t, address)
		l.Silence = 500 * time.Millisecond
		if result, err := l.List(context.Background(), &lazy{}); err != nil || result.Messages != 2 {
			t.Errorf("%s: %v, %+v", address, err, result)
		}
	}
}

func TestTimeIsBounded(t *testing.T) {
	endless := func(c net.Conn) {
		for {
			if _, err := c.Write([]byte(wire(head + "."))); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	for _, address := range serve(t, endless) {
		l := newLister(t, address)
		l.Timeout = 500 * time.Millisecond
		if result, err := l.List(context.Background(), &diary{}); ReasonOf(err) != Timeout || !strings.Contains(err.Error(), "not complete within 500ms") || result.Messages == 0 {
			t.Errorf("%s: %v, %+v", address, err, result)
		}

		l.Timeout = time.Minute
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		if _, err := l.List(ctx, &diary{}); ReasonOf(err) != Timeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: the caller's deadline: %v", address, err)
		}
		cancel()
		ctx, cancel = context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, cancel)
		if _, err := l.List(ctx, &diary{}); !errors.Is(err, context.Canceled) || ReasonOf(err) != Other {
			t.Errorf("%s: ended by the caller: %v", address, err)
		}
	}
}

// Whatever comes of it, showq is not kept waiting for us.
func TestConnectionIsClosed(t *testing.T) {
	gone := make(chan struct{}, 2)
	for _, answer := range []string{"\x00", "220 mx ESMTP\r\n"} {
		for _, address := range serve(t, func(c net.Conn) { c.Write([]byte(answer)); hang(c); gone <- struct{}{} }) {
			newLister(t, address).List(context.Background(), &diary{})
			select {
			case <-gone:
			case <-time.After(5 * time.Second):
				t.Fatalf("%q at %s: the connection stays open", answer, address)
			}
		}
	}
}
