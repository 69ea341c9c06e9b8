package replay

import (
	"fmt"
	"math"
	"testing"
	"time"

	"postfix_exporter/tools/observe/history"
)

// What the rules for many hosts say was sent in a day is what was sent, by host and
// by provider; though an exporter was restarted meanwhile.
func TestFleetSums(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a day of three hosts")
	}
	hosts := []history.Host{busy("mx1", 30_000), busy("mx2", 5_000), quiet("mx3")}
	day := history.Span{From: monday, To: monday.Add(24 * time.Hour)}
	before, after := map[string]float64{}, map[string]float64{}
	p := Plan{
		Scenario: history.Scenario{Seed: 8, Spans: []history.Span{{From: day.From.Add(-6 * time.Hour), To: day.To.Add(2 * time.Minute)}}, Hosts: hosts},
		Fine:     []history.Span{{From: day.From, To: day.To.Add(2 * time.Minute)}},
		Groups:   []string{"fleet"},
	}
	p.Stories = append(append(asked(hosts, day.From, before), asked(hosts, day.To, after)...), restarted(&hosts[0], clock("15:07")))
	r := replay(t, p)
	total := 0.0
	for _, h := range hosts {
		sent := after[h.Instance] - before[h.Instance]
		total += sent
		near(t, r, fmt.Sprintf(`sum(sum_over_time(instance_status:postfix_deliveries:rate5m{instance=%q,status="sent"}[24h])) * 60`, h.Instance), day.To, sent)
	}
	near(t, r, `sum(sum_over_time(provider_status:postfix_deliveries:rate5m{status="sent"}[24h])) * 60`, day.To, total)
}

// asked notes how many deliveries each host's exporter has counted as sent at a time.
func asked(hosts []history.Host, at time.Time, to map[string]float64) (all []Story) {
	for _, h := range hosts {
		all = append(all, Story{Span: history.Span{From: at, To: at.Add(time.Minute)}, Instance: h.Instance, Tell: func(r *history.Running, _, _ time.Time) error {
			n, err := sent(r)
			to[h.Instance] = n
			return err
		}})
	}
	return all
}

func sent(r *history.Running) (n float64, err error) {
	families, err := r.Scrape()
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == "postfix_deliveries_total" && l.GetName() == "status" && l.GetValue() == "sent" {
					n += m.GetCounter().GetValue()
				}
			}
		}
	}
	return n, err
}

// near compares to one percent, or two messages where these are more.
func near(t *testing.T, r *Replayed, expr string, at time.Time, want float64) {
	t.Helper()
	got, err := r.Sum(t.Context(), expr, at)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got-want) > max(0.01*want, 2) || want == 0 {
		t.Errorf("%s is %.1f, want %.1f", expr, got, want)
	}
}
