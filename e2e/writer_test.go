package e2e

// A program that writes a log as rsyslog does: in pieces that end anywhere, also
// inside a line, and to the file that it has open, whatever that is called by now.

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postfix_exporter/internal/mklog/traffic"
)

const (
	writeRate  = 5000                  // lines a second
	writeEvery = 10 * time.Millisecond // so often something is written
	writeSize  = 4096                  // bytes of most writes
)

// logWriter writes made-up traffic to a log, and the same to a file of its own,
// the truth.
type logWriter struct {
	t     *testing.T
	path  string
	truth *os.File
	made  atomic.Int64 // lines that are written, or are about to be

	mu      sync.Mutex
	random  *rand.Rand
	traffic *traffic.Generator
	file    *os.File
	pending []byte // made and not written; its last line is whole
}

func newLogWriter(t *testing.T, path, truth string, seed uint64) *logWriter {
	t.Helper()
	w := &logWriter{t: t, path: path, random: newRandom(seed, 1)}
	w.traffic = traffic.New(traffic.Options{Seed: seed, Format: traffic.RFC3339, Rate: writeRate})
	var err error
	if w.truth, err = os.Create(truth); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.truth.Close() })
	w.reopen()
	t.Cleanup(func() { w.file.Close() })
	return w
}

// run writes until ctx ends, and then the rest of the last line.
func (w *logWriter) run(ctx context.Context) {
	begun, before := time.Now(), w.lines()
	for sleep(ctx, writeEvery) {
		w.mu.Lock()
		w.make(before + int(writeRate*time.Since(begun).Seconds()) - w.lines())
		w.writeSome()
		w.mu.Unlock()
	}
	w.atLineEnd(func() {})
}

// backlog writes lines at once.
func (w *logWriter) backlog(lines int) {
	w.mu.Lock()
	w.make(lines)
	w.mu.Unlock()
	w.atLineEnd(func() {})
}

func (w *logWriter) lines() int { return int(w.made.Load()) }

func (w *logWriter) make(lines int) {
	for range lines {
		w.pending, _ = w.traffic.AppendLine(w.pending)
	}
	w.made.Add(int64(max(lines, 0)))
}

// writeSome writes pieces while there is enough. Nothing ends with a line but by
// chance.
func (w *logWriter) writeSome() {
	for {
		n := writeSize
		if w.random.IntN(4) == 0 {
			n = 1 + w.random.IntN(2*writeSize)
		}
		if n > len(w.pending) {
			return
		}
		w.write(n)
	}
}

// write writes the first n bytes that are pending.
func (w *logWriter) write(n int) {
	for _, file := range []*os.File{w.file, w.truth} {
		if _, err := file.Write(w.pending[:n]); err != nil {
			w.t.Error(err)
		}
	}
	w.pending = append(w.pending[:0], w.pending[n:]...)
}

// atLineEnd does something while all that was written ends with a line.
func (w *logWriter) atLineEnd(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.write(len(w.pending))
	do()
}

// letGo closes the log and opens the one that has its name now, as a program does
// that gets a HUP.
func (w *logWriter) letGo() {
	w.atLineEnd(func() {
		w.file.Close()
		w.reopen()
	})
}

func (w *logWriter) reopen() {
	var err error
	if w.file, err = os.OpenFile(w.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644); err != nil {
		w.t.Error(err)
	}
}

func newRandom(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// The writer's log, whatever the pieces, is the truth, whose lines are whole.
func TestLogWriter(t *testing.T) {
	dir := t.TempDir()
	w := newLogWriter(t, dir+"/mail.log", dir+"/truth", 1)
	w.backlog(100)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	w.run(ctx)
	log, err := os.ReadFile(dir + "/mail.log")
	if err != nil {
		t.Fatal(err)
	}
	if truth, _ := os.ReadFile(dir + "/truth"); !bytes.Equal(log, truth) {
		t.Error("the log is not the truth")
	}
	if n := bytes.Count(log, []byte("\n")); n != w.lines() || n < 200 || log[len(log)-1] != '\n' {
		t.Errorf("%d lines are in the log, %d were made", n, w.lines())
	}
}
