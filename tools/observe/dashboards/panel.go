package dashboards

import (
	"maps"
	"slices"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// Units of Grafana's, and our own.
const (
	perMinute = "suffix:/min"
	count     = "locale"
	ratio     = "percentunit"
	seconds   = "s"
	bytesUnit = "bytes"
	words     = "string"
)

// panel is what a dashboard says of one panel. Its methods change it and give it
// back, so that they can be written in a row.
type panel struct {
	title, description string
	width, height      uint32
	unit               string
	queries            []query
	make               func(*panel) (dashboard.Panel, error) // by its kind

	places    *float64 // decimals
	empty     string   // shown where there is nothing
	steps     []dashboard.Threshold
	mappings  []dashboard.ValueMapping
	colours   palette
	oneColour string
	stack     bool
	lowest    *float64
	highest   *float64
	log       bool // the scale
	minStep   string
	legend    legendKind
	columns   []column
	sortBy    string
	links     []dashboard.DashboardLink
	matrix    *[3]string // row, column, value
}

type override struct {
	name       string
	properties []dashboard.DynamicConfigValue
}

// about is what a tired postmaster reads behind the (i): what it shows, what is bad
// and what to do then.
func (p *panel) about(text string) *panel { p.description = text; return p }

// size is in columns (of 24) and lines of the grid.
func (p *panel) size(width, height uint32) *panel { p.width, p.height = width, height; return p }

func (p *panel) decimals(n float64) *panel { p.places = &n; return p }
func (p *panel) none(text string) *panel   { p.empty = text; return p }
func (p *panel) stacked() *panel           { p.stack = true; return p }

// share has the scale of one.
func (p *panel) share() *panel                 { p.lowest, p.highest = new(0.0), new(1.0); return p }
func (p *panel) from(low float64) *panel       { p.lowest = &low; return p }
func (p *panel) logScale() *panel              { p.log, p.lowest = true, nil; return p }
func (p *panel) step(atLeast string) *panel    { p.minStep = atLeast; return p }
func (p *panel) in(colours palette) *panel     { p.colours = colours; return p }
func (p *panel) colour(one string) *panel      { p.oneColour = one; return p }
func (p *panel) with(queries ...query) *panel  { p.queries = append(p.queries, queries...); return p }
func (p *panel) beside() *panel                { p.legend = legendBeside; return p }
func (p *panel) to(title, url string) *panel   { p.links = append(p.links, link(title, url)); return p }
func (p *panel) show(columns ...column) *panel { p.columns = columns; return p }
func (p *panel) sorted(column string) *panel   { p.sortBy = column; return p }
func (p *panel) says(value, text, c string) *panel {
	p.mappings = append(p.mappings, mapping(value, text, c))
	return p
}
func (p *panel) cross(row, col, value string) *panel {
	p.matrix = &[3]string{row, col, value}
	return p
}

// alarm paints it by the limits of the alerts.
func (p *panel) alarm(l limit) *panel { p.steps = l.steps(); return p }

// atLeast paints it red below a limit.
func (p *panel) atLeast(n float64) *panel {
	p.steps = []dashboard.Threshold{{Color: red}, {Value: &n, Color: green}}
	return p
}

func (l limit) steps() []dashboard.Threshold {
	all := []dashboard.Threshold{{Color: green}}
	if l.warning > 0 {
		all = append(all, dashboard.Threshold{Value: cog.ToPtr(l.warning), Color: amber})
	}
	if l.critical > 0 {
		all = append(all, dashboard.Threshold{Value: cog.ToPtr(l.critical), Color: red})
	}
	return all
}

func mapping(value, text, colour string) dashboard.ValueMapping {
	return dashboard.ValueMapping{ValueMap: &dashboard.ValueMap{Type: "value", Options: map[string]dashboard.ValueMappingResult{
		value: {Text: &text, Color: &colour, Index: cog.ToPtr[int32](0)},
	}}}
}

// build makes the panel of its kind, and adds what all kinds have.
func (p *panel) build() (dashboard.Panel, error) {
	made, err := p.make(p)
	if err != nil {
		return made, err
	}
	made.Title, made.Description, made.Transparent = &p.title, &p.description, nil
	made.RepeatDirection = nil
	made.Datasource = cog.ToPtr(source())
	if p.minStep != "" {
		made.Interval = &p.minStep
	}
	fields := made.FieldConfig
	fields.Defaults.Unit, fields.Defaults.Decimals = &p.unit, p.places
	fields.Defaults.Min, fields.Defaults.Max = p.lowest, p.highest
	fields.Defaults.Mappings, fields.Defaults.Links = p.mappings, p.links
	if p.empty != "" {
		fields.Defaults.NoValue = &p.empty
	}
	p.paint(fields)
	return made, nil
}

func (p *panel) paint(fields *dashboard.FieldConfigSource) {
	switch {
	case p.steps != nil:
		fields.Defaults.Thresholds = &dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: p.steps}
	case p.oneColour != "":
		fields.Defaults.Thresholds = &dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: []dashboard.Threshold{{Color: p.oneColour}}}
	}
	for _, o := range p.colours.overrides(slices.Sorted(maps.Keys(p.colours))) {
		fields.Overrides = append(fields.Overrides, o.made())
	}
}

func (o override) made() dashboard.DashboardFieldConfigSourceOverrides {
	return dashboard.DashboardFieldConfigSourceOverrides{
		Matcher:    dashboard.MatcherConfig{Id: "byName", Options: o.name},
		Properties: o.properties,
	}
}

// target is a query as Grafana has it.
func target(n int, x query) *prometheus.DataqueryBuilder {
	return prometheus.NewDataqueryBuilder().
		RefId(string(rune('A' + n))).Datasource(source()).Expr(expand(x.expr)).LegendFormat(x.legend)
}
