// The goroutine that reads a journal. journalctl --follow doesn't say when it has
// shown all that was there, so it is run twice: first to the end of what there is,
// which it says by ending, then to follow. Each time it is asked for the last entry
// again, which is passed over: where another one comes first, that entry is gone.

package source

import (
	"context"
	"strings"
	"time"

	"postfix_exporter/checkpoint"
)

// Two batches: one is handed out, one is filled.
const (
	batches   = 2
	batchSize = 64
)

// batch are entries on their way to Next.
type batch struct {
	entries  []exportEntry
	n        int  // of entries
	looked   bool // it is known what was there before the first entry: nothing, if no cursor came
	caughtUp bool // behind them, all was read that was there at the start
}

// The pauses before journalctl is started again.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// pump runs journalctl and fills batches.
type pump struct {
	j       *Journal
	b       *batch // being filled
	cursor  string // of the last entry that was read
	other   bool   // cursor is of an entry that wasn't asked for like this
	fromEnd bool   // what is there now is passed over
	known   bool   // it was seen in this round whether cursor's entry is there
	gone    bool   // it is not, and that was counted
	news    bool   // an entry was read since the last pause
}

func (p *pump) run(ctx context.Context) {
	defer close(p.j.done)
	p.b = <-p.j.free
	for pause := firstPause; ; {
		p.news = false
		begun := time.Now()
		err := p.round(ctx)
		p.j.state.followed.Store(false)
		if ctx.Err() != nil {
			return
		}
		p.j.state.setErr(err)
		if p.news || time.Since(begun) > lastPause {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
			return
		case <-p.j.o.After(pause):
			pause = min(2*pause, lastPause)
		}
	}
}

func (s *journalState) setErr(err error) {
	s.err.Store(nil)
	if err != nil {
		s.err.Store(&err)
	}
}

// round reads what there is, then follows, until something is wrong.
func (p *pump) round(ctx context.Context) error {
	p.known = false
	if p.fromEnd {
		if err := p.read(ctx, newest); err != nil {
			return err
		}
		p.fromEnd = false
	}
	if err := p.read(ctx, backlog); err != nil {
		return err
	}
	if p.cursor != "" && !p.known {
		p.missing("")
	}
	p.b.looked, p.b.caughtUp = true, true
	if !p.flush(ctx) {
		return ctx.Err()
	}
	p.j.state.setErr(nil)
	p.j.state.followed.Store(true)
	return p.read(ctx, following)
}

// reading is what journalctl is asked for.
type reading int

const (
	newest    reading = iota // the last entry, which is passed over
	backlog                  // all behind the cursor
	following                // and what comes
)

func (p *pump) arguments(what reading) []string {
	var kept []string
	for _, f := range fields {
		kept = append(kept, f.name)
	}
	args := []string{"--quiet", "--no-pager", "--output=export", "--output-fields=" + strings.Join(kept, ",")}
	switch what {
	case newest:
		args = append(args, "--lines=1")
	case following:
		args = append(args, "--follow", "--no-tail")
	}
	if p.cursor != "" && what != newest {
		args = append(args, "--cursor="+p.cursor)
	}
	return append(append(args, p.j.where()...), p.j.matches...)
}

// read runs journalctl once. Its error is why that went wrong.
func (p *pump) read(ctx context.Context, what reading) error {
	silence := p.j.o.Silence
	if what == following {
		silence = 0
	}
	c, err := start(ctx, silence, p.j.program, p.arguments(what))
	if err != nil {
		return err
	}
	err = c.end(p.entries(ctx, c, what), what != following)
	if ctx.Err() != nil { // the batch may have been handed out
		return ctx.Err()
	}
	return err
}

// entries reads until the end, or an error.
func (p *pump) entries(ctx context.Context, c *child, what reading) error {
	for first := p.cursor != ""; ; {
		e := &p.b.entries[p.b.n]
		if err := c.export.next(e); err != nil {
			if p.b.n > 0 && !p.flush(ctx) {
				return ctx.Err()
			}
			return err
		}
		if first && what != newest {
			first = false
			if p.found(e) {
				continue
			}
		}
		if !p.take(e, what) {
			continue
		}
		if (p.b.n == batchSize || c.export.r.Buffered() == 0) && !p.flush(ctx) {
			return ctx.Err()
		}
	}
}

// take keeps an entry that was read into the batch. One without a cursor has no
// place, and one of more than a Place holds can't be taken up: no journal has them.
func (p *pump) take(e *exportEntry, what reading) bool {
	n := len(e.values[fieldCursor])
	if n == 0 || n > checkpoint.MaxCursor {
		return false
	}
	e.passed = what == newest
	p.cursor = strings.Clone(e.text(fieldCursor))
	p.known, p.other, p.gone, p.news = true, false, false, true
	p.b.n++
	return true
}

// flush hands out the batch. It is false if ctx ends before another is free.
func (p *pump) flush(ctx context.Context) bool {
	p.j.full <- p.b // has room for all there are
	if p.j.o.wake != nil {
		poke(p.j.o.wake)
	}
	select {
	case <-ctx.Done():
		return false
	case p.b = <-p.j.free:
		return true
	}
}
