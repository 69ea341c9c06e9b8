package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

// play plays a scenario of one host to its end.
func play(t *testing.T, s Scenario) *Running {
	t.Helper()
	f, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Advance(s.Spans[len(s.Spans)-1].To); err != nil {
		t.Fatal(err)
	}
	return f.Hosts()[0]
}

func hours(n int) []Span { return []Span{{noon, noon.Add(time.Duration(n) * time.Hour)}} }

// sum adds up a family's counters that have the labels given.
func sum(t *testing.T, r *Running, name string, want map[string]string) (total float64) {
	t.Helper()
	families, err := r.Scrape()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.Metric {
			if f.GetName() == name && has(m, want) {
				total += m.Counter.GetValue() + m.Gauge.GetValue()
			}
		}
	}
	return total
}

func has(m *dto.Metric, want map[string]string) bool {
	n := 0
	for _, p := range m.Label {
		if v, ok := want[p.GetName()]; ok && v == p.GetValue() {
			n++
		}
	}
	return n == len(want)
}

// Every reply is judged as what its name says, by the rules that we ship; and what
// the scenario asks for is what the engine counts.
func TestReplies(t *testing.T) {
	for name, reply := range Replies {
		class := map[string]string{"spamhaus": "blocklisted", "relay_refused": "connection_failed", "relay_untrusted": "tls_failed"}[name]
		if class == "" {
			class = name
		}
		family := "postfix_bounces_total"
		if reply.Status == "deferred" {
			family = "postfix_deferrals_total"
		}
		host := play(t, Scenario{Spans: hours(1), Mix: Mix{name: 1}, Hosts: []Host{{Outgoing: Steady(2), Name: "mx1"}}})
		all, right := sum(t, host, family, nil), sum(t, host, family, map[string]string{"class": class})
		if all < 50 || right != all {
			t.Errorf("%s: %g of %g are %s", name, right, all, class)
		}
	}
}

// The mix comes out in the numbers, and all lines are understood.
func TestMix(t *testing.T) {
	host := play(t, Scenario{Spans: hours(6), Hosts: []Host{{Name: "mx1", Outgoing: Steady(30), Incoming: Steady(5), Visitors: Steady(5), Queue: true}}})
	sent := sum(t, host, "postfix_deliveries_total", map[string]string{"status": "sent"})
	bounced := sum(t, host, "postfix_deliveries_total", map[string]string{"status": "bounced"})
	if ratio := bounced / (sent + bounced); ratio < 0.01 || ratio > 0.03 {
		t.Errorf("%g of mail bounced, want about 0.02", ratio)
	}
	bad := sum(t, host, "postfix_log_lines_total", map[string]string{"outcome": "unrecognized"})
	if parsed := sum(t, host, "postfix_log_lines_total", map[string]string{"outcome": "parsed"}); parsed < 100_000 || bad/parsed > 0.001 {
		t.Errorf("%g lines parsed, %g unrecognized", parsed, bad)
	}
	for _, d := range Destinations() {
		if sum(t, host, "postfix_deliveries_total", map[string]string{"provider": d.Provider, "status": "sent"}) == 0 {
			t.Errorf("no mail to %s: do the rules name it so?", d.Provider)
		}
	}
	if n := sum(t, host, "postfix_queue_messages", map[string]string{"queue": "deferred"}); n < 5 || n > 300 {
		t.Errorf("%g messages wait", n)
	}
}

// An incident changes one provider at one time.
func TestIncident(t *testing.T) {
	s := Scenario{Spans: hours(2), Mix: Mix{}, Hosts: []Host{{Name: "mx1", Instance: "a", Outgoing: Steady(60)}, {Name: "mx2", Instance: "b", Outgoing: Steady(60)}},
		Incidents: []Incident{{Span{noon.Add(time.Hour), noon.Add(2 * time.Hour)}, "a", "google", Mix{"blocklisted": 1}}}}
	f, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	counts := func(class map[string]string) (all [2]float64) {
		for i, h := range f.Hosts() {
			all[i] = sum(t, h, "postfix_bounces_total", class)
		}
		return all
	}
	if err := f.Advance(noon.Add(time.Hour)); err != nil || counts(nil) != [2]float64{} {
		t.Fatalf("bounces before the incident: %v, %v", counts(nil), err)
	}
	if err := f.Advance(noon.Add(2 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	all, google := counts(nil), counts(map[string]string{"provider": "google", "class": "blocklisted"})
	if all[0] < 500 || all != google || all[1] != 0 {
		t.Errorf("bounces %v, of google's list %v", all, google)
	}
}

// One scenario makes the same samples each time, and what follows a scrape sees it.
func TestRecord(t *testing.T) {
	text := func() string {
		f, err := New(Scenario{Seed: 3, Spans: hours(3), Hosts: []Host{{Job: "postfix", Instance: "a", Name: "mx1", Outgoing: Steady(5), Visitors: Steady(5), Queue: true}}})
		if err != nil {
			t.Fatal(err)
		}
		to, times := new(tape), 0
		err = f.Record(context.Background(), to, func(_ context.Context, at time.Time) error {
			if times++; !at.Equal(f.Now()) || to.commits != times {
				t.Fatalf("at %v, the fleet at %v, %d scrapes", at, f.Now(), to.commits)
			}
			return nil
		})
		if err != nil || times != 180 {
			t.Fatalf("%d scrapes: %v", times, err)
		}
		return to.String()
	}
	first, again := text(), text()
	if first != again {
		t.Error("one scenario made two histories")
	}
	if n := strings.Count(first, `{__name__="up", instance="a", job="postfix"} 1`); n != 180 {
		t.Errorf("up is there %d times", n)
	}
}

// tape writes down what is appended.
type tape struct {
	strings.Builder
	commits int
}

func (t *tape) Appender(context.Context) storage.Appender { return pen{tape: t} }

// pen writes on a tape.
type pen struct {
	storage.Appender // nil: of what nobody calls
	*tape
}

func (t pen) Append(_ storage.SeriesRef, l labels.Labels, at int64, v float64) (storage.SeriesRef, error) {
	fmt.Fprintln(t, at, l, v)
	return 0, nil
}

func (t pen) Commit() error { t.commits++; return nil }

// A fault of what follows a scrape ends the record.
func TestRecordFault(t *testing.T) {
	f, err := New(Scenario{Spans: hours(3)})
	if err != nil {
		t.Fatal(err)
	}
	fault := errors.New("a rule")
	if err := f.Record(context.Background(), new(tape), func(context.Context, time.Time) error { return fault }); !errors.Is(err, fault) {
		t.Errorf("it says %v", err)
	}
}

func TestNothingToPlay(t *testing.T) {
	if _, err := New(Scenario{}); err == nil {
		t.Error("a scenario without a span was taken")
	}
	f, err := New(Scenario{Spans: hours(1)})
	if err != nil {
		t.Fatal(err)
	}
	f.hosts = append(f.hosts, &Running{sim: newSimulation(&f.scenario, Host{}, 1, noon)})
	if err := f.Advance(noon.Add(-time.Hour)); err == nil {
		t.Error("went back in time")
	}
}

// It makes no odds how often the fleet is asked to go on: live, it is asked with
// each scrape.
func TestSmallSteps(t *testing.T) {
	f, err := New(Scenario{Spans: hours(1), Mix: Mix{}, Hosts: []Host{{Name: "mx1", Outgoing: Steady(60), Visitors: Steady(30)}}})
	if err != nil {
		t.Fatal(err)
	}
	for at := noon; at.Before(noon.Add(time.Hour)); at = at.Add(700 * time.Millisecond) {
		if err := f.Advance(at); err != nil {
			t.Fatal(err)
		}
	}
	if n := sum(t, f.Hosts()[0], "postfix_deliveries_total", nil); n < 3300 || n > 3900 {
		t.Errorf("%g deliveries in an hour, want about 3600", n)
	}
}
