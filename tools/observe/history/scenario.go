// Package history makes up what some Postfix hosts did for some hours, or days, and
// what a Prometheus that scrapes their exporters would have recorded.
//
// A [Scenario] says which hosts there are, how much mail they have at what time, and
// what becomes of it by provider and class. A [Fleet] plays it: it writes Postfix's
// lines, feeds them to the exporter's own engine, one for each host, and scrapes
// these at each step. The same scenario gives the same samples.
//
//	f, err := history.New(scenario)
//	err = f.Record(ctx, storage, nil)    // a storage of Prometheus' library
//	err = f.Advance(time.Now())          // or go on live, and scrape f.Hosts()
package history

import "time"

// Scenario is what happened. Mix and Incidents speak of delivery attempts to other
// servers; where several incidents hold for one, the first does.
type Scenario struct {
	Seed      uint64
	Step      time.Duration // between scrapes; 0 is a minute
	Spans     []Span        // the times that are played, in order; between them nothing happens
	Hosts     []Host
	Mix       Mix // of days without incidents; nil is Healthy
	Incidents []Incident
}

// Span is from one time up to another.
type Span struct{ From, To time.Time }

// Holds says whether t is in it.
func (s Span) Holds(t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

// Host is a mail server, and what Prometheus calls it.
type Host struct {
	Job, Instance string
	Name          string                     // its own, in the log
	Outgoing      func(at time.Time) float64 // messages a minute that it sends to others; nil is none
	Incoming      func(at time.Time) float64 // messages a minute for its own people; nil is none
	Visitors      func(at time.Time) float64 // clients a minute that it turns away; nil is none
	Destinations  []Destination              // nil is Destinations()
	Lifetime      time.Duration              // of the queue; 0 is five days
	Up            func(at time.Time) bool    // whether a scrape succeeds; nil is always
	Queue         bool                       // whether the exporter asks for the queue
	Receives      bool                       // its log is sent to the exporter by syslog
}

// Destination is a receiving organisation.
type Destination struct {
	Provider string // as the rules name it
	Domain   string // of its recipients
	Relay    string // its server's name
	Address  string // and address
	Share    float64
	Pace     float64 // seconds of a transmission, mostly
}

// Mix is the share of attempts that end with a class's reply, of each class. The
// rest is sent. The classes are those of Replies.
type Mix map[string]float64

// Incident changes what becomes of mail for some time.
type Incident struct {
	Span
	Instance string // "" is all hosts
	Provider string // "" is all
	Mix      Mix    // in place of the scenario's
}

// Healthy is the mix of a good day: 2 % bounces, some greylisting, some full
// mailboxes.
func Healthy() Mix {
	return Mix{
		"user_unknown": 0.011, "mailbox_disabled": 0.002, "spam_rejected": 0.002, "policy_rejected": 0.002, "domain_unknown": 0.001,
		"sender_auth_failed": 0.001, "message_too_large": 0.0005, "mailbox_full": 0.006, "greylisted": 0.012, "rate_limited": 0.006,
		"connection_failed": 0.004, "dns_failure": 0.001, "remote_error": 0.002,
	}
}

// mixOf is what holds for an attempt.
func (s *Scenario) mixOf(at time.Time, instance, provider string) Mix {
	for _, i := range s.Incidents {
		if i.Holds(at) && (i.Instance == "" || i.Instance == instance) && (i.Provider == "" || i.Provider == provider) {
			return i.Mix
		}
	}
	return s.Mix
}

// With is a mix with the shares of another in place of its own.
func (m Mix) With(other Mix) Mix {
	all := Mix{}
	for class, share := range m {
		all[class] = share
	}
	for class, share := range other {
		all[class] = share
	}
	return all
}
