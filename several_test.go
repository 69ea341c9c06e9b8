package main

import (
	"bytes"
	"compress/gzip"
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
	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
	"postfix_exporter/source"
)

// TestNoRestartShowsOfTwo: two logs of one pattern are written and rotated, and the
// exporter is killed at any moment. It reads each line of each once, and its numbers
// are those of one that read the same lines in peace.
func TestNoRestartShowsOfTwo(t *testing.T) {
	rules, _, err := loadRules(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 100
	if testing.Short() {
		n /= 10
	}
	for seed := range uint64(n) {
		p := newPair(t, seed, rules)
		for range 80 {
			p.step()
		}
		p.end()
		if t.Failed() {
			t.Fatalf("run %d: %s", seed, strings.Join(p.story, ", "))
		}
		p.lines.Close()
		os.RemoveAll(p.dir)
	}
}

// pair is an exporter on two logs.
type pair struct {
	*host
	logs  [2]*written
	read  []counted // the lines as they came
	saved int       // of them when the state was saved
}

// written is a log, and what was written to it.
type written struct {
	dir, path string
	out       *os.File
	next      func([]byte) []byte
	all, rest []byte
	rotations int
}

type counted struct {
	dir, line string
	notAfter  int64
}

func newPair(t *testing.T, seed uint64, rules *classify.Set) *pair {
	h := &host{T: t, random: rand.New(rand.NewPCG(seed, 7)), rules: rules, dir: t.TempDir(), now: time.Now().Add(time.Hour)}
	p := &pair{host: h}
	for i := range p.logs {
		l := &written{dir: filepath.Join(p.dir, fmt.Sprint("pod", i)), next: h.madeUp(2*seed + uint64(i))}
		l.path = filepath.Join(l.dir, "0.log")
		p.must(os.Mkdir(l.dir, 0o755))
		p.reopen(l)
		p.logs[i] = l
	}
	p.begin()
	p.save()
	return p
}

func (p *pair) step() {
	l := p.logs[p.random.IntN(2)]
	steps := []struct {
		often int
		name  string
		do    func()
	}{
		{10, "write", func() { p.write(l, p.random.IntN(3000)) }},
		{6, "read some", func() { p.count(p.random.IntN(20)) }},
		{3, "read all", func() { p.count(1 << 20) }},
		{3, "save", p.save},
		{2, "kill", p.kill},
		{1, "rotate", func() { p.rotate(l) }},
		{1, "a while passes", func() { p.now = p.now.Add(2 * time.Second) }},
	}
	n := p.random.IntN(26)
	for _, s := range steps {
		if n -= s.often; n < 0 {
			p.story = append(p.story, s.name)
			s.do()
			break
		}
	}
	p.now = p.now.Add(time.Duration(1+p.random.IntN(50)) * time.Millisecond)
}

func (p *pair) reopen(l *written) {
	var err error
	l.out, err = os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	p.must(err)
	p.must(os.Chtimes(l.path, p.now, p.now))
}

// write writes so many bytes; 0 is the rest of a line.
func (p *pair) write(l *written, n int) {
	if n == 0 {
		n = len(l.rest)
	}
	for len(l.rest) < n {
		l.rest = l.next(l.rest)
	}
	_, err := l.out.Write(l.rest[:n])
	p.must(err)
	l.all, l.rest = append(l.all, l.rest[:n]...), l.rest[n:]
	p.must(os.Chtimes(l.path, p.now, p.now))
}

// rotate does as the kubelet: the last file is packed, the log is renamed, its writer
// begins another.
func (p *pair) rotate(l *written) {
	p.now = p.now.Add(2 * time.Second) // places are no finer
	if l.rotations++; l.rotations > 1 {
		p.pack(fmt.Sprintf("%s.20261121-%06d", l.path, l.rotations-1))
	}
	if len(l.rest) > 0 {
		p.write(l, 0)
	}
	p.must(os.Rename(l.path, fmt.Sprintf("%s.20261121-%06d", l.path, l.rotations)))
	p.count(p.random.IntN(20))
	l.out.Close()
	p.reopen(l)
	p.write(l, 100)
}

func (p *pair) pack(path string) {
	b, err := os.ReadFile(path)
	p.must(err)
	info, err := os.Stat(path)
	p.must(err)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(b)
	p.must(err)
	p.must(z.Close())
	p.must(os.WriteFile(path+".gz", packed.Bytes(), 0o644))
	p.must(os.Chtimes(path+".gz", info.ModTime(), info.ModTime()))
	p.must(os.Remove(path))
}

// begin begins with what was saved.
func (p *pair) begin() {
	s := &saved{path: "state"}
	if p.state != nil {
		s.decoder = checkpoint.NewDecoder(p.state)
		p.must(s.readPlaces())
	}
	var err error
	p.lines, err = source.NewSet(source.SetOptions{Paths: []string{filepath.Join(p.dir, "*", "*.log*")}, Poll: true, At: s.places, Now: func() time.Time { return p.now }})
	p.must(err)
	p.engine = collector.New(p.options())
	p.must(s.restore(p.engine.Restore))
}

// count counts so many lines, or all there are.
func (p *pair) count(n int) {
	for range n {
		line, at, err := p.lines.Next()
		if err == io.EOF {
			return
		}
		p.must(err)
		p.engine.Feed(line, at)
		p.read = append(p.read, counted{filepath.Dir(at.File.Path), strings.Clone(line.Text), at.NotAfter})
	}
}

func (p *pair) save() {
	p.host.save()
	p.saved = len(p.read)
}

func (p *pair) kill() {
	p.must(p.lines.Close())
	p.read = p.read[:p.saved]
	p.begin()
}

// end reads all and compares.
func (p *pair) end() {
	for _, l := range p.logs {
		if len(l.rest) > 0 {
			p.write(l, 0)
		}
	}
	for range 12 { // rotated files are waited for
		p.count(1 << 20)
		p.now = p.now.Add(source.DefaultDrain)
	}
	for _, l := range p.logs {
		var got []string
		for _, c := range p.read {
			if c.dir == l.dir {
				got = append(got, c.line+"\n")
			}
		}
		if want := slices.Collect(strings.Lines(string(l.all))); !slices.Equal(got, want) {
			p.Errorf("%d lines, %d were written", len(got), len(want))
		}
	}
	peaceful := collector.New(p.options())
	for _, c := range p.read {
		peaceful.Feed(maillog.Line{Text: c.line}, checkpoint.Pos{NotAfter: c.notAfter})
	}
	if got, want := scrape(p.T, p.engine), scrape(p.T, peaceful); got != want {
		p.Errorf("not what was read: %s", firstDifference(got, want))
	}
	if gaps := p.lines.Stats().Gaps; gaps != 0 {
		p.Errorf("%d gaps", gaps)
	}
}
