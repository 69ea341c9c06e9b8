package history

import (
	"math"
	"time"
)

// Diurnal is a volume that goes from a fifth of its peak at four at night to its
// peak at two in the afternoon, and is half of that on weekends. UTC.
func Diurnal(peak float64) func(time.Time) float64 {
	return func(at time.Time) float64 {
		at = at.UTC()
		hour := float64(at.Hour()) + float64(at.Minute())/60
		v := peak * (0.6 + 0.4*math.Cos((hour-14)/24*2*math.Pi))
		if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
			v /= 2
		}
		return v
	}
}

// Steady is always the same volume.
func Steady(perMinute float64) func(time.Time) float64 {
	return func(time.Time) float64 { return perMinute }
}

// Demo is three hosts up to now: a busy one that Microsoft began to refuse within
// the last hour and Yahoo slows down, a quiet one, and one that has sent nothing yet;
// with the same hours of the day and the week before.
func Demo(now time.Time, hours int) Scenario {
	length := time.Duration(hours) * time.Hour
	back := func(days int) Span {
		to := now.AddDate(0, 0, -days)
		return Span{to.Add(-length), to.Add(10 * time.Minute)}
	}
	return Scenario{
		Seed:  6,
		Step:  time.Minute,
		Spans: []Span{back(7), back(1), {now.Add(-length), now}},
		Mix:   Healthy(),
		Hosts: []Host{
			{
				Job: "postfix", Instance: "mx1.example.com:9154", Name: "mx1", Queue: true, Lifetime: 3 * time.Hour,
				Outgoing: Diurnal(45), Incoming: Diurnal(15), Visitors: Steady(9),
			},
			{
				Job: "postfix", Instance: "mx2.example.com:9154", Name: "mx2", Queue: true, Receives: true,
				Outgoing: Steady(0.6), Incoming: Steady(0.8), Visitors: Steady(1.5),
			},
			{Job: "postfix", Instance: "new.example.com:9154", Name: "new", Queue: true, Visitors: Steady(0.3)},
		},
		Incidents: []Incident{
			{Span{now.Add(-50 * time.Minute), now.Add(24 * time.Hour)}, "mx1.example.com:9154", "microsoft", Healthy().With(Mix{"blocklisted": 0.62})},
			{Span{now.Add(-35 * time.Minute), now.Add(24 * time.Hour)}, "mx1.example.com:9154", "yahoo", Healthy().With(Mix{"bad_reputation": 0.45})},
			{Span{now.Add(-3 * time.Hour), now.Add(-150 * time.Minute)}, "mx1.example.com:9154", "t-online", Healthy().With(Mix{"connection_failed": 0.8})},
			{Span{now.Add(-25 * time.Minute), now.Add(24 * time.Hour)}, "mx1.example.com:9154", "other", Healthy().With(Mix{"spamhaus": 0.10})},
		},
	}
}
