package showq

// How long we wait, and what we say when that was in vain.

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"
)

var (
	errTimeout = errors.New("the list takes too long")
	errSilence = errors.New("nothing more comes")
)

// patience reads until there is nothing for too long.
type patience struct {
	r       io.Reader
	silence time.Duration
	timer   *time.Timer // gives the reading up
	heard   bool
}

func (p *patience) Read(b []byte) (int, error) {
	p.timer.Reset(p.silence)
	n, err := p.r.Read(b)
	p.timer.Stop()
	p.heard = p.heard || n > 0
	return n, err
}

// read reads r, which is closed when its time is over: so no read is left
// waiting.
func (l *Lister) read(ctx context.Context, r io.ReadCloser, d *draft, format func(*bufio.Reader, *draft) error) error {
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	defer context.AfterFunc(ctx, func() { r.Close() })()
	p := &patience{r: r, silence: l.Silence, timer: time.AfterFunc(l.Silence, func() { giveUp(errSilence) })}
	defer p.timer.Stop()
	err := format(bufio.NewReaderSize(p, bufferSize), d)
	if err == nil {
		return nil
	}
	return l.explain(context.Cause(ctx), err, p.heard, d.result)
}

// explain says why reading ended: cause is that of the context, nil where it
// goes on.
func (l *Lister) explain(cause, err error, heard bool, so *Result) error {
	var known *Error
	switch {
	case errors.Is(cause, errSilence) && !heard:
		return fault(Timeout, nil, "no answer within %v: showq hangs, or Postfix does", l.Silence)
	case errors.Is(cause, errSilence):
		return fault(Timeout, nil, "the list is cut: nothing more within %v behind %d messages", l.Silence, so.Messages)
	case errors.Is(cause, errTimeout):
		return fault(Timeout, nil, "the list is not complete within %v: %d messages so far", l.Timeout, so.Messages)
	case errors.Is(cause, context.DeadlineExceeded):
		return fault(Timeout, cause, "the list is not complete in time: %d messages so far", so.Messages)
	case cause != nil:
		return cause
	case errors.As(err, &known) && known.Reason != Cut:
		return err
	}
	return fault(Cut, err, "%v, behind %d messages", err, so.Messages)
}
