package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"
	"postfix_exporter/source"
)

// A log is written, rotated and read, and the exporter is killed at any moment:
// at the end its numbers are those of one that read all in peace.

// restarts is how many runs there are, each with several kills.
const restarts = 1000

func TestNoRestartShows(t *testing.T) {
	rules, _, err := loadRules(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := restarts
	if testing.Short() {
		n /= 20
	}
	for seed := range uint64(n) {
		w := newHost(t, seed, rules)
		w.live()
		w.end()
		if t.Failed() {
			t.Fatalf("run %d: %s", seed, strings.Join(w.story, ", "))
		}
		w.lines.Close()
		os.RemoveAll(w.dir)
	}
}

// host writes a log and has an exporter on it. Its clock stands but for what a
// step takes, and all files are as old as it says.
type host struct {
	*testing.T
	random *rand.Rand
	rules  *classify.Set
	dir    string
	now    time.Time
	story  []string

	// The writer.
	next      func(b []byte) []byte // appends the next line
	unwritten []byte                // rest of a line of which a part was written
	all       []byte                // that was written
	out       *os.File
	rotation  []func() // steps that are left of a rotation

	// The exporter.
	lines  *source.Set
	engine *collector.Engine
	state  []byte // as it was saved last
	from   int    // bytes of all that were counted
	saved  int    // and when it was saved
	lost   string // the first line that was out of turn
}

func newHost(t *testing.T, seed uint64, rules *classify.Set) *host {
	random := rand.New(rand.NewPCG(seed, 1))
	h := &host{T: t, random: random, rules: rules, dir: t.TempDir(), now: time.Now().Add(time.Hour)}
	if h.next = h.madeUp(seed); seed%2 == 1 {
		h.next = h.real()
	}
	h.out = h.create()
	h.start()
	h.save() // without a state, what is rotated already isn't read
	return h
}

// madeUp is a busy host's log.
func (h *host) madeUp(seed uint64) func([]byte) []byte {
	g := traffic.New(traffic.Options{Seed: seed, Format: traffic.Format(h.random.IntN(2)), LongIDs: h.random.IntN(2) == 0})
	return func(b []byte) []byte {
		b, _ = g.AppendLine(b)
		return b
	}
}

// real is the log of a real Postfix, from any line on; a made-up one follows it.
func (h *host) real() func([]byte) []byte {
	log, err := os.ReadFile([]string{"testdata/logs/rfc3339.log", "testdata/logs/rfc3164.log"}[h.random.IntN(2)])
	h.must(err)
	lines := bytes.SplitAfter(log, []byte("\n"))
	lines = lines[h.random.IntN(len(lines)):]
	behind := h.madeUp(h.random.Uint64())
	return func(b []byte) []byte {
		if len(lines) == 0 {
			return behind(b)
		}
		line := lines[0]
		lines = lines[1:]
		return append(b, line...)
	}
}

// live does steps in any order.
func (h *host) live() {
	steps := []struct {
		often int
		name  string
		do    func()
	}{
		{10, "write", func() { h.write(h.random.IntN(3000)) }},
		{6, "read some", func() { h.read(h.random.IntN(20)) }},
		{3, "read all", func() { h.read(1 << 20) }},
		{3, "save", h.save},
		{2, "kill", h.restart},
		{3, "rotate on", h.rotate},
		{1, "a while passes", func() { h.now = h.now.Add(time.Second) }},
	}
	var choice []int
	for i, s := range steps {
		for range s.often {
			choice = append(choice, i)
		}
	}
	for range 60 {
		s := steps[choice[h.random.IntN(len(choice))]]
		h.story = append(h.story, s.name)
		s.do()
		h.now = h.now.Add(time.Duration(1+h.random.IntN(50)) * time.Millisecond)
	}
}

// end finishes what is under way, reads all and compares.
func (h *host) end() {
	for len(h.rotation) > 0 {
		h.rotate()
	}
	h.write(0)
	for range 12 { // rotated files are waited for
		h.read(1 << 20)
		h.now = h.now.Add(source.DefaultDrain)
	}
	peaceful := collector.New(h.options())
	for line := range strings.Lines(string(h.all)) {
		peaceful.Feed(maillog.Line{Text: strings.TrimSuffix(line, "\n")}, checkpoint.Pos{NotAfter: h.now.Unix()})
	}
	if got, want := scrape(h.T, h.engine), scrape(h.T, peaceful); got != want {
		h.Errorf("not what was written: %s\n%s", firstDifference(got, want), h.lost)
	}
	if gaps := h.lines.Stats().Gaps; gaps != 0 {
		h.Errorf("%d gaps", gaps)
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("got %s, want %s", g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func scrape(t *testing.T, e *collector.Engine) string {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(e); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range families {
		if f.GetName() == "postfix_exporter_caught_up" {
			continue
		}
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// The writer.

func (h *host) path(suffix string) string { return filepath.Join(h.dir, "mail.log"+suffix) }

func (h *host) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *host) create() *os.File {
	file, err := os.OpenFile(h.path(""), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	h.must(err)
	return file
}

// write writes so many bytes, maybe a part of a line; 0 is the rest of it.
func (h *host) write(n int) {
	rest := len(h.unwritten)
	for len(h.unwritten) < n {
		h.unwritten = h.next(h.unwritten)
	}
	if n == 0 {
		n = rest
	}
	_, err := h.out.Write(h.unwritten[:n])
	h.must(err)
	h.all = append(h.all, h.unwritten[:n]...)
	h.unwritten = h.unwritten[n:]
	h.touch(h.out)
}

// touch gives a file the time that it is here.
func (h *host) touch(file *os.File) {
	for _, e := range h.files() {
		info, err := os.Stat(e)
		h.must(err)
		if mine, err := file.Stat(); err == nil && os.SameFile(info, mine) {
			h.must(os.Chtimes(e, h.now, h.now))
		}
	}
}

func (h *host) files() []string {
	names, err := filepath.Glob(h.path("*"))
	h.must(err)
	return names
}

// rotate does the next step of a rotation, which may begin with it.
func (h *host) rotate() {
	if len(h.rotation) == 0 {
		switch h.random.IntN(3) {
		case 0:
			h.rotation = []func(){h.shift, h.rename, h.reopen, h.compress}
		case 1:
			h.rotation = []func(){h.shift, h.rename, func() { h.create().Close() }, h.reopen, h.compress}
		case 2:
			h.rotation = []func(){h.shift, h.copyTruncate, h.compress}
		}
	}
	step := h.rotation[0]
	h.rotation = h.rotation[1:]
	step()
}

// shift renames the older files, the oldest first.
func (h *host) shift() {
	for n := 30; n > 0; n-- {
		for _, packed := range []string{"", ".gz"} {
			err := os.Rename(h.path(fmt.Sprint(".", n, packed)), h.path(fmt.Sprint(".", n+1, packed)))
			if err != nil && !os.IsNotExist(err) {
				h.Fatal(err)
			}
		}
	}
}

func (h *host) rename() {
	h.must(os.Rename(h.path(""), h.path(".1")))
	h.touch(h.out)
}

// reopen is what syslog daemons do at their HUP. They don't leave half a line.
func (h *host) reopen() {
	h.write(0)
	h.must(h.out.Close())
	h.out = h.create()
	h.touch(h.out)
	h.now = h.now.Add(source.DefaultDrain)
}

// copyTruncate destroys nothing here: nobody writes between its steps. A file of
// which nothing was seen can't be told from what takes its place, so a part of it
// was.
func (h *host) copyTruncate() {
	h.write(0)
	if p := onePlace(h.lines.Places()); p.Offset == 0 || p.Path != h.path("") {
		h.read(1 << 20)
		h.now = h.now.Add(source.DefaultDrain)
		h.read(1 << 20)
	}
	h.save()
	b, err := os.ReadFile(h.path(""))
	h.must(err)
	if len(b) == 0 { // logrotate's notifempty
		return
	}
	h.must(os.WriteFile(h.path(".1"), b, 0o644))
	h.must(os.Chtimes(h.path(".1"), h.now, h.now))
	h.must(h.out.Truncate(0))
	h.touch(h.out)
}

// compress packs the file before the last.
func (h *host) compress() {
	b, err := os.ReadFile(h.path(".2"))
	if err != nil {
		return
	}
	info, err := os.Stat(h.path(".2"))
	h.must(err)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(b)
	h.must(err)
	h.must(z.Close())
	h.must(os.WriteFile(h.path(".2.gz"), packed.Bytes(), 0o644))
	h.must(os.Chtimes(h.path(".2.gz"), info.ModTime(), info.ModTime()))
	h.must(os.Remove(h.path(".2")))
}

// The exporter.

func (h *host) options() collector.Options {
	return collector.Options{Rules: h.rules, MaxMessages: 500}
}

// start begins with what was saved.
func (h *host) start() {
	s := &saved{path: "state"}
	if h.state != nil {
		s.decoder = checkpoint.NewDecoder(h.state)
		h.must(s.readPlaces())
	}
	var err error
	h.lines, err = source.NewSet(source.SetOptions{Paths: []string{h.path("")}, Poll: true, At: s.places, Now: func() time.Time { return h.now }})
	h.must(err)
	h.engine = collector.New(h.options())
	h.must(s.restore(h.engine.Restore))
}

// read counts so many lines, or all there are.
func (h *host) read(n int) {
	for range n {
		line, at, err := h.lines.Next()
		if err == io.EOF {
			return
		}
		h.must(err)
		h.engine.Feed(line, at)
		h.expect(line.Text)
	}
}

// expect tells early what is read out of turn.
func (h *host) expect(line string) {
	if want, _, _ := strings.Cut(string(h.all[min(h.from, len(h.all)):]), "\n"); h.lost == "" && line != want {
		h.lost = fmt.Sprintf("step %d: got %q, want %q", len(h.story), line, want)
	}
	h.from += len(line) + 1
}

func (h *host) save() {
	var to checkpoint.Encoder
	encodeState(&to, h.lines.Places(), h.engine.Save)
	h.state, h.saved = bytes.Clone(to.Bytes()), h.from
}

// restart forgets all that was not saved.
func (h *host) restart() {
	h.must(h.lines.Close())
	h.from = h.saved
	h.start()
}

// onePlace is the place of the only log.
func onePlace(places []checkpoint.Place) (p checkpoint.Place) {
	if len(places) > 0 {
		p = places[0]
	}
	return p
}
