package showq

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"
)

// overSocket asks showq itself.
func (l *Lister) overSocket(ctx context.Context, d *draft) error {
	conn, err := l.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	d.result.Way = l.network
	if err := l.read(ctx, conn, d, readList); err != nil {
		return where(l.address, err)
	}
	return nil
}

// connect waits no longer than showq may be silent.
func (l *Lister) connect(ctx context.Context) (net.Conn, error) {
	ctx, stop := context.WithTimeoutCause(ctx, l.Silence, errSilence)
	defer stop()
	conn, err := (&net.Dialer{}).DialContext(ctx, l.network, l.address)
	switch cause := context.Cause(ctx); {
	case err == nil:
		return conn, nil
	case errors.Is(cause, errSilence) || errors.Is(cause, errTimeout):
		return nil, fault(Timeout, nil, "connect %s: no answer within %v: is it the right address, and may we go there?", l.address, min(l.Silence, l.Timeout))
	case cause != nil:
		return nil, cause
	}
	return nil, l.unconnected(err)
}

// unconnected says what an operator can do.
func (l *Lister) unconnected(err error) error {
	short := err
	var errno syscall.Errno
	if errors.As(err, &errno) {
		short = errno
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED) && l.isOtherFile():
		return fault(Other, err, "connect %s: it is no socket: write the path of showq's socket", l.address)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault(Down, err, "connect %s: nobody listens there: Postfix is not running: start it", l.address)
	case errors.Is(err, fs.ErrNotExist):
		return fault(Down, err, "connect %s: there is no such socket: Postfix never ran there, or its queue is elsewhere (postconf queue_directory)", l.address)
	case errors.Is(err, fs.ErrPermission):
		return fault(Forbidden, err, "connect %s: permission denied: add the exporter's user to the group that may enter the socket's directory (postconf setgid_group, mostly postdrop)", l.address)
	case errors.Is(err, syscall.EAGAIN):
		return fault(Timeout, err, "connect %s: too many wait for an answer already: showq hangs, or Postfix does: see its log, and start it again", l.address)
	}
	return fault(Other, err, "connect %s: %v", l.address, short)
}

// isOtherFile is whether there is a file that is no socket: connecting to it is
// refused in the same way.
func (l *Lister) isOtherFile() bool {
	info, err := os.Stat(l.address)
	return l.network == "unix" && err == nil && info.Mode()&fs.ModeSocket == 0
}

// isUnopened is an error that another way to ask may help with.
func isUnopened(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}
