package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/classify"
	"postfix_exporter/collector"
)

// maxRulesFile is the size of a rules file at most. All that we ship are smaller
// together.
const maxRulesFile = 1 << 20

// rulesFiles are patterns of users' own files, as given by --rules.file.
type rulesFiles []string

// load reads, compiles and checks users' files, and adds those that are built in
// behind them.
func (p rulesFiles) load() (set *classify.Set, files int, err error) {
	own, err := p.read()
	if err != nil {
		return nil, 0, err
	}
	return loadRules(own)
}

// loadRules compiles users' files. Without any, the rules come as they were packed
// at build time: that takes a hundredth of the time.
func loadRules(own []classify.File) (set *classify.Set, files int, err error) {
	if len(own) == 0 {
		set, err = classify.BuiltIn()
	} else {
		set, err = compileRules(own)
	}
	if err != nil {
		return nil, 0, err
	}
	return set, len(set.Files()), nil
}

// gcPercentOfLoad lets the heap grow to about 35 MB.
const gcPercentOfLoad = 400

func compileRules(own []classify.File) (*classify.Set, error) {
	// All that is read is garbage at once afterwards: collecting it on the way
	// takes a quarter of the time.
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercentOfLoad))
	shipped, err := classify.Shipped()
	if err != nil {
		return nil, err
	}
	return classify.LoadOwn(own, shipped)
}

func countRules(s *classify.Set) int { return len(s.Rules()) + len(s.Rejects()) }

// read takes the patterns in the order of the flags, and what one matches by
// name. A file that two match is read once, where it comes first.
func (p rulesFiles) read() (all []classify.File, err error) {
	seen := make(map[string]bool)
	for _, pattern := range p {
		names, err := expand(pattern)
		if err == nil {
			all, err = appendRulesFiles(all, names, seen)
		}
		if err != nil {
			return nil, fmt.Errorf("--rules.file=%s: %w", pattern, err)
		}
	}
	return all, nil
}

// appendRulesFiles reads those that were not seen before.
func appendRulesFiles(all []classify.File, names []string, seen map[string]bool) ([]classify.File, error) {
	for _, name := range names {
		if seen[filepath.Clean(name)] {
			continue
		}
		seen[filepath.Clean(name)] = true
		data, err := readRulesFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, classify.File{Name: name, Data: data})
	}
	return all, nil
}

// expand finds what a pattern matches; a plain name is itself, so that opening
// it tells what is wrong with it.
func expand(pattern string) ([]string, error) {
	if !strings.ContainsAny(pattern, `*?[\`) {
		return []string{pattern}, nil
	}
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, errors.New("the pattern can't be read")
	}
	if len(names) == 0 {
		return nil, errors.New("no file matches")
	}
	slices.Sort(names)
	return names, nil
}

func readRulesFile(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe's writer may never come
	if err != nil {
		return nil, unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", name)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxRulesFile+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(data) > maxRulesFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, maxRulesFile)
	}
	return data, nil
}

// reloader loads the rules again while the engine runs.
type reloader struct {
	mu     sync.Mutex // one at a time: what was asked for last is in use
	files  rulesFiles
	engine *collector.Engine
	logger log.Logger
	done   func() // after new rules are in use
}

// reload exchanges the engine's rules. On a fault those in use stay.
func (r *reloader) reload() (rules, files int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	set, files, err := r.files.load()
	if err != nil {
		r.engine.RulesFailed()
		level.Error(r.logger).Log("msg", "The rules can't be reloaded, those in use stay", "err", firstLines(err.Error(), maxFaultsLogged))
		return 0, 0, err
	}
	r.engine.SetRules(set)
	r.done()
	rules = countRules(set)
	level.Info(r.logger).Log("msg", "Rules reloaded", "rules", rules, "files", files)
	return rules, files, nil
}

// maxFaultsLogged is how many lines of faults one line of the own log has: anybody
// may ask for a reload. The answer has all.
const maxFaultsLogged = 20

// firstLines is text of at most n lines.
func firstLines(text string, n int) string {
	lines := strings.SplitN(text, "\n", n+1)
	if len(lines) <= n {
		return text
	}
	return strings.Join(lines[:n], "\n") + "\n..."
}

// onSignal reloads at each signal until ctx ends.
func (r *reloader) onSignal(ctx context.Context, signals <-chan os.Signal) error {
	for {
		select {
		case <-signals:
			_, _, _ = r.reload() // it logs the fault
		case <-ctx.Done():
			return nil
		}
	}
}
