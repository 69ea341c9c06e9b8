package collector

import (
	"cmp"
	"time"
)

// How far an Engine is.

// CaughtUp says whether all that was there at the start has been counted. Any
// goroutine may ask.
func (e *Engine) CaughtUp() bool {
	if e.options.CaughtUp != nil {
		return e.options.CaughtUp()
	}
	return e.caught.Load()
}

// Progress is how many lines were fed to this Engine, and the stamp of the last
// one of Postfix; before there is one, that of the state that was restored, or
// zero. It is in the zone of Options.Location. Any goroutine may ask.
func (e *Engine) Progress() (lines uint64, last time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lines, e.last.In(cmp.Or(e.options.Location, time.UTC))
}
