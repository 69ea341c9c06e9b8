package main

import (
	"context"
	"strings"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/showq"
)

const (
	minQueueInterval = 5 * time.Second
	maxQueueInterval = 24 * time.Hour
	countFilesTime   = 30 * time.Second // at most, for all queues
)

// queueOptions say where the queue is, and how often it is asked for.
type queueOptions struct {
	showq          string // address; "": the queue is not shown
	interval       time.Duration
	directory      string
	directoryGiven bool
}

// queueWatch refreshes what is shown of the queue, beside everything else.
type queueWatch struct {
	queue     *collector.Queue // nil: none is shown
	rules     func() *classify.Set
	list      func(context.Context, showq.Visitor) (showq.Result, error)
	directory string // "": no files are counted
	given     bool   // somebody named it
	every     time.Duration
	logger    log.Logger
	now       func() time.Time

	fault     string // that was logged
	way       string // so were these
	fileFault string
}

func newQueueWatch(o *serveOptions, logger log.Logger) (*queueWatch, error) {
	if o.queue.showq == "" {
		return &queueWatch{}, nil
	}
	lister, err := showq.New(o.queue.showq)
	if err != nil {
		return nil, err
	}
	return &queueWatch{
		queue:     collector.NewQueue(o.limits.series),
		list:      lister.List,
		directory: o.queue.files(),
		given:     o.queue.directoryGiven,
		every:     o.queue.interval,
		logger:    logger,
		now:       time.Now,
	}, nil
}

// files is the queue directory: what the flag says, else the one that has the
// socket, where Postfix puts it.
func (o *queueOptions) files() string {
	if o.directoryGiven {
		return o.directory
	}
	directory, found := strings.CutSuffix(o.showq, "/public/showq")
	if !found {
		return ""
	}
	return directory
}

// run refreshes until ctx ends.
func (w *queueWatch) run(ctx context.Context) error {
	for w.queue != nil && ctx.Err() == nil {
		begun := w.now()
		w.refresh(ctx, begun)
		select {
		case <-time.After(w.pause(w.now().Sub(begun))):
		case <-ctx.Done():
		}
	}
	<-ctx.Done() // the end of an actor would end the others
	return nil
}

// pause comes after a refresh: until an interval has passed since it began, but at
// least as long as it took, for a long queue is not to be listed all the time.
func (w *queueWatch) pause(took time.Duration) time.Duration { return max(w.every-took, took) }

func (w *queueWatch) refresh(ctx context.Context, now time.Time) {
	l := w.queue.List(w.rules(), now)
	result, err := w.list(ctx, l)
	if ctx.Err() != nil {
		return // the end of the program says nothing of Postfix
	}
	if took := w.now().Sub(now); err == nil {
		w.queue.Listed(l, result, took)
	} else {
		w.queue.Failed(showq.ReasonOf(err), took)
	}
	w.tell(&result, err)
	w.countFiles(ctx)
}

// countFiles shows what may be read of the directory. Mostly that is nothing, and
// no fault, unless somebody wants it.
func (w *queueWatch) countFiles(ctx context.Context) {
	if w.directory == "" {
		return
	}
	ctx, stop := context.WithTimeout(ctx, countFilesTime)
	defer stop()
	files, err := showq.CountFiles(ctx, w.directory)
	w.queue.Files(files)
	fault := ""
	if err != nil {
		fault = err.Error()
	}
	if fault != "" && fault != w.fileFault {
		tell := level.Debug
		if w.given {
			tell = level.Warn
		}
		tell(w.logger).Log("msg", "Not all files of the queue can be counted; those of the others are shown", "err", strings.ReplaceAll(fault, "\n", "; "))
	}
	w.fileFault = fault
}
