// Package replay plays made-up days of mail, healthy ones and incidents, through the
// exporter's own engine into a Prometheus storage, evaluates the alert rules with
// Prometheus' own code in simulated time, and tells which alert fired from when to
// when.
//
//	r, err := replay.Play(ctx, replay.Plan{Scenario: s, Rules: "../../../alerts", Dir: dir})
//	for _, e := range r.Episodes { ... } // BounceSpike on mx1: pending 10:04, firing 10:09, over 11:40
package replay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/tsdb"

	"postfix_exporter/tools/observe/history"
)

// Plan is what is played. Within Fine, hosts are scraped and rules evaluated at each
// step of Every; before it and between, to have a history at less cost, hosts are
// scraped each two minutes and rules evaluated each ten.
type Plan struct {
	Scenario history.Scenario // its Step is not used
	Fine     []history.Span   // nil is all
	Every    time.Duration    // 0 is a minute; more than two would leave rates over five without samples
	Stories  []Story
	Rules    string                                   // the folder of the rule files
	Groups   []string                                 // of rules; nil is all
	Dir      string                                   // of the storage; empty
	Target   func(instance string, at time.Time) bool // whether Prometheus knows of it; nil is always
}

// Story is what happens to a host beyond its scenario. Tell is called for each step
// from one time up to another, before it is played.
type Story struct {
	history.Span
	Instance string
	Tell     func(h *history.Running, from, to time.Time) error
}

// Replayed is what a replay left.
type Replayed struct {
	Episodes []Episode
	db       *tsdb.DB
	engine   *promql.Engine
}

// Play plays all. Close the result.
func Play(ctx context.Context, p Plan) (_ *Replayed, err error) {
	fleet, err := history.New(p.Scenario)
	if err != nil {
		return nil, err
	}
	db, err := openStorage(p.Dir)
	if err != nil {
		return nil, err
	}
	r := &Replayed{db: db, engine: newEngine()}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	set, err := loadRules(ctx, &p, db, r.engine)
	if err != nil {
		return nil, err
	}
	run := player{plan: p, fleet: fleet, db: db, rules: set, book: newBook()}
	if err := run.play(ctx); err != nil {
		return nil, err
	}
	r.Episodes = run.book.close()
	return r, nil
}

// Close forgets all that was recorded.
func (r *Replayed) Close() error { return r.db.Close() }

// Sum is the value of an expression that has one, at a time.
func (r *Replayed) Sum(ctx context.Context, expr string, at time.Time) (float64, error) {
	q, err := r.engine.NewInstantQuery(ctx, r.db, nil, expr, at)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", expr, err)
	}
	defer q.Close()
	v, err := q.Exec(ctx).Vector()
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("%d values, want one", len(v))
	}
	if err != nil {
		return 0, fmt.Errorf("%s at %v: %w", expr, at, err)
	}
	return v[0].F, nil
}
