package traffic

// The organisations that receive, by their MX hosts, and our own delivery agents.
var remotePlaces = []destination{
	withReplies(googleReplies, destination{weight: 38, relays: []string{"gmail-smtp-in.l.google.com[%i]:25", "aspmx.l.google.com[%i]:25", "alt1.aspmx.l.google.com[%i]:25"},
		domains: []string{"alpha.example.org", "garden.example.net", "family.example.org", "school.example.net"}}),
	withReplies(microsoftReplies, destination{weight: 27, relays: []string{"outlook-com.olc.protection.outlook.com[%i]:25", "office-example-net.mail.protection.outlook.com[%i]:25", "law-example-org.mail.protection.outlook.com[%i]:25"},
		domains: []string{"office.example.net", "law.example.org", "clinic.example.org"}}),
	withReplies(yahooReplies, destination{weight: 9, relays: []string{"mta5.am0.yahoodns.net[%i]:25", "mta7.am0.yahoodns.net[%i]:25"},
		domains: []string{"photos.example.net", "music.example.org"}}),
	withReplies(smallReplies, destination{weight: 5, relays: []string{"mx01.mail.icloud.com[%i]:25", "mx02.mail.icloud.com[%i]:25"},
		domains: []string{"fruit.example.net"}}),
	withReplies(smallReplies, destination{weight: 6, relays: []string{"mx00.gmx.net[%i]:25", "mx01.gmx.net[%i]:25", "mx-ha.web.de[%i]:25"},
		domains: []string{"post.example.org", "web.example.net"}}),
	withReplies(smallReplies, destination{weight: 15, relays: []string{"mx.partner.example.org[%i]:25", "mail.town.example.net[%i]:25", "mx2.port.example.org[2001:db8:25::2]:25"},
		domains: []string{"partner.example.org", "town.example.net", "port.example.org", "xn--mnchen-3ya.example.net"}}),
}

// withReplies makes a remote destination whose servers answer like those of
// another, or can't be reached.
func withReplies(like, d destination) destination {
	d.tag, d.remote, d.tls, d.pace = "postfix/smtp", true, true, 0.6*second
	d.sent = like.sent
	d.deferred = append(append(d.deferred, like.deferred...), unreached...)
	d.bounced = append(append(d.bounced, like.bounced...), noSuchDomain...)
	return d
}

var localPlaces = []destination{
	{weight: 12, tag: "postfix/lmtp", domains: ourDomains, relays: []string{"mx1.example.com[private/dovecot-lmtp]"}, pace: 0.05 * second,
		sent: []reply{{weight: 1, status: "sent", dsn: "2.0.0", text: "250 2.0.0 <%t> %x Saved"}},
		deferred: []reply{
			{weight: 2, status: "deferred", dsn: "4.2.2", text: "host mx1.example.com[private/dovecot-lmtp] said: 452 4.2.2 <%t> Quota exceeded (mailbox for user is full) (in reply to end of DATA command)", passes: 5},
			{weight: 1, status: "deferred", dsn: "4.4.1", text: "connect to mx1.example.com[private/dovecot-lmtp]: Connection refused", unreached: true, passes: 70}},
		bounced: []reply{{weight: 1, status: "bounced", dsn: "5.1.1", text: "host mx1.example.com[private/dovecot-lmtp] said: 550 5.1.1 <%t> User doesn't exist: %t (in reply to RCPT TO command)"}}},
	{weight: 4, tag: "postfix/virtual", domains: ourDomains, relays: []string{"virtual"}, pace: 0.02 * second,
		sent:     []reply{{weight: 1, status: "sent", dsn: "2.0.0", text: "delivered to maildir"}},
		deferred: []reply{{weight: 1, status: "deferred", dsn: "4.2.0", text: "maildir delivery failed: create maildir file /var/vmail/tmp/%N.P%N.mx1: Permission denied", passes: 40}},
		bounced:  []reply{{weight: 1, status: "bounced", dsn: "5.1.1", text: `unknown user: "%t"`}}},
	{weight: 5, tag: "postfix/local", domains: []string{"mx1.example.com"}, relays: []string{"local"}, pace: 0.02 * second,
		sent: []reply{{weight: 5, status: "sent", dsn: "2.0.0", text: "delivered to mailbox"},
			{weight: 2, status: "sent", dsn: "2.0.0", text: "delivered to command: /usr/bin/procmail -a $EXTENSION"},
			{weight: 1, status: "sent", dsn: "2.0.0", text: "delivered to file: /dev/null"}},
		deferred: []reply{{weight: 1, status: "deferred", dsn: "4.3.0", text: "temporary failure. Command output: procmail: Couldn't create the mailbox", passes: 50}},
		bounced:  []reply{{weight: 1, status: "bounced", dsn: "5.1.1", text: `unknown user: "%n"`}}},
	{weight: 2, tag: "postfix/pipe", domains: ourDomains, relays: []string{"spamfilter"}, pace: 0.8 * second,
		sent:     []reply{{weight: 1, status: "sent", dsn: "2.0.0", text: "delivered via spamfilter service"}},
		deferred: []reply{{weight: 1, status: "deferred", dsn: "4.3.0", text: "temporary failure. Command output: spamfilter: the scanner did not answer", passes: 70}},
		bounced:  []reply{{weight: 1, status: "bounced", dsn: "5.3.0", text: "permission denied. Command output: spamfilter: refused"}}},
}
