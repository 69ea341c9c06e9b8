// Follow reads one live log file, by path, through rotation. Here is the reading;
// rotate.go says when a file is finished and which one is next.

package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Follow is the source of a live file. No goroutine reads; one only waits for
// inotify, unless Poll is set.
type Follow struct {
	path  string
	o     FollowOptions
	waker *waker // nil: Poll

	in      *input           // being read; nil: not there yet
	real    string           // in's path without symbolic links, whose neighbours are its rotated files
	partial bool             // the first line began before we did: not ours
	fromEnd bool             // the first file is read from its end
	moved   bool             // the path names another file
	new     *checkpoint.File // moved: the file that has the path now, while it is empty
	common  int64            // moved: up to where that file holds the same; below 0: it doesn't
	quiet   time.Time        // since when nothing was written to in, nor was it moved
	backlog bool             // in was rotated away before it was opened, and its end is still to come
	next    *input           // comes when in is finished; nil: in again, from its start
	written int64            // the latest second at which a file was written to that was read or passed over
	changed time.Time        // when in was written to last, as it was seen last
	read    time.Time        // changed, when something was read
	closed  bool
	last    checkpoint.Place // closed
	fills   int              // reads that are left in this turn; below 0: nobody counts
	ended   bool             // the log is gone for good

	saved    *checkpoint.Place // to be taken up; nil: there is none, or it was
	resuming bool              // there was one
	unseen   bool              // there was no log
	skip     *input            // packed, and not yet at the saved place
	toSkip   int64             // bytes to it
	tooShort []inode           // files that don't reach to it

	at    checkpoint.Pos
	split *joiner
	state state
}

// NewFollow begins to follow path. The file needn't be there, nor its directory.
// What is there and isn't a file is an error, unless it was one when At was saved.
func NewFollow(path string, o FollowOptions) (*Follow, error) {
	o.setDefaults()
	f := &Follow{path: path, o: o, split: newJoiner(newSplitter(bufferSize, MaxLine)), fills: -1}
	f.split.spare = o.spare
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() && (o.At.IsZero() || !f.sameLog(&o.At)) {
		return nil, notAFile(path, info)
	}
	if !o.Poll {
		f.waker = newWaker(o.wake, o.wakers)
	}
	f.start(errors.Is(err, fs.ErrNotExist))
	return f, nil
}

// Next is the next line and the place after it. io.EOF: nothing now. There is no
// other error: Err tells what is waited for.
func (f *Follow) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	for {
		if text, ok := f.split.next(); ok {
			f.at.Offset = f.split.offset()
			if f.partial {
				f.partial = false
				continue
			}
			return maillog.Line{Text: text}, f.at, nil
		}
		if !f.more() {
			return maillog.Line{}, f.at, io.EOF
		}
	}
}

// more reads on, wherever that is. It is false if there is nothing now.
func (f *Follow) more() bool {
	switch {
	case f.closed, f.ended:
		return false
	case f.saved != nil:
		return f.resume()
	case f.in == nil:
		return f.open()
	case f.split.final:
		return f.proceed()
	case f.rewound(): // before a byte is read at a place that is another now
		return f.rewind()
	case f.turnIsOver():
		return false
	}
	before, offset := f.o.Now(), f.split.read
	n, err := f.split.fill(f.in.r)
	f.publish()
	if n == 0 {
		return f.atEnd(before, err)
	}
	f.in.keep(offset, f.split.buf[f.split.end-n:f.split.end])
	f.note(f.o.Now())
	return true
}

// note keeps when what was just read was written.
func (f *Follow) note(now time.Time) {
	if !f.backlog {
		f.quiet = now
	}
	f.read = f.changed
	f.at.NotAfter = now.Unix()
	if f.in.name != f.path && f.changed.Before(now) { // rotated
		f.at.NotAfter = f.changed.Unix()
	}
	f.passed(now)
}

// passed keeps that a file that was written to when in was, or before, isn't new.
func (f *Follow) passed(now time.Time) {
	const skew = 24 * 60 * 60 // more is no clock, but someone's touch
	f.written = max(f.written, min(f.changed.Unix(), now.Unix()+skew))
}

// Wait blocks until there may be more: a notification, or the next tick.
func (f *Follow) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.closed {
		return io.EOF
	}
	if f.skip != nil { // there is work to do
		return nil
	}
	var woken <-chan struct{}
	f.subscribe()
	if f.waker != nil {
		woken = f.waker.woken
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-woken:
	case <-f.o.After(f.o.Tick):
	}
	return nil
}

// subscribe asks to be woken for the open file, or for one to be created.
func (f *Follow) subscribe() {
	switch {
	case f.waker == nil:
	case f.in == nil:
		f.waker.want(f.path, nil)
	case f.new != nil:
		f.waker.want(f.path, f.new)
	default:
		f.waker.want(f.in.name, f.in.id)
	}
}

// Close lets go of the file. Nothing more comes.
func (f *Follow) Close() error {
	if f.closed {
		return nil
	}
	f.last = f.Place()
	f.closed = true
	f.split.reset(0)
	if f.waker != nil {
		f.waker.close()
	}
	closeInput(f.skip)
	closeInput(f.next)
	f.split.park()
	if f.in == nil {
		return nil
	}
	return f.in.Close()
}
