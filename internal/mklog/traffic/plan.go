package traffic

import "math"

// entry is what happens at a time: a line is written, or a message is tried again.
type entry struct {
	at int64 // microseconds since 1970

	tag      string // postfix/smtp
	pid      int    // 0: none is logged
	severity severity
	text     []byte

	retry *mail
}

// plan is a binary heap of what is to happen, the earliest first.
type plan []entry

func (p plan) before(i, j int) bool { return p[i].at < p[j].at }

// first is the time of the earliest entry.
func (p plan) first() int64 {
	if len(p) == 0 {
		return math.MaxInt64
	}
	return p[0].at
}

func (p *plan) push(e entry) {
	*p = append(*p, e)
	h := *p
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.before(i, parent) {
			return
		}
		h[i], h[parent] = h[parent], h[i]
		i = parent
	}
}

func (p *plan) pop() entry {
	h := *p
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h[last] = entry{}
	h = h[:last]
	*p = h
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && h.before(child+1, child) {
			child++
		}
		if !h.before(child, i) {
			return top
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
