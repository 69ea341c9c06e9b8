package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/collector"
	"postfix_exporter/source"
)

// catchUpTold is how often a long catch-up is told in the log.
const catchUpTold = 10 * time.Second

// catchUp tells how the reading of what lies there from before the start goes:
// in the log, and to those who ask whether the counters can be shown.
type catchUp struct {
	done     func() bool
	progress func() (lines uint64, last time.Time) // counted since the start, and the stamp of the last one
	left     func() int64                          // bytes; 0 where that isn't known
	fault    func() error                          // what keeps the log from being read
	behind   func() []string                       // the logs that are not read to their ends yet
	logger   log.Logger
	now      func() time.Time

	begun  time.Time
	told   time.Time
	over   bool // told; of the reading goroutine
	caught atomic.Bool
}

func newCatchUp(lines *source.Set, engine *collector.Engine, logger log.Logger) *catchUp {
	now := time.Now()
	return &catchUp{
		done:     lines.CaughtUp,
		progress: engine.Progress,
		left:     func() int64 { return lines.Stats().Lag },
		fault:    lines.Err,
		behind:   lines.Behind,
		logger:   logger,
		now:      time.Now,
		begun:    now,
		told:     now,
	}
}

// look belongs to the goroutine that reads.
func (c *catchUp) look() {
	if c.over {
		return
	}
	now := c.now()
	lines, last := c.progress()
	switch {
	case c.done():
		c.over = true
		level.Info(c.logger).Log("msg", "Caught up with the log", "lines", lines, "seconds", fmt.Sprintf("%.1f", now.Sub(c.begun).Seconds()))
	case now.Sub(c.told) >= catchUpTold:
		c.told = now
		level.Info(c.logger).Log("msg", "Catching up with the log", "log", c.logs(), "lines", lines, "up_to", stamp(last), "bytes_left", c.left())
	}
}

// ready is nil once the counters can be shown; else its text says what is waited
// for.
func (c *catchUp) ready() error {
	if c.caught.Load() || c.done() {
		c.caught.Store(true)
		return nil
	}
	if err := c.fault(); err != nil {
		return err
	}
	lines, last := c.progress()
	left := ""
	if n := c.left(); n > 0 { // of a journal nobody knows
		left = fmt.Sprintf("; %d MB are left", (n+999_999)/1_000_000)
	}
	return fmt.Errorf("still reading what the log holds from before the start: %d lines so far, up to %s%s (%s)", lines, stamp(last), left, c.logs())
}

// logs names what is being read.
func (c *catchUp) logs() string {
	logs := c.behind()
	if len(logs) <= 1 {
		return strings.Join(logs, "")
	}
	return fmt.Sprintf("%s and %d more", logs[0], len(logs)-1)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "no line with a time yet"
	}
	return t.Format(time.DateTime)
}
