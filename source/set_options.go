// What can be chosen about a Set.

package source

import (
	"cmp"
	"time"

	"postfix_exporter/checkpoint"
)

// The defaults of SetOptions.
const (
	DefaultMaxFiles = 1000
	DefaultLook     = 5 * time.Second
	DefaultGone     = time.Minute
)

// maxWatched is how many files are watched with inotify; others are looked at each
// tick.
const maxWatched = 100

// SetOptions of Set.
type SetOptions struct {
	// Paths are of log files, or patterns of them (filepath.Match). One that isn't
	// a pattern is waited for if it isn't there.
	Paths  []string
	Others []Other            // what else is read
	From   From               // of the files that are there at the start and have no place; later ones are read from their start
	At     []checkpoint.Place // where to go on

	Poll     bool          // look at each tick only, without inotify
	Drain    time.Duration // see FollowOptions
	Tick     time.Duration // see FollowOptions; with very many files it is longer
	Look     time.Duration // how often files are looked for by pattern; more seldom if that takes long; 0 is DefaultLook
	Gone     time.Duration // after so long a file of a pattern that is gone is let go of; 0 is DefaultGone
	MaxFiles int           // so many files at once; 0 is DefaultMaxFiles
	Now      func() time.Time
	After    func(time.Duration) <-chan time.Time // nil is time.After

	watched int64 // so many files are watched; 0 is maxWatched
}

// Other is a source that isn't a file.
type Other struct {
	Log string // as its places have it
	// Open opens it where at says, or from where there is no place (at is the zero
	// Place then). The source puts a value into wake, which has one place, and doesn't
	// wait, whenever it may have something new. If it has a method Done() bool, that
	// says, to the goroutine of Next, that nothing will ever come again.
	Open func(at checkpoint.Place, from From, wake chan struct{}) (Source, error)
}

// JournalOf is a journal as a member of a Set, which sets At and From.
func JournalOf(o JournalOptions) Other {
	return Other{Log: o.log(), Open: func(at checkpoint.Place, from From, wake chan struct{}) (Source, error) {
		o.At, o.From, o.wake = at, from, wake
		j, err := NewJournal(o)
		if err != nil {
			return nil, err
		}
		return j, nil
	}}
}

func (o *SetOptions) setDefaults() {
	f := FollowOptions{Poll: o.Poll, Drain: o.Drain, Tick: o.Tick, Now: o.Now, After: o.After}
	f.setDefaults()
	o.Drain, o.Tick, o.Now, o.After = f.Drain, f.Tick, f.Now, f.After
	o.Look = cmp.Or(o.Look, DefaultLook)
	o.Gone = cmp.Or(o.Gone, DefaultGone)
	o.MaxFiles = cmp.Or(o.MaxFiles, DefaultMaxFiles)
	o.watched = cmp.Or(o.watched, maxWatched)
}

// follow are the options of a member.
func (s *Set) follow(at checkpoint.Place, from From, alone bool) FollowOptions {
	return FollowOptions{
		From: from, At: at, Poll: s.o.Poll || s.wakers.Load() >= s.o.watched, Drain: s.o.Drain, Tick: s.o.Tick, Now: s.o.Now, After: s.o.After,
		wake: s.wake, wakers: &s.wakers, spare: &s.spare, done: s.done.add, counted: s.hasRead, alone: alone,
	}
}
