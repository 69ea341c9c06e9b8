// Package collector counts what a mail log tells, and shows it to Prometheus.
package collector

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

// Lines is where lines come from.
type Lines interface {
	// Next is the next line, without its newline, good until the next call.
	// io.EOF: nothing now.
	Next() (line string, at checkpoint.Pos, err error)
	// Wait blocks until there may be more, or ctx ends. io.EOF: nothing ever again.
	Wait(ctx context.Context) error
}

// Options of an Engine.
type Options struct {
	Rules       *classify.Set  // nil: none
	Location    *time.Location // of stamps without a zone; nil is UTC
	MaxMessages int            // messages tracked at most; 0 is DefaultMaxMessages
	MaxSeries   int            // series of one family at most; 0 is DefaultMaxSeries
	// Observe, if not nil, sees each event after it was counted. Its arguments
	// hold until it returns.
	Observe func(*maillog.Event, *track.Outcome, *classify.Verdict)
}

// The limits where Options has none.
const (
	DefaultMaxMessages = 200_000
	DefaultMaxSeries   = 2_000
)

// Engine takes lines through parse, classify, track and count. Feed belongs to
// one goroutine; Collect may run beside it.
type Engine struct{}

// New makes an Engine.
func New(o Options) *Engine { return &Engine{} }

// Feed counts one line.
func (e *Engine) Feed(line string, at checkpoint.Pos) {}

// Run feeds lines until there are none ever again (nil) or ctx ends (its error).
func (e *Engine) Run(ctx context.Context, lines Lines) error { return nil }

// CaughtUp says whether Run has read all that was there when it started.
func (e *Engine) CaughtUp() bool { return false }

// Describe sends what Collect may send.
func (e *Engine) Describe(ch chan<- *prometheus.Desc) {}

// Collect sends one moment of the log.
func (e *Engine) Collect(ch chan<- prometheus.Metric) {}
