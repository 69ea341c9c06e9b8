// Waking up when the log grows: hpcloud/tail's inotify, so made that it can't
// harm us. What it says is a hint and nothing more: Follow looks for itself at
// each tick too, so a notification that is missed costs a second at most.
//
// Of github.com/hpcloud/tail/watch only the tracker is used (Watch, WatchCreate,
// Events, RemoveWatch, RemoveWatchCreate), not its FileWatchers. It calls
// util.Fatal, which ends the process, in three places: in the goroutines behind
// both FileWatchers' ChangeEvents, when a stat fails with anything but "not
// exist" (a directory that can't be searched is enough), and in the tracker's
// own goroutine when there is no inotify to be had (too many instances or open
// files). The first two are never started here. The third can't be avoided, only
// caught: util.Fatal writes to util.LOGGER before it exits, util.LOGGER is ours
// to set, and our writer ends that goroutine instead of the process.

package source

import (
	"log"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hpcloud/tail/util"
	"github.com/hpcloud/tail/watch"

	"postfix_exporter/checkpoint"
)

// pace is how long events are left to pile up after one: the kernel makes one of
// equal ones, and a busy log is read in larger pieces.
const pace = 20 * time.Millisecond

// target is what to be woken for: that path is created (file is nil), or the
// file at path is written to. A new file at the same path is another target.
type target struct {
	path string
	file *checkpoint.File
}

// waker keeps one subscription, in a goroutine of its own: the library's calls
// may block, its channel must be drained or its other users block as well.
type waker struct {
	woken  chan struct{} // may be others' too
	news   atomic.Bool   // that it was this one
	wanted chan target
	last   target
	on     atomic.Bool // the subscription stands
	failed atomic.Bool // it could not be made
}

// newWaker wakes whoever waits on woken, which has one place. Its goroutine is one of
// running.
func newWaker(woken chan struct{}, running *atomic.Int64) *waker {
	tame()
	w := &waker{woken: woken, wanted: make(chan target, 1)}
	running.Add(1)
	go func() {
		defer running.Add(-1)
		w.run()
	}()
	return w
}

// want changes the subscription, or tries again if it could not be made. It
// doesn't block and belongs to Follow's goroutine.
func (w *waker) want(path string, file *checkpoint.File) {
	t := target{filepath.Clean(path), file}
	if t == w.last && !w.failed.Load() {
		return
	}
	select {
	case w.wanted <- t:
		w.last = t
		w.failed.Store(false)
	default: // the goroutine is busy, or stuck in the library for good
	}
}

func (w *waker) close() { close(w.wanted) }

func (w *waker) run() {
	t, ok := <-w.wanted
	for ok {
		t, ok = w.listen(t)
	}
}

// listen passes events on until another target is wanted.
func (w *waker) listen(t target) (next target, ok bool) {
	if !t.subscribe() {
		w.failed.Store(true)
		next, ok = <-w.wanted
		return next, ok
	}
	defer t.unsubscribe()
	w.on.Store(true)
	defer w.on.Store(false)
	w.wake() // for what happened before
	events := watch.Events(t.path)
	for {
		select {
		case next, ok = <-w.wanted:
			return next, ok
		case _, open := <-events:
			if !open { // someone else in the process let go of the same path
				events = nil
				continue
			}
			w.wake()
			time.Sleep(pace)
		}
	}
}

func (w *waker) wake() {
	w.news.Store(true)
	poke(w.woken)
}

// poke wakes whoever waits on a channel of one place.
func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// subscribe and unsubscribe must come in pairs: the tracker counts below zero,
// and a watch counted so is never made again.
func (t target) subscribe() bool {
	if trackerDead.Load() {
		return false
	}
	if t.file == nil {
		return watch.WatchCreate(t.path) == nil
	}
	return watch.Watch(t.path) == nil
}

// unsubscribe's error is not of interest: the kernel drops the watch of a file
// that is deleted before we do.
func (t target) unsubscribe() {
	if t.file == nil {
		_ = watch.RemoveWatchCreate(t.path)
	} else {
		_ = watch.RemoveWatch(t.path)
	}
}

// The tracker and its logger are one a process, so what keeps them in check is.
var (
	tame = sync.OnceFunc(func() {
		util.LOGGER = &util.Logger{Logger: log.New(lastWords{}, "", 0)}
	})
	trackerDead atomic.Bool
)

// lastWords is told what util.Fatal has to say, and ends the goroutine that says
// it before that can call os.Exit.
type lastWords struct{}

func (lastWords) Write([]byte) (int, error) {
	trackerDead.Store(true)
	runtime.Goexit()
	return 0, nil
}
