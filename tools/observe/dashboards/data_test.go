package dashboards

import (
	"context"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"

	"postfix_exporter/tools/observe/history"
	"postfix_exporter/tools/observe/replay"
)

// now is when the recorded data end.
var now = time.Date(2026, time.November, 20, 14, 0, 0, 0, time.UTC)

// empty are the queries without data on the recorded set, and why.
var empty = map[string]string{
	"postfix-overview, Deliveries by outcome, B": "nobody uses soft_bounce",
	"postfix-exporter, Overflow of families, A":  "no family is full",
	"postfix-fleet, Longest queues, B":           "a usual value needs six hours of history",
	"postfix-fleet, Quiet or gone, C":            "the same",
}

// recorded is a Prometheus' database with the demonstration's last hours, what the
// rules record of them, and the alerts that fired. Made once: it takes some seconds.
var recorded = sync.OnceValues(func() (*tsdb.DB, error) {
	_, db, err := replay.Record(context.Background(), history.Demo(now, 4), alertsFolder, dataDir)
	return db, err
})

const alertsFolder = "../../../alerts"

// dataDir is set by TestMain.
var dataDir string

func engine(t *testing.T) *promql.Engine {
	t.Helper()
	return promql.NewEngine(promql.EngineOpts{MaxSamples: 50_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute, EnableAtModifier: true, EnableNegativeOffset: true,
		Parser: parser.NewParser(parser.Options{})})
}

// ask runs a query for some hosts as Grafana does, over the last two hours.
func ask(t *testing.T, expr, instance string, instant bool) promql.Vector {
	t.Helper()
	db, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	expr = grafana.Replace(strings.ReplaceAll(expr, "$instance", instance))
	var query promql.Query
	if instant {
		query, err = engine(t).NewInstantQuery(t.Context(), db, nil, expr, now.Add(-time.Minute))
	} else {
		query, err = engine(t).NewRangeQuery(t.Context(), db, nil, expr, now.Add(-2*time.Hour), now.Add(-time.Minute), 5*time.Minute)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, expr)
	}
	defer query.Close()
	result := query.Exec(t.Context())
	if result.Err != nil {
		t.Fatalf("%v: %s", result.Err, expr)
	}
	return lasts(result)
}

// lasts are the newest values of each series.
func lasts(r *promql.Result) (all promql.Vector) {
	switch v := r.Value.(type) {
	case promql.Vector:
		return v
	case promql.Matrix:
		for _, s := range v {
			all = append(all, promql.Sample{Metric: s.Metric, F: s.Floats[len(s.Floats)-1].F})
		}
	}
	return all
}

// Each query has data on hosts that work, and on the recorded set as a whole.
func TestData(t *testing.T) {
	for _, d := range read(t) {
		for _, p := range d.Panels {
			for _, x := range p.Targets {
				where := d.UID + ", " + p.Title + ", " + x.RefID
				found := false
				for _, s := range ask(t, x.Expr, ".+", x.Instant) {
					found = found || !math.IsNaN(s.F)
				}
				if x.LegendFormat == "all others" && !found {
					continue // there are no more than are shown
				}
				if found == (empty[where] != "") {
					t.Errorf("%s: data %v, query %s: %s", where, found, x.RefID, x.Expr)
				}
			}
		}
	}
}

// On a host that has sent nothing yet no query fails, none gives what is no number,
// and the large numbers show 0 or say in words that there is nothing.
func TestNothingYet(t *testing.T) {
	for _, d := range read(t) {
		for _, p := range d.Panels {
			for _, x := range p.Targets {
				expr := x.Expr
				if d.UID == "postfix-fleet" { // and of no host at all, or without its rules
					expr = strings.ReplaceAll(expr, "$job", "none")
				}
				all := ask(t, expr, "new.+", x.Instant)
				for _, s := range all {
					if p.Type == "stat" && (math.IsNaN(s.F) || math.IsInf(s.F, 0)) {
						t.Errorf("%s, %q on a new host: %v", d.UID, p.Title, s)
					}
				}
				if len(all) == 0 && p.FieldConfig.Defaults.NoValue == "" {
					t.Errorf("%s, %q on a new host: nothing to show, and no words for it", d.UID, p.Title)
				}
			}
		}
	}
}

// panelOf is the query of a large number.
func panelOf(t *testing.T, uid, title string) string {
	t.Helper()
	for _, b := range All() {
		if b.UID == uid && len(b.Queries()[title]) == 1 {
			return b.Queries()[title][0]
		}
	}
	t.Fatalf("%s has no number %s", uid, title)
	return ""
}

// Several hosts add up: volumes are sums, and a ratio is of the sums.
func TestSums(t *testing.T) {
	one := func(expr, instance string) float64 {
		v := ask(t, expand(expr), instance, true)
		if len(v) != 1 {
			t.Fatalf("%d values of %s", len(v), expr)
		}
		return v[0].F
	}
	for _, counter := range []string{sent, bounced, ended, received} {
		expr := countOf(counter, "")
		all, parts := one(expr, ".+"), one(expr, "mx1.+")+one(expr, "mx2.+")
		if all == 0 || math.Abs(all-parts) > 1e-6*all {
			t.Errorf("%s: %g, of the hosts %g", expr, all, parts)
		}
	}
	for _, title := range []string{"Received", "Sent"} {
		stat := panelOf(t, "postfix-overview", title)
		if got, want := one(stat, ".+"), one(stat, "mx1.+")+one(stat, "mx2.+"); math.Abs(got-want) > 1e-6*want || want == 0 {
			t.Errorf("%s of all hosts is %g, of each together %g", title, got, want)
		}
	}
	whole := func(counter, instance string) float64 { return one("sum(rate("+counter+"[$w]))", instance) }
	if got, want := one(panelOf(t, "postfix-overview", "Bounced"), ".+"), (whole(bounced, "mx1.+")+whole(bounced, "mx2.+"))/(whole(ended, "mx1.+")+whole(ended, "mx2.+")); math.Abs(got-want) > 1e-9 {
		t.Errorf("the ratio of all hosts is %g, want %g", got, want)
	}
	expr := share(countOf(bounced, ""), countOf(ended, ""))
	want := (one(countOf(bounced, ""), "mx1.+") + one(countOf(bounced, ""), "mx2.+")) / one(countOf(ended, ""), ".+")
	if got := one(expr, ".+"); math.Abs(got-want) > 1e-9 {
		t.Errorf("ratio %g, want %g", got, want)
	}
}
