package showq

// How long we wait, and what we say when that was in vain.

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

var (
	errTimeout = errors.New("the list takes too long")
	errSilence = errors.New("nothing more comes")
)

// patience reads until nothing is told for too long. Bytes alone don't help: who
// trickles them would hold us up for ever. The visitor may take its time.
type patience struct {
	r       io.Reader
	silence time.Duration
	timer   *time.Timer // gives the reading up
	so      *Result
	told    int64 // when the timer was set
	heard   bool
	reading atomic.Bool
	spent   atomic.Bool // the time was over while the visitor worked
}

func (p *patience) Read(b []byte) (int, error) {
	if told := p.so.Messages + p.so.Recipients; told != p.told || p.spent.Swap(false) {
		p.told = told
		p.timer.Reset(p.silence)
	}
	p.reading.Store(true)
	n, err := p.r.Read(b)
	p.reading.Store(false)
	p.heard = p.heard || n > 0
	return n, err
}

// over is the end of the time.
func (p *patience) over(giveUp context.CancelCauseFunc) {
	if p.reading.Load() {
		giveUp(errSilence)
		return
	}
	p.spent.Store(true)
}

// read reads r, which is closed when its time is over: so no read is left
// waiting.
func (l *Lister) read(ctx context.Context, r io.ReadCloser, d *draft, format func(*bufio.Reader, *draft) error) error {
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	defer context.AfterFunc(ctx, func() { r.Close() })()
	p := &patience{r: r, silence: l.Silence, so: d.result}
	p.timer = time.AfterFunc(l.Silence, func() { p.over(giveUp) })
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
		return fault(Timeout, nil, "no answer within %v: showq hangs, or Postfix does: see its log, and start it again", l.Silence)
	case errors.Is(cause, errSilence):
		return fault(Timeout, nil, "the list is cut: nothing more within %v behind %d messages: showq hangs, or its disk does: see Postfix's log", l.Silence, so.Messages)
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
