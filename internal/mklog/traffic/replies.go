package traffic

// Sentences of other servers, made up in the manner of the large providers and
// of common software, and what Postfix says where there was no server.

var tlsToServers = []row{
	{6, "Trusted TLS connection established to %r: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA (P-256) server-digest SHA256"},
	{3, "Untrusted TLS connection established to %r: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256"},
	{1, "Verified TLS connection established to %r: TLSv1.2 with cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits)"},
	{1, "Trusted TLS connection reused to %r: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256"},
}

// unreached are troubles on the way, of any destination.
var unreached = []reply{
	{6, "deferred", "4.4.1", "connect to %S[%i]:25: Connection timed out", true, 30},
	{4, "deferred", "4.4.1", "connect to %S[%i]:25: Connection refused", true, 20},
	{1, "deferred", "4.4.1", "connect to %S[2001:db8::%n]:25: Network is unreachable", true, 50},
	{3, "deferred", "4.4.3", "Host or domain name not found. Name service error for name=%o type=MX: Host not found, try again", true, 40},
	{1, "deferred", "4.7.5", "Cannot start TLS: handshake failure", true, 10},
	{2, "deferred", "4.4.1", "delivery temporarily suspended: connect to %S[%i]:25: Connection timed out", true, 30},
}

var noSuchDomain = []reply{
	{3, "bounced", "5.4.4", "Host or domain name not found. Name service error for name=%o type=A: Host not found", true, 0},
	{1, "bounced", "5.1.0", "Domain %o does not accept mail (nullMX)", true, 0},
	{1, "bounced", "5.4.6", "mail for %o loops back to myself", true, 0},
}

var googleReplies = destination{
	sent: []reply{
		{weight: 1, status: "sent", dsn: "2.0.0", text: "250 2.0.0 OK  17%N %x-20020a170902%x.%n - gsmtp"},
	},
	deferred: []reply{
		{4, "deferred", "4.7.28", "host %s said: 421-4.7.28 We have seen too much unsolicited mail from your address [198.51.100.7] 421-4.7.28 lately, and slow it down to protect our users. 421 4.7.28 See the guidelines for senders of bulk mail. %x.%n - gsmtp (in reply to end of DATA command)", false, 50},
		{3, "deferred", "4.2.1", "host %s said: 450-4.2.1 This user gets mail faster than we can take it now. 450 4.2.1 Please send it again later. %x.%n - gsmtp (in reply to RCPT TO command)", false, 70},
		{2, "deferred", "4.2.2", "host %s said: 452-4.2.2 The inbox of this recipient has no room left. 452 4.2.2 Please ask them to tidy up, and try again. %x.%n - gsmtp (in reply to RCPT TO command)", false, 5},
	},
	bounced: []reply{
		{8, "bounced", "5.1.1", "host %s said: 550-5.1.1 No account here has the address that you tried. Please look 550-5.1.1 for typing errors or blanks in the recipient's address. 550 5.1.1 See the help pages. %x.%n - gsmtp (in reply to RCPT TO command)", false, 0},
		{3, "bounced", "5.7.26", "host %s said: 550-5.7.26 Mail that says to be from this domain is not signed 550-5.7.26 and its SPF result is a fail, so we don't take it. 550 5.7.26 DKIM = did not pass. %x.%n - gsmtp (in reply to end of DATA command)", false, 0},
		{2, "bounced", "5.7.1", "host %s said: 550-5.7.1 [198.51.100.7      12] This message is likely to be unsolicited, and 550 5.7.1 has been blocked. %x.%n - gsmtp (in reply to end of DATA command)", false, 0},
	},
}

var microsoftReplies = destination{
	sent: []reply{
		{weight: 1, status: "sent", dsn: "2.6.0", text: "250 2.6.0 <%x.%N@shop.example.net> [InternalId=%N%N, Hostname=DB9PR03MB%n.eurprd03.prod.outlook.com] %N bytes in 0.1%n, 9%n.%n KB/sec Queued mail for delivery -> 250 2.1.5"},
	},
	deferred: []reply{
		{4, "deferred", "4.7.500", "host %s said: 451 4.7.500 Server busy. Please come back later, session 198.51.100.7. (S77714) [DB5EUR03FT0%n.eop-EUR03.prod.protection.outlook.com 2026-11-21T08:00:05.310Z %X] (in reply to RCPT TO command)", false, 70},
		{2, "deferred", "4.7.650", "host %s said: 451 4.7.650 Mail from [198.51.100.7] is slowed down because of what is known of its address. (S775) [AM6EUR05FT0%n.eop-eur05.prod.protection.outlook.com] (in reply to MAIL FROM command)", false, 40},
		{1, "deferred", "4.4.2", "lost connection with %s while receiving the initial server greeting", false, 70},
	},
	bounced: []reply{
		{6, "bounced", "5.5.0", "host %s said: 550 5.5.0 No mailbox of this name can be used here (S2017062302). [AMS0EPF0000019%n.eurprd05.prod.outlook.com 2026-11-21T08:00:05.310Z %X] (in reply to RCPT TO command)", false, 0},
		{4, "bounced", "5.4.1", "host %s said: 550 5.4.1 Recipient address rejected: the directory has no such person. [DB3EUR04FT0%n.eop-eur04.prod.protection.outlook.com 2026-11-21T08:00:05.310Z %X] (in reply to RCPT TO command)", false, 0},
		{3, "bounced", "5.7.1", "host %s said: 550 5.7.1 No mail from [198.51.100.7], part of its network is on our list (S3140). [VI1EUR04FT0%n.eop-eur04.prod.protection.outlook.com] (in reply to MAIL FROM command)", false, 0},
	},
}

var yahooReplies = destination{
	sent: []reply{
		{weight: 1, status: "sent", dsn: "2.0.0", text: "250 ok dirdel"},
	},
	deferred: []reply{
		{4, "deferred", "4.7.0", "host %s refused to talk to me: 421 4.7.0 [TSS04] Messages from 198.51.100.7 wait because of complaints or unusual amounts", false, 40},
		{1, "deferred", "4.3.2", "host %s said: 451 4.3.2 Resources are short now, [%i] (in reply to end of DATA command)", false, 80},
	},
	bounced: []reply{
		{6, "bounced", "5.0.0", "host %s said: 554 delivery error: dd There is no account for %t here [-%n] - mta4%n.mail.example.org (in reply to end of DATA command)", false, 0},
		{2, "bounced", "5.7.9", "host %s said: 554 5.7.9 Not taken for policy reasons: DMARC of the sender's domain says reject (in reply to end of DATA command)", false, 0},
	},
}

var smallReplies = destination{
	sent: []reply{
		{weight: 6, status: "sent", dsn: "2.0.0", text: "250 2.0.0 Ok: queued as %X"},
		{weight: 2, status: "sent", dsn: "2.0.0", text: "250 OK id=1t%x-0000%x-2K"},
		{weight: 1, status: "sent", dsn: "2.6.0", text: "250 2.6.0 %N byte chunk, total %N"},
		{weight: 1, status: "sent", dsn: "2.0.0", text: "250"},
	},
	deferred: []reply{
		{8, "deferred", "4.7.1", "host %s said: 450 4.7.1 <%t>: Recipient address rejected: Greylisted, see you again in %n seconds (in reply to RCPT TO command)", false, 95},
		{3, "deferred", "4.2.2", "host %s said: 452 4.2.2 <%t>: mailbox over quota (in reply to RCPT TO command)", false, 5},
		{3, "deferred", "4.3.0", "host %s said: 451 4.3.0 <%t>: Temporary lookup failure (in reply to RCPT TO command)", false, 60},
		{2, "deferred", "4.4.2", "conversation with %s timed out while sending RCPT TO", false, 60},
		{2, "deferred", "4.4.2", "lost connection with %s while sending end of data -- message may be sent more than once", false, 60},
		{2, "deferred", "4.0.0", "host %s refused to talk to me: 421 Too many connections from your host, please slow down", false, 80},
	},
	bounced: []reply{
		{8, "bounced", "5.1.1", "host %s said: 550 5.1.1 <%t>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)", false, 0},
		{2, "bounced", "5.7.1", "host %s said: 554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using dnsbl.example.org; see the list's own pages (in reply to RCPT TO command)", false, 0},
		{2, "bounced", "5.0.0", "host %s said: 550 Administrative prohibition (in reply to end of DATA command)", false, 0},
		{1, "bounced", "5.3.4", "message size %N exceeds size limit 10240000 of server %s", false, 0},
		{1, "bounced", "5.7.1", "host %s said: 550 5.7.1 <%t>: we do not relay (in reply to RCPT TO command)", false, 0},
		{1, "bounced", "5.6.0", "host %s said: 552 5.6.0 The attachment can't be opened, (or it holds a virus) (in reply to end of DATA command)", false, 0},
	},
}
