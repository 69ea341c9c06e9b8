package report

import (
	"bufio"
	"fmt"
)

// The sections on how long it took, and when.

func textDelays(w *bufio.Writer, heading, name string, all []Delay) {
	if len(all) == 0 {
		return
	}
	title(w, heading)
	t := newTable(1, name, "count", "50 %", "90 %", "95 %", "99 %")
	for _, d := range all {
		t.add(d.Name, d.Count, seconds(d.P50), seconds(d.P90), seconds(d.P95), seconds(d.P99))
	}
	t.write(w)
}

func (s *Summary) textHours(w *bufio.Writer) {
	first, last := s.busyHours()
	if first > last {
		return
	}
	title(w, "Hours of the day, in the log's time zone")
	t := newTable(1, "hour", "received", "sent", "deferred", "bounced", "rejected")
	for i := first; i <= last; i++ {
		h := s.Hours[i]
		t.add(fmt.Sprintf("%02d-%02d", i, i+1), h.Received, h.Sent, h.Deferred, h.Bounced, h.Rejected)
	}
	t.write(w)
}

// busyHours are the first and the last hour with traffic.
func (s *Summary) busyHours() (first, last int) {
	first, last = len(s.Hours), -1
	for i, h := range s.Hours {
		if h != (Hour{}) {
			first, last = min(first, i), i
		}
	}
	return first, last
}
