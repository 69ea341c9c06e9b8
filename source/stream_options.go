// What can be chosen about a Stream, and what is told about one.

package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"postfix_exporter/checkpoint"
)

// Stdin in StreamOptions.Pipes is standard input.
const Stdin = "-"

// The defaults of StreamOptions.
const (
	DefaultConnections   = 256
	DefaultIdle          = 24 * time.Hour
	DefaultQueueBytes    = 4 << 20
	DefaultReceiveBuffer = 8 << 20
	DefaultSocketMode    = 0o666 // as /dev/log has
)

// stopPatience is how long what was sent before Stop may take to be read.
const stopPatience = time.Second

// StreamOptions of Stream: what it receives from, at least one, and its limits.
type StreamOptions struct {
	// Listen are addresses for syslog messages: unixgram:///run/dir/log, or the path
	// alone; udp://:514; tcp://127.0.0.1:601.
	Listen []string
	// Pipes are FIFOs from which lines of a log are read, or Stdin.
	Pipes []string
	Stdin io.Reader // where Pipes has Stdin
	// Host is that of messages that come by a Unix socket and name none.
	Host string
	At   checkpoint.Place // of the last run: it tells whether that read another log
	// Wake, a channel of one place, is told when there is something new, so that
	// several sources can be waited for at once; nil: one of its own.
	Wake chan struct{}

	Connections   int           // TCP connections at once; 0 is DefaultConnections
	Idle          time.Duration // a TCP connection may say nothing for so long; 0 is DefaultIdle
	QueueBytes    int           // of lines that were received and not handed out, about; 0 is DefaultQueueBytes
	ReceiveBuffer int           // the kernel is asked for, for a UDP socket, in bytes; 0 is DefaultReceiveBuffer
	SocketMode    fs.FileMode   // permissions of a Unix socket; 0 is DefaultSocketMode
	Now           func() time.Time
	After         func(time.Duration) <-chan time.Time // the clock that Wait sleeps by; nil is time.After

	wake <-chan struct{}
}

func (o *StreamOptions) setDefaults() {
	o.Connections = cmp.Or(o.Connections, DefaultConnections)
	o.Idle = cmp.Or(o.Idle, DefaultIdle)
	o.QueueBytes = cmp.Or(o.QueueBytes, DefaultQueueBytes)
	o.ReceiveBuffer = cmp.Or(o.ReceiveBuffer, DefaultReceiveBuffer)
	o.SocketMode = cmp.Or(o.SocketMode, DefaultSocketMode)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Wake == nil {
		o.Wake = make(chan struct{}, 1)
	}
	o.wake = o.Wake
}

// ErrAddress says that an address is none that can be listened at.
var ErrAddress = errors.New("not an address like udp://:514, tcp://127.0.0.1:601, unixgram:///run/postfix_exporter/log or the path of a socket")

// listenAddress is where syslog messages come in.
type listenAddress struct {
	network string // unixgram, udp or tcp
	address string // a path, or host:port
}

func (a listenAddress) String() string { return a.network + "://" + a.address }

// CheckListen finds what can't be an address before anything starts.
func CheckListen(address string) error {
	_, err := parseListen(address)
	return err
}

func parseListen(s string) (a listenAddress, err error) {
	network, address, ok := strings.Cut(s, "://")
	if !ok {
		network, address = "unixgram", s
	}
	switch network {
	case "unixgram":
		if !filepath.IsAbs(address) {
			return a, ErrAddress
		}
		return listenAddress{network, filepath.Clean(address)}, nil
	case "udp", "tcp":
		if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
			return a, ErrAddress
		}
		return listenAddress{network, address}, nil
	}
	return a, ErrAddress
}

// StreamOf is a stream as a member of a Set, which sets At and Wake.
func StreamOf(o StreamOptions) Other {
	return Other{Log: o.log(), Open: func(at checkpoint.Place, _ From, wake chan struct{}) (Source, error) {
		o.At, o.Wake = at, wake
		s, err := NewStream(o)
		if err != nil {
			return nil, err
		}
		return s, nil
	}}
}

// log is what a place calls the stream: all that it receives from.
func (o *StreamOptions) log() string {
	var names []string
	for _, l := range o.Listen {
		if a, err := parseListen(l); err == nil {
			l = a.String()
		}
		names = append(names, l)
	}
	for _, p := range o.Pipes {
		names = append(names, pipeName(p))
	}
	slices.Sort(names)
	return "stream " + strings.Join(slices.Compact(names), " ")
}

func pipeName(path string) string {
	if path == Stdin {
		return path
	}
	return filepath.Clean(path)
}

// open opens all there is to receive from. Those that were opened are in s.readers
// where another can't be.
func (s *Stream) open() error {
	var names []string
	for _, l := range s.o.Listen {
		a, err := parseListen(l)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", l, err)
		}
		if slices.Contains(names, a.String()) {
			continue
		}
		r, err := s.listen(a)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", a, err)
		}
		names, s.readers = append(names, a.String()), append(s.readers, r)
	}
	for _, p := range s.o.Pipes {
		if p = pipeName(p); slices.Contains(names, p) {
			continue
		}
		r, err := s.openPipe(p)
		if err != nil {
			return err
		}
		names, s.readers = append(names, p), append(s.readers, r)
	}
	if len(names) == 0 {
		return errors.New("a stream of nothing: neither an address nor a pipe was given")
	}
	s.log = s.o.log()
	return nil
}

func (s *Stream) listen(a listenAddress) (streamReader, error) {
	switch a.network {
	case "udp":
		return s.listenUDP(a)
	case "tcp":
		return s.listenTCP(a)
	}
	return s.listenUnix(a)
}
