package dashboards

import (
	"fmt"
	"strings"
)

// dest makes an expression one of the chosen providers.
func dest(expr string) string { return strings.ReplaceAll(expr, "$host", "$dest") }

func bounces() Board {
	return Board{
		UID: "postfix-bounces", Title: "Postfix bounces and providers", byProvider: true,
		About: "How bad is it, against the day and the week before? Who refuses us, why, since when, and what is to be done?",
		rows:  []section{bouncesNow(), bouncesWho(), bouncesWhy(), bouncesBlocks(), bouncesDeferred()},
	}
}

func bouncesNow() section {
	ratioOf := func(then string) string {
		return share("sum(increase("+dest(bounced)+"[$r]"+then+"))", "sum(increase("+dest(ended)+"[$r]"+then+"))")
	}
	return row("How bad is it?",
		number("Ratio now", ratio, orZero(dest(bounceRatio("")))).decimals(1).alarm(limits.bounceRatio).step(steady).share().
			about("Share of recipients that failed for good, of all that were sent or failed, now. Amber and red as the alerts BounceSpike and BounceRateHigh."),
		number("In this time", ratio, orZero(ratioOf(""))).decimals(1).alarm(limits.bounceRatio).
			about("The same ratio over all of the time shown."),
		number("Day ago", ratio, ratioOf(" offset 1d")).decimals(1).none("no mail").
			about("The ratio of the same hours of the day before."),
		number("Week ago", ratio, ratioOf(" offset 1w")).decimals(1).none("no mail").
			about("The ratio of the same hours a week before: the same day of the week, so mostly the same kind of mail."),
		number("Blocked", count, orZero(newly(dest(blocked), ""))).decimals(0).alarm(limits.blocks).
			about("Bounces that refuse this server rather than the address, in the time shown: block lists, reputation, content. The table of blocks tells what to do."),
		number("Refusing", count, orZero("count("+share(countOf(dest(bounced), "provider"), fmt.Sprintf("%s >= %g", countOf(dest(ended), "provider"), thresholds["provider_attempts"]))+fmt.Sprintf(" > %g)", thresholds["provider_ratio"]))).decimals(0).alarm(limits.one).
			about("Providers that bounced more than a fifth of our mail in the time shown, of at least 20 recipients. Red as the alert ProviderRefusing."),

		lines("Bounce ratio, now and before", ratio,
			q(dest(bounceRatio("")), "now"), q(dest(bounceRatio(" offset 1d")), "the day before"), q(dest(bounceRatio(" offset 1w")), "the week before")).
			in(days).decimals(1).alarm(limits.bounceRatio).step(steady).none("no mail in this time").
			about("Share of recipients that failed for good, beside the same hours of the day and of the week before. Dashed: where the alerts stand. "+
				"The point at which red leaves blue is when it began: compare with changes and deployments of that hour."),
		lines("Failures by kind", perMinute, q(rateOf(dest(bounceBooks), "kind"), "{{kind}}")).in(kinds).stacked().step(steady).none("no bounces in this time").
			about("Bounces a minute by what is to be done. hard: the address will never work, remove it. soft: try later. "+
				"block: they refuse us, mend reputation or policy. config: our own set-up is wrong."),
	)
}

func bouncesWho() section {
	ratioOf := func(then string) string {
		return share("sum by (provider) (increase("+dest(bounced)+"[$r]"+then+"))", "sum by (provider) (increase("+dest(ended)+"[$r]"+then+"))")
	}
	now, before := ratioOf(""), ratioOf(" offset 1d")
	return row("Who refuses us?",
		lines("Bounces by provider", perMinute, topOf(8, dest(bounceBooks), "provider")...).in(providers).stacked().step(steady).decimals(2).beside().none("no bounces in this time").
			about("Who refuses, a minute: the eight providers with the most bounces in the time shown. One alone: it is about them. All at once: it is about us."),
		table("Providers", newly(dest(sentOut), "provider")+" > 0", newly(dest(deferred), "provider")+" > 0", newly(dest(bounced), "provider")+" > 0", now).
			show(label("provider", "Provider").link(ofProvider()), value("A", "Sent", count), value("B", "Deferred", count),
				value("C", "Bounced", count), value("D", "Ratio", ratio).tenths().alarm(limits.providerRatio)).
			sorted("Bounced").none("nothing was delivered in this time").
			about("What became of the mail to each provider, in the time shown. Click one for its story alone. What is delivered on this host is left out. none: no server was reached."),
		table("Top movers since the day before", "("+now+") > 0", before, "topk(10, (("+now+") - ("+before+" or "+now+" * 0)) > 0)").
			show(label("provider", "Provider").link(ofProvider()), value("A", "Now", ratio).tenths().alarm(limits.providerRatio),
				value("B", "Day before", ratio).tenths().wide(100), value("C", "Change", ratio).tenths().alarm(limit{0.05, 0.2})).
			sorted("Change").none("nothing moved").size(12, 8).
			about("Providers whose bounce ratio rose the most against the same hours of the day before. A large change with few mails may be chance: see the table of providers."),
		lines("Bounce ratio by provider", ratio,
			q(share("sum by (provider) (rate("+dest(bounced)+"[$w]))", "sum by (provider) (rate("+strings.Replace(dest(ended), "{", `{provider!="none", `, 1)+"[$w]))")+" and on (provider) topk(8, sum by (provider) (increase("+dest(bounced)+"[$r] @ end())) > 0)", "{{provider}}")).
			in(providers).beside().step("15m").decimals(1).none("no bounces in this time").size(12, 8).
			about("The ratio of the eight providers with the most bounces. A line at 100 % is a provider that takes nothing from us any more."),
	)
}

func bouncesWhy() section {
	return row("Why?",
		lines("Bounces by class", perMinute, topOf(10, dest(bounceBooks), "class")...).in(classes).stacked().step(steady).decimals(2).beside().none("no bounces in this time").size(12, 9).
			about("What the replies mean, a minute. RULES.md explains each class; unclassified replies stand at /unclassified of the exporter."),
		table("Class by provider", newly(dest(bounceBooks), "provider, class")+" > 0.5 and on (provider) topk(9, "+newly(dest(bounceBooks), "provider")+")").cross("class", "provider", "Value").decimals(0).none("no bounces in this time").size(12, 9).
			about("Bounces in the time shown: classes down, providers across. A full column is one provider's trouble, a full row is ours with everybody."),
	)
}

func bouncesBlocks() section {
	return row("Who blocks us, and what is to be done?", blocksTable(8, dest))
}

func bouncesDeferred() section {
	return row("What will be tried again?",
		lines("Deferrals by class", perMinute, topOf(8, dest(deferBooks), "class")...).in(classes).stacked().step(steady).decimals(2).beside().none("no deferrals in this time").size(12, 8).
			about("Attempts that failed for now, a minute. greylisted is normal with new servers. rate_limited: they slow us down, send slower. "+
				"dns_failure or connection_failed for all providers: our own network."),
		lines("Deferrals by provider", perMinute, topOf(8, dest(deferBooks), "provider")...).in(providers).stacked().step(steady).decimals(2).beside().none("no deferrals in this time").size(12, 8).
			about("Who puts us off, a minute. Mail that is put off for the queue's whole lifetime is returned to its sender."),
		lines("Failed connections", perMinute, topOf(6, `postfix_smtp_connection_failures_total{$dest}`, "reason")...).stacked().step(steady).none("no failed connections").size(8, 8).
			about("Connections to other servers that came to nothing, a minute, one per server tried. timeout for all: outgoing port 25 is closed. tls: handshakes that failed."),
		lines("Given up on, by class", perMinute, topOf(8, `postfix_expirations_total{$dest}`, "class")...).in(classes).stacked().step(steady).none("nothing was given up on").size(8, 8).
			about("Recipients that waited for the queue's whole lifetime and were returned, a minute, by the class of their last deferral."),
		lines("Notifications to senders", perMinute, topOf(7, `postfix_notifications_total{$host}`, "type")...).stacked().step(steady).none("no notifications").size(8, 8).
			about("What Postfix told senders and the postmaster, a minute, of all providers. Many double_bounce: the postmaster's own address doesn't work."),
	)
}
