package showq

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

const (
	// DefaultTimeout is how long a whole list may take.
	DefaultTimeout = 5 * time.Minute
	// DefaultSilence is how long showq may say nothing: it tells of each message
	// as soon as it has read it.
	DefaultSilence = 10 * time.Second
)

// maxPath is what fits into a socket's address (unix(7)).
const maxPath = 107

// A Lister lists the queue of one Postfix. It may be used by many at once.
type Lister struct {
	Timeout time.Duration // of a whole list; New sets DefaultTimeout
	Silence time.Duration // of a pause; New sets DefaultSilence

	network, address string
	folders          []string // of Postfix's commands, beside PATH
}

// New is a Lister for an address: the path of a unix socket, HOST:PORT, or
// tcp://HOST:PORT. It does not connect. The error says what an address is.
func New(address string) (*Lister, error) {
	network, address, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	return &Lister{
		Timeout: DefaultTimeout,
		Silence: DefaultSilence,
		network: network,
		address: address,
		folders: []string{"/usr/sbin", "/usr/local/sbin"},
	}, nil
}

// parseAddress takes what has a slash for a path.
func parseAddress(s string) (network, address string, err error) {
	hostPort, isTCP := strings.CutPrefix(s, "tcp://")
	if !isTCP && strings.Contains(s, "/") {
		if len(s) > maxPath {
			return "", "", fmt.Errorf("%s is longer than the path of a socket may be, which is %d bytes", s, maxPath)
		}
		return "unix", s, nil
	}
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil || host == "" || port == "" || strings.Contains(hostPort, "/") {
		return "", "", fmt.Errorf("%q is no address of showq: write the path of its socket (/var/spool/postfix/public/showq) or HOST:PORT", s)
	}
	return "tcp", hostPort, nil
}

// List tells the visitor of all that waits. Where the socket can't be opened or
// is not there, it asks postqueue -j. The error is an *Error, or that of ctx
// where the caller ended it; what the visitor was told until then is not the
// whole queue.
func (l *Lister) List(ctx context.Context, v Visitor) (Result, error) {
	ctx, stop := context.WithTimeoutCause(ctx, l.Timeout, errTimeout)
	defer stop()
	var result Result
	d := &draft{visitor: v, result: &result}
	err := l.overSocket(ctx, d)
	if l.network == "unix" && isUnopened(err) {
		result.Refused = err
		err = both(err, l.overCommand(ctx, d))
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		err = context.Cause(ctx) // whatever came of it on the way
	}
	return result, err
}

// both says why neither way helps, unless the second one is all there is to say.
func both(refused, err error) error {
	switch ReasonOf(err) {
	case Other, Forbidden:
		return fault(ReasonOf(refused), err, "%v; nor does postqueue help: %v", refused, err)
	}
	return err
}
