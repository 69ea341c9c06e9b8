package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// tag ties our dashboards together: their menu lists what has it.
const tag = "postfix"

// source is the data source that the variable names.
func source() common.DataSourceRef {
	return common.DataSourceRef{Type: cog.ToPtr("prometheus"), Uid: cog.ToPtr("${datasource}")}
}

// builder is that of classic.
type builder = dashboard.DashboardBuilder //nolint:staticcheck // see classic

// shell is a dashboard without panels.
func (b *Board) shell() *builder {
	d := dashboard.NewDashboardBuilder(b.Title). //nolint:staticcheck // see classic

							Uid(b.UID).Description(b.About).Tags([]string{tag}).
							Readonly().
							Tooltip(dashboard.DashboardCursorSyncCrosshair).
							Time("now-6h", "now").Refresh("1m").Timezone("browser").
							Link(menu()).
							Annotation(b.alerts()).
							WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type("prometheus"))
	for _, v := range b.choices() {
		d.WithVariable(v)
	}
	return d
}

// choices are the variables beside the data source.
func (b *Board) choices() []*dashboard.QueryVariableBuilder {
	if b.ofFleet {
		return []*dashboard.QueryVariableBuilder{choice("job", "Job", "label_values("+ofOneFleet+", job)")}
	}
	all := []*dashboard.QueryVariableBuilder{
		choice("job", "Job", "label_values(postfix_log_lines_total, job)"),
		choice("instance", "Host", `label_values(postfix_log_lines_total{job=~"$job"}, instance)`),
	}
	if b.byProvider {
		all = append(all, choice("provider", "Provider", expand("label_values(postfix_deliveries_total{$host}, provider)")))
	}
	return all
}

// choice is a variable of which any number of values may be chosen.
func choice(name, label, query string) *dashboard.QueryVariableBuilder {
	all := dashboard.StringOrArrayOfString{ArrayOfString: []string{"$__all"}}
	text := dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}}
	return dashboard.NewQueryVariableBuilder(name).
		Label(label).
		Datasource(source()).
		Query(dashboard.StringOrMap{String: &query}).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).
		Sort(dashboard.VariableSortAlphabeticalAsc).
		Multi(true).IncludeAll(true).AllValue(".+").
		Current(dashboard.VariableOption{Selected: cog.ToPtr(true), Text: text, Value: all})
}

// menu lists the other dashboards, and takes variables and times along.
func menu() *dashboard.DashboardLinkBuilder {
	return dashboard.NewDashboardLinkBuilder("Postfix").
		Type(dashboard.DashboardLinkTypeDashboards).Tags([]string{tag}).Icon("external link").
		AsDropdown(true).IncludeVars(true).KeepTime(true)
}

// alerts marks when the alerts that fired began. An alert may have no instance. Of a
// fleet some warning is always there: only what wakes somebody is marked.
func (b *Board) alerts() *dashboard.AnnotationQueryBuilder {
	expr := beginnings(orNoHost, inJobs)
	if b.ofFleet {
		expr = beginnings(`$fleet, severity="critical"`, inFleet)
	}
	expr = expand(expr + " * 1000") // Grafana's time is in ms
	return dashboard.NewAnnotationQueryBuilder().
		Name("Alerts").Datasource(source()).Enable(true).IconColor(red).
		Target(prometheus.NewDataqueryBuilder().RefId("Anno").Expr(expr)).
		Expr(expr).UseValueForTime(true).
		TitleFormat("{{alertname}}").TextFormat("{{instance}} {{provider}}").TagKeys("severity").Step("60s")
}
