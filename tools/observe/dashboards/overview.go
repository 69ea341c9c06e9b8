package dashboards

import "fmt"

func overview() Board {
	return Board{
		UID: "postfix-overview", Title: "Postfix overview",
		About: "Is mail flowing? Who refuses us, and why? Where is it slow? What do we reject? Is the exporter sound? Start here.",
		rows:  []section{overviewFlow(), overviewRefusals(), overviewDelay(), overviewInbound(), overviewExporter()},
	}
}

func overviewFlow() section {
	bouncesBoard, queueBoard, inboundBoard := toBoard("postfix-bounces", ""), toBoard("postfix-queue", ""), toBoard("postfix-inbound", "")
	return row("Is mail flowing?",
		number("Received", perMinute, orZero(rateOf(received, ""))).decimals(1).step(steady).to("Inbound", inboundBoard).
			about("Messages that Postfix accepted, a minute: from the network, from people who log in, from programs of this host. "+
				"0 on a busy host: nobody reaches it. Look at the connections on the Inbound dashboard, and whether Postfix runs."),
		number("Sent", perMinute, orZero(rateOf(sent, ""))).decimals(1).step(steady).colour(green).to("Bounces and providers", bouncesBoard).
			about("Recipients that were delivered to, a minute, here or at other servers. 0 while mail waits: nothing gets out. "+
				"Look at the queue and at the deferrals' reasons."),
		number("Bounced", ratio, orZero(bounceRatio(""))).decimals(1).alarm(limits.bounceRatio).step(steady).share().to("Bounces and providers", bouncesBoard).
			about("Share of recipients that failed for good, of all that were sent or failed. Amber and red as the alerts "+
				"BounceSpike and BounceRateHigh. The table below tells who refuses, and why."),
		number("Deferred", ratio, orZero(share("sum(rate("+deferred+"[$w]))", "sum(rate("+attempts+"[$w]))"))).decimals(1).
			alarm(limits.deferredRatio).step(steady).share().to("Bounces and providers", bouncesBoard).
			about("Share of delivery attempts that failed for now and will be made again. Some is normal (greylisting). "+
				"Much of it: somebody slows us down, a server is gone, or DNS fails."),
		number("In queue", count, `sum(postfix_queue_messages{$host, queue!="hold"})`).decimals(0).alarm(limits.queued).none("not known").to("Queue and delay", queueBoard).
			about("Messages that wait, but for those on hold. Not known: the exporter doesn't ask for the queue (--postfix.showq_path) or "+
				"Postfix doesn't answer. Growing: look at the Queue dashboard for whom they wait."),
		number("Alerts", count, orZero(firing)).decimals(0).alarm(limits.one).
			about("Alerts of these hosts that fire now. Each has a page in the runbook. They are marked in the graphs as well."),

		lines("Deliveries by outcome", perMinute, attemptsByOutcome()...).in(outcomes).stacked().size(12, 7).
			about("Delivery attempts a minute, one per recipient. Green is delivered, amber will be tried again, red failed for good. "+
				"Green going down while amber grows: mail piles up."),
		lines("Bounce ratio, now and before", ratio,
			q(bounceRatio(""), "now"), q(bounceRatio(" offset 1d"), "the day before"), q(bounceRatio(" offset 1w"), "the week before")).
			in(days).decimals(1).alarm(limits.bounceRatio).step(steady).none("no mail in this time").size(12, 7).
			about("Share of recipients that failed for good, beside the same hours of the day and of the week before. "+
				"Dashed: where the alerts stand. Red far above blue: something happened today."),
	)
}

func overviewRefusals() section {
	by := "provider, class, kind"
	return row("Who refuses us, and why?",
		table("Who refuses us, and why", "topk(15, "+newly(bounceBooks, by)+" > 0)",
			"("+newly(bounceBooks, by)+" > 0) / on (provider) group_left () ("+newly(ended, "provider")+" > 0)").
			show(label("provider", "Provider").link(ofProvider()).wide(88), label("class", "Why"), kindColumn(),
				value("A", "Bounced", count).bar(red).wide(98), value("B", "Share", ratio).tenths().wide(66)).
			sorted("Bounced").none("no bounces in this time").size(12, 8).
			about("Bounces in the time shown, by receiving provider and class. Share is of what was sent to that provider or bounced there. "+
				"Kind: hard, remove the address; soft, try later; block, they refuse us; config, our own set-up is wrong. Click a provider for its story."),
		lines("Bounces by class", perMinute, topOf(8, bounceBooks, "class")...).in(classes).stacked().step(steady).decimals(2).beside().none("no bounces in this time").size(12, 8).
			about("What the bounces' replies mean, a minute: the eight classes with the most in the time shown. "+
				"blocklisted, bad_reputation, spam_rejected: they refuse this server. sender_auth_failed: SPF, DKIM or DMARC. user_unknown: old lists."),
		blocksTable(7, all),
	)
}

func overviewDelay() section {
	return row("Where is it slow?",
		lines("Time to deliver", seconds, quantiles(`postfix_delivery_delay_seconds_bucket{$host}`)...).in(percentiles).logScale().step(steady).none("nothing delivered").size(8, 8).
			about("From arrival to delivery, of what was sent: half of the mail was faster than the lowest line. "+
				"The scale is logarithmic. A high 99 % alone is mail that was deferred before."),
		lines("Where the time goes", seconds, q(stageMean(), "{{stage}}")).in(stages).stacked().step(steady).none("nothing delivered").size(8, 8).
			about("Mean time of a delivery by stage. before_queue_manager: receiving, filters, and waiting for another attempt. queue_manager: this "+
				"host is too busy. connection_setup: DNS, TCP, TLS. transmission: the other server or the line is slow."),
		lines("Waiting, by queue", count, q(byQueue, "{{queue}}")).in(queues).stacked().none("the queue is not known").size(8, 8).
			about("Messages in the queue. active: being delivered. deferred: failed before, waits for another attempt. hold: put aside by a person or a rule. "+
				"incoming grows: the active queue is full or a filter hangs."),
	)
}

func overviewInbound() section {
	return row("What do we reject?",
		lines("Rejects by reason", perMinute, topOf(8, rejected, "reason")...).in(reasons).stacked().step(steady).decimals(1).beside().none("no rejects in this time").size(12, 8).
			about("What this server refused, by reason. Much unknown_recipient: address guessing, or a list that is gone. "+
				"relay_denied of your own hosts, or configuration: a mistake of ours."),
		lines("Logins", perMinute, q(rateOf(`postfix_sasl_logins_total{$host}`, "outcome"), "{{outcome}}")).in(goodBad).step(steady).none("no logins").size(6, 8).
			about("Messages sent with a login, and failed tries, a minute. Many failures: passwords are guessed; "+
				"think of fail2ban, and watch for a success that follows."),
		lines("Connections", perMinute,
			q(rateOf(`postfix_smtpd_connections_total{$host}`, ""), "taken"),
			q(rateOf(`postfix_smtpd_lost_connections_total{$host}`, ""), "lost or timed out"),
			q(rateOf(`postfix_postscreen_events_total{$host, event="connect"}`, ""), "at postscreen")).
			in(palette{"taken": green, "lost or timed out": red, "at postscreen": blue}).step(steady).none("no connections").size(6, 8).
			about("Connections of clients, a minute, and those that ended by a loss or a timeout. 0 taken: port 25 is not reached."),
	)
}

func overviewExporter() section {
	return row("Is the exporter sound?",
		table("Hosts",
			"min by (instance) "+ofOurs("up"),
			`time() - max by (instance) (postfix_exporter_last_line_timestamp_seconds{$host})`,
			`min by (instance) (postfix_up{$host})`,
			newly(sent, "instance"),
			newly(bounced, "instance"),
			`sum by (instance) (increase(postfix_log_messages_total{$host, severity=~"error|fatal|panic"}[$r]))`).
			show(label("instance", "Host").link(toBoardOf("postfix-overview", thisHost)),
				value("A", "Exporter", count).wide(75).says("1", "ready", green).says("0", "not ready", red),
				value("B", "Last line", seconds).alarm(limits.lineAge).wide(80),
				value("C", "Postfix", count).wide(75).says("1", "answers", green).says("0", "silent", red),
				value("D", "Sent", count).wide(62), value("E", "Bounced", count).wide(76), value("F", "Errors", count).alarm(limits.one).wide(60)).
			sorted("Bounced").size(16, 8).
			about("Each host. Exporter not ready: it can't be scraped, or still reads the log. Last line: how long the log was silent; on a busy "+
				"host minutes mean that logging broke. Postfix silent: it didn't list its queue. Errors: lines of severity error and above."),
		lines("Log lines", perMinute, q(rateOf(`postfix_log_lines_total{$host}`, "outcome"), "{{outcome}}")).in(outcomesOf).stacked().step(steady).size(8, 8).to("Exporter", toBoard("postfix-exporter", "")).
			about("Lines read, a minute. unrecognized are Postfix's sentences that the exporter doesn't know: more than 1 % of them, and the numbers here may be too low."),
	)
}

func stageMean() string {
	return "sum by (stage) (rate(postfix_delivery_stage_seconds_sum{$host}[$w])) / (sum by (stage) (rate(postfix_delivery_stage_seconds_count{$host}[$w])) > 0)"
}

func kindColumn() column {
	c := label("kind", "Kind").wide(62)
	for _, k := range []string{"hard", "soft", "block", "config", "unknown"} {
		c = c.says(k, k, kinds[k])
	}
	return c
}

// all leaves an expression as it is: of all providers.
func all(expr string) string { return expr }

// blocksTable tells who blocks us, and what the rules say is to be done. of narrows
// its metrics.
func blocksTable(height uint32, of func(string) string) *panel {
	by := "provider, class"
	info := "max by (provider, class, list, hint, link) (" + of("postfix_block_info{$host}") + ")"
	final := newly(of(blocked), by)
	forNow := newly(of(`postfix_deferrals_total{$host, $out, kind="block"}`), by)
	told := func(counts string) string { return info + " * on (" + by + ") group_left () (" + counts + " > 0)" }
	return table("Blocked: by whom, and what to do", told(fmt.Sprintf("(%s + %s or %s or %s)", final, forNow, final, forNow)), told(final)).
		show(label("provider", "Provider").link(ofProvider()).wide(95), label("class", "Why").wide(125), label("list", "List").wide(95),
			value("A", "Refused", count).alarm(limits.blocks).wide(78), value("B", "For good", count).wide(80),
			label("hint", "What to do").inspected(), label("link", "Where").link("${__value.raw}").wide(160)).
		sorted("Refused").none("nobody blocks us").size(gridWidth, height).
		about("Providers that refused this server itself, in the time shown, for now or for good: their list where they name one, what to do, and the page where it is done. " +
			"Fix the cause first, then ask to be removed. Where a provider names several lists, each has a line, with the provider's whole count.")
}
