// The joiner: container runtimes cut a long line into parts, and what a program
// printed without a newline is a part as well. Here they become a line again.

package source

// maxBehind is how far behind a part its end may come, in bytes of the file: a
// place can't lie behind the part before that, and all from it is read again after
// a restart. What is longer comes in pieces.
const maxBehind = 16 * MaxLine

// joiner is a splitter whose lines are whole. Lines of the standard output and of the
// standard error lie between each other's parts; each is handed out when its end is
// there. Meanwhile the place stays before the first part, and what was handed out
// since is counted, so that a restart passes over it.
type joiner struct {
	*splitter
	behind int64 // maxBehind
	parts  [forms * streams]held
	after  int64  // the place behind the last line, whole or not
	open   int    // how many of them hold something
	clean  int64  // open: the place before the first part
	given  uint64 // open: lines handed out behind it
	skip   uint64 // lines to come that a run before us handed out
}

func newJoiner(s *splitter) *joiner { return &joiner{splitter: s, behind: maxBehind} }

// next is the next line, good until the next call. Lines of no container cost a
// look at their first bytes.
func (j *joiner) next() (line string, ok bool) {
	if j.open == 0 {
		at, cut := j.after, j.cut
		line, ok = j.splitter.next()
		if !ok {
			return "", false
		}
		j.after = j.splitter.offset()
		if !mayBePart(line) {
			return line, true
		}
		if line, ok = j.take(line, at, cut); ok {
			return line, true
		}
	}
	return j.nextHeld()
}

// nextHeld is next while parts are held.
func (j *joiner) nextHeld() (line string, ok bool) {
	for {
		cut := j.cut
		if line, ok = j.advance(cut); !ok && j.open > 0 && j.isOver() {
			line, ok = j.handOut(j.first()), true
		}
		switch {
		case !ok:
			return "", false
		case j.open == 0:
			j.given, j.skip = 0, 0
			return line, true
		}
		j.given++
		if j.skip == 0 {
			return line, true
		}
		j.skip--
		j.cut = cut // it was counted by the run that handed it out
	}
}

// advance takes lines until one is whole.
func (j *joiner) advance(cut int64) (line string, ok bool) {
	for j.after-j.clean <= j.behind {
		at := j.after
		if line, ok = j.splitter.next(); !ok {
			return "", false
		}
		j.after = j.splitter.offset()
		if line, ok = j.take(line, at, cut); ok {
			return line, true
		}
	}
	return "", false
}

// isOver is true where no end is waited for any longer.
func (j *joiner) isOver() bool {
	return j.final && j.start == j.end || j.after-j.clean > j.behind
}

// take keeps a part. ok is true for what is whole, be it by its last part. at is the
// place before line, cut the number of lines that were cut until there.
func (j *joiner) take(line string, at, cut int64) (whole string, ok bool) {
	p, ok := parsePart(line)
	if !ok {
		return line, true
	}
	h := &j.parts[p.form*streams+p.stream]
	if !h.held && !p.more {
		return line, true
	}
	if !h.held {
		j.begin(at)
		h.begin(at, &p)
	}
	h.add(p.text, j.max)
	h.cut = h.cut || j.cut != cut
	j.cut = cut // it is counted as a line when it is one
	if p.more {
		return "", false
	}
	return j.handOut(h), true
}

// begin notes that one more line is held.
func (j *joiner) begin(at int64) {
	if j.open++; j.open > 1 {
		return
	}
	if j.clean != at { // not where the run before us stood
		j.skip = 0
	}
	j.clean, j.given = at, 0
}

// first is what is held for the longest time.
func (j *joiner) first() (first *held) {
	for i := range j.parts {
		if h := &j.parts[i]; h.held && (first == nil || h.at < first.at) {
			first = h
		}
	}
	return first
}

func (j *joiner) handOut(h *held) string {
	j.open--
	if h.cut {
		j.cut++
	}
	return h.end()
}

// offset is the place in the file behind which nothing was handed out, but for
// those that handed tells.
func (j *joiner) offset() int64 {
	if j.open > 0 {
		return j.clean
	}
	return j.after
}

// handed is how many lines behind offset were handed out.
func (j *joiner) handed() uint64 {
	if j.open == 0 && j.after != j.clean {
		return 0
	}
	return j.given + j.skip
}

// reset begins another file, or the same one at another place.
func (j *joiner) reset(offset int64) {
	for i := range j.parts {
		j.parts[i].held = false
	}
	j.open, j.after, j.clean, j.given, j.skip = 0, offset, offset, 0, 0
	j.splitter.reset(offset)
}
