// What can be chosen about a Follow.

package source

import (
	"os"
	"sync/atomic"
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
	At    checkpoint.Place // where to go on; the zero Place leaves it to From
	Poll  bool             // look at each tick only, without inotify
	Drain time.Duration    // a file that was rotated away is finished after so much quiet; 0 is DefaultDrain
	Tick  time.Duration    // Wait returns at least so often; 0 is DefaultTick, or PollTick with Poll
	Now   func() time.Time // nil is time.Now
	// After is the clock that Wait sleeps by; nil is time.After.
	After func(time.Duration) <-chan time.Time

	// What a Set shares among its members.
	wake    chan struct{}          // of one place: there may be something new; nil: its own
	wakers  *atomic.Int64          // goroutines that listen; nil: nobody counts
	spare   *[]byte                // the read buffer of who isn't being read
	done    func(checkpoint.Place) // told of each file that was read and is left, and to where it was read
	counted func(os.FileInfo) bool // the file was read, or is; nil: no file was
	alone   bool                   // the name looks like a rotated file's, but is a log's: it has no rotated files
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
	if o.wake == nil {
		o.wake, o.wakers = make(chan struct{}, 1), new(atomic.Int64)
	}
}
