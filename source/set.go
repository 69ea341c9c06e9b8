// Set reads several sources as one: log files, by name and by pattern, and others.
// set_begin.go says where they begin, set_look.go finds files, set_admit.go opens them,
// set_once.go has each read once, set_gone.go lets go of them, set_turn.go gives turns,
// set_wait.go waits, set_told.go tells.

package source

import (
	"io"
	"sync/atomic"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Set is the source of all that is read. Lines of one log come in their order; those
// of several come in any. Next, Wait, Places and Close belong to one goroutine; all
// else may be called from any.
type Set struct {
	o        SetOptions
	patterns []*pattern
	named    []string // paths that are no pattern

	members []*member
	cur     *member // whose turn it is; nil: nobody's
	left    int     // lines of the turn
	todo    []*member
	pass    bool // todo is being worked off
	only    bool // the next pass is of those that said they have news
	busy    bool // a member has work to do before it has a line
	closed  bool
	last    []checkpoint.Place // closed

	wake    chan struct{}
	stopped atomic.Bool // what is sent is read to its end, and no more
	streams []*Stream   // among the members, those that are sent to us
	tick    <-chan time.Time
	passed  time.Time    // when a pass of all members began last
	look    time.Time    // when files are looked for next
	spare   []byte       // the read buffer of all members that aren't being read
	done    ring         // files that were read and left
	wakers  atomic.Int64 // goroutines that listen, those stuck in the library included

	places   []checkpoint.Place // that were not taken up yet
	lonely   bool               // the only place is that of the only log
	caughtUp atomic.Bool
	roster   atomic.Pointer[roster]
}

// member is one of a Set's sources.
type member struct {
	Source
	file    *Follow // the source; nil: it is another one
	log     string
	named   bool // by a path that is no pattern: it is never let go of
	resumed bool // there was a place
	queued  bool
	gone    time.Time // since when there is no file; zero: there is one
}

// NewSet opens all that is there. What a path names that can't be a log is an error,
// as is a pattern that can't be one, and what others can't be opened for.
func NewSet(o SetOptions) (*Set, error) {
	o.setDefaults()
	s := &Set{o: o, wake: make(chan struct{}, 1), done: ring{max: 4 * o.MaxFiles}, passed: o.Now()}
	if err := s.sort(o.Paths); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Next is the next line of any member and the place after it. io.EOF: nothing now.
// There is no other error: Err tells what is waited for.
func (s *Set) Next() (maillog.Line, checkpoint.Pos, error) {
	for s.cur != nil || s.turn() {
		if s.left--; s.left >= 0 {
			line, at, err := s.cur.Next()
			if err == nil {
				return line, at, nil
			}
		}
		if s.endTurn(); s.busy {
			break
		}
	}
	return maillog.Line{}, checkpoint.Pos{}, io.EOF
}

// Receives is true where lines are sent to us, which can't be read again.
func (s *Set) Receives() bool { return len(s.streams) > 0 }

// Stop ends the receiving in good order: nothing new is let in, what was sent already
// is still read, and then Wait tells the end. Of files and journals, what is not read
// by then is left for the next start. It may be called from any goroutine.
func (s *Set) Stop() {
	s.stopped.Store(true)
	for _, m := range s.streams {
		m.Stop()
	}
	s.Wake()
}

// Wake has Wait return. It may be called from any goroutine.
func (s *Set) Wake() { poke(s.wake) }

// Close ends all members. Nothing more comes.
func (s *Set) Close() error {
	if s.closed {
		return nil
	}
	s.last = s.Places()
	s.closed = true
	s.cur, s.todo = nil, nil
	var first error
	for _, m := range s.members {
		if err := m.Close(); first == nil {
			first = err
		}
	}
	return first
}
