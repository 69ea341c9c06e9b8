package dashboards

import "fmt"

func fleet() Board {
	return Board{
		UID: "postfix-fleet", Title: "Postfix fleet", ofFleet: true,
		About: "Hundreds of hosts: is the fleet delivering, which hosts are worst, who refuses us everywhere, where is it slow? " +
			"It asks recorded series alone, and needs the rules of alerts/fleet.yaml beside those of the alerts.",
		rows: []section{fleetFlow(), fleetHosts(), fleetRefusals(), fleetDelay(), fleetAlerts(), fleetExporters()},
	}
}

// ofOneFleet has a series for each job that has exporters of ours.
const ofOneFleet = "version:postfix_exporter_build_info:count"

// inFleet is a series of each of our jobs. Their exporters may all be gone by now.
const inFleet = " and on (job) last_over_time(" + ofOneFleet + "{$fleet}[$r])"

// alertsOfFleet are the alerts of our jobs that fire.
const alertsOfFleet = `ALERTS{alertstate="firing", alertname!="Watchdog", $fleet}` + inFleet

// told is what a recorded rate adds up to in the time shown: rules record one each
// minute.
func told(rate, by string) string {
	return fmt.Sprintf("sum%s (sum_over_time(%s[$r])) * 60", grouped(by), rate)
}

// topOfRates is topOf of a recorded rate, of the eight largest.
func topOfRates(rate, by string) []query {
	chosen := fmt.Sprintf("topk(8, sum by (%s) (sum_over_time(%s[$r] @ end())) > 0)", by, rate)
	each := fmt.Sprintf("sum by (%s) (avg_over_time(%s[$w]))", by, rate)
	return []query{
		q(fmt.Sprintf("(%s and on (%s) %s) * 60", each, by, chosen), "{{"+by+"}}"),
		q(fmt.Sprintf("sum(%s unless on (%s) %s) * 60 > 0", each, by, chosen), "all others"),
	}
}

// byStatus are the attempts at each provider, a second, of whatever hosts.
func byStatus(statuses string) string {
	return `provider_status:postfix_deliveries:rate5m{$fleet, status=~"` + statuses + `"}`
}

// outByStatus leaves out what is delivered on the hosts themselves.
func outByStatus(statuses string) string {
	return `provider_status:postfix_deliveries:rate5m{$fleet, provider!="local", status=~"` + statuses + `"}`
}

// What became of an attempt.
const (
	putOff  = "deferred|soft_bounced"
	atAnEnd = "sent|bounced"
	tried   = "sent|bounced|deferred|soft_bounced"
)

func fleetFlow() section {
	now := func(statuses string) string { return "sum(" + outByStatus(statuses) + ")" }
	bouncedOf := func(then string) string {
		return share("sum(avg_over_time("+outByStatus("bounced")+"[$w]"+then+"))", "sum(avg_over_time("+outByStatus(atAnEnd)+"[$w]"+then+"))")
	}
	return row("Is the fleet delivering?",
		number("Sent", perMinute, orZero("sum("+byStatus("sent")+") * 60")).decimals(0).colour(green).
			about("Recipients that were delivered to, a minute, by all hosts of the job, at other servers or on the hosts. Far below the day before: look at the graph, then at the hosts."),
		number("Bounced", ratio, orZero(share(now("bounced"), now(atAnEnd)))).decimals(1).alarm(limits.bounceRatio).share().
			about("Share of recipients that failed for good, of all that were sent or failed, over all hosts. Amber and red as the alerts BounceSpike and "+
				"BounceRateHigh, which judge each host. Below: which hosts, and at which provider."),
		number("Deferred", ratio, orZero(share(now(putOff), now(tried)))).decimals(1).alarm(limits.deferredRatio).share().
			about("Share of delivery attempts that failed for now and will be made again, over all hosts. Much of it: a large provider slows us down, or a network or DNS server of ours fails."),
		number("In queue", count, `sum(instance:postfix_queue_messages:sum{$fleet})`).decimals(0).none("not known").
			about("Messages that wait on all hosts, but for those on hold. Not known: no exporter asks for the queue. The table of queues tells where they wait."),
		number("Answering", ratio, "sum"+fleetUp+" / count"+fleetUp).decimals(0).atLeast(1).none("no target").
			about("Share of the exporters that answer. Less than 100 %: some are down or still read their log after a start. Their mail is missing in all numbers here. The last table names them."),
		number("Alerts", count, orZero("count("+alertsOfFleet+")")).decimals(0).alarm(limits.one).
			about("Alerts that fire now, of all hosts. Those that wake somebody are marked in the graphs. The tables of alerts tell which and where."),

		lines("Deliveries by outcome", perMinute, q("sum by (status) ("+byStatus("sent|deferred|bounced")+") * 60", "{{status}}")).in(outcomes).stacked().size(12, 7).
			about("Delivery attempts a minute, one per recipient, of all hosts. Green going down while amber grows: mail piles up. All going down: mail doesn't come in, or exporters are gone."),
		lines("Bounce ratio, now and before", ratio,
			q(bouncedOf(""), "now"), q(bouncedOf(" offset 1d"), "the day before"), q(bouncedOf(" offset 1w"), "the week before")).
			in(days).decimals(1).alarm(limits.bounceRatio).step(steady).none("no mail in this time").size(12, 7).
			about("Share of recipients that failed for good, of all hosts, beside the same hours of the day and of the week before. "+
				"Dashed: where the alerts of single hosts stand. A fleet's ratio moves little: a rise of one percent is hundreds of mails."),
	)
}

// fleetUp are the targets of our jobs, and whether they answer.
const fleetUp = "(up{$fleet}" + inFleet + ")"

func fleetRefusals() section {
	bounces, deferrals := `provider_class_kind:postfix_bounces:rate5m{$fleet, provider!="local"}`, `provider_class_kind:postfix_deferrals:rate5m{$fleet, provider!="local"}`
	of := func(statuses string) string { return told(outByStatus(statuses), "provider") }
	return row("Who refuses us, on how many hosts, and why?",
		table("Providers", of("sent")+" > 0", of(putOff)+" > 0.5", of("bounced")+" > 0.5", share(of("bounced"), of(atAnEnd)),
			`sum by (provider) (provider:postfix_blocks_outbound:hosts1h{$fleet})`).
			show(label("provider", "Provider").link(toBoardOf("postfix-bounces", thisProvider)), value("A", "Sent", count).wide(70), value("B", "Deferred", count).wide(80),
				value("C", "Bounced", count).wide(80), value("D", "Ratio", ratio).tenths().alarm(limits.providerRatio).wide(65),
				value("E", "Blocked", count).alarm(limits.one).wide(72)).
			sorted("Bounced").none("nothing was delivered in this time").size(12, 9).
			about("What became of the mail of all hosts to each provider, in the time shown. Blocked: at how many hosts it refused the server itself within the last hour. "+
				"One: that host has a bad name. Most: the domain has, or a net of ours. Click a provider for its story on all hosts."),
		lines("Bounces by provider", perMinute, topOfRates(bounces, "provider")...).in(providers).stacked().step(steady).decimals(2).beside().none("no bounces in this time").size(12, 9).
			about("Who refuses, a minute, over all hosts: the eight providers with the most bounces in the time shown. One alone: it is about them. All at once: it is about us."),
		lines("Bounces by class", perMinute, topOfRates(bounces, "class")...).in(classes).stacked().step(steady).decimals(2).beside().none("no bounces in this time").size(12, 8).
			about("What the bounces' replies mean, a minute. blocklisted, bad_reputation, spam_rejected: they refuse our servers. sender_auth_failed: SPF, DKIM or DMARC. user_unknown: old lists."),
		table("Class by provider", told(bounces, "provider, class")+" > 0.5 and on (provider) topk(9, "+told(bounces, "provider")+")").cross("class", "provider", "Value").decimals(0).
			none("no bounces in this time").size(12, 8).
			about("Bounces of all hosts in the time shown: classes down, providers across. A full column is one provider's trouble, a full row is ours with everybody."),
		lines("Deferrals by provider", perMinute, topOfRates(deferrals, "provider")...).in(providers).stacked().step(steady).decimals(2).beside().none("no deferrals in this time").size(12, 8).
			about("Who puts us off, a minute, over all hosts. Mail that is put off for the queue's whole lifetime is returned to its sender."),
		lines("Deferrals by class", perMinute, topOfRates(deferrals, "class")...).in(classes).stacked().step(steady).decimals(2).beside().none("no deferrals in this time").size(12, 8).
			about("Attempts that failed for now, a minute, over all hosts. rate_limited: they slow us down, send slower. dns_failure or connection_failed at once everywhere: our own network."),
	)
}
