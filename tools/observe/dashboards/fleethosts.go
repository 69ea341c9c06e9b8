package dashboards

import "fmt"

// hostsOfAll is how many hosts the tables of the worst have.
const hostsOfAll = 15

// lastHour are a host's attempts at other servers within an hour.
func lastHour(statuses string) string {
	return `sum by (instance) (instance_status:postfix_deliveries_outbound:increase1h{$fleet, status=~"` + statuses + `"})`
}

// worst are the hosts with the highest values.
func worst(expr string) string { return fmt.Sprintf("topk(%d, %s)", hostsOfAll, expr) }

// alike is an expression of the hosts of another.
func alike(expr, hosts string) string { return expr + " and on (instance) " + hosts }

func hostColumn(uid string) column { return label("instance", "Host").link(toBoardOf(uid, thisHost)) }

func fleetHosts() section {
	bouncing := worst(share(lastHour("bounced"), fmt.Sprintf("%s >= %g", lastHour(atAnEnd), thresholds["provider_attempts"])) + " > 0")
	deferring := worst(lastHour(putOff) + " > 0.5")
	queued := worst("sum by (instance) (instance:postfix_queue_messages:sum{$fleet}) > 0")
	slow := worst("max by (instance) (instance:postfix_delivery_delay_seconds:quantile30m{$fleet})")
	return row("Which hosts are worst now?",
		table("Most bounces", bouncing, alike(lastHour("bounced"), bouncing), alike(lastHour("sent"), bouncing)).
			show(hostColumn("postfix-overview"), value("C", "Sent", count), value("B", "Bounced", count), value("A", "Ratio", ratio).tenths().alarm(limits.bounceRatio)).
			sorted("Ratio").none("no bounces in the last hour").size(12, 8).
			about("The 15 hosts with the highest bounce ratio within the last hour, of those with at least 20 mails that were sent or bounced. "+
				"A few hosts: their address or their senders. All alike: a provider, see below. Click a host for its overview."),
		table("Most deferrals", deferring, alike(share(lastHour(putOff), lastHour(tried)), deferring)).
			show(hostColumn("postfix-overview"), value("A", "Deferred", count).bar(amber).wide(130), value("B", "Share", ratio).tenths().alarm(limits.deferredRatio)).
			sorted("Deferred").none("no deferrals in the last hour").size(12, 8).
			about("The 15 hosts with the most attempts that failed for now, within the last hour, and their share of all attempts. Amber as the alert DeferralSpike. "+
				"Each retry counts: look at the queue beside it."),
		table("Longest queues", queued, alike("sum by (instance) (instance:postfix_queue_messages:mean1d{$fleet})", queued)).
			show(hostColumn("postfix-queue"), value("A", "Waiting", count).alarm(limits.queued), value("B", "Usual", count)).
			sorted("Waiting").none("no mail waits, or the queues are not known").size(12, 8).
			about("The 15 hosts with the most messages waiting, those on hold left out, and the mean of the day before (0 without six hours of history). "+
				"Amber as the alert QueueHigh. Click a host to see for whom they wait."),
		table("Slowest hosts", slow, alike("max by (instance) ("+lastHour("sent")+")", slow)).
			show(hostColumn("postfix-queue"), value("A", "95 %", seconds).tenths().wide(110), value("B", "Sent", count)).
			sorted("95 %").none("nothing was delivered").size(12, 8).
			about("The 15 hosts whose mail takes longest from arrival to delivery, within the last half hour: all but one in twenty were faster. Sent is of the last hour. "+
				"With few mails one that was deferred for hours makes the number."),
	)
}

func fleetDelay() section {
	buckets := `provider_le:postfix_delivery_delay_seconds_bucket:rate5m{$fleet, provider!="local"}`
	within := func(of float64) string {
		return fmt.Sprintf("histogram_quantile(%g, sum by (le, provider) (sum_over_time(%s[$r]))) > 0", of, buckets)
	}
	chosen := "topk(8, sum by (provider) (sum_over_time(" + outByStatus("sent") + "[$r] @ end())) > 0)"
	waiting := "queue_provider_class:postfix_queue_recipients:sum{$fleet}"
	return row("Where is it slow, and who waits?",
		lines("Slow providers, 90 %", seconds,
			q("histogram_quantile(0.9, sum by (le, provider) (avg_over_time("+buckets+"[$w]))) > 0 and on (provider) "+chosen, "{{provider}}")).
			in(providers).logScale().step("30m").beside().none("nothing delivered").size(12, 8).
			about("What nine of ten deliveries of all hosts stay below, of the eight providers with the most mail. One line far above: they greylist or slow us down. All rise: it is us."),
		table("Delay by provider", within(0.5), within(0.95), told(outByStatus("sent"), "provider")+" > 0").
			show(label("provider", "Provider").link(toBoardOf("postfix-queue", thisProvider)), value("C", "Sent", count),
				value("A", "Half", seconds).tenths(), value("B", "95 %", seconds).tenths()).
			sorted("Sent").none("nothing delivered").size(12, 8).
			about("Time from arrival to delivery over the time shown, of all hosts, by provider. A high 95 % beside a low half is greylisting."),
		lines("Waiting recipients by provider", count, stable("provider", waiting)...).in(providers).stacked().beside().decimals(0).none("nobody waits, or the queues are not known").size(12, 8).
			about("For whom mail waits on all hosts: the eight providers with the most now. A steady rise: they don't take our mail; it will come back to its senders."),
		table("Why they wait", "topk(30, sum by (provider, class) ("+waiting+") > 0)").
			show(label("provider", "Provider").link(toBoardOf("postfix-queue", thisProvider)), label("class", "Last reason"), value("A", "Recipients", count).bar(amber).wide(150)).
			sorted("Recipients").none("nobody waits").size(12, 8).
			about("Recipients who wait now on all hosts, by the class of the last reason. Empty: not tried yet. connection_failed: nobody answers there. greylisted goes away by itself."),
	)
}

func fleetAlerts() section {
	since := "time() - " + beginnings("$fleet", inFleet)
	return row("Which alerts fire, and where?",
		table("Alerts by name", "count by (alertname, severity) ("+alertsOfFleet+")").
			show(label("alertname", "Alert"), severityColumn(), value("A", "Firing", count)).
			sorted("Firing").none("no alert fires").size(8, 8).
			about("Alerts that fire now, and how often: of different hosts or providers. Many hosts with one alert are one cause, and one incident. docs/RUNBOOKS.md has a section for each."),
		table("Where they fire", "bottomk(50, max by (alertname, severity, instance, provider) ("+since+"))").
			show(label("alertname", "Alert"), severityColumn(), hostColumn("postfix-overview"), label("provider", "Provider").wide(85),
				value("A", "Since", seconds).tenths().wide(80)).
			sorted("Since").none("no alert fires").size(16, 8).
			about("The 50 newest alerts that fire, the oldest of them first; since is how long the condition has held. Click a host for its overview. An alert without a host is about the whole job."),
	)
}

func severityColumn() column {
	c := label("severity", "Severity").wide(80)
	for _, s := range []string{"critical", "warning", "info"} {
		c = c.says(s, s, severitiesOfAlerts[s])
	}
	return c
}

func fleetExporters() section {
	up, logged := "min by (instance) "+fleetUp, "sum by (instance) (instance:postfix_log_lines:rate5m{$fleet}) * 60"
	quiet := fmt.Sprintf("(bottomk(%d, %s) or %s == 0)", hostsOfAll, logged, up)
	return row("Are the exporters sound?",
		lines("Exporters", count, q("count"+fleetUp, "known"), q("sum"+fleetUp, "answer")).in(palette{"known": grey, "answer": green}).decimals(0).none("no target").size(7, 8).
			about("Exporters that Prometheus knows of, and those that answer. Where the lines part, hosts are missing in all numbers: a network, a release or a reboot."),
		table("Versions", "sum by (version) ("+ofOneFleet+"{$fleet})").
			show(label("version", "Version"), value("A", "Hosts", count)).sorted("Hosts").none("no exporter answers").size(5, 8).
			about("How many exporters run which version. After a release one version should be left; those of older ones are named on the Exporter dashboard."),
		table("Quiet or gone", alike(up, quiet), alike(logged, quiet), alike("sum by (instance) (instance:postfix_log_lines:mean1d{$fleet}) * 60", quiet)).
			show(hostColumn("postfix-exporter"), value("A", "Exporter", count).wide(85).says("1", "ready", green).says("0", "not ready", red),
				value("B", "Lines/min", count).tenths(), value("C", "Usual", count).tenths()).
			sorted("Usual").none("no target").size(12, 8).
			about("Exporters that don't answer, and the 15 hosts whose log is quietest now, with the day's mean beside it (0 without six hours of history). 0 lines on a busy host: its logging broke, or its Postfix stopped."),
	)
}
