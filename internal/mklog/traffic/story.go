package traffic

// A story is told by planning its lines. Weights are shares of a host that
// relays for its own people and applications and takes mail for its domains,
// with the background noise of port 25.
type story struct {
	weight int
	tell   func(s *script)
}

var stories = []story{
	{260, inbound},
	{190, submission},
	{150, application},
	{30, pickup},
	{150, turnedAway},
	{70, passingBy},
	{60, guesser},
	{90, screened},
	{14, contentChecked},
	{20, oddity},
	{110, foreign},
}

// tell begins a story.
func (g *Generator) tell() {
	sum := 0
	for i := range stories {
		sum += stories[i].weight
	}
	n := g.random.IntN(sum)
	for i := range stories {
		if n -= stories[i].weight; n < 0 {
			stories[i].tell(&script{g: g, m: new(mail), at: g.now})
			return
		}
	}
}

// oddity is a line of Postfix's that belongs to no session and no message.
func oddity(s *script) {
	s.m.client = s.g.stranger()
	s.m.to = s.g.recipientOf(s.g.remotePlace())
	switch s.g.random.IntN(8) {
	case 0, 1, 2, 3:
		pid := s.g.resident("postfix/anvil")
		for _, text := range anvilStatistics {
			s.say("postfix/anvil", pid, text)
		}
	case 4:
		s.say("postfix/scache", s.g.resident("postfix/scache"), "statistics: domain lookup hits=%n miss=%n success=50%%")
	case 5:
		s.say("postfix/master", s.g.resident("postfix/master"), "reload -- version 3.7.11, configuration /etc/postfix")
	case 6:
		s.warn("postfix/smtpd", s.g.resident("postfix/smtpd"), s.g.pick(smtpdWarnings))
	case 7:
		s.warn("postfix/smtp", s.g.resident("postfix/smtp"), s.g.pick(smtpWarnings))
	}
}

// foreign is a line of another program's that logs to facility mail.
func foreign(s *script) {
	s.m.client = s.g.person()
	s.m.login = s.g.address(ourDomains)
	f := foreignLines[s.g.random.IntN(len(foreignLines))]
	pid := 0
	if f.pid {
		pid = s.g.resident(f.tag)
	}
	s.say(f.tag, pid, f.text)
}

var anvilStatistics = []string{
	"statistics: max connection rate %n/60s for (smtp:%a) at Nov 21 08:11:05",
	"statistics: max connection count %n for (smtp:%a) at Nov 21 08:11:05",
	"statistics: max cache size %n at Nov 21 08:12:40",
}

var smtpdWarnings = []row{
	{6, "dict_nis_init: NIS domain name not set - NIS lookups disabled"},
	{6, "TLS library problem: error:0A000102:SSL routines::unsupported protocol:../ssl/statem/statem_srvr.c:1657:"},
	{3, "%c: SASL LOGIN authentication failed: Invalid authentication mechanism"},
	{3, "Connection rate limit exceeded: %n from %c for service smtp"},
	{2, "Connection concurrency limit exceeded: %n from %c for service smtp"},
	{2, "Recipient address rate limit exceeded: %n from %c for service smtp"},
	{1, "non-SMTP command from %c: GET / HTTP/1.1"},
}

var smtpWarnings = []row{
	{3, "no MX host for %o has a valid address record"},
	{2, "host %r greeted me with my own hostname mx1.example.com"},
	{1, "%s offered null AUTH mechanism list"},
}

var foreignLines = []struct {
	tag  string
	pid  bool
	text string
}{
	{"dovecot", false, "imap-login: Login: user=<%l>, method=PLAIN, rip=%a, lip=192.0.2.10, mpid=%N, TLS, session=<%x>"},
	{"dovecot", false, "imap(%l)<%N><%x>: Disconnected: Logged out in=%N out=%N deleted=0 expunged=0 trashed=0 hdr_count=%n"},
	{"dovecot", false, "lmtp(%l)<%N><%x>: msgid=<%x@example.net>: saved mail to INBOX"},
	{"opendkim", true, "%X: DKIM-Signature field added (s=mail, d=example.com)"},
	{"opendkim", true, "%X: key retrieval failed (s=selector1, d=news.example.net): 'selector1._domainkey.news.example.net' record not found"},
	{"spamd", true, "spamd: result: . -%n - BAYES_00,DKIM_SIGNED,DKIM_VALID scantime=1.2,size=%N,user=nobody,uid=65534"},
	{"amavis", true, "(%N-01) Passed CLEAN {RelayedInbound}, [%a]:%p [%a] <%l> -> <%l>, Queue-ID: %X, Hits: -1.9, size: %N"},
	{"saslauthd", true, "do_auth         : auth failure: [user=%l] [service=smtp] [realm=] [mech=pam] [reason=PAM auth error]"},
}
