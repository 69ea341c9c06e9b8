// Which of the files that a Set's patterns match belong to others.

package source

import (
	"os"
	"slices"
	"strings"

	"postfix_exporter/checkpoint"
)

// isRotated is true of a name that a rotated file of a log has, packed or being
// packed: of one that is there, or was. Names like that are logs too.
func (s *Set) isRotated(path string) bool {
	name := strings.TrimSuffix(path, ".tmp") // the kubelet packs into it
	n := parseName(name)
	if n.packed || n.kind == live && name == path {
		return n.packed
	}
	if _, err := os.Lstat(n.base); err == nil {
		return true
	}
	return s.placeOf(n.base) >= 0 || s.memberOf(n.base) != nil
}

// dropRotated lets go of files that were taken for logs until theirs came.
func (s *Set) dropRotated() {
	for _, m := range slices.Clone(s.members) {
		if m.file != nil && m.file.o.alone && s.isRotated(m.log) {
			p, ok := m.place()
			if s.release(m); ok {
				s.places = append(s.places, p)
			}
		}
	}
	s.handOver()
}

// handOver has logs go on where the newest of the files was left that were taken for
// logs until theirs came.
func (s *Set) handOver() {
	var rotated []string
	places := make(map[string]checkpoint.Place)
	s.places = slices.DeleteFunc(s.places, func(p checkpoint.Place) bool {
		if base := parseName(p.Log).base; base == p.Log || !s.asks(p.Log) || !s.asks(base) || !s.isRotated(p.Log) {
			return false
		}
		rotated, places[p.Log] = append(rotated, p.Log), p
		return true
	})
	oldestFirst(rotated)
	for _, log := range slices.Backward(rotated) {
		p := places[log]
		if p.Log = parseName(log).base; s.placeOf(p.Log) < 0 && s.memberOf(p.Log) == nil {
			s.places = append(s.places, p)
		}
	}
}
