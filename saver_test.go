package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// disk is where a saver writes in these tests: it takes its time, and may be full.
type disk struct {
	takes time.Duration
	full  bool
	at    []time.Duration // when a write ended, from the start
	last  string
	holds atomic.Int64 // lines in last
	begun time.Time
	busy  atomic.Bool
}

func (d *disk) write(_ string, state []byte) error {
	if d.busy.Swap(true) {
		panic("two writes at once")
	}
	defer d.busy.Store(false)
	time.Sleep(d.takes)
	if d.full {
		return &fs.PathError{Op: "write", Path: "state.tmp", Err: syscall.ENOSPC}
	}
	d.at = append(d.at, time.Since(d.begun))
	d.last = string(state)
	d.holds.Store(int64(checkpoint.NewDecoder(state).Uint()))
	return nil
}

// rig is a saver in front of a disk, and lines that come when they are put.
type rig struct {
	*disk
	*saver
	lines *keptLines
	put   int          // lines that wait
	count int          // lines that were taken
	shown atomic.Int64 // as many
	out   strings.Builder
}

func newRig() *rig {
	r := &rig{disk: &disk{begun: time.Now()}}
	r.saver = newSaver(&saved{path: "state", lock: &checkpoint.Lock{}}, log.NewLogfmtLogger(&r.out))
	r.saver.write = r.disk.write
	r.saver.encode = func(to *checkpoint.Encoder) { to.Uint(uint64(r.count)) }
	r.lines = &keptLines{Lines: r, saver: r.saver, places: r.places, slow: func() {}}
	return r
}

func (r *rig) places() []checkpoint.Place {
	return []checkpoint.Place{{Path: "log", Offset: int64(r.count)}}
}

func (r *rig) Next() (maillog.Line, checkpoint.Pos, error) {
	if r.put == 0 {
		return maillog.Line{}, checkpoint.Pos{}, io.EOF
	}
	r.put--
	r.count++
	r.shown.Store(int64(r.count))
	return maillog.Line{Text: "a line"}, checkpoint.Pos{}, nil
}

// Wait is woken ten times a second.
func (r *rig) Wait(context.Context) error {
	time.Sleep(100 * time.Millisecond)
	return nil
}

// run reads for some time, with so many lines a tenth of a second.
func (r *rig) run(d time.Duration, lines int) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		r.put += lines
		for {
			if _, _, err := r.lines.Next(); err == io.EOF {
				break
			}
		}
		_ = r.lines.Wait(context.Background())
	}
	synctest.Wait() // what the disk wrote may be looked at
}

func TestSavesAtMostEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.run(3050*time.Millisecond, 1)
		if want := []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second}; !slices.Equal(r.at, want) {
			t.Errorf("saved at %v, want %v", r.at, want)
		}
		r.run(time.Second, 0) // the last lines
		n := len(r.at)
		r.run(time.Minute, 0)
		if len(r.at) != n {
			t.Errorf("saved %d times when nothing came", len(r.at)-n)
		}
		r.askFor()
		r.run(time.Second, 0)
		if len(r.at) != n+1 {
			t.Error("not saved though it was asked for")
		}
	})
}

func TestSavesInALongCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.put = 1 << 20
		for r.put > 0 {
			if _, _, err := r.lines.Next(); err != nil {
				t.Fatal(err)
			}
			if r.put%(1<<10) == 0 {
				time.Sleep(20 * time.Millisecond) // 20 s in all
			}
		}
		synctest.Wait()
		if len(r.at) != 4 && len(r.at) != 5 {
			t.Errorf("saved at %v, want each 5 s", r.at)
		}
	})
}

func TestASlowDiskHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.takes = 2 * time.Second
		begun := time.Now()
		r.run(time.Second, 1)
		if took := time.Since(begun); took > 1100*time.Millisecond {
			t.Errorf("a second's reading took %v", took)
		}
		r.run(29*time.Second, 1)
		if len(r.at) != 2 { // at 2 s; the next begins at 20 s
			t.Errorf("saved at %v: a write of 2 s leaves the disk alone for 20 s", r.at)
		}
	})
}

func TestAFullDiskIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.run(2*time.Second, 1)
		r.full = true
		r.run(30*time.Second, 1)
		if got := strings.Count(r.out.String(), "can't be saved"); got != 1 || !strings.Contains(r.out.String(), `err="no space left on device"`) {
			t.Errorf("told %d times: %s", got, r.out.String())
		}
		stats := r.known.get()
		if !stats.Failed || stats.Failures < 5 || stats.Failures > 7 || stats.Saved.IsZero() {
			t.Errorf("%+v: want a failure each 5 s", stats)
		}
		r.full = false
		n := len(r.at)
		r.run(10*time.Second, 0) // nothing new: but what came is not saved yet
		if len(r.at) != n+1 || r.known.get().Failed || !strings.Contains(r.out.String(), "saved again") {
			t.Errorf("saved %d times, %+v: %s", len(r.at)-n, r.known.get(), r.out.String())
		}
	})
}

func TestTheLastSaveHasAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.takes = 3 * time.Second
		r.run(time.Second, 1) // a write is under way
		r.run(time.Second, 1)
		if err := r.finish(); err != nil {
			t.Fatal(err)
		}
		var want checkpoint.Encoder
		want.Uint(uint64(r.count))
		if r.last != string(want.Bytes()) || len(r.at) != 2 {
			t.Errorf("the last state of %d is %q", len(r.at), r.last)
		}
	})
}

func TestNothingIsSavedWithoutAFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.path = ""
		r.run(3*time.Second, 1)
		if err := r.finish(); err != nil || len(r.at) > 0 || r.saver.stats() != nil {
			t.Errorf("%v, saved at %v", err, r.at)
		}
	})
}

// TestTheLockIsTakenLater: a directory that can't be written to at the start may
// be mended.
func TestTheLockIsTakenLater(t *testing.T) {
	dir := t.TempDir()
	held, err := checkpoint.Acquire(dir + "/state")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig()
	r.saver.path, r.saver.lock = dir+"/state", nil
	if err := r.finish(); !errors.Is(err, checkpoint.ErrInUse) || len(r.at) > 0 {
		t.Errorf("%v: written without the lock", err)
	}
	held.Release()
	if err := r.finish(); err != nil || len(r.at) != 1 {
		t.Errorf("%v, written %d times", err, len(r.at))
	}
}
