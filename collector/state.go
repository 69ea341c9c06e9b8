package collector

import (
	"errors"

	"postfix_exporter/checkpoint"
)

// All that the numbers depend on, put into a state and taken out of it, so that an
// engine goes on where another one stopped. What only makes things faster is not
// in it.
//
// Families describe themselves, see state_fit.go. All else is in a fixed order:
// who changes that, raises checkpoint.Version.
//
// At the default limits a state is below 70 MB, with the longest of names and all
// native buckets in use: 20 MB are 200,000 messages with a million waiting
// recipients, 45 MB the books; with the label host these may be 0.4 GB, at the
// limit of all hosts together. A busy host's is 2 MB: 30 bytes for a message in the
// queue, 10 for one of its recipients that waits, 10 for a counter, 100 for a
// histogram.

// ErrOtherVersion is in the error of a state with a name that this version does
// not know.
var ErrOtherVersion = errors.New("the state was written by another version")

// Save puts all that the numbers depend on: no raw text, no address. It belongs to
// the goroutine that feeds, between two lines. Options.Source and
// Options.Checkpoint are asked.
func (e *Engine) Save(to *checkpoint.Encoder) {
	e.settle()
	// Nobody but this goroutine writes what follows, so reading it needs no lock, and
	// scrapes go on beside it.
	e.families.save(to)
	e.tracker.Save(to)
	e.unclassified.save(to)
	e.blocks.save(to)
	e.saveOwn(to)
}

// settle does what a scrape may do, too, or sees.
func (e *Engine) settle() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.families.countOverflow() // from here on scrapes find nothing to count
	e.blocks.makeTemplates()
}

func (e *Engine) saveOwn(to *checkpoint.Encoder) {
	to.Time(e.last)
	sum := e.before
	if e.options.Source != nil {
		now := e.options.Source()
		sum.source.add(&now)
	}
	if e.options.Checkpoint != nil {
		sum.saveFailures += e.options.Checkpoint().Failures
	}
	for _, n := range sum.source.counters() {
		to.Uint(*n)
	}
	to.Uint(sum.saveFailures)
}

// Restore takes what Save put, and no more: what is behind it is the caller's. It
// must come before the first line, on an Engine that was just made. An error says
// what can't be taken, by name, and then the Engine is not to be used.
func (e *Engine) Restore(from *checkpoint.Decoder) error { return e.restore(from, renamings) }

func (e *Engine) restore(from *checkpoint.Decoder, n names) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &restorer{Decoder: from, names: n, room: e.families.room()}
	for _, part := range []struct {
		name string
		take func(*restorer)
	}{
		{"the counts", e.families.restore},
		{"the tracked messages", func(r *restorer) { _ = e.tracker.Restore(from, r.checkVerdict) }}, // Err has its error
		{"the unclassified replies", e.unclassified.restore},
		{"the blocks", e.blocks.restore},
		{"the exporter's own counters", e.restoreOwn},
	} {
		r.where = part.name
		if part.take(r); r.Err() != nil {
			return r.failure()
		}
	}
	return nil
}

func (e *Engine) restoreOwn(r *restorer) {
	e.last = r.Time()
	for _, n := range e.before.source.counters() {
		*n = r.count()
	}
	e.before.saveFailures = r.count()
}
