// Package traffic makes up the log of a busy Postfix host, for benchmarks,
// demonstrations and tests.
//
// It plays stories (a message and its retries, a session that is turned away, a
// password guesser) that overlap as they do on such a host, and writes Postfix's
// own sentences about them in real proportions:
//
//	2026-11-21T08:00:05.310021+00:00 mx1 postfix/qmgr[1203]: 4D3A51C0F2: removed
//
// Stamps never go back, a process serves one session at a time, and a queue id
// belongs to one message from its client= to its removed. The same Options give
// the same log, byte by byte.
package traffic

import (
	"io"
	"math/rand/v2"
	"time"
)

// Options of a Generator. The zero Options make a log of traditional stamps.
type Options struct {
	Seed    uint64
	Format  Format
	LongIDs bool      // enable_long_queue_ids = yes
	Host    string    // "" is mx1
	Start   time.Time // of the log; the zero time is a fixed one
	Rate    float64   // lines a second of the log's own time, about; 0 is 20
}

// linesPerStory is how many lines a story has on the average: measured.
const linesPerStory = 7.8

// Generator makes a log up. It belongs to one goroutine.
type Generator struct {
	random *rand.Rand
	clock  clock
	ids    ids
	host   string
	pids   map[string]*pool

	now       int64 // microseconds since 1970
	nextStory int64
	storyGap  float64 // microseconds between stories, on the average

	plan plan
	free [][]byte // texts of lines written, to be used again
}

// New makes a Generator.
func New(o Options) *Generator {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, time.November, 21, 8, 0, 0, 0, time.UTC)
	}
	if o.Host == "" {
		o.Host = "mx1"
	}
	if o.Rate <= 0 {
		o.Rate = 20
	}
	g := &Generator{
		random:   rand.New(rand.NewPCG(o.Seed, 0x706f737466697800)),
		clock:    clock{format: o.Format},
		ids:      ids{long: o.LongIDs},
		host:     o.Host,
		pids:     make(map[string]*pool),
		now:      o.Start.UnixMicro(),
		storyGap: 1e6 * linesPerStory / o.Rate,
	}
	g.nextStory = g.now
	return g
}

// AppendLine appends the next line and its newline to b, and says when it is
// written.
func (g *Generator) AppendLine(b []byte) ([]byte, time.Time) {
	for {
		if g.nextStory <= g.plan.first() {
			g.now = g.nextStory
			g.nextStory += 1 + int64(g.random.ExpFloat64()*g.storyGap)
			g.tell()
			continue
		}
		e := g.plan.pop()
		g.now = e.at
		if e.retry != nil {
			g.deliver(e.retry, e.at)
			continue
		}
		b = g.clock.appendLine(b, g.host, &e)
		g.free = append(g.free, e.text[:0])
		return b, time.UnixMicro(e.at)
	}
}

// Write writes that many lines to w and returns how many bytes they were.
func (g *Generator) Write(w io.Writer, lines int) (int64, error) {
	const chunk = 64 << 10
	var total int64
	b := make([]byte, 0, chunk+4096)
	for i := range lines {
		b, _ = g.AppendLine(b)
		if len(b) < chunk && i < lines-1 {
			continue
		}
		n, err := w.Write(b)
		total += int64(n)
		if err != nil {
			return total, err
		}
		b = b[:0]
	}
	return total, nil
}
