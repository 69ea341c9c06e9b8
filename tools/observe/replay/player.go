package replay

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/tsdb"

	"postfix_exporter/tools/observe/history"
)

// The steps of time. Those of coarse times are such that a rate over five minutes
// has two samples, and that the points of all subqueries in the rules are there.
const (
	coarseStep = 2 * time.Minute
	coarseEval = 10 * time.Minute
)

// player plays a plan.
type player struct {
	plan     Plan
	fleet    *history.Fleet
	db       *tsdb.DB
	rules    *ruleSet
	book     *book
	scrapers []*scraper
}

func (p *player) play(ctx context.Context) error {
	for _, h := range p.fleet.Hosts() {
		p.scrapers = append(p.scrapers, newScraper(h, p.rules.text))
	}
	if p.plan.Every == 0 {
		p.plan.Every = time.Minute
	}
	for _, span := range p.plan.Scenario.Spans {
		for at := span.From; at.Before(span.To); {
			if err := p.step(ctx, at); err != nil {
				return err
			}
			if p.fine(at) {
				at = at.Add(p.plan.Every)
			} else {
				at = at.Add(coarseStep)
			}
		}
	}
	return nil
}

func (p *player) fine(at time.Time) bool {
	return p.plan.Fine == nil || slices.ContainsFunc(p.plan.Fine, func(s history.Span) bool { return s.Holds(at) })
}

// step plays up to a time, scrapes all, and evaluates the rules.
func (p *player) step(ctx context.Context, at time.Time) error {
	if err := p.tell(at); err != nil {
		return err
	}
	if err := p.fleet.Advance(at); err != nil {
		return err
	}
	for _, s := range p.scrapers {
		known := p.plan.Target == nil || p.plan.Target(s.host.Instance, at)
		if err := s.scrape(ctx, p.db, at, known); err != nil {
			return err
		}
	}
	if !p.fine(at) && !at.Equal(at.Truncate(coarseEval)) {
		return nil
	}
	if err := p.rules.eval(ctx, at); err != nil {
		return err
	}
	p.book.note(p.rules.groups, at)
	return nil
}

func (p *player) tell(to time.Time) error {
	from := p.fleet.Now()
	for _, s := range p.plan.Stories {
		for _, h := range p.fleet.Hosts() {
			if h.Instance != s.Instance || !s.Holds(from) {
				continue
			}
			if err := s.Tell(h, from, to); err != nil {
				return fmt.Errorf("the story of %s at %v: %w", s.Instance, from, err)
			}
		}
	}
	return nil
}
