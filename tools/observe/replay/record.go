package replay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/prometheus/tsdb"

	"postfix_exporter/tools/observe/history"
)

// Record plays a scenario into an empty data directory of a Prometheus: all that the
// exporters answer, what the rules of a folder make of it, and the alerts that
// fire. The fleet can go on from there; the caller closes the database.
func Record(ctx context.Context, s history.Scenario, rules, dir string) (_ *history.Fleet, _ *tsdb.DB, err error) {
	fleet, err := history.New(s)
	if err != nil {
		return nil, nil, err
	}
	options := tsdb.DefaultOptions()
	options.RetentionDuration = 0
	db, err := tsdb.Open(dir, slog.New(slog.DiscardHandler), nil, options, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("opening a storage in %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	r, err := newRecorder(ctx, &s, rules, db)
	if err != nil {
		return nil, nil, err
	}
	return fleet, db, fleet.Record(ctx, db, r.eval)
}

// recorder evaluates rules as a history is made.
type recorder struct {
	all, sums *ruleSet
	last      history.Span // that is played
}

// sums is the group of what dashboards over many hosts ask for.
const sums = "fleet"

func newRecorder(ctx context.Context, s *history.Scenario, rules string, db *tsdb.DB) (r *recorder, err error) {
	r = &recorder{last: s.Spans[len(s.Spans)-1]}
	if r.all, err = loadRules(ctx, &Plan{Rules: rules}, db, newEngine()); err != nil {
		return nil, err
	}
	r.sums = &ruleSet{}
	for _, g := range r.all.groups {
		if g.Name() == sums {
			r.sums.groups = append(r.sums.groups, g)
		}
	}
	return r, nil
}

// eval evaluates all rules each minute of the last span. Of the days before, dashboards
// compare with the sums alone; the others are evaluated as often as baselines ask.
func (r *recorder) eval(ctx context.Context, at time.Time) error {
	if r.last.Holds(at) || at.Equal(at.Truncate(coarseEval)) {
		return r.all.eval(ctx, at)
	}
	return r.sums.eval(ctx, at)
}
