package source

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
)

// A log is written in pieces, rotated and packed; its reader is killed at any
// moment and begins where it was saved. It reads each line once.
func TestRestartAnywhere(t *testing.T) {
	n := 120
	if testing.Short() {
		n = 40
	}
	for seed := range uint64(n) {
		h := newHost(t, seed)
		for range 80 {
			h.step()
		}
		h.end()
		h.f.Close()
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(h.story, "\n"))
		}
	}
}

// host writes a log and follows it. Files are as old as its clock says; what the
// kernel notes of them is older.
type host struct {
	*testing.T
	random *rand.Rand
	dir    string
	now    time.Time
	story  []string

	out      *os.File
	lines    []string // as they were begun
	rest     string   // of the last one
	held     bool     // out was renamed
	rotation []func() // steps that are left
	dated    bool
	suffix   string
	days     int
	name     string // of the log's host
	see      func() // has the log looked at

	f     *Follow
	got   []string
	saved []string
	place checkpoint.Place
}

func newHost(t *testing.T, seed uint64) *host {
	r := rand.New(rand.NewPCG(seed, 4))
	h := &host{T: t, random: r, dir: t.TempDir(), now: time.Now().Add(time.Hour).Truncate(time.Second)}
	h.dated, h.suffix = r.IntN(3) == 0, []string{".gz", ".gz", ".gz", ".zst", ".zst", ".xz"}[r.IntN(6)]
	h.see = func() { h.read(1) }
	if r.IntN(4) > 0 {
		h.create()
	}
	h.start()
	h.save()
	return h
}

func (h *host) path(suffix string) string { return filepath.Join(h.dir, "mail.log"+suffix) }

func (h *host) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatalf("%v\n%s", err, strings.Join(h.story, "\n"))
	}
}

func (h *host) step() {
	steps := []struct {
		often int
		name  string
		do    func()
	}{
		{10, "write", func() { h.write(h.random.IntN(1 << h.random.IntN(12))) }},
		{6, "read some", func() { h.read(h.random.IntN(10)) }},
		{3, "read all", func() { h.read(1 << 20) }},
		{3, "save", h.save},
		{2, "kill", h.kill},
		{4, "rotate on", h.rotate},
		{2, "a while passes", func() { h.now = h.now.Add(time.Second) }},
	}
	n := h.random.IntN(30)
	for _, s := range steps {
		if n -= s.often; n < 0 {
			h.story = append(h.story, fmt.Sprintf("%s %s", h.now.Format("05.000"), s.name))
			s.do()
			break
		}
	}
	h.now = h.now.Add(time.Duration(1+h.random.IntN(50)) * time.Millisecond)
}

// note tells what a step does.
func (h *host) note(what string) { h.story = append(h.story, "  "+what) }

func (h *host) create() {
	file, err := os.OpenFile(h.path(""), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	h.must(err)
	if h.out != nil {
		h.out.Close()
	}
	h.out = file
	h.touch(file)
}

// touch gives a file the time that it is here.
func (h *host) touch(file *os.File) {
	mine, err := file.Stat()
	h.must(err)
	names, err := filepath.Glob(h.path("*"))
	h.must(err)
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && os.SameFile(info, mine) {
			h.must(os.Chtimes(name, h.now, h.now))
		}
	}
}

// write writes so many bytes, from and to anywhere in a line.
func (h *host) write(n int) {
	if h.out == nil {
		h.create()
		h.see() // before it is rotated
	}
	text := h.rest
	for len(text) < n {
		line := fmt.Sprintf("%s mail%s postfix/smtp[%d]: %d: to=<x>", h.now.Format(time.Stamp), h.name, 1000+h.random.IntN(9000), len(h.lines))
		line += strings.Repeat("x", h.random.IntN(100))
		h.lines = append(h.lines, line)
		text += line + "\n"
	}
	h.rest = text[n:]
	_, err := h.out.WriteString(text[:n])
	h.must(err)
	h.touch(h.out)
}

// rotate does the next step of a rotation, which may begin with it.
func (h *host) rotate() {
	if len(h.rotation) == 0 {
		switch h.random.IntN(4) {
		case 0: // syslog makes the new file
			h.rotation = []func(){h.rename, h.reopen, h.compress}
		case 1: // logrotate does
			h.rotation = []func(){h.rename, h.touchNew, h.reopen, h.compress}
		case 2:
			h.rotation = []func(){h.copyTruncate, h.compress}
		case 3:
			h.rotation = []func(){h.copyTruncate, h.compressLast}
		}
		if !h.dated {
			h.rotation = append([]func(){h.shift}, h.rotation...)
		}
	}
	step := h.rotation[0]
	h.rotation = h.rotation[1:]
	step()
}

// shift renames the older files, the oldest first.
func (h *host) shift() {
	h.note("shift")
	for n := 30; n > 0; n-- {
		for _, packed := range []string{"", h.suffix} {
			err := os.Rename(h.path(fmt.Sprint(".", n, packed)), h.path(fmt.Sprint(".", n+1, packed)))
			if err != nil && !os.IsNotExist(err) {
				h.must(err)
			}
		}
	}
}

// rotatedName is what the log is renamed to.
func (h *host) rotatedName() string {
	if !h.dated {
		return h.path(".1")
	}
	h.days++
	return h.path(fmt.Sprintf("-%d", 20260100+h.days))
}

func (h *host) rename() {
	if h.out == nil {
		return
	}
	h.note("rename")
	h.now = h.now.Add(time.Second) // places are no finer
	h.must(os.Rename(h.path(""), h.rotatedName()))
	h.touch(h.out)
	h.held = true
}

func (h *host) touchNew() {
	h.note("touch")
	if h.out == nil {
		return
	}
	file, err := os.OpenFile(h.path(""), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	h.must(err)
	h.touch(file)
	file.Close()
}

// reopen is what syslog daemons do at their HUP. They don't leave half a line.
func (h *host) reopen() {
	if h.out == nil || !h.held {
		return
	}
	h.note("reopen")
	h.write(len(h.rest))
	h.create()
	h.held = false
}

// copyTruncate destroys nothing here: nobody writes between its steps.
func (h *host) copyTruncate() {
	if h.out == nil || h.held {
		return
	}
	h.write(len(h.rest))
	b, err := os.ReadFile(h.path(""))
	h.must(err)
	if len(b) == 0 { // logrotate's notifempty
		return
	}
	h.note("copytruncate")
	h.now = h.now.Add(time.Second)
	h.see() // of a file of which nothing was read, nothing tells that it was truncated
	name := h.rotatedName()
	h.must(os.WriteFile(name, b, 0o644))
	h.must(os.Chtimes(name, h.now, h.now))
	h.must(h.out.Truncate(0))
	h.touch(h.out)
}

// compress packs all but the last rotated file, compressLast that too.
func (h *host) compress()     { h.packAll(1) }
func (h *host) compressLast() { h.packAll(0) }

func (h *host) packAll(but int) {
	names, err := filepath.Glob(h.path("?*[0-9]"))
	h.must(err)
	oldestFirst(names)
	for _, name := range names[:max(0, len(names)-but)] {
		info, err := os.Stat(name)
		h.must(err)
		if mine, err := h.out.Stat(); err == nil && os.SameFile(info, mine) {
			continue // it is being written to
		}
		h.note("pack " + filepath.Base(name))
		b, err := os.ReadFile(name)
		h.must(err)
		h.must(os.WriteFile(name+h.suffix, packers[h.suffix](string(b)), 0o644))
		h.must(os.Chtimes(name+h.suffix, info.ModTime(), info.ModTime()))
		h.must(os.Remove(name))
	}
}

func (h *host) start() {
	f, err := NewFollow(h.path(""), FollowOptions{Poll: true, At: h.place, Now: func() time.Time { return h.now }})
	h.must(err)
	h.f, h.got = f, slices.Clone(h.saved)
}

// read reads so many lines, or all there are.
func (h *host) read(n int) {
	for range n {
		line, _, err := h.f.Next()
		if err == io.EOF {
			return
		}
		h.must(err)
		h.got = append(h.got, strings.Clone(line.Text))
	}
}

func (h *host) save() { h.place, h.saved = h.f.Place(), slices.Clone(h.got) }

// kill forgets all that was not saved.
func (h *host) kill() {
	h.note(fmt.Sprintf("of %d lines %d are left, %+v", len(h.got), len(h.saved), h.place))
	h.f.Close()
	h.start()
}

// end finishes what is under way, reads all and compares.
func (h *host) end() {
	for len(h.rotation) > 0 {
		h.rotate()
	}
	h.reopen()
	h.write(len(h.rest))
	for range 40 { // rotated files are waited for
		h.read(1 << 20)
		h.now = h.now.Add(DefaultDrain)
	}
	if !slices.Equal(h.got, h.lines) {
		i := 0
		for i < min(len(h.got), len(h.lines)) && h.got[i] == h.lines[i] {
			i++
		}
		h.Errorf("line %d is %.200q, not %.200q", i, h.got[i:min(i+1, len(h.got))], h.lines[i:min(i+1, len(h.lines))])
	}
	if s := h.f.Stats(); s.Gaps != 0 || s.Missed != 0 || !h.f.CaughtUp() {
		h.Errorf("%+v, caught up: %v", s, h.f.CaughtUp())
	}
}
