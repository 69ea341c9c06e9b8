package report

import "testing"

// Lines may come in any order, and several in one second.
func TestPeriod(t *testing.T) {
	var lines []string
	for _, clock := range []string{"03:55:40", "03:55:40", "03:55:43", "03:55:43", "03:55:41", "03:55:39", "03:55:43"} {
		lines = append(lines, "2026-11-21T"+clock+"Z mx postfix/qmgr[3]: 4C2FB3A1B2: removed")
	}
	s, _ := summarize(t, lines...)
	const layout = "15:04:05"
	if first, last := s.Period.First.Format(layout), s.Period.Last.Format(layout); first != "03:55:39" || last != "03:55:43" {
		t.Errorf("%s to %s", first, last)
	}
}
