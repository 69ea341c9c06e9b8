package replay

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"

	"postfix_exporter/tools/observe/history"
)

// scraper does what Prometheus does with a target: samples with job and instance,
// `up`, and a mark of staleness where a series is gone. It takes those metrics alone
// that some rule names.
type scraper struct {
	host   *history.Running
	rules  string                      // their text
	names  map[*prometheus.Desc]string // "" of those that no rule names
	wanted map[string]bool             // by name
	series map[string]*series          // by name and labels
	to     storage.Appender
	at     int64
	build  labels.ScratchBuilder
	key    []byte
	err    error
}

func newScraper(host *history.Running, ruleText string) *scraper {
	return &scraper{host: host, rules: ruleText, names: make(map[*prometheus.Desc]string), wanted: make(map[string]bool), series: make(map[string]*series)}
}

// scrape writes what the host's exporter answers at that time; of a target that
// Prometheus does not know, or no more, nothing.
func (s *scraper) scrape(ctx context.Context, db storage.Appendable, at time.Time, known bool) error {
	s.to, s.at = db.Appender(ctx), at.UnixMilli()
	up := s.host.Up == nil || s.host.Up(at)
	if known && up {
		s.collect()
	}
	if known {
		s.add("up", nil, "", map[bool]float64{true: 1}[up])
	}
	s.forget()
	if s.err != nil {
		_ = s.to.Rollback()
		return fmt.Errorf("scrape of %s at %v: %w", s.host.Instance, at, s.err)
	}
	return s.to.Commit()
}

func (s *scraper) collect() {
	ch := make(chan prometheus.Metric, 64)
	go func() {
		defer close(ch)
		s.host.Collector().Collect(ch)
	}()
	for m := range ch {
		name := s.name(m.Desc())
		if name == "" {
			continue
		}
		var d dto.Metric
		if err := m.Write(&d); err != nil && s.err == nil {
			s.err = err
		}
		s.metric(name, &d)
	}
}

// name is the metric's, if a rule names it.
func (s *scraper) name(d *prometheus.Desc) string {
	name, known := s.names[d]
	if known {
		return name
	}
	if len(s.names) > 1000 { // each list of the queue has descriptions of its own
		clear(s.names)
	}
	_, rest, _ := strings.Cut(d.String(), `fqName: "`)
	name, _, _ = strings.Cut(rest, `"`)
	if !s.isWanted(name) {
		name = ""
	}
	s.names[d] = name
	return name
}

func (s *scraper) isWanted(name string) bool {
	wanted, known := s.wanted[name]
	if !known {
		wanted = strings.Contains(s.rules, name)
		s.wanted[name] = wanted
	}
	return wanted
}

// forget marks the series that this scrape did not have.
func (s *scraper) forget() {
	for _, one := range s.series {
		if one.last != s.at && !one.stale {
			one.stale = true
			s.append(one, math.Float64frombits(value.StaleNaN))
		}
	}
}
