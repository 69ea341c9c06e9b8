package source

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"postfix_exporter/checkpoint"
)

// restart ends the Follow, as a crash does, and begins another where its place is.
func (w *world) restart() {
	w.Helper()
	place := w.place()
	w.past = w.stats()
	w.f.Close()
	if got := w.f.Place(); got != place {
		w.Fatalf("after Close the place is %+v, was %+v", got, place)
	}
	o := w.o
	o.At = place
	w.follow(o)
}

// place is where reading stands, as it comes back from a state.
func (w *world) place() checkpoint.Place {
	w.Helper()
	place := w.f.Place()
	var e checkpoint.Encoder
	place.Encode(&e)
	d := checkpoint.NewDecoder(e.Bytes())
	if got := checkpoint.DecodePlace(d); d.Err() != nil || got != place {
		w.Fatalf("%+v came back as %+v, %v", place, got, d.Err())
	}
	return place
}

// stats are those of all Follows.
func (w *world) stats() Stats {
	s := w.f.Stats()
	s.Rotations += w.past.Rotations
	s.Truncations += w.past.Truncations
	s.Missed += w.past.Missed
	s.Gaps += w.past.Gaps
	s.LongLines += w.past.LongLines
	return s
}

// linked is true while the file that is read has a name.
func (w *world) linked() bool {
	var st unix.Stat_t
	w.must(unix.Fstat(int(w.f.in.file.Fd()), &st))
	return st.Nlink > 0
}

// settle reads all that a restarted Follow may have left for later.
func (w *world) settle() {
	w.Helper()
	for range 3 {
		if w.cut && len(w.got) < len(w.wanted) {
			w.pass(DefaultDrain)
			w.want()
		}
	}
}

// However a log moves, and after whatever line a Follow ends, one that is begun
// with its place goes on with the next line.
func TestCutAfterEachLine(t *testing.T) {
	for _, c := range moves {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.cut = true
			c.do(w)
			w.settle()
			if !slices.Equal(w.got, w.wanted) {
				t.Errorf("got %.200q, want %.200q", w.got, w.wanted)
			}
			if s := w.stats(); s.Gaps != 0 {
				t.Errorf("%d gaps", s.Gaps)
			}
		})
	}
}
