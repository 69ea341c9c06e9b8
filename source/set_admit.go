// How a Set opens files.

package source

import (
	"os"

	"postfix_exporter/checkpoint"
)

// admitAll opens files, and says how many there is no room for.
func (s *Set) admitAll(found []candidate) (waiting int, err error) {
	known := known{set: s}
	for _, c := range found {
		info, err := os.Stat(c.log)
		switch {
		case !c.named && !s.isLog(c, info, err), err == nil && known.holds(c.log, info):
		case !c.named && s.files() >= s.o.MaxFiles:
			waiting++
		default:
			if err := s.admit(c, info); err != nil && c.named {
				return waiting, err
			}
			known.add(c.log)
		}
	}
	return waiting, nil
}

// isLog is false of what a pattern matches and can't be a log. A file that was one
// is waited for, for a while.
func (s *Set) isLog(c candidate, info os.FileInfo, err error) bool {
	if err != nil {
		return s.placeOf(c.log) >= 0
	}
	return info.Mode().IsRegular() && !isPacked(c.log)
}

func isPacked(path string) bool {
	in, err := openRegular(path)
	if err != nil {
		return false // Err will tell
	}
	in.Close()
	return formatOf(in.head) != nil
}

// files is how many members are files.
func (s *Set) files() (n int) {
	for _, m := range s.members {
		if m.file != nil {
			n++
		}
	}
	return n
}

// admit opens a file where its place is. info is nil if there is none.
func (s *Set) admit(c candidate, info os.FileInfo) error {
	at := s.takePlace(c.log)
	resumed := at.Log != ""
	if !resumed && info != nil {
		at = s.done.take(c.log, info)
	}
	if at.Log == "" && c.since > 0 { // what was rotated since wasn't read, that of the same second included
		at = checkpoint.Place{Log: c.log, NotAfter: c.since - 1}
	}
	n := parseName(c.log)
	f, err := NewFollow(c.log, s.follow(at, c.from, !c.named && n.kind != live))
	if err != nil {
		return err
	}
	m := &member{Source: f, file: f, log: c.log, named: c.named, resumed: resumed}
	s.members = append(s.members, m)
	if s.pass {
		s.queue(m)
	}
	return nil
}
