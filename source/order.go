// The order of rotated files: which of mail.log, mail.log.1, mail.log.2.gz and
// mail.log-20260101 is the older one.

package source

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// How a file's name says its age. Rotation by number leaves its old files behind
// when a system turns to dates, so numbers count as older.
const (
	numbered = iota // .1, .10: the higher the older
	dated           // -20260101, -2026-01-01, .20260101T000000: the lower the older
	live            // no suffix
)

// rotatedName is a path taken apart.
type rotatedName struct {
	base   string // what all the log's files begin with, directory and all
	kind   int
	digits string // of the number or date
	packed bool   // .gz and the like
}

// parseName reads a path as logrotate(8) and newsyslog(8) name rotated files.
func parseName(path string) rotatedName {
	path = filepath.Clean(path)
	n := rotatedName{base: path, kind: live}
	n.base, n.packed = cutPacked(path)
	stem := strings.TrimRight(n.base, "0123456789-_T")
	suffix := n.base[len(stem):]
	if cut, ok := strings.CutSuffix(stem, "."); ok {
		stem = cut
	} else if suffix, ok = strings.CutPrefix(suffix, "-"); !ok {
		return n
	}
	if suffix == "" || suffix[0] < '0' || suffix[0] > '9' || strings.HasSuffix(stem, "/") || stem == "" {
		return n
	}
	n.base, n.digits = stem, strings.Map(onlyDigits, suffix)
	if n.kind = dated; len(n.digits) < len("20060102") {
		n.kind, n.digits = numbered, strings.TrimLeft(n.digits, "0")
	}
	return n
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// compare is below 0 if a is older than b; both have the same base.
func (a rotatedName) compare(b rotatedName) int {
	if c := cmp.Compare(a.kind, b.kind); c != 0 {
		return c
	}
	old, young := a.digits, b.digits
	if a.kind == numbered { // without leading zeros: the longer one is the higher one
		if c := cmp.Compare(len(b.digits), len(a.digits)); c != 0 {
			return c
		}
		old, young = young, old
	}
	if c := strings.Compare(old, young); c != 0 {
		return c
	}
	switch {
	case a.packed == b.packed:
		return 0
	case a.packed:
		return -1
	default:
		return 1
	}
}

// oldestFirst sorts the files of each log by age. The logs stay in the order in
// which the first file of each was given.
func oldestFirst(paths []string) {
	logs := make(map[string]int)
	for _, p := range paths {
		if base := parseName(p).base; !has(logs, base) {
			logs[base] = len(logs)
		}
	}
	slices.SortStableFunc(paths, func(p, q string) int {
		a, b := parseName(p), parseName(q)
		if c := cmp.Compare(logs[a.base], logs[b.base]); c != 0 {
			return c
		}
		return a.compare(b)
	})
}

func has(m map[string]int, key string) bool {
	_, ok := m[key]
	return ok
}
