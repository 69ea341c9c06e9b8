// Package thresholds reads alerts/thresholds.yaml: when an alert fires, and so
// where a dashboard turns red.
//
//	set, err := thresholds.Load("../../alerts/thresholds.yaml")
//	limit, err := set.Value("bounce_ratio_spike") // 0.05
package thresholds

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Set is the whole file.
type Set struct {
	Links struct {
		Runbooks   string `yaml:"runbooks"`   // the page with a section for each alert
		Dashboards string `yaml:"dashboards"` // what stands before a dashboard's uid
	} `yaml:"links"`
	Job    string      `yaml:"job"`    // the scrape job of the exporters
	Labels []string    `yaml:"labels"` // those that tell one exporter from another
	All    []Threshold `yaml:"thresholds"`
}

// Threshold is one number of the rules.
type Threshold struct {
	Name  string  `yaml:"name"`
	Value float64 `yaml:"value"`
	Unit  string  `yaml:"unit"` // one of Units
	Why   string  `yaml:"why"`
}

// Units are all that a threshold can be measured in.
func Units() []string { return []string{"ratio", "count", "times", "seconds", "bytes", "hours"} }

// Load reads a file. What is missing in it, twice or unknown is an error.
func Load(path string) (*Set, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the thresholds: %w", err)
	}
	s := new(Set)
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Value is the threshold of that name.
func (s *Set) Value(name string) (float64, error) {
	t, err := s.Get(name)
	return t.Value, err
}

// Get is the threshold of that name, with its unit and reason.
func (s *Set) Get(name string) (Threshold, error) {
	for _, t := range s.All {
		if t.Name == name {
			return t, nil
		}
	}
	return Threshold{}, fmt.Errorf("no threshold %q: add it to alerts/thresholds.yaml", name)
}

func (s *Set) check() error {
	var faults []error
	if s.Links.Runbooks == "" || s.Links.Dashboards == "" || s.Job == "" || len(s.Labels) == 0 {
		faults = append(faults, errors.New("links, job and labels are all needed"))
	}
	seen := map[string]bool{}
	for _, t := range s.All {
		if t.Name == "" || t.Why == "" || !slices.Contains(Units(), t.Unit) || t.Value <= 0 || seen[t.Name] {
			faults = append(faults, fmt.Errorf("threshold %q: it needs a name of its own, a value above 0, a unit of %v and a reason", t.Name, Units()))
		}
		seen[t.Name] = true
	}
	return errors.Join(faults...)
}
