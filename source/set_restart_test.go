package source

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
)

// Several logs of one pattern come, are written in pieces, rotated, packed and
// deleted; their reader is killed at any moment. It reads each line of each log once,
// in the log's order.
func TestSetRestartAnywhere(t *testing.T) {
	n := 100
	if testing.Short() {
		n = 20
	}
	for seed := range uint64(n) {
		f := newFarm(t, seed)
		for range 120 {
			f.step()
		}
		f.end()
		f.s.Close()
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(f.story, "\n"))
		}
	}
}

// farm are logs, each written by a host of its own, and a Set of them.
type farm struct {
	*testing.T
	random *rand.Rand
	dir    string
	now    time.Time
	story  []string
	hosts  []*host
	past   []*host // all that ever were

	s      *Set
	got    map[string][]string // by host
	saved  map[string][]string
	places []checkpoint.Place
}

func newFarm(t *testing.T, seed uint64) *farm {
	f := &farm{T: t, random: rand.New(rand.NewPCG(seed, 9)), dir: t.TempDir(), now: time.Now().Add(time.Hour).Truncate(time.Second)}
	f.add()
	f.add()
	f.start()
	f.save()
	return f
}

func (f *farm) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("%v\n%s", err, strings.Join(f.story, "\n"))
	}
}

// add begins another log.
func (f *farm) add() {
	name := fmt.Sprintf("-%c", 'a'+len(f.past))
	h := &host{T: f.T, random: f.random, dir: filepath.Join(f.dir, "pod"+name), now: f.now, name: name, suffix: ".gz"}
	h.dated = f.random.IntN(2) == 0
	h.see = func() {
		f.now = h.now
		f.look()
		h.now = f.now
	}
	f.must(os.Mkdir(h.dir, 0o755))
	h.create()
	f.hosts, f.past = append(f.hosts, h), append(f.past, h)
}

// rotate goes on with a log whose beginning was saved: of one that is rotated, packed
// and without a live file before anyone saw it, not all is found.
func (f *farm) rotate(h *host) {
	if slices.ContainsFunc(f.places, func(p checkpoint.Place) bool { return p.Log == h.path("") }) {
		h.rotate()
	}
}

// look has a new file found, and what is there read.
func (f *farm) look() {
	if f.s != nil {
		f.now = f.now.Add(DefaultLook)
		f.read(1 << 20)
	}
}

func (f *farm) step() {
	steps := []struct {
		often int
		name  string
		do    func()
	}{
		{12, "write", func() { f.at(func(h *host) { h.write(f.random.IntN(1 << f.random.IntN(12))) }) }},
		{6, "read some", func() { f.read(f.random.IntN(10)) }},
		{3, "read all", func() { f.read(1 << 20) }},
		{3, "save", f.save},
		{2, "kill", f.kill},
		{6, "rotate on", func() { f.at(f.rotate) }},
		{2, "a while passes", func() { f.now = f.now.Add(time.Second) }},
		{1, "another log", func() {
			if len(f.past) < 8 {
				f.add()
			}
		}},
		{1, "a log is deleted", f.remove},
		{1, "a long while passes", func() { f.now = f.now.Add(DefaultGone / 3) }},
	}
	n := f.random.IntN(37)
	for _, s := range steps {
		if n -= s.often; n < 0 {
			f.story = append(f.story, fmt.Sprintf("%s %s", f.now.Format("04:05.000"), s.name))
			s.do()
			break
		}
	}
	f.now = f.now.Add(time.Duration(1+f.random.IntN(50)) * time.Millisecond)
}

// at does something with one of the logs.
func (f *farm) at(do func(*host)) {
	if len(f.hosts) == 0 {
		return
	}
	h := f.hosts[f.random.IntN(len(f.hosts))]
	h.now, h.story = f.now, nil
	do(h)
	f.now = h.now
	f.story = append(f.story, "  "+h.name+strings.Join(h.story, ","))
}

// remove deletes a log with all its files. Of what was written last, only who has it
// open can read.
func (f *farm) remove() {
	f.at(func(h *host) {
		for len(h.rotation) > 0 {
			h.rotate()
		}
		h.reopen()
		h.write(len(h.rest) + 200) // an empty file isn't opened
		f.now = h.now.Add(DefaultDrain)
		for range 6 { // those before it are waited for
			f.look()
		}
		h.now = f.now
		h.write(len(h.rest) + f.random.IntN(500))
		if h.written() < 30 { // its host is to be seen
			h.write(len(h.rest))
		}
		h.cutLast()
		f.must(os.RemoveAll(h.dir))
		f.hosts = slices.DeleteFunc(f.hosts, func(other *host) bool { return h == other })
		for range 14 {
			f.now = f.now.Add(DefaultGone / 10)
			f.read(1 << 20)
		}
		f.save()
		h.now = f.now
	})
}

// cutLast takes note that the rest of the last line will never come. What there is of
// it is a line in the end.
func (h *host) cutLast() {
	if h.rest == "" {
		return
	}
	last := len(h.lines) - 1
	h.lines[last] = h.lines[last][:min(h.written(), len(h.lines[last]))]
	h.rest = ""
}

// written is how much of the last line was written.
func (h *host) written() int { return len(h.lines[len(h.lines)-1]) + 1 - len(h.rest) }

func (f *farm) start() {
	s, err := NewSet(SetOptions{Paths: []string{filepath.Join(f.dir, "*", "mail.log*")}, Poll: true, At: f.places, Now: func() time.Time { return f.now }})
	f.must(err)
	f.s, f.got = s, make(map[string][]string)
	for name, lines := range f.saved {
		f.got[name] = slices.Clone(lines)
	}
}

// read reads so many lines, or all there are.
func (f *farm) read(n int) {
	for range n {
		line, _, err := f.s.Next()
		if err == io.EOF {
			return
		}
		f.must(err)
		name := ""
		if _, rest, ok := strings.Cut(line.Text, " mail-"); ok {
			name = "-" + rest[:1]
		}
		f.got[name] = append(f.got[name], strings.Clone(line.Text))
	}
}

func (f *farm) save() {
	f.places = f.s.Places()
	f.saved = make(map[string][]string)
	for name, lines := range f.got {
		f.saved[name] = slices.Clone(lines)
	}
}

func (f *farm) kill() {
	f.s.Close()
	f.start()
}

// end finishes what is under way, reads all and compares.
func (f *farm) end() {
	for _, h := range f.hosts {
		h.now = f.now
		for len(h.rotation) > 0 {
			h.rotate()
		}
		h.reopen()
		h.write(len(h.rest))
		f.now = h.now
	}
	for range 40 { // rotated files are waited for
		f.read(1 << 20)
		f.now = f.now.Add(DefaultDrain)
	}
	for _, h := range f.past {
		got := f.got[h.name]
		delete(f.got, h.name)
		if slices.Equal(got, h.lines) {
			continue
		}
		i := 0
		for i < min(len(got), len(h.lines)) && got[i] == h.lines[i] {
			i++
		}
		f.Errorf("%s: line %d is %.200q, not %.200q", h.name, i, got[i:min(i+1, len(got))], h.lines[i:min(i+1, len(h.lines))])
	}
	if len(f.got) > 0 {
		f.Errorf("of no log: %q", slices.Collect(maps.Values(f.got)))
	}
	if s := f.s.Stats(); s.Gaps != 0 || s.Missed != 0 || !f.s.CaughtUp() || len(f.s.members) != len(f.hosts) {
		f.Errorf("%+v, caught up: %v, %d members", s, f.s.CaughtUp(), len(f.s.members))
	}
}
