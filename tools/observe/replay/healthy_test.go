package replay

import (
	"testing"
	"time"

	"postfix_exporter/tools/observe/history"
)

// On a healthy day nobody is woken: 2 % bounces, greylisting, full mailboxes, a
// newsletter at night, waves of spam that are refused, a rotation of the log, a
// restart of the exporter.
func TestHealthyDay(t *testing.T) {
	t.Parallel()
	hosts := []history.Host{busy("busy1", 100_000), quiet("quiet1")}
	if !testing.Short() { // each host has chance of its own
		hosts = append(hosts, busy("busy2", 40_000), quiet("quiet2"), busy("busy3", 10_000), quiet("quiet3"))
	}
	tomorrow := monday.Add(24 * time.Hour)
	r := silent(t, 1, hosts, history.Span{From: monday.Add(-27 * time.Hour), To: tomorrow}, monday)
	for expr, want := range map[string][2]float64{
		`sum(increase(postfix_deliveries_total{instance="busy1",status="sent"}[24h]))`:  {100_000, 160_000}, // to others and, a third as many, at home
		`sum(increase(postfix_deliveries_total{instance="quiet1",status="sent"}[24h]))`: {50, 250},
		`sum(increase(postfix_noqueue_rejects_total{instance="busy1"}[24h]))`:           {2000, 20_000},
		`instance:postfix_bounces_outbound:ratio1d{instance="busy1"}`:                   {0.015, 0.025},
	} {
		if v, err := r.Sum(t.Context(), expr, tomorrow.Add(-time.Minute)); err != nil || v < want[0] || v > want[1] {
			t.Errorf("that was no healthy day: %s is %g, want %v: %v", expr, v, want, err)
		}
	}
}

// Nor in its first hours, when there is no history to compare with, or little.
func TestFirstDay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the healthy day does")
	}
	silent(t, 2, []history.Host{busy("busy", 50_000), quiet("quiet")}, history.Span{From: monday, To: clock("16:00")}, monday)
}

// silent plays hosts, and judges what comes from a time on.
func silent(t *testing.T, seed uint64, hosts []history.Host, all history.Span, judged time.Time) *Replayed {
	t.Helper()
	stories := append(everyday(hosts, all), restarted(&hosts[0], clock("15:07")))
	r := replay(t, Plan{
		Scenario: history.Scenario{Seed: seed, Spans: []history.Span{all}, Hosts: hosts},
		Fine:     []history.Span{{From: judged, To: all.To}}, Every: 2 * time.Minute, Stories: stories, Groups: judges(),
	})
	for _, e := range r.Episodes {
		if e.Wakes() {
			t.Errorf("woken: %v", e.String())
		}
	}
	return r
}
