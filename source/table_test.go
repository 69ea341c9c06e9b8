package source

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
)

// What every source promises, one case each. Kinds of sources are in
// table_kinds_test.go. Each is a member of a Set, as in the program.

// kind is a source as the table sees it. What it can't do it says in cant: the case's
// name, and why.
type kind struct {
	name string
	cant map[string]string
	make func(t *testing.T) *rig
}

// rig is one source of a kind, and its writer.
type rig struct {
	options func() SetOptions     // Paths or Others
	write   func(lines ...string) // returns when they are written: the source never makes it wait
	lose    func()                // destroys what was written and not read, at once or as soon as nobody has it open
	lost    func(s *Set) int64    // what was counted of that
	stop    func(s *Set)          // an orderly end of what can't be read again
}

const (
	fromStart   = "start"
	fromEnd     = "start at the end"
	aRestart    = "restart"
	orderlyStop = "orderly stop"
	aGap        = "gap"
	malformed   = "malformed input"
	slowReader  = "slow reader"
	theEnd      = "end"
)

var promises = []struct {
	name string
	do   func(*tableWorld)
}{
	{fromStart, (*tableWorld).starts},
	{fromEnd, (*tableWorld).startsAtEnd},
	{aRestart, (*tableWorld).restarts},
	{orderlyStop, (*tableWorld).stops},
	{aGap, (*tableWorld).hasGap},
	{malformed, (*tableWorld).isMalformed},
	{slowReader, (*tableWorld).isSlow},
	{theEnd, (*tableWorld).ends},
}

func TestEverySource(t *testing.T) {
	for _, k := range slices.Concat(kinds, streamKinds) {
		for _, p := range promises {
			t.Run(k.name+"/"+p.name, func(t *testing.T) {
				if why, ok := k.cant[p.name]; ok {
					t.Skip(why)
				}
				p.do(&tableWorld{T: t, rig: k.make(t)})
			})
		}
	}
}

type tableWorld struct {
	*testing.T
	*rig
	s   *Set
	got []string
	n   int
}

// line is the next line: no two begin alike.
func (w *tableWorld) line() string {
	w.n++
	return fmt.Sprintf("2026-11-21T10:10:10.%06d+00:00 mx postfix/smtp[%d]: 4cXYZ%06d: to=<user%06d@example.com>, status=sent", w.n, w.n, w.n, w.n)
}

func (w *tableWorld) lines(n int) (lines []string) {
	for range n {
		lines = append(lines, w.line())
	}
	return lines
}

func (w *tableWorld) open(from From, at []checkpoint.Place) {
	w.Helper()
	o := w.options()
	o.From, o.At = from, at
	o.Drain, o.Look, o.Tick = 20*time.Millisecond, 20*time.Millisecond, 100*time.Millisecond
	s, err := NewSet(o)
	if err != nil {
		w.Fatal(err)
	}
	w.s, w.got = s, nil
	w.Cleanup(func() { s.Close() })
}

// until reads until something is so.
func (w *tableWorld) until(what string, so func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for !so() {
		line, _, err := w.s.Next()
		switch {
		case err == io.EOF:
			if so() {
				return
			}
			if err := w.s.Wait(ctx); err != nil {
				w.Fatalf("%s: %v after %d lines, the last %.200q; %v, %+v", what, err, len(w.got), w.got[max(0, len(w.got)-3):], w.s.Err(), w.s.Stats())
			}
		case err != nil:
			w.Fatal(err)
		case line.Record != nil:
			w.got = append(w.got, strings.Clone(line.Record.Text))
		default:
			w.got = append(w.got, strings.Clone(line.Text))
		}
	}
}

// want reads until all lines have come, in any order.
func (w *tableWorld) want(lines ...string) {
	w.Helper()
	w.until(fmt.Sprintf("%d lines", len(lines)), func() bool { return len(w.got) >= len(lines) })
	slices.Sort(w.got)
	slices.Sort(lines)
	if !slices.Equal(w.got, lines) {
		w.Fatalf("got %.500q, want %.500q", w.got, lines)
	}
}

func (w *tableWorld) starts() {
	first, more := w.lines(5), w.lines(3)
	if w.cantWriteFirst() {
		w.open(Start, nil)
		w.write(first...)
	} else {
		w.write(first...)
		w.open(Start, nil)
	}
	w.want(first...)
	w.until("the end of what there is", w.s.CaughtUp)
	w.write(more...)
	w.want(append(first, more...)...)
	if err := w.s.Err(); err != nil {
		w.Error(err)
	}
}

// cantWriteFirst is true of sources that nobody can write to while they aren't open.
func (w *tableWorld) cantWriteFirst() bool { return w.stop != nil }

func (w *tableWorld) startsAtEnd() {
	w.write(w.lines(5)...)
	w.open(End, nil)
	w.until("the end of what there is", w.s.CaughtUp)
	more := w.lines(3)
	w.write(more...)
	w.want(more...)
}

// restarts ends the source as a crash does, after each number of lines.
func (w *tableWorld) restarts() {
	all := w.lines(4)
	w.write(all...)
	w.open(Start, nil)
	for n := range 6 {
		w.until("a line", func() bool { return len(w.got) >= min(n, 2) })
		read, places := slices.Clone(w.got), w.s.Places()
		if err := w.s.Close(); err != nil {
			w.Fatal(err)
		}
		if !slices.Equal(places, w.s.Places()) {
			w.Fatal("other places after Close")
		}
		left := slices.DeleteFunc(all, func(line string) bool { return slices.Contains(read, line) })
		more := w.lines(2)
		w.write(more...)
		all = append(left, more...)
		w.open(Start, places)
	}
	w.want(all...)
	w.until("the end of what there is", w.s.CaughtUp)
	if s := w.s.Stats(); s.Gaps != 0 || s.Missed != 0 {
		w.Errorf("%+v", s)
	}
}

// stops ends what can't be read again: what it has accepted comes.
func (w *tableWorld) stops() {
	w.open(Start, nil)
	all := w.lines(100)
	w.write(all...)
	w.stop(w.s)
	w.want(all...)
}

func (w *tableWorld) hasGap() {
	first := w.lines(5)
	w.write(first...)
	w.open(Start, nil)
	w.want(first...)
	places := w.s.Places()
	w.s.Close()
	w.write(w.lines(3)...)
	w.lose()
	more := w.lines(3)
	w.write(more...)
	w.open(Start, places)
	w.want(more...)
	if n := w.lost(w.s); n != 1 {
		w.Errorf("%d gaps, want 1", n)
	}
}

// isMalformed writes what no log has. The line behind each is right.
func (w *tableWorld) isMalformed() {
	var all []string
	for _, bad := range []string{"", "\x00", "\x00\x00\x00" + w.line() + "\x00", "\xff\xfe\xc0\x80" + w.line(), "\r", "<22>", strings.Repeat("x", 1<<20), "[1G[2K"} {
		all = append(all, bad, w.line())
	}
	w.open(Start, nil)
	w.write(all...)
	last := all[len(all)-1]
	w.until("the last line", func() bool { return slices.Contains(w.got, last) })
	for i := 1; i < len(all); i += 2 {
		if !slices.Contains(w.got, all[i]) {
			w.Errorf("the line behind %.30q is missing", all[i-1])
		}
	}
	for _, line := range w.got {
		if len(line) > MaxLine {
			w.Errorf("a line of %d bytes", len(line))
		}
	}
}

// isSlow has the writer go on while nobody reads.
func (w *tableWorld) isSlow() {
	w.open(Start, nil)
	all := w.lines(5_001)
	w.write(all[0])
	w.want(all[0])
	done := make(chan bool)
	go func() {
		defer close(done)
		for part := range slices.Chunk(all[1:], 1_000) {
			w.write(part...)
		}
	}()
	select {
	case <-done:
	case <-time.After(patience):
		w.Fatal("the writer waits")
	}
	w.until("all lines", func() bool { return int64(len(w.got))+w.countLost() >= int64(len(all)) })
	if n := int64(len(w.got)) + w.countLost(); n != int64(len(all)) {
		w.Errorf("%d lines and lost ones, want %d", n, len(all))
	}
}

func (w *tableWorld) countLost() int64 {
	if w.lost == nil {
		return 0
	}
	return w.lost(w.s)
}

// ends closes the source before, while and after it is read. Nothing is left of it.
func (w *tableWorld) ends() {
	w.write1()
	w.open(Start, nil) // what a library leaves for good is there now
	w.until("a line", func() bool { return len(w.got) > 0 })
	w.s.Close()
	goroutines, files := runtime.NumGoroutine(), descriptors(w.T)
	for _, read := range []int{0, 1, 3} {
		w.open(Start, nil)
		for range read {
			w.s.Next()
			_ = w.s.Wait(w.Context())
		}
		for range 2 {
			if err := w.s.Close(); err != nil {
				w.Fatal(err)
			}
			if _, _, err := w.s.Next(); err != io.EOF || w.s.Wait(w.Context()) != io.EOF {
				w.Fatalf("after Close: %v", err)
			}
		}
		_, _, _, _ = w.s.Stats(), w.s.Err(), w.s.Resumed(), w.s.CaughtUp()
	}
	for end := time.Now().Add(patience); runtime.NumGoroutine() > goroutines || descriptors(w.T) > files; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("%d goroutines, were %d; %d descriptors, were %d", runtime.NumGoroutine(), goroutines, descriptors(w.T), files)
		}
	}
}

// write1 writes before the source is opened, where that can be.
func (w *tableWorld) write1() {
	if !w.cantWriteFirst() {
		w.write(w.line())
		return
	}
	line := w.line()
	go func() {
		time.Sleep(50 * time.Millisecond)
		w.write(line)
	}()
}

func descriptors(t *testing.T) int {
	names, err := os.ReadDir(filepath.Join("/proc", fmt.Sprint(os.Getpid()), "fd"))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}
