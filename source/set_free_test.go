package source

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
	"runtime"
	"strings"
	"testing"
	"time"
)

// watches is how many inotify watches the process has.
func watches(t *testing.T) (n int) {
	infos, err := filepath.Glob("/proc/self/fdinfo/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range infos {
		b, _ := os.ReadFile(path) // some are closed by now
		n += strings.Count(string(b), "inotify wd:")
	}
	return n
}

// Files that come and go leave nothing behind: no goroutine, no descriptor, no watch;
// no more are watched than are to be.
func TestSetFreesWhatIsGone(t *testing.T) {
	const files, watched = 30, 20
	w := &tableWorld{T: t}
	dir := t.TempDir()
	s, err := NewSet(SetOptions{Paths: []string{filepath.Join(dir, "*", "0.log")}, Tick: 10 * time.Millisecond, Look: 10 * time.Millisecond,
		Drain: 10 * time.Millisecond, Gone: 50 * time.Millisecond, watched: watched})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w.s = s
	var goroutines, open, watching int
	for round := range 3 {
		var lines []string
		for i := range files {
			pod := filepath.Join(dir, fmt.Sprintf("pod%d-%d", round, i))
			if err := os.MkdirAll(pod, 0o755); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, w.line())
			appendTo(t, filepath.Join(pod, "0.log"), lines[i])
		}
		w.got = nil
		w.want(lines...)
		w.until("watches", func() bool { return s.wakers.Load() == watched && watches(t) >= watching+watched })
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		w.until("the end", func() bool { return len(s.members) == 0 && s.wakers.Load() == 0 })
		if round == 0 { // the library's own stay
			goroutines, open, watching = runtime.NumGoroutine(), descriptors(t), watches(t)
		}
		w.until("what was freed", func() bool {
			return runtime.NumGoroutine() <= goroutines && descriptors(t) <= open && watches(t) <= watching
		})
	}
	if len(s.Places()) != 1 { // the pattern's
		t.Errorf("%+v", s.Places())
	}
}

// An entry of a journal and the end of all sources that can end wake a Set, whose tick
// is an hour.
func TestSetHearsOthers(t *testing.T) {
	j := newJournalWorld(t)
	j.entries(1, 3)
	path := filepath.Join(t.TempDir(), "mail.log")
	appendTo(t, path, "from a file")
	w := &tableWorld{T: t}
	var err error
	if w.s, err = NewSet(SetOptions{Paths: []string{path}, Others: []Other{JournalOf(j.o)}, Poll: true, Tick: time.Hour}); err != nil {
		t.Fatal(err)
	}
	defer w.s.Close()
	w.want("from a file", "m1", "m2", "m3")
	w.until("the end of what there is", w.s.CaughtUp)
	w.got = nil
	j.entries(1, 5)
	w.want("m4", "m5")
}

// finite is a source that ends.
type finite struct {
	Source
	left int
}

func (f *finite) Done() bool { return f.left == 0 }

func (f *finite) Next() (maillog.Line, checkpoint.Pos, error) {
	if f.left == 0 {
		return maillog.Line{}, checkpoint.Pos{}, io.EOF
	}
	f.left--
	return maillog.Line{Text: "x"}, checkpoint.Pos{}, nil
}

func TestSetEnds(t *testing.T) {
	of := func(n int) Other {
		return Other{Log: fmt.Sprint("stream ", n), Open: func(checkpoint.Place, From, chan struct{}) (Source, error) {
			return &finite{Source: &Journal{stop: func() {}, done: closed(), o: JournalOptions{}}, left: n}, nil
		}}
	}
	for _, c := range []struct {
		paths []string
		want  error
	}{{nil, io.EOF}, {[]string{filepath.Join(t.TempDir(), "*.log")}, nil}} {
		s, err := NewSet(SetOptions{Paths: c.paths, Others: []Other{of(3), of(2 * turnLines)}, Poll: true})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for {
			if _, _, err := s.Next(); err != nil {
				break
			}
			n++
		}
		if err := s.Wait(t.Context()); n != 3+2*turnLines || err != c.want {
			t.Errorf("%q: %d lines, then %v", c.paths, n, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
