package main

import (
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
)

// How often the state is saved, at most.
const (
	saveWhenIdle   = time.Second     // when there is nothing to read
	saveWhenBusy   = 5 * time.Second // in a long catch-up
	saveAfterFault = 5 * time.Second
	savePauses     = 10 // a save that takes long is followed by a pause so many times as long,
	maxSavePause   = 30 * time.Second
)

// saver keeps the state file up to date. All of it but askFor, demands and stats belongs
// to the goroutine that counts: between two lines nothing changes, so position
// and counts are of one moment. Only the writing, which waits for the disk, is
// done beside it.
type saver struct {
	path   string // "": nothing is saved
	lock   *checkpoint.Lock
	encode func(*checkpoint.Encoder)
	write  func(path string, state []byte) error
	logger log.Logger
	now    func() time.Time

	state   checkpoint.Encoder
	writing chan outcome  // of the write under way; nil: none
	begun   time.Time     // when the last save was
	pause   time.Duration // after it
	told    string        // the fault that was logged

	asked   atomic.Bool
	demands demands
	known   savedStats
}

// outcome is how a write ended.
type outcome struct {
	at   time.Time
	took time.Duration
	err  error
}

func newSaver(s *saved, logger log.Logger) *saver {
	k := &saver{path: s.path, lock: s.lock, write: checkpoint.Write, logger: logger, now: time.Now}
	if s.decoder != nil { // the first state is saved at once; one that was just read is good for a while
		k.begun = k.now().Add(-saveWhenIdle)
	}
	return k
}

// stats is what the engine shows of the saving; nil where there is none.
func (s *saver) stats() func() collector.CheckpointStats {
	if s.path == "" {
		return nil
	}
	return s.known.get
}

// askFor has the state saved soon, though nothing was read.
func (s *saver) askFor() { s.asked.Store(true) }

// due says whether the last save is so long ago that another may begin.
func (s *saver) due(every time.Duration) bool {
	return s.path != "" && s.idle() && s.now().Sub(s.begun) >= max(every, s.pause)
}

// idle takes note of a write that has ended.
func (s *saver) idle() bool {
	if s.writing == nil {
		return true
	}
	select {
	case o := <-s.writing:
		s.ended(o)
		return true
	default:
		return false
	}
}

// begin saves what is counted now. It must be idle.
func (s *saver) begin() {
	s.asked.Store(false)
	s.begun = s.now()
	s.state.Reset()
	s.encode(&s.state)
	s.writing = make(chan outcome, 1)
	go func(done chan<- outcome, demanded []chan struct{}) {
		done <- s.put()
		answer(demanded)
		if s.demands.any() { // others have come meanwhile
			s.demands.nudge()
		}
	}(s.writing, s.demands.take())
}

// put writes the state. It is all that runs beside the counting.
func (s *saver) put() outcome {
	begun := s.now()
	err := s.locked()
	if err == nil {
		err = s.write(s.path, s.state.Bytes())
	}
	at := s.now()
	return outcome{at, at.Sub(begun), err}
}

// locked takes the lock if that couldn't be had at the start.
func (s *saver) locked() (err error) {
	if s.lock == nil {
		s.lock, err = checkpoint.Acquire(s.path)
	}
	return err
}

func (s *saver) ended(o outcome) {
	s.writing = nil
	s.pause = min(savePauses*o.took, maxSavePause)
	if o.err != nil {
		s.pause = saveAfterFault
		s.askFor() // what is not saved yet is to be tried again
	}
	s.known.add(o, len(s.state.Bytes()))
	s.tell(o.err)
}

// tell logs a fault once, and its end.
func (s *saver) tell(err error) {
	fault := ""
	if err != nil {
		fault = reason(err)
	}
	switch {
	case fault == s.told:
	case fault == "":
		level.Info(s.logger).Log("msg", "The state is saved again", "file", s.path)
	default:
		level.Error(s.logger).Log("msg", "The state can't be saved; counting goes on, and a restart would read again what came since the last save",
			"file", s.path, "err", fault)
	}
	s.told = fault
}

// reason is what went wrong, without the temporary name that changes nothing.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// finish saves a last time and waits for it.
func (s *saver) finish() error {
	if s.path == "" {
		return nil
	}
	if s.writing != nil {
		s.ended(<-s.writing)
	}
	s.begin()
	o := <-s.writing
	s.ended(o)
	s.demands.end()
	return o.err
}

// savedStats are what is told of the saving. Any goroutine may ask.
type savedStats struct {
	mu    sync.Mutex
	stats collector.CheckpointStats
}

func (k *savedStats) add(o outcome, bytes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stats.Failed = o.err != nil
	if o.err != nil {
		k.stats.Failures++
		return
	}
	k.stats.Saved, k.stats.Bytes = o.at, int64(bytes)
}

func (k *savedStats) get() collector.CheckpointStats {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.stats
}
