package collector

import "github.com/prometheus/client_golang/prometheus"

// What Prometheus sees of an Engine: it is a prometheus.Collector.

// Describe sends what Collect may send.
func (e *Engine) Describe(ch chan<- *prometheus.Desc) {
	for _, f := range e.families.declared {
		ch <- f.desc
	}
	if e.options.Queue != nil {
		e.options.Queue.describe(ch)
	}
}

// Collect sends one moment of the log, and what waits in the queue.
func (e *Engine) Collect(ch chan<- prometheus.Metric) {
	rules := e.rules.Load()
	m := &moment{caughtUp: e.CaughtUp(), rules: rules.size(), rulesOK: !e.rulesFailed.Load()}
	if m.hasSource = e.options.Source != nil; m.hasSource {
		m.source = e.options.Source()
	}
	if m.hasCheckpoint = e.options.Checkpoint != nil; m.hasCheckpoint {
		m.checkpoint = e.options.Checkpoint()
	}
	for _, f := range e.freeze(m) {
		f.send(ch)
	}
	e.families.blockInfo.send(ch, rules.infos(m.refusals))
	for _, v := range e.families.values {
		if n, known := v.read(m); known {
			ch <- &valueMetric{&v.family, n}
		}
	}
	if e.options.Queue != nil {
		e.options.Queue.collect(ch, e.families.overflow.about())
	}
}

// freeze copies the numbers. It is all that a scrape holds up the counting for.
func (e *Engine) freeze(m *moment) []frozen {
	e.mu.Lock()
	defer e.mu.Unlock()
	m.last, m.tracked, m.evicted, m.forgotten = e.last, e.tracker.Len(), e.tracker.Evicted(), e.tracker.Forgotten()
	m.source.add(&e.before.source)
	m.checkpoint.Failures += e.before.saveFailures
	m.refusals = e.blocks.refusals()
	m.forgottenReplies, m.forgottenBlocks = e.unclassified.forgotten, e.blocks.forgotten
	return e.families.freeze()
}
