package dashboards

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
)

// What a panel of the fleet may read, in series: of each host, and beside that with
// ten providers. docs/FLEET.md says how much that is for 500 hosts. Alerts are not
// counted: there are as many as fire.
const (
	hostSeries   = 4
	sharedSeries = 210
)

// touched are the series that a panel reads, each once.
type touched struct {
	hosts  map[string]int // by instance
	shared int
}

func (x *touched) most() (n int) {
	for _, of := range x.hosts {
		n = max(n, of)
	}
	return n
}

// A panel over a fleet reads a few series of each host, and for providers as many as
// they are, however many the hosts.
func TestFewSeries(t *testing.T) {
	most, shared := 0, 0
	for _, d := range read(t) {
		if d.UID != "postfix-fleet" {
			continue
		}
		for _, p := range d.Panels {
			if p.Type == "row" {
				continue
			}
			exprs := []string{}
			for _, x := range p.Targets {
				exprs = append(exprs, x.Expr)
			}
			read := reads(t, exprs)
			t.Logf("%-30s %d of each host, %d beside", p.Title, read.most(), read.shared)
			if read.most() > hostSeries || read.shared > sharedSeries {
				t.Errorf("%s reads %d series of a host, %d beside", p.Title, read.most(), read.shared)
			}
			most, shared = max(most, read.most()), max(shared, read.shared)
		}
	}
	if most == 0 || shared == 0 {
		t.Errorf("%d series of a host and %d beside: nothing is counted", most, shared)
	}
	if raw := reads(t, []string{`sum by (provider) (rate(postfix_deliveries_total[5m]))`}); raw.most() <= hostSeries {
		t.Errorf("what the fleet is spared are %d series of a host", raw.most())
	}
}

// reads counts the series that expressions select, in the recorded data's last two hours.
func reads(t *testing.T, exprs []string) touched {
	t.Helper()
	db, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	q, err := db.Querier(now.Add(-2*time.Hour).UnixMilli(), now.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	all, seen := touched{hosts: map[string]int{}}, map[string]bool{}
	for _, expr := range exprs {
		parsed, err := parser.NewParser(parser.Options{}).ParseExpr(grafana.Replace(expr))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range selectors(parsed) {
			if strings.HasPrefix(s.Name, "ALERTS") {
				continue
			}
			all.add(t, q.Select(t.Context(), false, nil, s.LabelMatchers...), seen)
		}
	}
	return all
}

func (x *touched) add(t *testing.T, set storage.SeriesSet, seen map[string]bool) {
	t.Helper()
	for set.Next() {
		l := set.At().Labels()
		if seen[l.String()] {
			continue
		}
		seen[l.String()] = true
		if host := l.Get("instance"); host != "" {
			x.hosts[host]++
		} else {
			x.shared++
		}
	}
	if set.Err() != nil {
		t.Fatal(set.Err())
	}
}

// The fleet's dashboard asks nothing that hosts tell, but what is one series of a host.
func TestFleetIsRecorded(t *testing.T) {
	single := map[string]bool{"up": true, "ALERTS": true, "ALERTS_FOR_STATE": true}
	for _, d := range read(t) {
		if d.UID != "postfix-fleet" {
			continue
		}
		for _, p := range d.Panels {
			for _, x := range p.Targets {
				parsed, err := parser.NewParser(parser.Options{}).ParseExpr(grafana.Replace(x.Expr))
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range selectors(parsed) {
					if !strings.Contains(s.Name, ":") && !single[s.Name] {
						t.Errorf("%q asks %s", p.Title, s.Name)
					}
				}
			}
		}
		if !strings.Contains(d.Description, "alerts/fleet.yaml") {
			t.Error("its description doesn't say that it needs alerts/fleet.yaml")
		}
	}
}
