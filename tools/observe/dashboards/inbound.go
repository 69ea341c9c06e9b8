package dashboards

func inbound() Board {
	return Board{
		UID: "postfix-inbound", Title: "Postfix inbound",
		About: "Who comes, what do we accept, what do we reject and why? Are passwords guessed? Do clients use TLS?",
		rows:  []section{inboundNow(), inboundRejects(), inboundLogins(), inboundSessions()},
	}
}

func inboundNow() section {
	lost := `postfix_smtpd_lost_connections_total{$host}`
	taken := `postfix_smtpd_connections_total{$host}`
	return row("Who comes?",
		number("Sessions", perMinute, orZero(rateOf(taken, ""))).decimals(1).step(steady).
			about("Connections that smtpd took, a minute. 0: port 25 isn't reached: firewall, DNS, or Postfix is down."),
		number("Accepted", perMinute, orZero(rateOf(received, ""))).decimals(1).step(steady).colour(green).
			about("Messages accepted, a minute, whoever brought them."),
		number("Rejected", perMinute, orZero(rateOf(rejected, ""))).decimals(1).step(steady).
			about("Refusals by smtpd, postscreen and milters, a minute."),
		number("Bad logins", perMinute, orZero(rateOf(logins, ""))).decimals(1).step(steady).colour(amber).
			about("Tries to log in that failed, a minute. Always some on the open internet. A jump: passwords are guessed."),
		number("Lost", perMinute, orZero(rateOf(lost, ""))).decimals(1).step(steady).colour(amber).
			about("Sessions that ended by a lost connection or a timeout, a minute. Many after DATA: a filter hangs, or the line is bad."),
		number("With TLS", ratio, share(`sum(rate(postfix_tls_connections_total{$host, direction="inbound"}[$w]))`, "sum(rate("+taken+"[$w]))")).decimals(0).none("no sessions").step(steady).share().
			about("TLS sessions of clients, of all connections. Going down: look at the certificate."),

		lines("Messages accepted", perMinute, topOf(8, received, "daemon, service, sasl_method")...).stacked().step(steady).decimals(1).none("no messages").
			about("Where accepted mail comes from, a minute: the daemon, its service, and the login's method (none: without a login). pickup is mail of this host's programs. "+
				"A rise of one with a login: perhaps a stolen account."),
		lines("Connections and sessions", perMinute, q(rateOf(taken, "service")+" > 0", "{{service}} taken"), q(rateOf(`postfix_smtpd_disconnections_total{$host}`, ""), "ended")).step(steady).none("no connections").
			about("Connections taken by service (unnamed is port 25), and sessions ended, a minute. taken above ended for long: sessions pile up, clients hang."),
	)
}

func inboundRejects() section {
	return row("What do we reject?",
		lines("Rejects by reason", perMinute, topOf(8, rejected, "reason")...).in(reasons).stacked().step(steady).decimals(1).beside().none("no rejects in this time").
			about("What this server refused, a minute. Much unknown_recipient: addresses are guessed, or a list is gone. relay_denied of your own hosts, or configuration: a mistake of ours. "+
				"greylisted goes away by itself."),
		table("Rejects in this time", "topk(30, "+newly(rejected, "reason, stage, code")+" > 0)").
			show(label("reason", "Reason"), label("stage", "At command").wide(100), label("code", "Code").wide(60), value("A", "Rejects", count).bar(blue).wide(130)).
			sorted("Rejects").none("no rejects in this time").
			about("Refusals in the time shown, by reason, the command at which they happened and the SMTP code. 4xx asks the client to come again, 5xx is final. 451 and configuration are our own trouble."),
		lines("DNS lists", perMinute, topOf(8, `postfix_dnsbl_rejects_total{$host}`, "dnsbl")...).stacked().step(steady).none("no list rejected anything").size(8, 8).
			about("Rejects that name a DNS list, a minute. One falls to 0: it may not answer us any more (public resolvers are refused). One jumps: it may list the whole world; take it out."),
		lines("Postscreen", perMinute, topOf(8, `postfix_postscreen_events_total{$host}`, "event")...).step(steady).none("no postscreen").size(8, 8).
			about("What postscreen saw, a minute. pass: let through to smtpd. pregreet, hangup, dnsbl: bots. connect without any pass: it turns everybody away."),
		lines("Content checks and filters", perMinute, topOf(8, `postfix_content_actions_total{$host}`, "source, action")...).stacked().step(steady).none("no actions").size(8, 8).
			about("What header and body checks, milters, proxy filters and access maps did, a minute. A jump of reject: a filter's update went wrong, or a wave of spam."),
	)
}

func inboundLogins() section {
	return row("Are passwords guessed?",
		lines("Logins", perMinute, q(rateOf(`postfix_sasl_logins_total{$host}`, "outcome"), "{{outcome}}")).in(goodBad).step(steady).none("no logins").size(12, 8).
			about("Messages with a login, and failed tries, a minute. Many failures: passwords are guessed. A rise of success after that: one may have been found."),
		lines("Failed logins by service and method", perMinute, topOf(8, logins, "service, method")...).stacked().step(steady).none("no failed logins").size(12, 8).
			about("Where they try, a minute. On the unnamed service (port 25) nobody should be able to log in: turn AUTH off there."),
	)
}

const logins = `postfix_sasl_logins_total{$host, outcome="failure"}`

func inboundSessions() section {
	tls := `postfix_tls_connections_total{$host, direction="inbound"}`
	return row("How do sessions go?",
		lines("TLS of clients", perMinute, topOf(8, tls, "protocol")...).stacked().step(steady).none("no TLS sessions").size(8, 8).
			about("TLS sessions of clients by protocol, a minute. TLSv1 and TLSv1.1 are old devices. All gone at once: certificate or key."),
		lines("TLS to servers", perMinute, q(rateOf(`postfix_tls_connections_total{$host, direction="outbound"}`, "trust"), "{{trust}}")).in(palette{"trusted": green, "verified": blue, "untrusted": amber, "anonymous": grey}).stacked().step(steady).none("no TLS sessions").size(8, 8).
			about("TLS sessions to other servers, by whether their certificate could be trusted, a minute. Opportunistic TLS is mostly untrusted or anonymous, and fine."),
		lines("Ciphers of clients", perMinute, topOf(6, tls, "cipher")...).stacked().step(steady).none("no TLS sessions").size(8, 8).
			about("The ciphers that clients chose, a minute: what you may turn off, and whom it would hurt."),
		lines("Rejected commands", perMinute, topOf(8, `postfix_smtpd_commands_total{$host, outcome="rejected"}`, "command")...).stacked().step(steady).none("no command was rejected").size(8, 8).
			about("Commands that smtpd refused, a minute, counted when the client leaves. auth: failed logins. rcpt: rejects of recipients."),
		lines("Lost sessions by stage", perMinute, topOf(8, `postfix_smtpd_lost_connections_total{$host}`, "stage")...).stacked().step(steady).none("no session was lost").size(8, 8).
			about("After which command sessions broke off or timed out, a minute. CONNECT and AUTH are bots. DATA and END-OF-MESSAGE: a filter hangs, or the line is bad."),
		lines("Length of sessions", seconds, quantiles(`postfix_smtpd_session_seconds_bucket{$host}`)...).in(percentiles).logScale().step(steady).none("no sessions").size(8, 8).
			about("From connect to disconnect. Longer than usual: slow checks (DNS lists, milters) or clients that hang; they use up smtpd's processes."),
	)
}
