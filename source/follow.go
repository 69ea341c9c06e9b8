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
)

// From says where the reading of a log begins that was there before us.
type From int

const (
	Start From = iota
	End        // with the first line that begins after we looked
)

// The defaults of FollowOptions.
const (
	DefaultDrain = 3 * time.Second
	DefaultTick  = time.Second
	PollTick     = 250 * time.Millisecond
)

// FollowOptions of Follow. The zero value is a good one.
type FollowOptions struct {
	From  From
	Poll  bool             // look at each tick only, without inotify
	Drain time.Duration    // a file that was rotated away is finished after so much quiet; 0 is DefaultDrain
	Tick  time.Duration    // Wait returns at least so often; 0 is DefaultTick, or PollTick with Poll
	Now   func() time.Time // nil is time.Now
	// After is the clock that Wait sleeps by; nil is time.After.
	After func(time.Duration) <-chan time.Time
}

func (o *FollowOptions) setDefaults() {
	if o.Drain == 0 {
		o.Drain = DefaultDrain
	}
	if o.Tick == 0 && o.Poll {
		o.Tick = PollTick
	}
	if o.Tick == 0 {
		o.Tick = DefaultTick
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
}

// Follow is the source of a live file. No goroutine reads; one only waits for
// inotify, unless Poll is set.
type Follow struct {
	path  string
	o     FollowOptions
	waker *waker // nil: Poll

	in      *input    // being read; nil: not there yet
	real    string    // in's path without symbolic links, whose neighbours are its rotated files
	head    []byte    // in's first bytes, by which it is known again
	idle    bool      // the last read found nothing
	partial bool      // the first line began before we did: not ours
	fromEnd bool      // the first file is read from its end
	moved   bool      // the path names another file
	quiet   time.Time // since when nothing was written to in, nor was it moved
	next    *input    // comes when in is finished; nil: in again, from its start
	closed  bool

	at    checkpoint.Pos
	split *splitter
	state state
}

// NewFollow begins to follow path. The file needn't be there, nor its directory.
func NewFollow(path string, o FollowOptions) (*Follow, error) {
	o.setDefaults()
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, notAFile(path, info)
	}
	f := &Follow{path: path, o: o, split: newSplitter(bufferSize, MaxLine)}
	f.fromEnd = o.From == End && !errors.Is(err, fs.ErrNotExist)
	if !o.Poll {
		f.waker = newWaker()
	}
	f.open() // if it is not there yet, Err tells
	return f, nil
}

// Next is the next line and the place after it. io.EOF: nothing now. There is no
// other error: Err tells what is waited for.
func (f *Follow) Next() (line string, at checkpoint.Pos, err error) {
	for {
		if line, ok := f.split.next(); ok {
			if f.partial {
				f.partial = false
				continue
			}
			f.at.Offset = f.split.offset()
			return line, f.at, nil
		}
		if !f.more() {
			return "", f.at, io.EOF
		}
	}
}

// more reads on, wherever that is. It is false if there is nothing now.
func (f *Follow) more() bool {
	switch {
	case f.closed:
		return false
	case f.in == nil:
		return f.open()
	case f.split.final:
		return f.proceed()
	case f.idle && f.rewound(): // before a byte is read at a place that is another now
		return f.rewind()
	}
	before := f.o.Now()
	n, err := f.split.fill(f.in.r)
	f.idle = n == 0
	if n == 0 {
		f.keepHead()
		f.publish()
		return f.atEnd(before, err)
	}
	f.quiet = f.o.Now()
	f.at.NotAfter = f.quiet.Unix()
	f.publish()
	return true
}

// Wait blocks until there may be more: a notification, or the next tick.
func (f *Follow) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.closed {
		return io.EOF
	}
	var woken <-chan struct{}
	if f.waker != nil {
		f.subscribe()
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
	if f.in == nil {
		f.waker.want(f.path, nil)
		return
	}
	f.waker.want(f.in.name, f.in.id)
}

// Close lets go of the file. Nothing more comes.
func (f *Follow) Close() error {
	if f.closed {
		return nil
	}
	f.closed = true
	f.split.reset(0)
	if f.waker != nil {
		f.waker.close()
	}
	if f.next != nil {
		f.next.Close()
	}
	if f.in == nil {
		return nil
	}
	return f.in.Close()
}
