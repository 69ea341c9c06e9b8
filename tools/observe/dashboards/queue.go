package dashboards

func queue() Board {
	return Board{
		UID: "postfix-queue", Title: "Postfix queue and delay", byProvider: true,
		About: "What waits, for whom, why and how long? Where is it slow: here, on the way, or there?",
		rows:  []section{queueNow(), queueWho(), delayNow(), delayWho(), queueMessages()},
	}
}

const notKnown = "the queue is not known"

func queueNow() section {
	in := func(title, queue, text string) *panel {
		return number(title, count, `sum(postfix_queue_messages{$host, queue="`+queue+`"})`).decimals(0).none("not known").colour(queues[queue]).about(text)
	}
	return row("What waits?",
		in("Active", "active", "Messages that are being delivered. At qmgr_message_active_limit (20 000) the queue manager takes no more, and new mail waits too.").alarm(limits.active),
		in("Deferred", "deferred", "Messages that failed before and wait for another attempt. The tables below tell for whom and why."),
		in("Incoming", "incoming", "Messages that the queue manager has not taken yet. More than a few for long: the active queue is full, or the disk is slow."),
		in("On hold", "hold", "Messages that a person or a rule put aside. They wait until somebody releases (postsuper -H) or deletes them (postsuper -d)."),
		number("Oldest", seconds, `max(postfix_queue_oldest_seconds{$host, queue!="hold"})`).decimals(1).alarm(limits.oldest).none("not known").
			about("Age of the oldest message but for those on hold. After maximal_queue_lifetime (5 days) it is returned to its sender."),
		number("Answers", count, `min(postfix_up{$host})`).decimals(0).none("not asked").says("1", "yes", green).says("0", "no", red).
			about("Whether Postfix listed its queue at the last refresh, on all hosts. No: it doesn't run, or the exporter may not ask; its own log says which."),

		lines("Messages by queue", count, q(byQueue, "{{queue}}")).in(queues).stacked().none(notKnown).size(12, 8).
			about("What waits, over time. deferred grows steadily: somebody doesn't take our mail. incoming grows: this host is too slow. A step up that stays: look at that moment's deferrals."),
		lines("In and out", perMinute, q(orZero(rateOf(received, "")), "accepted"), q(rateOf(`postfix_messages_removed_total{$host}`, ""), "done")).
			in(palette{"accepted": blue, "done": green}).step(steady).none("no messages").size(12, 8).
			about("Messages accepted and messages done with, a minute. Where blue stays above green, the queue grows."),
	)
}

func queueWho() section {
	waiting := `postfix_queue_recipients{$dest}`
	return row("For whom, and why?",
		lines("Waiting recipients by provider", count, stable("provider", waiting)...).in(providers).stacked().beside().decimals(1).none("nobody waits, or the queue is not known").size(12, 8).
			about("For whom mail waits: the eight providers with the most now. One: they slow us down or are gone. All: our own network, DNS or disk."),
		table("Why they wait", `topk(30, sum by (provider, class) (`+waiting+`) > 0)`).
			show(label("provider", "Provider").link(ofProvider()), label("class", "Last reason"), value("A", "Recipients", count).bar(amber).wide(150)).
			sorted("Recipients").none("nobody waits").size(12, 8).
			about("Recipients who wait now, by the class of the last reason. Empty: not tried yet. connection_failed: nobody answers there. greylisted goes away by itself."),
		table("Who waits longest", `topk(15, max by (provider, queue) (postfix_queue_provider_oldest_seconds{$dest}) > 0)`).
			show(label("provider", "Provider").link(ofProvider()), label("queue", "Queue"), value("A", "Oldest", seconds).tenths().alarm(limits.oldest)).
			sorted("Oldest").none("nobody waits").size(8, 8).
			about("Age of the oldest message for each provider. Near the queue's lifetime it will be returned; tell the sender before Postfix does."),
		lines("Age of deferred mail", seconds,
			q(`histogram_quantile(0.5, sum by (le) (postfix_queue_message_age_seconds_bucket{$host, queue="deferred"}))`, "half"),
			q(`histogram_quantile(0.95, sum by (le) (postfix_queue_message_age_seconds_bucket{$host, queue="deferred"}))`, "95 %")).
			in(percentiles).none(notKnown).size(8, 8).
			about("How long deferred messages have waited. The two lines rise together and never fall: nothing gets out any more."),
		lines("Size of waiting mail", bytesUnit,
			q(`histogram_quantile(0.5, sum by (le) (postfix_queue_message_size_bytes_bucket{$host}))`, "half"),
			q(`histogram_quantile(0.95, sum by (le) (postfix_queue_message_size_bytes_bucket{$host}))`, "95 %")).
			in(percentiles).none(notKnown).size(8, 8).
			about("Size of the messages in the queue. Much larger than usual: large attachments that nobody takes, or that fill the line."),
	)
}

// stable are the eight label values with the most now, so that lines don't come and go.
func stable(by, gauge string) []query {
	chosen := "topk(8, sum by (" + by + ") (" + gauge + " @ end()) > 0)"
	return []query{q("sum by ("+by+") ("+gauge+") and on ("+by+") "+chosen, "{{"+by+"}}")}
}

func delayNow() section {
	delay := `postfix_delivery_delay_seconds_bucket{$dest}`
	stage := `postfix_delivery_stage_seconds_bucket{$host}`
	return row("Where is it slow?",
		lines("Time to deliver", seconds, quantiles(delay)...).in(percentiles).logScale().step(steady).none("nothing delivered").size(12, 10).
			about("From arrival to delivery, of what was sent: half of the mail was faster than the lowest line. The scale is logarithmic. "+
				"A high 99 % alone is mail that was deferred before."),
		heat("How many took how long", seconds, delay).step(steady).none("nothing delivered").size(12, 10).
			about("The same as a picture: each column is a moment, darker is more mail. Two bands are two kinds of mail: local and far away, or fast and deferred."),
		lines("Where the time goes", seconds, q(stageMean(), "{{stage}}")).in(stages).stacked().step(steady).none("nothing delivered").size(12, 8).
			about("Mean time of a delivery by stage. before_queue_manager: receiving, filters, and waiting for another attempt. queue_manager: this host is too busy. "+
				"connection_setup: DNS, TCP, TLS. transmission: the other server or the line is slow."),
		lines("Slow stages, 95 %", seconds, q(quantile(0.95, stage, "stage"), "{{stage}}")).in(stages).logScale().step(steady).none("nothing delivered").size(12, 8).
			about("What all but one delivery in twenty stay below, by stage. Here a slow DNS server or a hanging filter shows long before the mean does."),
	)
}

func delayWho() section {
	delay := `postfix_delivery_delay_seconds_bucket{$dest}`
	chosen := `topk(8, sum by (provider) (increase(postfix_delivery_delay_seconds_count{$dest}[$r] @ end())) > 0)`
	return row("To whom is it slow?",
		lines("Slow providers, 90 %", seconds, q(quantile(0.9, delay, "provider")+" and on (provider) "+chosen, "{{provider}}")).
			in(providers).logScale().step("30m").beside().none("nothing delivered").size(12, 8).
			about("Time to deliver, of the eight providers with the most mail. One line far above: they greylist or slow us down."),
		table("Delay by provider",
			`histogram_quantile(0.5, sum by (le, provider) (increase(`+delay+`[$r]))) > 0`,
			`histogram_quantile(0.95, sum by (le, provider) (increase(`+delay+`[$r]))) > 0`,
			countOf(`postfix_delivery_delay_seconds_count{$dest}`, "provider")+" > 0").
			show(label("provider", "Provider").link(ofProvider()), value("C", "Sent", count),
				value("A", "Half", seconds).tenths(), value("B", "95 %", seconds).tenths()).
			sorted("Sent").none("nothing delivered").size(12, 8).
			about("Time from arrival to delivery over the time shown, by provider. A high 95 % beside a low half is greylisting."),
	)
}

func queueMessages() section {
	return row("What kind of mail is it?",
		lines("Time in the queue", seconds, quantiles(`postfix_message_queue_seconds_bucket{$host}`)...).in(percentiles).logScale().step(steady).none("no messages").size(6, 8).
			about("From acceptance until a message was done with for all of its recipients."),
		lines("Size of new mail", bytesUnit, quantiles(`postfix_message_size_bytes_bucket{$host}`)...).in(percentiles).step(steady).none("no messages").size(6, 8).
			about("Size of messages when they first became active. A sudden change is a new sender: a newsletter, a report with attachments, or spam from a stolen account."),
		lines("Recipients a message", count, q("sum(rate(postfix_message_recipients_sum{$host}[$w])) / (sum(rate(postfix_message_recipients_count{$host}[$w])) > 0)", "mean"),
			q(quantile(0.99, `postfix_message_recipients_bucket{$host}`, ""), "99 %")).in(palette{"mean": green, "99 %": red}).step(steady).none("no messages").size(6, 8).
			about("How many recipients a message has. Sudden large numbers may be a stolen account."),
		lines("Bytes waiting", bytesUnit, q(`sum by (queue) (postfix_queue_bytes{$host, queue!~"other|corrupt"})`, "{{queue}}")).in(queues).stacked().none(notKnown).size(6, 8).
			about("Size of the queue. Compare with the free space of the disk: Postfix refuses mail when that is low (queue_minfree)."),
	)
}
