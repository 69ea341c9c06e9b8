package dashboards

// Expressions that more than one dashboard asks. Mail is sent or bounced in the
// end; deferred is an attempt that will be made again.
// What is delivered on the host itself is in no ratio, as it is in none of the alerts.
const (
	sent        = `postfix_deliveries_total{$host, status="sent"}`
	sentOut     = `postfix_deliveries_total{$host, $out, status="sent"}`
	attempts    = `postfix_deliveries_total{$host, $out, status=~"sent|deferred|bounced|soft_bounced"}`
	ended       = `postfix_deliveries_total{$host, $out, status=~"sent|bounced"}`
	deferred    = `postfix_deliveries_total{$host, $out, status=~"deferred|soft_bounced"}`
	bounced     = `postfix_deliveries_total{$host, $out, status="bounced"}`
	bounceBooks = `postfix_bounces_total{$host, $out}`
	deferBooks  = `postfix_deferrals_total{$host, $out}`
	received    = `postfix_messages_received_total{$host}`
	rejected    = `postfix_noqueue_rejects_total{$host}`
	blocked     = `postfix_bounces_total{$host, $out, kind="block"}`
)

// steady is the least step of ratios: over shorter windows they jump.
const steady = "5m"

// attemptsByOutcome leaves out soft_bounced where nothing is.
func attemptsByOutcome() []query {
	return []query{
		q(rateOf(`postfix_deliveries_total{$host, status=~"sent|deferred|bounced"}`, "status"), "{{status}}"),
		q(rateOf(`postfix_deliveries_total{$host, status="soft_bounced"}`, "status")+" > 0", "{{status}}"),
	}
}

// bounceRatio is of what was sent or bounced, all hosts together, then is "" or an
// offset.
func bounceRatio(then string) string {
	return share("sum(rate("+bounced+"[$w]"+then+"))", "sum(rate("+ended+"[$w]"+then+"))")
}

// ofProvider is where a cell with a provider's name leads.
func ofProvider() string { return toBoard("postfix-bounces", thisProvider) }

// byQueue leaves out the queues that hardly ever are.
const byQueue = `sum by (queue) (postfix_queue_messages{$host, queue!~"other|corrupt"})`

// firing is how many alerts fire.
const firing = "count(" + alertsOfOurs + ")"

// alertsOfOurs are the alerts of jobs that have exporters of ours. An alert may have
// no instance. The watchdog always fires.
const alertsOfOurs = `ALERTS{alertstate="firing", alertname!="Watchdog", ` + orNoHost + "}" + inJobs

const (
	orNoHost = `job=~"$job", instance=~"$instance|"`
	inJobs   = ` and on (job) last_over_time(postfix_exporter_caught_up{$host}[$r])`
)

// beginnings are when the alerts that fire began, in seconds: the one moment that a graph
// marks, while ALERTS has a value for each minute of an alert. where is matchers, ours
// the jobs.
func beginnings(where, ours string) string {
	return "(ALERTS_FOR_STATE{" + where + `, alertname!="Watchdog"} and ignoring (alertstate) ALERTS{` + where + `, alertstate="firing"}` + ours + ")"
}

// ofOurs is a metric that every target has, of the exporters alone: All jobs are
// those of the whole Prometheus.
func ofOurs(metric string) string {
	return "(" + metric + "{$host} and on (job, instance) last_over_time(postfix_exporter_caught_up{$host}[$r]))"
}
