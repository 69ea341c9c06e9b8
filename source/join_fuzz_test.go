package source

import (
	"strings"
	"testing"
)

// handedOut is a line, and where a restart would go on.
type handedOut struct {
	line   string
	offset int64
	given  uint64
	cut    int64
}

// joinFrom reads text from a place, in pieces, and looks at the joiner all the while.
func joinFrom(t *testing.T, text string, at handedOut, piece, max, behind int) (all []handedOut) {
	j := newJoiner(newSplitter(4*max+piece+16, max))
	j.behind = int64(behind)
	j.reset(at.offset)
	j.skip, j.cut = at.given, at.cut
	last := at
	for rest := text[at.offset:]; ; {
		line, ok := j.next()
		for i := range j.parts {
			if h := &j.parts[i]; h.held && len(h.text)+len(h.tail) > max+1 { // a tag without a blank gets one
				t.Fatalf("%d bytes are held", len(h.text)+len(h.tail))
			}
		}
		switch {
		case ok:
			now := handedOut{strings.Clone(line), j.offset(), j.handed(), j.cut}
			if now.offset < last.offset || now.offset == last.offset && now.given <= last.given || len(line) > max+1 {
				t.Fatalf("%+v comes behind %+v", now, last)
			}
			all, last = append(all, now), now
		case j.final:
			if j.open > 0 || j.offset() != int64(len(text)) {
				t.Fatalf("%d lines are left at %d of %d", j.open, j.offset(), len(text))
			}
			return all
		default:
			n := min(piece, len(rest))
			j.add([]byte(rest[:n]))
			rest = rest[n:]
			j.final = n == 0
		}
	}
}

// FuzzJoin: whatever stands in a file, the place never goes back, no more than a
// line of each stream is held, and a restart behind any line loses and repeats none.
func FuzzJoin(f *testing.F) {
	for _, text := range []string{
		cri + "stdout P a\n" + cri + "stderr P x\n" + cri + "stdout F b\n" + cri + "stderr F y\n" + cri + "stdout F c\n",
		`{"log":"a` + docker + "\n" + `{"log":"\\\u00e9b\n` + docker + "\nNov 21 03:55:40 mx a\n",
		cri + "stdout P a\n" + cri + "stderr P\n" + `{"log":"x","stream":"stderr"}` + "\n" + strings.Repeat(cri+"stdout P 0123456789\n", 5) + cri + "stdout",
		cri + "stdout P a\n" + cri + "stderr F " + strings.Repeat("z", 300) + "\n" + cri + "stderr F x\n" + cri + "stdout F b\n",
	} {
		f.Add(text, uint8(7), uint8(60), uint8(120))
		f.Add(text, uint8(255), uint8(200), uint8(30))
	}
	f.Fuzz(func(t *testing.T, text string, piece, max, behind uint8) {
		if len(text) > 2000 {
			return
		}
		p, m, b := int(piece)+1, int(max)+1, int(behind)
		all := joinFrom(t, text, handedOut{}, p, m, b)
		for i, at := range all {
			again := joinFrom(t, text, at, int(piece)%13+1, m, b)
			if len(again) != len(all)-i-1 {
				t.Fatalf("%d lines come behind %+v, want %d", len(again), at, len(all)-i-1)
			}
			for k, got := range again {
				if got != all[i+1+k] {
					t.Fatalf("%+v comes behind %+v, want %+v", got, at, all[i+1+k])
				}
			}
		}
	})
}
