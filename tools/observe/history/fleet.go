package history

import (
	"fmt"
	"time"

	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
	"postfix_exporter/web"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/checkpoint"
)

// A Fleet plays a scenario. It belongs to one goroutine.
type Fleet struct {
	scenario Scenario
	hosts    []*Running
	span     int // that is being played
	now      time.Time
}

// Running is a host of a fleet.
type Running struct {
	Host
	engine   *collector.Engine
	queue    *collector.Queue
	registry *prometheus.Registry
	sim      *simulation
	rotated  uint64
}

// New prepares a scenario. An error is one of the built-in rules.
func New(s Scenario) (*Fleet, error) {
	if s.Step == 0 {
		s.Step = time.Minute
	}
	if s.Mix == nil {
		s.Mix = Healthy()
	}
	if len(s.Spans) == 0 {
		return nil, fmt.Errorf("the scenario has no span of time to play")
	}
	rules, err := classify.BuiltIn()
	if err != nil {
		return nil, fmt.Errorf("built-in rules: %w", err)
	}
	f := &Fleet{scenario: s, now: s.Spans[0].From}
	for i, h := range s.Hosts {
		r, err := f.start(h, uint64(i), rules)
		if err != nil {
			return nil, err
		}
		f.hosts = append(f.hosts, r)
	}
	return f, nil
}

func (f *Fleet) start(h Host, n uint64, rules *classify.Set) (*Running, error) {
	if h.Destinations == nil {
		h.Destinations = Destinations()
	}
	if h.Lifetime == 0 {
		h.Lifetime = 5 * 24 * time.Hour
	}
	r := &Running{Host: h, sim: newSimulation(&f.scenario, h, f.scenario.Seed*1000+n, f.now)}
	options := collector.Options{Rules: rules, Source: r.source, Checkpoint: r.checkpoint, CaughtUp: func() bool { return true }}
	if h.Queue {
		r.queue = collector.NewQueue(0)
		options.Queue = r.queue
	}
	r.engine = collector.New(options)
	registry, err := web.NewRegistry(r.engine)
	r.registry = registry
	return r, err
}

// source and checkpoint are what a sound exporter tells of itself.
func (r *Running) source() collector.SourceStats {
	if r.Receives {
		lines, _ := r.engine.Progress()
		return collector.SourceStats{Receives: true, Received: lines, Connections: 1}
	}
	return collector.SourceStats{LagBytes: r.sim.now.Unix() / 60 % 2 * 180, Rotations: r.rotated}
}

func (r *Running) checkpoint() collector.CheckpointStats {
	return collector.CheckpointStats{Saved: r.sim.now.Add(-7 * time.Second), Bytes: 41_000 + 120*int64(len(r.sim.waiting))}
}

// Hosts are those of the scenario, to be scraped.
func (f *Fleet) Hosts() []*Running { return f.hosts }

// Now is up to when the fleet has played.
func (f *Fleet) Now() time.Time { return f.now }

// Advance plays up to a time. What lies between two spans is skipped; the last span
// goes on for ever.
func (f *Fleet) Advance(to time.Time) error {
	for ; f.span+1 < len(f.scenario.Spans); f.span++ {
		end, next := f.scenario.Spans[f.span].To, f.scenario.Spans[f.span+1].From
		if to.Before(next) {
			to = earlier(to, end)
			break
		}
		if err := f.play(end); err != nil {
			return err
		}
		f.skip(next)
	}
	return f.play(to)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (f *Fleet) play(to time.Time) error {
	for _, h := range f.hosts {
		if err := h.play(to); err != nil {
			return err
		}
	}
	f.now = to
	return nil
}

func (f *Fleet) skip(to time.Time) {
	for _, h := range f.hosts {
		h.sim.skip(to)
		h.rotated++ // each night
	}
	f.now = to
}

func (r *Running) play(to time.Time) error {
	err := r.sim.play(to, func(line []byte, at time.Time) {
		r.engine.Feed(maillog.Line{Text: string(line)}, checkpoint.Pos{NotAfter: at.Unix() + 60})
	})
	if r.queue != nil {
		r.list()
	}
	return err
}

// Scrape is what the host's exporter answers now.
func (r *Running) Scrape() ([]*dto.MetricFamily, error) {
	families, err := r.registry.Gather()
	return append(families, r.process()...), err
}

// process is what the exporter tells of its own process; made up.
func (r *Running) process() []*dto.MetricFamily {
	lines, _ := r.engine.Progress()
	running := float64(r.sim.now.Sub(r.sim.started) / time.Second)
	return []*dto.MetricFamily{
		single("process_resident_memory_bytes", dto.MetricType_GAUGE, 24e6+9e3*float64(len(r.sim.waiting))),
		single("process_cpu_seconds_total", dto.MetricType_COUNTER, float64(lines)*4e-6+running*2e-4),
		single("postfix_exporter_build_info", dto.MetricType_GAUGE, 1, &dto.LabelPair{Name: new("version"), Value: new("1.0.0")}),
	}
}

func single(name string, kind dto.MetricType, v float64, labels ...*dto.LabelPair) *dto.MetricFamily {
	m := &dto.Metric{Label: labels}
	if kind == dto.MetricType_COUNTER {
		m.Counter = &dto.Counter{Value: &v}
	} else {
		m.Gauge = &dto.Gauge{Value: &v}
	}
	return &dto.MetricFamily{Name: &name, Help: new("Made up."), Type: &kind, Metric: []*dto.Metric{m}}
}
