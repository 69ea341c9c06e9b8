package e2e

// The configuration of the Postfix under test: main.cf, master.cf and the maps.
// Words between @ are replaced: the run's directory, hosts, ports by their names.

// mainCf: loopback only, no DNS, no chroot. Retries happen when the test says
// so (postqueue -f), so that attempts can be counted. inet_interfaces has two
// addresses, or the SMTP client would bind to the one it has.
const mainCf = `compatibility_level = 3.6
myhostname = mx.example.net
mydestination = $myhostname, localhost
mynetworks = 127.0.0.1/32, [::1]/128
inet_interfaces = 127.0.0.1, ::1
inet_protocols = all
queue_directory = @DIR@/queue
data_directory = @DIR@/data
@LOGGING@
enable_long_queue_ids = @LONGIDS@
smtputf8_enable = yes
notify_classes =
biff = no
in_flow_delay = 0
authorized_flush_users = root

disable_dns_lookups = yes
smtp_host_lookup = native
transport_maps = texthash:@DIR@/conf/transport
queue_run_delay = 1h
minimal_backoff_time = 1h
maximal_backoff_time = 1h
maximal_queue_lifetime = 1d
bounce_queue_lifetime = 1d
delay_warning_time = 1s
bounce_template_file = @DIR@/conf/bounce.cf
default_destination_concurrency_failed_cohort_limit = 0
down_destination_concurrency_failed_cohort_limit = 1
smtp_connect_timeout = 5s
lmtp_connect_timeout = 5s
filter_destination_recipient_limit = 1
smtp_tls_security_level = may
smtp_tls_loglevel = 1
fast_flush_domains = etrn.example

alias_maps = texthash:@DIR@/conf/aliases
alias_database =
allow_mail_to_files = alias
allow_mail_to_commands = alias
local_recipient_maps = $alias_maps texthash:@DIR@/conf/ghosts
virtual_mailbox_domains = example.org
virtual_mailbox_base = @DIR@/mail
virtual_mailbox_maps = texthash:@DIR@/conf/mailboxes
virtual_uid_maps = static:@UID@
virtual_gid_maps = static:@GID@
virtual_alias_maps = texthash:@DIR@/conf/virtual
relay_domains = relay.example, lmtp.example, etrn.example, verify.example
relay_recipient_maps =

smtpd_peername_lookup = no
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_helo_required = yes
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 15
smtpd_hard_error_limit = 20
smtpd_recipient_overshoot_limit = 1
smtpd_recipient_limit = 60
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtpd_tls_cert_file = @DIR@/conf/cert.pem
smtpd_tls_key_file = @DIR@/conf/key.pem
message_size_limit = 100000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
header_checks = regexp:@DIR@/conf/header_checks
body_checks = regexp:@DIR@/conf/body_checks
address_verify_map =
address_verify_poll_delay = 1s
smtpd_client_restrictions =
	check_client_access cidr:@DIR@/conf/clients
smtpd_helo_restrictions =
	check_helo_access inline:{ { liar.example = REJECT you are not me } },
	reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
smtpd_sender_restrictions =
	check_sender_access texthash:@DIR@/conf/senders,
	reject_non_fqdn_sender
smtpd_relay_restrictions =
	permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions =
	reject_non_fqdn_recipient,
	check_recipient_access texthash:@DIR@/conf/recipients,
	check_recipient_access inline:{ { verify.example = reject_unverified_recipient } }
smtpd_data_restrictions =
	check_sender_access inline:{ { data-reject@senders.example = REJECT not your data } }
smtpd_end_of_data_restrictions =
	check_sender_access inline:{ { eod-reject@senders.example = 554 5.7.1 not this message } }
smtpd_etrn_restrictions =
	check_etrn_access inline:{ { forbidden.example = REJECT } }
`

// masterCf: nothing is chrooted. LIMITED is a service with tight limits, EARLY
// one that refuses before RCPT.
const masterCf = `127.0.0.1:@SMTP@ inet n - n - - smtpd
127.0.0.1:@SUBMISSION@ inet n - n - - smtpd
	-o syslog_name=postfix/submission
	-o smtpd_relay_restrictions=permit_mynetworks,reject
127.0.0.1:@LIMITED@ inet n - n - - smtpd
	-o syslog_name=postfix/limited
	-o smtpd_timeout=1s
	-o smtpd_client_message_rate_limit=2
	-o smtpd_client_event_limit_exceptions=
127.0.0.1:@EARLY@ inet n - n - - smtpd
	-o syslog_name=postfix/early
	-o smtpd_delay_reject=no
@IPV6@pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
	-o syslog_name=postfix/relay
down unix - - n - - smtp
slow unix - - n - - smtp
	-o smtp_rcpt_timeout=1s
	-o smtp_mail_timeout=1s
soft unix - - n - - smtp
	-o soft_bounce=yes
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
filter unix - n n - 10 pipe
	flags=Rq user=nobody argv=@DIR@/conf/filter ${recipient}
`

// ipv6Service is one more line of master.cf where there is IPv6.
const ipv6Service = "[::1]:@SMTP6@ inet n - n - - smtpd\n"

// conf has the files of the configuration directory.
var conf = map[string]string{
	"main.cf":   mainCf,
	"master.cf": masterCf,
	"transport": `remote.example smtp:@HOST2@:@REMOTE@
plain.example smtp:@HOST3@:@PLAIN@
senders.example smtp:@HOST2@:@HOME@
bulk.example smtp:@HOST2@:@HOME@
etrn.example smtp:@HOST2@:@REMOTE@
relay.example relay:@HOST2@:@REMOTE@
verify.example relay:@HOST2@:@REMOTE@
soft.example soft:@HOST2@:@REMOTE@
slow.example slow:@HOST2@:@REMOTE@
busy.example smtp:@HOST4@:@BUSY@
closed.example smtp:@HOST5@:@CLOSED@
mute.example smtp:@HOST6@:@MUTE@
nohelo.example smtp:@HOST6@:@NOHELO@
gone.example smtp:@HOST7@:@NOBODY@
down.example down:@HOST7@:@NOBODY@
two.example smtp:@HOST7@:@NOBODY@, @HOST2@:@HOME@
second.example smtp:@HOST2@:@REMOTE@, @HOST3@:@PLAIN@
v6.example smtp:[::1]:@HOME6@
lmtp.example lmtp:@HOST2@:@LMTP@
socket.example lmtp:unix:private/dovecot-lmtp
nosocket.example lmtp:unix:private/nothing
hole.example discard:testing
filter.example filter:
broken.example nosuchtransport:
refused.example error:5.1.1 nobody here, status=sent (250 ok)
later.example retry:4.3.2 closed for the day
`,
	"aliases": `postmaster archive
archive @DIR@/mail/archive
maildir @DIR@/mail/maildir/
command "|/bin/cat >>@DIR@/mail/command"
tempfail "|exit 75"
permfail "|echo 5.7.0 relay=x, dsn=2.0.0, status=sent; exit 77"
team someone@bulk.example
`,
	// delivers for the transport filter, a line for each
	"filter": `#!/bin/sh
cat >/dev/null
case $1 in
temp*) echo try later; exit 75;;
perm*) echo "no way (in reply to RCPT TO command), status=sent (250 ok)"; exit 77;;
esac
echo "$1" >>@DIR@/mail/filtered
`,
	// local recipients that the SMTP server lets in, and local(8) does not know
	"ghosts": "ghost1 x\nghost2 x\n",
	"mailboxes": `ann@example.org ann/
bob@example.org bob/
redirected@example.org redirected/
locked@example.org locked/
`,
	"virtual": "list@example.org ann@example.org, bob@example.org, team@mx.example.net\n",
	"clients": `192.0.2.66 REJECT we know you; from=<a@b> to=<c@d> proto=SMTP helo=<x>
192.0.2.67 421 4.7.0 come back another day
`,
	"senders": `spam@senders.example REJECT no spam
wait@senders.example 451 4.7.1 wait
forged.example 550 5.7.23 SPF fail - not authorized
hold@senders.example HOLD by sender
lost@senders.example DISCARD by sender
warned@senders.example WARN by sender
`,
	"recipients": `grey@example.org 450 4.2.0 Greylisted, see https://grey.example/
listed@example.org 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using dnsbl.example; listed; see https://dnsbl.example/
full@example.org 452 4.2.2 mailbox full
policy@example.org REJECT
redirected@example.org REDIRECT bob@example.org
deferred@example.org DEFER_IF_PERMIT try again
retired@example.org 521 5.1.6 moved
`,
	"header_checks": `/^Subject: reject/ REJECT no such subject
/^Subject: hold/ HOLD look at this
/^Subject: warn/ WARN seen
/^Subject: discard/ DISCARD unwanted
/^Subject: redirect/ REDIRECT bob@example.org
/^Subject: prepend/ PREPEND X-Seen: yes
/^Subject: replace/ REPLACE Subject: replaced
/^Subject: info/ INFO noted
`,
	// the built-in text counts in hours, and warns that there is none yet
	"bounce.cf": `delay_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Mail Delivery System)
Subject: Delayed Mail (still being retried)
Postmaster-Subject: Postmaster Warning: Delayed Mail

Your message is late.
EOF
`,
	"body_checks": "/^EICAR/ REJECT virus\n",
}
