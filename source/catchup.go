// What lies there from before the start: rotated files that nobody has written to
// for long needn't be waited for, and the counters aren't complete until all of it
// was read.

package source

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// CaughtUp is true once all that was there at the start was handed out: the live
// file was read to its end once, or there is no log yet and no place to be taken
// up. It stays true. It may be called from any goroutine.
func (f *Follow) CaughtUp() bool { return f.state.caughtUp.Load() }

// catchingUp is true while files are read that were rotated before the start.
func (f *Follow) catchingUp() bool { return f.resuming && !f.state.caughtUp.Load() }

// comesLate opens a file that was rotated away before we came to it.
func (f *Follow) comesLate() {
	f.backlog, f.moved, f.common = true, true, -1
	f.quiet = leftAlone(f.in.file, f.o.Now())
	live, err := os.Stat(f.path)
	if err != nil {
		live = nil
	}
	var ahead, size int64
	for _, path := range f.between(live) {
		if info, err := os.Stat(path); err == nil {
			ahead += info.Size()
		}
	}
	if live != nil {
		size = live.Size()
	}
	f.state.setAhead(ahead, size)
}

// endBacklog notes that in's end was seen: what comes now is written now.
func (f *Follow) endBacklog() {
	if !f.backlog {
		return
	}
	f.backlog = false
	if info, err := f.in.file.Stat(); err == nil && !info.ModTime().Equal(f.in.info.ModTime()) {
		f.quiet = f.o.Now()
	}
}

// leftAlone is since when a file was neither written to nor renamed, which sets
// its time of change. A time that is still to come says nothing.
func leftAlone(file *os.File, now time.Time) time.Time {
	var st unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &st); err != nil {
		return now
	}
	at, changed := time.Unix(st.Mtim.Unix()), time.Unix(st.Ctim.Unix())
	if changed.After(at) {
		at = changed
	}
	if at.After(now) {
		return now
	}
	return at
}

// readNewer goes on in a rotated file that is newer than in while there is no live
// one, as between logrotate's two renames. If there is none, all was read.
func (f *Follow) readNewer(looked time.Time, readErr error) bool {
	next, missed, err := f.rotatedSince(nil)
	if err != nil {
		f.state.setErr(err)
		return false
	}
	if next == nil {
		f.state.caughtUp.Store(true)
		return false
	}
	if !f.left(looked) {
		next.Close()
		return false
	}
	f.state.missed.Add(missed)
	f.countDamage(readErr)
	return f.finish(next)
}
