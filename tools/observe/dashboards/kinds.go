package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/heatmap"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// number is one number in large letters. What it was before is drawn in the graphs.
func number(title, unit, expr string) *panel {
	return (&panel{title: title, unit: unit, make: makeStat, empty: "none", oneColour: blue}).with(q(expr, title)).size(4, 3)
}

func makeStat(p *panel) (dashboard.Panel, error) {
	b := stat.NewPanelBuilder().
		GraphMode(common.BigValueGraphModeNone).ColorMode(common.BigValueColorModeValue).
		Orientation(common.VizOrientationAuto).TextMode(common.BigValueTextModeValue).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(30)).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdThresholds))
	for i, x := range p.queries {
		b.WithTarget(target(i, x).Instant())
	}
	return b.Build()
}

// legendKind is how a graph's lines are named.
type legendKind uint8

// The kinds of legends.
const (
	legendBelow  legendKind = iota // a list
	legendBeside                   // a table with the mean, the largest first
)

// lines is a graph over time.
func lines(title, unit string, queries ...query) *panel {
	return (&panel{title: title, unit: unit, make: makeLines, empty: "nothing", mappings: []dashboard.ValueMapping{noTick()}}).with(queries...).size(12, 8).from(0)
}

// noTick keeps the words for nothing from the axis: Grafana formats the ticks that it
// leaves out as it does a missing value.
func noTick() dashboard.ValueMapping {
	blank := " "
	m := dashboard.NewSpecialValueMap()
	m.Options.Match, m.Options.Result.Text = dashboard.SpecialValueMatchNull, &blank
	return dashboard.ValueMapping{SpecialValueMap: m}
}

func makeLines(p *panel) (dashboard.Panel, error) {
	b := timeseries.NewPanelBuilder().
		Legend(p.legendOptions()).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending)).
		LineWidth(1.5).LineInterpolation(common.LineInterpolationLinear).ShowPoints(common.VisibilityModeNever).
		FillOpacity(6).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdPaletteClassic))
	p.draw(b)
	for i, x := range p.queries {
		b.WithTarget(target(i, x).Range())
	}
	return b.Build()
}

// draw says how lines are drawn.
func (p *panel) draw(b *timeseries.PanelBuilder) {
	if p.stack {
		b.Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal).Group("A")).FillOpacity(70).LineWidth(0)
	}
	if p.log {
		b.ScaleDistribution(common.NewScaleDistributionConfigBuilder().Type(common.ScaleDistributionLog).Log(10))
	}
	if p.oneColour != "" {
		b.ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdFixed).FixedColor(p.oneColour))
	}
	if p.steps != nil {
		b.ThresholdsStyle(common.NewGraphThresholdsStyleConfigBuilder().Mode(common.GraphThresholdsStyleModeDashed))
	}
}

func (p *panel) legendOptions() *common.VizLegendOptionsBuilder {
	b := common.NewVizLegendOptionsBuilder().ShowLegend(true).
		DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom).Calcs([]string{})
	if p.legend == legendBeside {
		b.DisplayMode(common.LegendDisplayModeTable).Placement(common.LegendPlacementRight).
			Calcs([]string{"mean"}).SortBy("Mean").SortDesc(true)
	}
	return b
}

// heat is a histogram over time: the classic buckets' rates.
func heat(title, unit, histogram string) *panel {
	// Without any series Grafana 10 fails: an empty bucket stands in.
	expr := "sum by (le) (increase(" + histogram + "[$w])) or on () label_replace(vector(0), \"le\", \"+Inf\", \"\", \"\")"
	return (&panel{title: title, unit: unit, make: makeHeat, empty: "nothing"}).with(q(expr, "{{le}}")).size(12, 9)
}

func makeHeat(p *panel) (dashboard.Panel, error) {
	b := heatmap.NewPanelBuilder().
		Calculate(false).
		Color(heatmap.NewHeatmapColorOptionsBuilder().Mode(heatmap.HeatmapColorModeOpacity).Scheme("Blues").Fill(blue).
			Scale(heatmap.HeatmapColorScaleExponential).Exponent(0.35).Steps(32)).
		FilterValues(heatmap.NewFilterValueRangeBuilder().Le(1e-9)).
		YAxis(heatmap.NewYAxisConfigBuilder().Unit(p.unit).AxisPlacement(common.AxisPlacementLeft)).
		RowsFrame(heatmap.NewRowsHeatmapOptionsBuilder().Layout(common.HeatmapCellLayoutAuto)).
		CellValues(heatmap.NewCellValuesBuilder().Unit(count).Decimals(0)).
		ShowValue(common.VisibilityModeNever).CellGap(1).
		Tooltip(heatmap.NewHeatmapTooltipBuilder().Mode(common.TooltipDisplayModeSingle).YHistogram(true).ShowColorScale(false)).
		HideLegend()
	for i, x := range p.queries {
		b.WithTarget(target(i, x).Range().Format(prometheus.PromQueryFormatHeatmap))
	}
	made, err := b.Build()
	if err == nil && made.FieldConfig == nil {
		made.FieldConfig = &dashboard.FieldConfigSource{}
	}
	return made, err
}
