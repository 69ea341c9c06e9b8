package replay

import (
	"testing"
	"time"

	"postfix_exporter/tools/observe/history"
)

// A job without targets is told of, and a host whose target was taken away is not
// said to be down.
func TestNoTargets(t *testing.T) {
	t.Parallel()
	gone := clock("10:30")
	r := replay(t, Plan{
		Scenario: history.Scenario{Seed: 7, Spans: []history.Span{{From: clock("10:00"), To: clock("11:00")}}, Hosts: []history.Host{quiet("mx1")}},
		Groups:   []string{"exporter"},
		Target:   func(_ string, at time.Time) bool { return at.Before(gone) },
	})
	var woken []Episode
	for _, e := range r.Episodes {
		if e.Wakes() {
			woken = append(woken, e)
		}
	}
	if len(woken) != 1 || woken[0].Alert != "PostfixExporterAbsent" {
		t.Fatalf("want PostfixExporterAbsent alone: %v", woken)
	}
	if after := woken[0].Firing.Sub(gone); after < 10*time.Minute || after > promise(t, "PostfixExporterAbsent") {
		t.Errorf("it fired %v after the last target was gone", after)
	}
}
