package history

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// simulation writes the log of one host.
type simulation struct {
	scenario *Scenario
	host     Host
	random   *rand.Rand
	now      time.Time
	started  time.Time

	plan    plan
	order   int
	ids     int
	pids    int
	waiting map[*mail]bool // deferred
}

// entry is something that will happen: a line to be written, or what to do.
type entry struct {
	at    time.Time
	order int // of those at the same time
	line  string
	do    func(at time.Time)
}

type plan []entry

func (p plan) Len() int { return len(p) }
func (p plan) Less(i, j int) bool {
	if c := p[i].at.Compare(p[j].at); c != 0 {
		return c < 0
	}
	return p[i].order < p[j].order
}
func (p plan) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *plan) Push(x any)   { *p = append(*p, x.(entry)) }
func (p *plan) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

func newSimulation(s *Scenario, h Host, seed uint64, start time.Time) *simulation {
	m := &simulation{scenario: s, host: h, random: rand.New(rand.NewPCG(seed, 0x6d61696c)), now: start, started: start, pids: 1000, waiting: make(map[*mail]bool)}
	m.line(start, "postfix/master", 900, "daemon started -- version 3.7.11, configuration /etc/postfix")
	return m
}

// skip forgets all plans: nothing happened for a long time.
func (s *simulation) skip(to time.Time) {
	s.plan, s.now = nil, to
	clear(s.waiting)
}

// play goes on to a time, and hands each line over in its turn.
func (s *simulation) play(to time.Time, feed func(line []byte, at time.Time)) error {
	if to.Before(s.now) {
		return fmt.Errorf("history: %v is before %v, which has been played", to, s.now)
	}
	s.arrivals(to)
	var b []byte
	for len(s.plan) > 0 && s.plan[0].at.Before(to) {
		e := heap.Pop(&s.plan).(entry)
		s.now = e.at
		if e.do != nil {
			e.do(e.at)
			continue
		}
		b = append(e.at.UTC().AppendFormat(b[:0], "2006-01-02T15:04:05.000000-07:00"), ' ')
		b = append(append(b, s.host.Name...), ' ')
		feed(append(b, e.line...), e.at)
	}
	s.now = to
	return nil
}

// arrivals plans what begins until then.
func (s *simulation) arrivals(to time.Time) {
	s.arrive(s.host.Outgoing, to, s.outgoing)
	s.arrive(s.host.Incoming, to, s.incoming)
	s.arrive(s.host.Visitors, to, s.visit)
}

// arrive plans a story for each arrival; they come by chance.
func (s *simulation) arrive(volume func(time.Time) float64, to time.Time, tell func(at time.Time)) {
	if volume == nil {
		return
	}
	for at := s.now; ; {
		perMinute := volume(at)
		if perMinute <= 0 {
			return
		}
		at = at.Add(time.Duration(s.random.ExpFloat64() / perMinute * float64(time.Minute)))
		if !at.Before(to) {
			return
		}
		s.later(at, tell)
	}
}

func (s *simulation) later(at time.Time, do func(at time.Time)) {
	s.order++
	heap.Push(&s.plan, entry{at: at, order: s.order, do: do})
}

// line plans a line of the log.
func (s *simulation) line(at time.Time, tag string, pid int, format string, values ...any) {
	s.order++
	heap.Push(&s.plan, entry{at: at, order: s.order, line: fmt.Sprintf("%s[%d]: ", tag, pid) + fmt.Sprintf(format, values...)})
}

func (s *simulation) pid() int {
	s.pids = 1000 + (s.pids-999)%60000
	return s.pids
}

// id is a queue id, used once.
func (s *simulation) id() string {
	s.ids++
	return fmt.Sprintf("%X", 0x40000000+s.ids)
}

// about is a duration that is mostly near this, sometimes much longer.
func (s *simulation) about(seconds float64) time.Duration {
	return time.Duration(seconds * math.Exp(0.6*s.random.NormFloat64()) * float64(time.Second))
}

func (s *simulation) one(words ...string) string { return words[s.random.IntN(len(words))] }

// chance is true in so many of one cases.
func (s *simulation) chance(of float64) bool { return s.random.Float64() < of }
