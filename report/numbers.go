package report

import (
	"fmt"
	"strconv"
)

// Numbers as people read them.

// seconds are a duration as people read it.
type seconds float64

// size is in bytes, as people read it.
type size uint64

// number groups digits by thousands; a nothing is quiet.
func number(n uint64) string {
	if n == 0 {
		return "-"
	}
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (s seconds) String() string {
	switch {
	case s < 0.001:
		return "0 s"
	case s < 1:
		return fmt.Sprintf("%.0f ms", s*1000)
	case s < 10:
		return fmt.Sprintf("%.1f s", s)
	case s < 120:
		return fmt.Sprintf("%.0f s", s)
	case s < 2*3600:
		return fmt.Sprintf("%.0f min", s/60)
	case s < 48*3600:
		return fmt.Sprintf("%.1f h", s/3600)
	}
	return fmt.Sprintf("%.1f d", s/86400)
}

func (b size) String() string {
	v, units := float64(b), []string{"B", "KiB", "MiB", "GiB", "TiB"}
	for v >= 1024 && len(units) > 1 {
		v, units = v/1024, units[1:]
	}
	if units[0] == "B" {
		return fmt.Sprintf("%.0f B", v)
	}
	return fmt.Sprintf("%.1f %s", v, units[0])
}

// plain is a number in a sentence.
func plain(n uint64) string {
	if n == 0 {
		return "0"
	}
	return number(n)
}

// share is a percentage, to be aligned like a number.
type share string

func percent(part, whole uint64) share {
	if whole == 0 {
		return "-"
	}
	return share(fmt.Sprintf("%.1f", 100*float64(part)/float64(whole)))
}
