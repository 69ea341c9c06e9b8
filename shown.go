package main

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/source"
)

// What can't be read again must be saved before it is shown: after a crash the counts
// begin where they were saved, and a counter below one that was scraped would look to
// Prometheus like a reset.

// savePatience is how long a scrape waits for the disk. On one that is full or hangs,
// showing what is counted is worth more.
const savePatience = 2 * time.Second

// shows is how the numbers of these lines are gathered for a scrape.
func (s *saver) shows(lines *source.Set) func(prometheus.Gatherer) prometheus.Gatherer {
	return func(all prometheus.Gatherer) prometheus.Gatherer {
		if s.path == "" || !lines.Receives() {
			return all
		}
		return &savedFirst{all, s}
	}
}

// savedFirst gives out what was gathered once all of it is saved.
type savedFirst struct {
	prometheus.Gatherer
	saver *saver
}

func (g *savedFirst) Gather() ([]*dto.MetricFamily, error) {
	families, err := g.Gatherer.Gather()
	select {
	case <-g.saver.demands.add():
	case <-time.After(savePatience):
	}
	return families, err
}

// demands are those who wait until what is counted now is saved.
type demands struct {
	wake func() // has the counting goroutine look, if it waits for lines; nil: it looks often enough

	mu      sync.Mutex
	waiting []chan struct{}
	over    bool // nothing is counted any more, and the last save was
}

// add is closed when a save that begins from now on has ended, well or not.
func (d *demands) add() <-chan struct{} {
	done := make(chan struct{})
	d.mu.Lock()
	if d.over {
		close(done)
	} else {
		d.waiting = append(d.waiting, done)
	}
	d.mu.Unlock()
	d.nudge()
	return done
}

// end leaves nobody waiting.
func (d *demands) end() {
	d.mu.Lock()
	d.over = true
	d.mu.Unlock()
	answer(d.take())
}

func (d *demands) nudge() {
	if d.wake != nil {
		d.wake()
	}
}

// take is all that are there, who wait no longer for others.
func (d *demands) take() []chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.waiting
	d.waiting = nil
	return all
}

func (d *demands) any() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.waiting) > 0
}

// answer tells them.
func answer(all []chan struct{}) {
	for _, done := range all {
		close(done)
	}
}
