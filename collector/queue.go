package collector

import (
	"cmp"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/classify"
	"postfix_exporter/showq"
)

// A Queue shows what waits in Postfix's queue. One goroutine refreshes it:
//
//	l := q.List(rules, now)
//	... showq tells l of all messages ...
//	q.Listed(l, result, took)   or   q.Failed(reason, took)
//
// A scrape sees the last list that was whole, and waits for none.
type Queue struct {
	limit int
	names *queueFamilies // for their declarations
	memo  classify.Memo

	mu       sync.Mutex
	tried    bool // once
	up       bool // the last time
	took     time.Duration
	listed   time.Time // when the last good list began; zero: none yet
	list     []frozen  // none where it is not up
	files    []frozen  // none where they are not known
	overflow map[string]uint64
}

// NewQueue makes a Queue. maxSeries is of one family at most, 0 is DefaultMaxSeries;
// recipients beyond it are counted under the provider "other".
func NewQueue(maxSeries int) *Queue {
	maxSeries = cmp.Or(maxSeries, DefaultMaxSeries)
	q := &Queue{limit: maxSeries, names: newQueueFamilies(maxSeries), overflow: make(map[string]uint64)}
	q.countOverflow(q.names)
	return q
}

// List begins a list. Its reasons are judged by these rules; ages are as of now.
// One list must end before the next begins.
func (q *Queue) List(rules *classify.Set, now time.Time) *Listing {
	return &Listing{now: now, rules: rules, memo: &q.memo, queueFamilies: newQueueFamilies(q.limit)}
}

// Listed shows a list that is whole. took is how long it was on its way.
func (q *Queue) Listed(l *Listing, r showq.Result, took time.Duration) {
	l.unread.rowAt(0)[0] = float64(r.Unread + r.Cut)
	list := make([]frozen, len(l.byList))
	for i, g := range l.byList {
		list[i] = g.freeze()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tried, q.up, q.took = true, true, took
	q.list, q.listed = list, l.now
	q.countOverflow(l.queueFamilies)
}

// Failed says that there was no list, or not the whole of it. What was shown of
// the last one is gone: an operator must not take it for the queue of now.
func (q *Queue) Failed(reason showq.Reason, took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tried, q.up, q.took = true, false, took
	q.list = nil
	q.names.failures.inc(NoLabels{}, refreshReasons.at(string(reason)))
}

// Files shows how many files there are, by queue. Those that are not there are
// not known.
func (q *Queue) Files(files map[string]int64) {
	g := newQueueFamilies(q.limit).files
	for _, name := range showq.FileQueues {
		if n, known := files[name]; known {
			g.row(QueueLabels{name})[0] = float64(n)
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.files = []frozen{g.freeze()}
}

// countOverflow adds the recipients folded into other.
func (q *Queue) countOverflow(f *queueFamilies) {
	for _, g := range f.byList {
		if about := g.about(); about.canFold() {
			q.overflow[about.name] += g.drain()
		}
	}
}

func (q *Queue) describe(ch chan<- *prometheus.Desc) {
	for _, f := range q.names.declared {
		ch <- f.desc
	}
}

// collect sends what is known. overflow is the engine's family.
func (q *Queue) collect(ch chan<- prometheus.Metric, overflow *family) {
	for _, f := range q.known(overflow) {
		f.send(ch)
	}
}

func (q *Queue) known(overflow *family) []frozen {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := append(append([]frozen{q.names.failures.freeze()}, q.list...), q.files...)
	for name, n := range q.overflow {
		pairs := []*dto.LabelPair{{Name: new(familyLabel), Value: new(name)}}
		all = append(all, frozenMetric{&counterMetric{overflow.desc, pairs, n}})
	}
	if q.tried {
		all = append(all, frozenMetric{&valueMetric{q.names.up, truth(q.up)}}, frozenMetric{&valueMetric{q.names.took, q.took.Seconds()}})
	}
	if !q.listed.IsZero() {
		all = append(all, frozenMetric{&valueMetric{q.names.listed, float64(q.listed.UnixMilli()) / 1e3}})
	}
	return all
}

// frozenMetric is one series.
type frozenMetric struct{ prometheus.Metric }

func (f frozenMetric) send(ch chan<- prometheus.Metric) { ch <- f.Metric }
