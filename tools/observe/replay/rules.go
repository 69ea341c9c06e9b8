package replay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/tsdb"
)

// ruleSet is rule files in a Prometheus' rule manager.
type ruleSet struct {
	groups []*rules.Group
	text   string // of all files
}

// loadRules takes the groups that the plan asks for, of all rule files of a folder.
func loadRules(ctx context.Context, p *Plan, db *tsdb.DB, engine *promql.Engine) (*ruleSet, error) {
	dir := p.Rules
	files, err := ruleFiles(dir)
	if err != nil {
		return nil, err
	}
	m := rules.NewManager(&rules.ManagerOptions{
		ExternalURL: &url.URL{}, QueryFunc: rules.EngineQueryFunc(engine, db), Context: ctx, Appendable: db, Queryable: db,
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {}, Logger: slog.New(slog.DiscardHandler), Parser: parser.NewParser(parser.Options{}),
	})
	groups, faults := m.LoadGroups(time.Minute, labels.EmptyLabels(), "", nil, false, files...)
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("loading the rules of %s: %w", dir, err)
	}
	s := new(ruleSet)
	for _, g := range groups {
		if len(p.Groups) > 0 && !slices.Contains(p.Groups, g.Name()) {
			continue
		}
		for _, r := range g.AlertingRules() {
			r.SetRestored(true) // nothing was firing before
		}
		s.groups = append(s.groups, g)
	}
	slices.SortFunc(s.groups, func(a, b *rules.Group) int { return strings.Compare(a.Name(), b.Name()) })
	s.text, err = readAll(files)
	return s, err
}

// ruleFiles are the YAML files of a folder that hold rules.
func ruleFiles(dir string) (files []string, err error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	for _, name := range all {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if strings.Contains(string(text), "\ngroups:\n") {
			files = append(files, name)
		}
	}
	if len(files) == 0 && err == nil {
		err = fmt.Errorf("no rule files in %s: make alerts writes them", dir)
	}
	return files, err
}

func readAll(files []string) (string, error) {
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	return all.String(), nil
}

// eval evaluates all rules, at a simulated time.
func (s *ruleSet) eval(ctx context.Context, at time.Time) error {
	for _, g := range s.groups {
		g.Eval(ctx, at)
		for _, r := range g.Rules() {
			if err := r.LastError(); err != nil {
				return fmt.Errorf("rule %s at %v: %w", r.Name(), at.UTC(), err)
			}
		}
	}
	return nil
}
