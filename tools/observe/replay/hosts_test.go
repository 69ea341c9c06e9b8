package replay

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"postfix_exporter/tools/observe/history"
)

// TestMain lets the heap grow: to collect it often is a tenth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// monday is the day that is judged: the one that differs most from the day before.
var monday = time.Date(2026, time.November, 16, 0, 0, 0, 0, time.UTC)

// clock is a time of that day: clock("10:30").
func clock(hhmm string) time.Time {
	var h, m int
	if _, err := fmt.Sscanf(hhmm, "%d:%d", &h, &m); err != nil {
		panic(err) // of a test's table
	}
	return monday.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)
}

// busy is a host that sends so many messages on a working day: by day and night, and
// a newsletter at two in the morning to a tenth as many. Waves of spam come in.
func busy(name string, mails float64) history.Host {
	peak := mails / (0.6 * 24 * 60) // a mean of 0.6 of the peak: see Diurnal
	h := host(name)
	day := history.Diurnal(peak)
	h.Outgoing = func(at time.Time) float64 { return day(at) + newsletter(at, mails/10) }
	h.Incoming = history.Diurnal(peak / 3)
	h.Visitors = waves(6, 40)
	return h
}

// quiet is a host that sends 50 messages a day.
func quiet(name string) history.Host {
	h := host(name)
	h.Outgoing = history.Steady(50. / 24 / 60)
	h.Incoming = history.Steady(80. / 24 / 60)
	h.Visitors = waves(0.5, 12)
	return h
}

func host(name string) history.Host {
	all := history.Destinations()
	h := history.Host{Job: "postfix", Instance: name, Name: strings.ToLower(name), Queue: true}
	for _, i := range []int{0, 1, 3, 8} { // fewer: each makes series
		h.Destinations = append(h.Destinations, all[i])
	}
	h.Destinations[0].Share, h.Destinations[1].Share, h.Destinations[2].Share, h.Destinations[3].Share = 0.4, 0.25, 0.2, 0.15
	return h
}

// newsletter is a volume of so many messages within 20 minutes from two o'clock on.
func newsletter(at time.Time, mails float64) float64 {
	if at.Hour() == 2 && at.Minute() < 20 {
		return mails / 20
	}
	return 0
}

// waves is a volume that is much higher for half an hour, twice a day.
func waves(usual, high float64) func(time.Time) float64 {
	return func(at time.Time) float64 {
		if (at.Hour() == 5 || at.Hour() == 13) && at.Minute() >= 30 {
			return high
		}
		return usual
	}
}

// everyday is what happens to all hosts on all days: the log is rotated at midnight.
func everyday(hosts []history.Host, days history.Span) (all []Story) {
	for _, h := range hosts {
		all = append(all, Story{Span: days, Instance: h.Instance, Tell: func(r *history.Running, from, to time.Time) error {
			if from.Truncate(24*time.Hour) != to.Truncate(24*time.Hour) {
				r.Rotate()
			}
			return nil
		}})
	}
	return all
}

// restarted is the exporter of a host that ends at a time and can be scraped again
// three minutes later, having caught up.
func restarted(h *history.Host, at time.Time) Story {
	gone := history.Span{From: at, To: at.Add(3 * time.Minute)}
	h.Up = func(now time.Time) bool { return !gone.Holds(now) }
	return Story{Span: gone, Instance: h.Instance, Tell: func(r *history.Running, from, _ time.Time) error {
		if from.Equal(at) {
			return r.Restart()
		}
		return nil
	}}
}

// replay plays a plan with the rules of the project.
func replay(t *testing.T, p Plan) *Replayed {
	t.Helper()
	p.Rules, p.Dir = "../../../alerts", t.TempDir()
	r, err := Play(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// judges are the groups of rules that have alerts.
func judges() []string { return []string{"flow", "bounces", "inbound", "exporter"} }
