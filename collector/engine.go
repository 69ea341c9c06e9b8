// Package collector counts what a mail log tells, and shows it to Prometheus.
//
// An [Engine] takes each line through parse, classify, track and count:
//
//	postfix/smtp[9]: 4X2C: to=<a@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=1, ..., status=sent (250 ok)
//
// adds one to
//
//	postfix_deliveries_total{instance_name="postfix",service="",daemon="smtp",status="sent",provider="other"}
//
// and observes its delays. The numbers depend on the lines alone, not on the
// clock, nor on when they are read.
package collector

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
	"postfix_exporter/track"
)

// Lines is where lines come from.
type Lines interface {
	// Next is the next line, without its newline, good until the next call.
	// io.EOF: nothing now.
	Next() (line maillog.Line, at checkpoint.Pos, err error)
	// Wait blocks until there may be more, or ctx ends. io.EOF: nothing ever again.
	Wait(ctx context.Context) error
}

// Options of an Engine.
type Options struct {
	Rules       *classify.Set  // to begin with, see SetRules; nil: none
	Location    *time.Location // of stamps without a zone; nil is UTC
	MaxMessages int            // messages tracked at most; 0 is DefaultMaxMessages
	MaxSeries   int            // series of one family at most, and of one host; 0 is DefaultMaxSeries
	ByHost      bool           // what counts lines has the label host
	MaxHosts    int            // hosts told apart at most, MostHosts at the most; 0 is DefaultMaxHosts
	// ShowAddresses lets Unclassified show whole replies beside their templates.
	ShowAddresses bool
	// Observe, if not nil, sees each event after it was counted. Its arguments
	// hold until it returns; the verdict is a Delivery's.
	Observe func(*maillog.Event, *track.Outcome, *classify.Verdict)
	// Source, if not nil, is asked at each scrape and by Save how the source of the
	// lines fares; Checkpoint, how the saving does. They count from the start of
	// the process, and may be called from any goroutine.
	Source     func() SourceStats
	Checkpoint func() CheckpointStats
	// Queue, if not nil, is shown at each scrape beside what was counted.
	Queue *Queue
	// CaughtUp, if not nil, says whether all that was there at the start was
	// read, from any goroutine. nil: Run's source has answered io.EOF once.
	CaughtUp func() bool
}

// The limits where Options has none.
const (
	DefaultMaxMessages = 200_000
	DefaultMaxSeries   = 2_000
)

// Engine takes lines through parse, classify, track and count. Feed belongs to
// one goroutine; Collect may run beside it.
type Engine struct {
	options Options
	parser  maillog.Parser
	memo    classify.Memo
	now     reading // the line at hand
	caught  atomic.Bool

	rules       atomic.Pointer[rulebook]
	rulesFailed atomic.Bool // to load again

	// mu guards what a scrape sees. Reading a line and judging it needs no lock,
	// and a source that hangs holds up no scrape.
	mu           sync.Mutex
	tracker      *track.Tracker
	families     *families
	unclassified unclassified
	blocks       blocks
	last         time.Time // stamp of the last Postfix line that has one
	lines        uint64    // fed
	before       ownCounts // what was restored of them
}

// New makes an Engine.
func New(o Options) *Engine {
	o.MaxMessages = cmp.Or(o.MaxMessages, DefaultMaxMessages)
	o.MaxSeries = cmp.Or(o.MaxSeries, DefaultMaxSeries)
	o.MaxHosts = min(cmp.Or(o.MaxHosts, DefaultMaxHosts), MostHosts)
	e := &Engine{
		options:      o,
		parser:       maillog.Parser{Location: o.Location},
		tracker:      track.New(o.MaxMessages),
		families:     o.families(),
		unclassified: newUnclassified(maxUnclassified, o.ShowAddresses),
		blocks:       newBlocks(min(maxBlocks, o.MaxSeries)),
	}
	e.SetRules(o.Rules)
	return e
}

func (o *Options) families() *families {
	if o.ByHost {
		return newFamiliesByHost(o.MaxSeries, o.MaxHosts)
	}
	return newFamilies(o.MaxSeries)
}

// Feed counts one line.
func (e *Engine) Feed(line maillog.Line, at checkpoint.Pos) {
	e.parser.NotAfter = at.NotAfter
	if !e.parser.ParseLine(line, &e.now.event) {
		e.countForeign()
		return
	}
	e.count()
}

// count takes the event at hand through the rest of the path.
func (e *Engine) count() {
	r := &e.now
	e.judge(r)
	e.mu.Lock()
	r.known = e.tracker.Add(&r.event, &r.verdict, &r.outcome)
	e.families.of(r.event.Host).count(r)
	e.keep(r)
	if !r.event.Time.IsZero() {
		e.last = r.event.Time
	}
	e.lines++
	e.mu.Unlock()
	if e.options.Observe != nil {
		e.options.Observe(&r.event, &r.outcome, &r.verdict)
	}
}

func (e *Engine) countForeign() {
	e.mu.Lock()
	e.families.lines.inc(NoLabels{}, lineForeign)
	e.lines++
	e.mu.Unlock()
}

// judge says what the event's reply means, and who is at the other end.
func (e *Engine) judge(r *reading) {
	ev, rules := &r.event, e.rules.Load().set
	switch ev.Kind {
	case maillog.Delivery:
		e.judgeDelivery(r, rules)
	case maillog.ConnectFailed, maillog.TLSFailed:
		r.verdict = classify.Verdict{Provider: e.memo.Provider(rules, &maillog.DeliveryRecord{Relay: ev.Remote})}
	case maillog.Restriction:
		if IsReject(ev) {
			r.reason = e.memo.RejectReason(rules, &ev.Restriction)
		}
	}
}

func (e *Engine) judgeDelivery(r *reading, rules *classify.Set) {
	d := &r.event.Delivery
	switch {
	case isFailure(d.Status):
		r.verdict = e.memo.JudgeDelivery(rules, d)
		r.readTemplate()
	case d.Status == maillog.StatusTruncated: // its relay may be cut off
		r.verdict = classify.Verdict{Provider: classify.ProviderOther}
	default:
		r.verdict = classify.Verdict{Provider: e.memo.Provider(rules, d)}
	}
}

// Run feeds lines until there are none ever again (nil) or ctx ends (its error).
func (e *Engine) Run(ctx context.Context, lines Lines) error {
	for ctx.Err() == nil {
		switch line, at, err := lines.Next(); err {
		case nil:
			e.Feed(line, at)
		case io.EOF:
			e.caught.Store(true)
			if err := lines.Wait(ctx); err == io.EOF {
				return nil
			} else if err != nil && ctx.Err() == nil {
				return fmt.Errorf("wait for the log to grow: %w", err)
			}
		default:
			return fmt.Errorf("read the log: %w", err)
		}
	}
	return ctx.Err()
}
