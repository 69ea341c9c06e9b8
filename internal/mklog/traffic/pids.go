package traffic

import "math"

// pool is the processes of one daemon. Like master(8), it hands work to a
// process that waits before it starts another one.
type pool struct {
	first int
	until []int64 // when each is free again
}

func (p *pool) take(at int64) int {
	for i, t := range p.until {
		if t <= at {
			p.until[i] = math.MaxInt64
			return p.first + 7*i
		}
	}
	p.until = append(p.until, math.MaxInt64)
	return p.first + 7*(len(p.until)-1)
}

func (p *pool) give(pid int, at int64) { p.until[(pid-p.first)/7] = at }

// pool is the processes that log under a tag; no two tags share a pid.
func (g *Generator) pool(tag string) *pool {
	p := g.pids[tag]
	if p == nil {
		p = &pool{first: 1200 + 10_000*len(g.pids)}
		g.pids[tag] = p
	}
	return p
}

// resident is the one process that logs under a tag.
func (g *Generator) resident(tag string) int { return g.pool(tag).first }
