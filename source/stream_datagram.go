// Datagrams: syslog over UDP and Unix sockets, a message each.

package source

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"postfix_exporter/maillog"
)

const (
	// gatherTime is how long datagrams gather in a UDP socket's buffer, which holds
	// those of a hundred times as long: to be woken for each costs more than to read it.
	gatherTime  = time.Millisecond
	readAtOnce  = 512
	receiveRest = 100 * time.Millisecond // after an error
)

// datagramSocket is a *net.UDPConn or *net.UnixConn.
type datagramSocket interface {
	SyscallConn() (syscall.RawConn, error)
	SetReadDeadline(time.Time) error
	Close() error
}

// datagrams reads one socket.
type datagrams struct {
	faultState
	deadline
	s      *Stream
	at     listenAddress
	socket datagramSocket
	raw    syscall.RawConn
	file   *socketFile // nil: UDP
	buf    []byte
	got    int   // by the last receive
	err    error // of the last receive
	hosts  senders

	drops     sync.Mutex
	dropsSeen uint32 // the kernel's counter
	dropsSum  int64
}

func (s *Stream) listenUDP(a listenAddress) (streamReader, error) {
	address, err := net.ResolveUDPAddr("udp", a.address)
	if err != nil {
		return nil, reasonOf(err)
	}
	socket, err := net.ListenUDP("udp", address)
	if err != nil {
		return nil, reasonOf(err)
	}
	return s.newDatagrams(a, socket, nil)
}

func (s *Stream) newDatagrams(a listenAddress, socket datagramSocket, file *socketFile) (streamReader, error) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, socket.Close())
	}
	d := &datagrams{s: s, at: a, socket: socket, raw: raw, file: file, buf: make([]byte, MaxLine+beyond)}
	d.deadline.set = socket.SetReadDeadline
	if file == nil {
		_ = raw.Control(func(fd uintptr) { setReceiveBuffer(int(fd), s.o.ReceiveBuffer) }) // what the kernel grants
	}
	return d, nil
}

// reasonOf leaves out what net says of the address: the caller names it as it was given.
func reasonOf(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

func (d *datagrams) run() {
	defer d.close()
	for {
		if d.s.isStopped() && !d.begin(d.s, 0) {
			return
		}
		d.got, d.err = 0, nil
		err := d.raw.Read(d.receive)
		timeout, drained := d.passed(err)
		switch {
		case drained, err != nil && !timeout: // closed
			return
		case d.err != nil:
			d.faultState.set(fmt.Errorf("receive on %s: %w", d.at, d.err))
			d.s.pause(receiveRest)
		default:
			d.faultState.set(nil)
			d.gather()
		}
	}
}

// gather lets some datagrams come together. A Unix socket holds but a few, and its
// senders would wait.
func (d *datagrams) gather() {
	if d.file == nil && d.got > 0 {
		d.s.pause(gatherTime)
	}
}

// receive reads what is there, and is false if that is nothing.
func (d *datagrams) receive(fd uintptr) bool {
	now := d.s.o.Now().Unix()
	for d.got < readAtOnce {
		n, from, err := unix.Recvfrom(int(fd), d.buf, 0)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return d.got > 0
		case err != nil:
			d.err = err
			return true
		case n == 0 && shutSocketReads && d.s.isStopped():
			return d.got > 0
		}
		d.got++
		d.s.offer(d.buf[:n], d.sender(from), now)
	}
	return true
}

// sender is who sent a datagram. What comes by a Unix socket is of this host.
func (d *datagrams) sender(from unix.Sockaddr) *maillog.Sender {
	switch a := from.(type) {
	case *unix.SockaddrInet4:
		return d.hosts.get(netip.AddrFrom4(a.Addr))
	case *unix.SockaddrInet6:
		return d.hosts.get(netip.AddrFrom16(a.Addr).Unmap())
	}
	return d.s.local
}

// ebb keeps the senders of a Unix socket from sending: they are told so, and all that
// they have sent can be read.
func (d *datagrams) ebb() {
	if d.file != nil {
		d.file.remove()
		_ = d.raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), unix.SHUT_RD) })
	}
	d.wake()
}

func (d *datagrams) end() {
	d.close()
	if d.file != nil {
		d.file.remove()
	}
}

func (d *datagrams) close() {
	d.kernelDropped() // a last time
	_ = d.socket.Close()
}

// kernelDropped is how many datagrams found the socket's buffer full, or were broken.
// No datagram of a Unix socket is dropped: its sender waits.
func (d *datagrams) kernelDropped() int64 {
	d.drops.Lock()
	defer d.drops.Unlock()
	_ = d.raw.Control(func(fd uintptr) { // closed: as it was
		if n, ok := socketDrops(int(fd)); ok {
			d.dropsSum += int64(n - d.dropsSeen) // it may have wrapped
			d.dropsSeen = n
		}
	})
	return d.dropsSum
}
