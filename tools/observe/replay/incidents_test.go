package replay

import (
	"slices"
	"testing"
	"time"

	"postfix_exporter/tools/observe/history"
)

// incident is what goes wrong on a host from ten o'clock on, and what must come of it.
type incident struct {
	name     string
	host     func(name string) history.Host
	provider string        // of the mix; "" is all
	mix      history.Mix   // what becomes of deliveries meanwhile; nil is as ever
	tell     []tell        // what else happens
	change   change        // of the host meanwhile; nil is none
	length   time.Duration // until all is well again

	first string        // the alert that must fire before any other that wakes somebody, as soon as its page promises
	later []string      // those that may follow
	over  time.Duration // after the end, all are
}

type (
	tell   = func(h *history.Running, from, to time.Time) error
	change func(h *history.Host, meanwhile history.Span)
)

func incidents() []incident {
	large := func(name string) history.Host { return busy(name, 40_000) }
	return []incident{
		{
			name: "listing", host: large, provider: "microsoft", mix: history.Healthy().With(history.Mix{"blocklisted": 0.9}), length: 2 * time.Hour,
			first: "ReputationBlock", over: 2 * time.Hour,
			later: []string{"ProviderRefusing", "BounceSpike", "BounceRateHigh", "BounceBudgetBurn"},
		},
		{
			name: "compromised", host: quiet, mix: history.Mix{"spam_rejected": 0.2, "user_unknown": 0.15, "rate_limited": 0.2}, tell: []tell{each(50, abused)}, length: 150 * time.Minute,
			first: "OutboundSpike", over: 3 * time.Hour,
			later: []string{"BounceSpike", "BounceRateHigh", "ProviderRefusing", "BounceBudgetBurn", "DeferralSpike", "QueueHigh"},
		},
		{
			name: "dns", host: large, mix: history.Mix{"dns_failure": 1}, tell: []tell{each(8, senderUnresolved)}, length: 2 * time.Hour,
			first: "DNSFailing", over: 2 * time.Hour,
			later: []string{"NotDelivering", "DeferralSpike", "QueueHigh"},
		},
		{
			name: "disk", host: large, tell: []tell{each(6, refusedForSpace), each(2, dyingForSpace)}, change: noneSends, length: 2 * time.Hour,
			first: "DiskFull", over: 45 * time.Minute,
			later: []string{"DaemonFatal", "NotDelivering"},
		},
		{
			name: "relay", host: relayed, mix: history.Mix{"relay_refused": 1}, length: 2 * time.Hour,
			first: "ConnectionFailing", over: 2 * time.Hour,
			later: []string{"NotDelivering", "DeferralSpike", "QueueHigh"},
		},
		{
			name: "expired", host: large, tell: []tell{each(5, certificateRefused)}, change: noneSends, length: 2 * time.Hour,
			first: "InboundTLSFailing", over: 90 * time.Minute,
		},
		{
			name: "untrusted", host: relayed, mix: history.Mix{"relay_untrusted": 1}, length: 2 * time.Hour,
			first: "TLSFailing", over: 2 * time.Hour,
			later: []string{"NotDelivering", "DeferralSpike", "QueueHigh"},
		},
		{
			name: "killed", host: quiet, change: unscraped, length: 30 * time.Minute,
			first: "PostfixExporterDown", over: 5 * time.Minute,
		},
	}
}

// relayed is a busy host that sends all by a relay.
func relayed(name string) history.Host {
	h := busy(name, 40_000)
	for i := range h.Destinations {
		h.Destinations[i].Relay, h.Destinations[i].Address = "relay.isp.example", "192.0.2.50"
	}
	return h
}

// noneSends: our own people can't hand in mail.
func noneSends(h *history.Host, meanwhile history.Span) {
	h.Outgoing = except(h.Outgoing, meanwhile)
}

// unscraped: the exporter does not answer.
func unscraped(h *history.Host, meanwhile history.Span) {
	h.Up = func(at time.Time) bool { return !meanwhile.Holds(at) }
}

func except(volume func(time.Time) float64, meanwhile history.Span) func(time.Time) float64 {
	return func(at time.Time) float64 {
		if meanwhile.Holds(at) {
			return 0
		}
		return volume(at)
	}
}

// On an incident the right alert fires first, soon enough, others that fire are such
// as it explains, and all end soon after it.
func TestIncidents(t *testing.T) {
	t.Parallel()
	all := incidents()
	if testing.Short() {
		all = all[:2]
	}
	happen(t, 5, all, 20*time.Hour)
}

// Also on hosts that are new, with no history to compare with.
func TestIncidentsOfNewHosts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("those with a history do")
	}
	happen(t, 6, incidents()[:2], time.Hour)
}

// happen plays incidents after some time of health, each on a host of its own.
func happen(t *testing.T, seed uint64, all []incident, before time.Duration) {
	t.Helper()
	begin, end := clock("10:00"), clock("10:00")
	p := Plan{Groups: judges()}
	for _, i := range all {
		p = i.plan(p, begin)
		if over := begin.Add(i.length + i.over + 10*time.Minute); over.After(end) {
			end = over
		}
	}
	p.Fine = []history.Span{{From: begin.Add(-30 * time.Minute), To: end}}
	p.Scenario.Seed, p.Scenario.Spans = seed, []history.Span{{From: begin.Add(-before), To: end}}
	p.Stories = append(p.Stories, everyday(p.Scenario.Hosts, p.Scenario.Spans[0])...)
	r := replay(t, p)
	for _, i := range all {
		t.Run(i.name, func(t *testing.T) { i.judge(t, r.Episodes, begin) })
	}
}

// plan adds the host to what is played.
func (i *incident) plan(p Plan, begin time.Time) Plan {
	h, span := i.host(i.name), history.Span{From: begin, To: begin.Add(i.length)}
	if i.change != nil {
		i.change(&h, span)
	}
	if i.mix != nil {
		p.Scenario.Incidents = append(p.Scenario.Incidents, history.Incident{Span: span, Instance: i.name, Provider: i.provider, Mix: i.mix})
	}
	for _, tell := range i.tell {
		p.Stories = append(p.Stories, Story{Span: span, Instance: i.name, Tell: tell})
	}
	p.Scenario.Hosts = append(p.Scenario.Hosts, h)
	return p
}

func (i *incident) judge(t *testing.T, all []Episode, begin time.Time) {
	end, within := begin.Add(i.length), promise(t, i.first)
	var first, lasted time.Time // the right alert's
	for _, e := range all {
		if e.Instance != i.name || !e.Wakes() {
			continue
		}
		t.Logf("after %v, until %v after the end: %s", e.Firing.Sub(begin), e.Over.Sub(end), e.Labels)
		if e.Alert != i.first && !slices.Contains(i.later, e.Alert) {
			t.Errorf("an alert that this incident does not explain: %v", e.String())
		}
		if e.Over.IsZero() || e.Over.After(end.Add(i.over)) {
			t.Errorf("over later than %v after the end: %v", i.over, e.String())
		}
		if e.Alert == i.first && first.IsZero() {
			first = e.Firing
		}
		if e.Alert == i.first && e.Over.After(lasted) {
			lasted = e.Over
		}
	}
	if first.Before(begin) || first.After(begin.Add(within)) {
		t.Errorf("%s fired at %v, want within %v of %v", i.first, first, within, begin)
	}
	if lasted.Before(end) {
		t.Errorf("%s was over at %v, and the incident at %v", i.first, lasted, end)
	}
	for _, e := range all {
		if e.Instance == i.name && e.Wakes() && e.Firing.Before(first) {
			t.Errorf("%v, before %s at %v", e.String(), i.first, first)
		}
	}
}
