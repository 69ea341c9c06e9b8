// Which files a Set is to read: those that its patterns match, but for rotated ones,
// which belong to their logs.

package source

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// lookShare is how much longer than a look for files the pause behind it is, at
// least.
const lookShare = 50

// pattern is one of a Set's.
type pattern struct {
	text  string
	known bool  // it was looked for before the start: what it finds then is new
	since int64 // Unix time of the last look; 0: there was none
}

// candidate is a file that is to be read.
type candidate struct {
	log   string
	named bool
	from  From
	since int64 // it wasn't there then; 0: nobody knows
}

// sort tells patterns from paths.
func (s *Set) sort(paths []string) error {
	for _, path := range paths {
		switch {
		case !strings.ContainsAny(path, `*?[\`):
			if !slices.ContainsFunc(s.named, func(other string) bool { return sameName(path, other) }) {
				s.named = append(s.named, path)
			}
		case !isPattern(path):
			return fmt.Errorf("%s: the pattern can't be read", path)
		default:
			s.patterns = append(s.patterns, &pattern{text: path})
		}
	}
	return nil
}

func sameName(a, b string) bool { return a == b || filepath.Clean(a) == filepath.Clean(b) }

func isPattern(text string) bool {
	_, err := filepath.Match(text, "")
	return err == nil
}

// lookAround looks for files, if it is time.
func (s *Set) lookAround(now time.Time) {
	if len(s.patterns) == 0 && s.files() == len(s.named) || now.Before(s.look) {
		return
	}
	s.dropRotated()
	found, faults := s.find(Start)
	waiting, _ := s.admitAll(found) // what can't be opened now is tried again
	s.tellFound(faults, waiting)
	s.look = now.Add(max(s.o.Look, lookShare*s.o.Now().Sub(now)))
}

// find lists the files that are not read yet, and what is wrong with the patterns.
func (s *Set) find(from From) (found []candidate, faults []Fault) {
	seen := make(map[string]bool)
	for _, m := range s.members {
		seen[filepath.Clean(m.log)] = true
	}
	add := func(c candidate) {
		if name := filepath.Clean(c.log); !seen[name] {
			seen[name] = true
			found = append(found, c)
		}
	}
	for _, path := range s.named {
		add(candidate{log: path, named: true, from: from})
	}
	for _, p := range s.patterns {
		paths := s.match(p)
		if len(paths) == 0 {
			faults = append(faults, Fault{p.text, fmt.Errorf("waiting for the log: %s: %w", p.text, errNothing)})
		}
		for _, path := range paths {
			add(candidate{log: path, from: p.from(from), since: p.since})
		}
	}
	return found, faults
}

var errNothing = errors.New("no file matches")

// from is where the reading of a file begins that has no place.
func (p *pattern) from(from From) From {
	if p.known {
		return Start
	}
	return from
}

// match lists the logs of a pattern by name: the files that are there, and those
// that have a place.
func (s *Set) match(p *pattern) []string {
	paths, _ := filepath.Glob(p.text) // the pattern is a good one
	for _, at := range s.places {
		if ok, _ := filepath.Match(p.text, at.Log); ok {
			paths = append(paths, at.Log)
		}
	}
	slices.Sort(paths)
	return slices.DeleteFunc(slices.Compact(paths), func(path string) bool { return p.hides(path) || s.isRotated(path) })
}

// hides is true of names that begin with a dot, as in a shell, if the pattern
// doesn't.
func (p *pattern) hides(path string) bool {
	return strings.HasPrefix(filepath.Base(path), ".") && !strings.HasPrefix(filepath.Base(p.text), ".")
}

func (s *Set) asks(log string) bool {
	return slices.ContainsFunc(s.patterns, func(p *pattern) bool {
		ok, _ := filepath.Match(p.text, log)
		return ok
	})
}

func (s *Set) memberOf(log string) *member {
	for _, m := range s.members {
		if m.file != nil && sameName(m.log, log) {
			return m
		}
	}
	return nil
}

// tellFound leaves what is wrong with the patterns.
func (s *Set) tellFound(faults []Fault, waiting int) {
	for _, p := range s.patterns {
		if waiting == 0 { // else what is rotated while its log waits isn't read
			p.since = s.o.Now().Unix()
		}
	}
	if waiting > 0 {
		faults = append(faults, Fault{s.allPatterns(), fmt.Errorf("%d files are read at once: %d more wait", s.o.MaxFiles, waiting)})
	}
	s.publish(func(r *roster) { r.faults = faults })
}

func (s *Set) allPatterns() string {
	var texts []string
	for _, p := range s.patterns {
		texts = append(texts, p.text)
	}
	return strings.Join(texts, " ")
}
