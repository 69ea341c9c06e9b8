package source

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
)

// setWorld is a directory with logs, a Set of them, and a clock that stands.
type setWorld struct {
	*world
	so SetOptions
	s  *Set
}

func newSetWorld(t *testing.T) *setWorld { return &setWorld{world: newWorld(t)} }

// set begins. Paths are below the directory.
func (w *setWorld) set(o SetOptions, paths ...string) {
	w.Helper()
	for _, p := range paths {
		o.Paths = append(o.Paths, filepath.Join(w.dir, p))
	}
	o.Poll, o.Now = true, func() time.Time { return w.now }
	s, err := NewSet(o)
	w.must(err)
	w.s, w.so = s, o
	w.Cleanup(func() { s.Close() })
}

// again ends the Set, as a crash does, and begins another with its places.
func (w *setWorld) again(change func(*SetOptions)) {
	w.Helper()
	var e checkpoint.Encoder
	checkpoint.EncodePlaces(&e, w.s.Places())
	w.must(w.s.Close())
	d := checkpoint.NewDecoder(e.Bytes())
	o := w.so
	o.At = checkpoint.DecodePlaces(d)
	w.must(d.Err())
	if change != nil {
		change(&o)
	}
	s, err := NewSet(o)
	w.must(err)
	w.s, w.so = s, o
	w.Cleanup(func() { s.Close() })
}

// log is a line of a log that is told from others by its first bytes.
func logLine(log, text string) string {
	return time.Unix(1_795_000_000, 0).UTC().Format(time.RFC3339) + " " + log + strings.Repeat("-", 64) + " " + text
}

// say appends lines to a log: what it was when it was begun, and their texts.
func (w *setWorld) log(name, log string, texts ...string) {
	w.Helper()
	w.must(os.MkdirAll(filepath.Dir(filepath.Join(w.dir, name)), 0o755))
	for _, t := range texts {
		w.write(name, logLine(log, t)+"\n")
	}
}

// texts are what comes now, in the order of the alphabet.
func (w *setWorld) texts() (texts []string) {
	w.Helper()
	for {
		line, _, err := w.s.Next()
		if err == io.EOF {
			slices.Sort(texts)
			return texts
		}
		w.must(err)
		_, text, _ := strings.Cut(line.Text, "- ")
		texts = append(texts, strings.Clone(text))
	}
}

func (w *setWorld) want(texts ...string) {
	w.Helper()
	if got := w.texts(); !slices.Equal(got, texts) {
		w.Fatalf("got %q, want %q", got, texts)
	}
}

// pass lets so much time pass, in which the Set is asked each second, at most ten
// times. Nothing may come.
func (w *setWorld) pass(d time.Duration) {
	w.Helper()
	step := max(time.Second, d/10)
	for ; d > 0; d -= step {
		w.now = w.now.Add(step)
		w.want()
	}
}

// logs are those that are read, without the directory.
func (w *setWorld) logs(want ...string) {
	w.Helper()
	var got []string
	for _, m := range w.s.members {
		name, err := filepath.Rel(w.dir, m.log)
		w.must(err)
		got = append(got, name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		w.Fatalf("%q are read, want %q", got, want)
	}
}

func (w *setWorld) link(old, name string) {
	w.Helper()
	w.must(os.Link(filepath.Join(w.dir, old), filepath.Join(w.dir, name)))
}

func (w *setWorld) symlink(old, name string) {
	w.Helper()
	w.must(os.Symlink(filepath.Join(w.dir, old), filepath.Join(w.dir, name)))
}

// pack packs a file, which stays as old as it was.
func (w *setWorld) pack(name, as string) {
	w.Helper()
	path := filepath.Join(w.dir, name)
	b, err := os.ReadFile(path)
	w.must(err)
	info, err := os.Stat(path)
	w.must(err)
	w.put(as, packers[".gz"](string(b)))
	w.must(os.Chtimes(filepath.Join(w.dir, as), info.ModTime(), info.ModTime()))
	w.remove(name)
}

// resumed says how places were taken up, by log.
func (w *setWorld) resumed(want map[string]Resumed) {
	w.Helper()
	got := make(map[string]Resumed)
	for _, r := range w.s.Resumed() {
		name, err := filepath.Rel(w.dir, r.Log)
		w.must(err)
		got[name] = r.How
	}
	if len(got) != len(want) {
		w.Fatalf("%v, want %v", got, want)
	}
	for log, how := range want {
		if got[log] != how {
			w.Fatalf("%v, want %v", got, want)
		}
	}
}

func (w *setWorld) gaps(want int64) {
	w.Helper()
	if s := w.s.Stats(); s.Gaps != want || s.Missed != 0 || s.Truncations != 0 {
		w.Fatalf("%+v, want %d gaps", s, want)
	}
}
