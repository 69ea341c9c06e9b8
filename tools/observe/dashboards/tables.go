package dashboards

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	sdktable "github.com/grafana/grafana-foundation-sdk/go/table"
)

// column is one of a table: a label, or the value of a query ("#A").
type column struct {
	from, title, unit string
	width             float64
	places            float64
	cell              string // how its cells are drawn; "" is plain
	steps             []dashboard.Threshold
	url               string
	maps              []dashboard.ValueMapping
	whole             bool // a click shows the whole text
}

func label(name, title string) column { return column{from: name, title: title, unit: words} }

func value(query, title, unit string) column {
	return column{from: "Value #" + query, title: title, unit: unit, width: 85}
}

func (c column) wide(width float64) column { c.width = width; return c }
func (c column) tenths() column            { c.places = 1; return c }
func (c column) bar(colour string) column {
	c.cell, c.steps = "gauge", []dashboard.Threshold{{Color: colour}}
	return c
}
func (c column) alarm(l limit) column   { c.cell, c.steps = "color-text", l.steps(); return c }
func (c column) inspected() column      { c.whole = true; return c }
func (c column) link(url string) column { c.url = url; return c }
func (c column) says(value, text, colour string) column {
	c.cell, c.maps = "color-text", append(c.maps, mapping(value, text, colour))
	return c
}

// table has a row for each set of labels that its queries share.
func table(title string, exprs ...string) *panel {
	p := &panel{title: title, unit: count, make: makeTable, empty: "nothing"}
	for _, x := range exprs {
		p.with(q(x, ""))
	}
	return p.size(12, 8)
}

func makeTable(p *panel) (dashboard.Panel, error) {
	b := sdktable.NewPanelBuilder().
		ShowHeader(true).CellHeight(common.TableCellHeightSm).
		Align(common.FieldTextAlignmentAuto).MinWidth(60).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdThresholds)).
		Footer(common.NewTableFooterOptionsBuilder().Show(false).Reducer([]string{}))
	if p.sortBy != "" {
		b.SortBy([]cog.Builder[common.TableSortByFieldState]{common.NewTableSortByFieldStateBuilder().DisplayName(p.sortBy).Desc(true)})
	}
	for i, x := range p.queries {
		b.WithTarget(target(i, x).Instant().Format(prometheus.PromQueryFormatTable))
	}
	for _, t := range p.transformations() {
		b.WithTransformation(t)
	}
	if p.matrix != nil {
		corner := p.matrix[0] + `\` + p.matrix[1]
		b.Width(80).OverrideByFieldType("number", []dashboard.DynamicConfigValue{{Id: "noValue", Value: ""}}).OverrideByName(corner, []dashboard.DynamicConfigValue{{Id: "custom.width", Value: 150}, {Id: "displayName", Value: corner}})
	}
	for _, c := range p.columns {
		b.OverrideByName(c.title, c.properties())
	}
	return b.Build()
}

// transformations join the queries and name the columns, in our order.
func (p *panel) transformations() []dashboard.DataTransformerConfig {
	if p.matrix != nil {
		return []dashboard.DataTransformerConfig{{Id: "groupingToMatrix", Options: map[string]any{
			"rowField": p.matrix[0], "columnField": p.matrix[1], "valueField": p.matrix[2], "emptyValue": "empty",
		}}}
	}
	names, order, hidden := map[string]string{}, map[string]int{}, map[string]bool{"Time": true}
	for i, c := range p.columns {
		from := c.from
		if from == "Value #A" && len(p.queries) == 1 {
			from = "Value"
		}
		names[from], order[from] = c.title, i
	}
	all := []dashboard.DataTransformerConfig{}
	if len(p.queries) > 1 {
		all = append(all, dashboard.DataTransformerConfig{Id: "merge", Options: map[string]any{}})
	}
	if !p.shows("Value #A") {
		hidden["Value"], hidden["Value #A"] = true, true
	}
	return append(all, dashboard.DataTransformerConfig{Id: "organize", Options: map[string]any{
		"excludeByName": hidden, "indexByName": order, "renameByName": names,
	}})
}

func (p *panel) shows(from string) bool {
	for _, c := range p.columns {
		if c.from == from {
			return true
		}
	}
	return false
}

func (c column) properties() []dashboard.DynamicConfigValue {
	all := []dashboard.DynamicConfigValue{{Id: "unit", Value: c.unit}}
	set := func(id string, v any) { all = append(all, dashboard.DynamicConfigValue{Id: id, Value: v}) }
	// The panel's own words for nothing would stand in each empty cell.
	if c.unit == words {
		set("noValue", "")
	} else {
		set("decimals", c.places)
		set("noValue", "0")
	}
	if c.whole { // wraps in Grafana 10.4 and later
		set("custom.inspect", true)
		set("custom.cellOptions", map[string]any{"type": "auto", "wrapText": true})
	}
	if c.width > 0 {
		set("custom.width", c.width)
	}
	if c.cell != "" {
		set("custom.cellOptions", cellOptions(c.cell))
	}
	if c.steps != nil {
		set("thresholds", dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: c.steps})
	}
	if c.maps != nil {
		set("mappings", c.maps)
	}
	if c.url != "" {
		set("links", []dashboard.DashboardLink{link(c.title, c.url)})
	}
	return all
}

func cellOptions(kind string) map[string]any {
	if kind == "gauge" {
		return map[string]any{"type": "gauge", "mode": "basic"}
	}
	return map[string]any{"type": kind}
}

// link is one of a cell or a number.
func link(title, url string) dashboard.DashboardLink {
	return dashboard.DashboardLink{Title: title, Type: dashboard.DashboardLinkTypeLink, Url: &url, Tags: []string{}}
}

// toBoard is the address of another dashboard for the same hosts and time. filter
// may add variables, such as "var-provider=${__data.fields.Provider}".
func toBoard(uid, filter string) string {
	if filter != "" {
		filter = "&" + filter
	}
	return fmt.Sprintf("/d/%s?${datasource:queryparam}&${job:queryparam}&${instance:queryparam}%s&${__url_time_range}", uid, filter)
}

// toBoardOf is the same without the hosts that were chosen here: filter may choose others.
func toBoardOf(uid, filter string) string {
	return fmt.Sprintf("/d/%s?${datasource:queryparam}&${job:queryparam}&%s&${__url_time_range}", uid, filter)
}

// thisHost and thisProvider choose what a table's row is of.
const (
	thisHost     = "var-instance=${__data.fields.Host}"
	thisProvider = "var-provider=${__data.fields.Provider}"
)
