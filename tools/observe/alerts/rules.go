package alerts

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// File is a rule file of Prometheus.
type File struct {
	Groups []Group `yaml:"groups"`
}

// Group is evaluated in order, once each interval.
type Group struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Rules    []Rule `yaml:"rules"`
}

// Rule records a series or, with Alert set, alerts.
type Rule struct {
	Record        string            `yaml:"record,omitempty"`
	Alert         string            `yaml:"alert,omitempty"`
	Expr          string            `yaml:"expr"`
	For           string            `yaml:"for,omitempty"`
	KeepFiringFor string            `yaml:"keep_firing_for,omitempty"`
	Labels        map[string]string `yaml:"labels,omitempty"`
	Annotations   map[string]string `yaml:"annotations,omitempty"`
}

// Parse reads a rule file.
func Parse(text []byte) (File, error) {
	var f File
	if err := yaml.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("reading rules: %w", err)
	}
	return f, nil
}
