package replay

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/rules"
)

// Episode is one instance of an alert: pending, firing perhaps, and over.
type Episode struct {
	Alert, Severity string
	Instance        string // "" of an alert that is about no single host
	Labels          string
	Description     string // when it began to fire
	Pending         time.Time
	Firing          time.Time // zero: it never did
	Over            time.Time // zero: it is not
}

// Fired says whether it was more than pending.
func (e *Episode) Fired() bool { return !e.Firing.IsZero() }

// Wakes says whether somebody is told: it fired, at a severity of warning or above.
func (e *Episode) Wakes() bool {
	return e.Fired() && (e.Severity == "warning" || e.Severity == "critical")
}

func (e *Episode) String() string {
	clock := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.UTC().Format("Mon 15:04")
	}
	return fmt.Sprintf("%s %s: pending %s, firing %s, over %s: %s", e.Severity, e.Labels, clock(e.Pending), clock(e.Firing), clock(e.Over), e.Description)
}

// book keeps the episodes.
type book struct {
	open map[string]*Episode // by labels
	done []Episode
}

func newBook() *book { return &book{open: make(map[string]*Episode)} }

// note looks at all alerts after they were evaluated.
func (b *book) note(groups []*rules.Group, at time.Time) {
	seen := make(map[string]bool)
	for _, g := range groups {
		for _, r := range g.AlertingRules() {
			r.ForEachActiveAlert(func(a *rules.Alert) {
				if a.State != rules.StateInactive { // Prometheus keeps those that are over for a while
					b.see(a, at)
					seen[a.Labels.String()] = true
				}
			})
		}
	}
	for key, e := range b.open {
		if !seen[key] {
			e.Over = at
			b.done = append(b.done, *e)
			delete(b.open, key)
		}
	}
}

func (b *book) see(a *rules.Alert, at time.Time) {
	key := a.Labels.String()
	e := b.open[key]
	if e == nil {
		e = &Episode{Alert: a.Labels.Get("alertname"), Severity: a.Labels.Get("severity"), Instance: a.Labels.Get("instance"), Labels: key, Pending: a.ActiveAt}
		b.open[key] = e
	}
	if a.State == rules.StateFiring && !e.Fired() {
		e.Firing, e.Description = at, a.Annotations.Get("description")
	}
}

// close is all episodes, those that go on too, in the order in which they fired;
// those that never did come last.
func (b *book) close() []Episode {
	for _, e := range b.open {
		b.done = append(b.done, *e)
	}
	b.open = nil
	slices.SortFunc(b.done, func(x, y Episode) int {
		if x.Fired() != y.Fired() {
			return map[bool]int{true: -1, false: 1}[x.Fired()]
		}
		return cmp.Or(x.Firing.Compare(y.Firing), x.Pending.Compare(y.Pending), cmp.Compare(x.Labels, y.Labels))
	})
	return b.done
}
