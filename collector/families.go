package collector

import "postfix_exporter/classify"

// families are all that the engine counts. Each is declared once, here: its
// name, help, labels and buckets. docs/METRICS.md is made from this file.
type families struct {
	*declarer

	deliveries    *counter[DeliveryLabels]
	bounces       *counter[FailureLabels]
	deferrals     *counter[FailureLabels]
	expired       *counter[InstanceLabels]
	expirations   *counter[ExpirationLabels]
	deliveryDelay *histogram[DelayLabels]
	deliveryStage *histogram[DaemonLabels]
	connFailures  *counter[ProviderLabels]
	blockInfo     *info[BlockLabels]

	received      *counter[ReceivedLabels]
	removed       *counter[InstanceLabels]
	messageSize   *histogram[InstanceLabels]
	recipients    *histogram[InstanceLabels]
	queueTime     *histogram[InstanceLabels]
	notifications *counter[InstanceLabels]

	rejects      *counter[RejectLabels]
	dnsblRejects *counter[DNSBLLabels]
	contents     *counter[ContentLabels]

	connections    *counter[ServiceLabels]
	disconnections *counter[ServiceLabels]
	lost           *counter[ServiceLabels]
	commands       *counter[ServiceLabels]
	sessionTime    *histogram[ServiceLabels]
	logins         *counter[LoginLabels]
	tls            *counter[TLSLabels]
	screen         *counter[InstanceLabels]

	messages     *counter[DaemonLabels]
	lines        *counter[NoLabels]
	unrecognized *counter[DaemonLabels]
	ambiguous    *counter[NoLabels]
	unread       *counter[NoLabels]
	overflow     *counter[FamilyLabels]
}

// The classic buckets: a mail is fast within seconds, and late within the five
// days that Postfix keeps it by default (maximal_queue_lifetime).
var (
	queueBuckets = newShape(microseconds, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900,
		1800, 3600, 14400, 43200, 86400, 172800, 432000)
	sessionBuckets   = newShape(microseconds, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
	sizeBuckets      = newShape(whole, 1<<10, 1<<12, 1<<14, 1<<16, 1<<18, 1<<20, 1<<22, 1<<24, 1<<26, 1<<28)
	recipientBuckets = newShape(whole, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
)

func newFamilies(limit int) *families { return declareFamilies(limit, "") }

func declareFamilies(limit int, host string) *families {
	f := &families{declarer: &declarer{limit: limit, host: host}}
	f.declareLines()
	f.declareExporter(f.declarer)
	f.prepare()
	return f
}

// declareLines declares what counts lines, and may have the label host.
func (f *families) declareLines() {
	f.ofLines = true
	f.declareDeliveries(f.declarer)
	f.declareMessages(f.declarer)
	f.declareRejects(f.declarer)
	f.declareSessions(f.declarer)
	f.declareLog(f.declarer)
	f.ofLines = false
}

func (f *families) declareDeliveries(d *declarer) {
	d.subject = "Deliveries"
	f.deliveries = newCounter[DeliveryLabels](d, "postfix_deliveries_total",
		"Delivery records (to=, relay=, status=), one per recipient and attempt, from whatever daemon. "+
			"deliverable and undeliverable are address probes; truncated: the record was cut before its status.", statuses)
	f.bounces = newCounter[FailureLabels](d, "postfix_bounces_total",
		"Recipients failed for good (status=bounced), by class of the reply that caused it.")
	f.deferrals = newCounter[FailureLabels](d, "postfix_deferrals_total",
		"Attempts that failed for now (status=deferred, and SOFTBOUNCE), one per recipient and attempt, by class of the reply.")
	f.expired = newCounter[InstanceLabels](d, "postfix_messages_expired_total",
		"Messages that the queue manager gave up on at the end of their lifetime, one per message; "+
			"forced: an operator ended it (postsuper -e).", forcedValues)
	f.expirations = newCounter[ExpirationLabels](d, "postfix_expirations_total",
		"Recipients of expired messages, by provider and class of their last deferral. "+
			"Those whose deferral was not seen are not counted.")
	f.deliveryDelay = newHistogram[DelayLabels](d, "postfix_delivery_delay_seconds",
		"Time from arrival to delivery (delay=) of what was sent, one per recipient.", queueBuckets)
	f.deliveryStage = newHistogram[DaemonLabels](d, "postfix_delivery_stage_seconds",
		"Where the time went (delays=a/b/c/d) of what was sent, one per recipient and stage. "+
			"before_queue_manager holds the time that a deferred message waited for its next attempt.", queueBuckets, delayStages)
	f.connFailures = newCounter[ProviderLabels](d, "postfix_smtp_connection_failures_total",
		"Connections to other servers that came to nothing: lines \"connect to HOST: ...\", and TLS handshakes "+
			"that failed (tls). One per server tried, so one delivery attempt may count several.", connectionFailures)
	f.blockInfo = newInfo[BlockLabels](d, "postfix_block_info",
		"Who blocks us, and what the rules say is to be done: always 1, for each provider, class and list that a reply of kind "+
			"block was seen of. An alert gets hint and link by: postfix_block_info * on (job, instance, provider, class) group_left "+
			"sum by (job, instance, provider, class) (increase(postfix_bounces_total{kind=\"block\"}[1h])) > 0.")
}

func (f *families) declareMessages(d *declarer) {
	d.subject = "Messages"
	f.received = newCounter[ReceivedLabels](d, "postfix_messages_received_total",
		"Messages accepted into the queue: by smtpd (client=) and pickup (uid=). "+
			"One that a content filter hands back is counted again. sasl_method is none without a login.")
	f.removed = newCounter[InstanceLabels](d, "postfix_messages_removed_total",
		"Messages that the queue manager was done with and removed. Those deleted by hand or cancelled are not counted.")
	f.messageSize = newHistogram[InstanceLabels](d, "postfix_message_size_bytes",
		"Size of messages, at their first activation only.", sizeBuckets)
	f.recipients = newHistogram[InstanceLabels](d, "postfix_message_recipients",
		"Recipients of messages, at their first activation only.", recipientBuckets)
	f.queueTime = newHistogram[InstanceLabels](d, "postfix_message_queue_seconds",
		"Time from acceptance to removal of a message. Messages whose acceptance was not seen are not observed.", queueBuckets)
	f.notifications = newCounter[InstanceLabels](d, "postfix_notifications_total",
		"Notifications that Postfix made: non_delivery, delay and success to senders, postmaster_... to the postmaster; "+
			"double_bounce: one to the postmaster that could not be delivered either.", notificationTypes)
}

func (f *families) declareRejects(d *declarer) {
	d.subject = "Rejects"
	f.rejects = newCounter[RejectLabels](d, "postfix_noqueue_rejects_total",
		"Refusals by smtpd and postscreen (reject, milter-reject), also those that name a queue id because an earlier "+
			"recipient was accepted. Not: reject_warning, and what cleanup rejects. code is none where the line has none.")
	f.dnsblRejects = newCounter[DNSBLLabels](d, "postfix_dnsbl_rejects_total",
		"Rejects of smtpd and postscreen that name a DNS list, by the list. "+
			"Read from Postfix's default reply; not where rbl_reply_maps or default_rbl_reply change its words.")
	f.contents = newCounter[ContentLabels](d, "postfix_content_actions_total",
		"What header and body checks, milters, proxy filters and access maps did with mail. Rejects by access maps are "+
			"in postfix_noqueue_rejects_total; a milter's reject in smtpd is there and here.")
}

func (f *families) declareSessions(d *declarer) {
	d.subject = "Sessions"
	f.connections = newCounter[ServiceLabels](d, "postfix_smtpd_connections_total",
		"Connections that smtpd took.")
	f.disconnections = newCounter[ServiceLabels](d, "postfix_smtpd_disconnections_total",
		"Connections that smtpd ended.")
	f.lost = newCounter[ServiceLabels](d, "postfix_smtpd_lost_connections_total",
		"Sessions of smtpd that ended by a lost connection or a timeout, by the command after which it happened.", smtpStages)
	f.commands = newCounter[ServiceLabels](d, "postfix_smtpd_commands_total",
		"SMTP commands that clients sent, counted when they disconnect (Postfix 3.0 and later).", smtpCommands, commandOutcomes)
	f.sessionTime = newHistogram[ServiceLabels](d, "postfix_smtpd_session_seconds",
		"Time from connect to disconnect of smtpd's sessions.", sessionBuckets)
	f.logins = newCounter[LoginLabels](d, "postfix_sasl_logins_total",
		"SASL logins. Postfix logs no success by itself: success counts client= lines with a login, one per message; "+
			"failure counts each failed try.", loginOutcomes)
	f.tls = newCounter[TLSLabels](d, "postfix_tls_connections_total",
		"TLS sessions established, from clients (inbound) and to servers (outbound). Reused connections are not counted again.")
	f.screen = newCounter[InstanceLabels](d, "postfix_postscreen_events_total",
		"Events that postscreen logs. Its rejects are in postfix_noqueue_rejects_total.", screenEvents)
}

func (f *families) declareLog(d *declarer) {
	d.subject = "The log"
	f.messages = newCounter[DaemonLabels](d, "postfix_log_messages_total",
		"Lines that Postfix logged, by severity.", severities)
	f.lines = newCounter[NoLabels](d, "postfix_log_lines_total",
		"Lines read: parsed; ignored (known, of no interest); unrecognized (Postfix, but not a known sentence); "+
			"foreign (not Postfix).", lineOutcomes)
	f.unrecognized = newCounter[DaemonLabels](d, "postfix_log_unrecognized_lines_total",
		"Postfix's lines that are none of the sentences known of their daemon.")
	f.ambiguous = newCounter[NoLabels](d, "postfix_log_ambiguous_records_total",
		"Delivery records that an unquoted address may have forged, because the text of another record follows in them. "+
			"Postfix 3.5 and later quotes addresses: there it is a remote server's text, and harmless.")
}

func (f *families) declareExporter(d *declarer) {
	d.subject = "The exporter"
	f.unread = newCounter[NoLabels](d, "postfix_exporter_unread_values_total",
		"Numbers that were expected in a line and could not be read. They are observed nowhere.", unreadFields)
	f.overflow = newCounter[FamilyLabels](d, "postfix_exporter_series_overflow_total",
		"Events counted under \"other\" because their family was full, or because a value could not be a label; of the queue, recipients at each refresh.")

	newGauge(d, "postfix_exporter_caught_up",
		"1 once all that was in the log at the start has been counted, else 0.",
		func(m *moment) (float64, bool) { return truth(m.caughtUp), true })
	newGauge(d, "postfix_exporter_last_line_timestamp_seconds",
		"Time stamp of the last Postfix line read. time() minus this is how far behind the numbers are, or how long Postfix was quiet.",
		func(m *moment) (float64, bool) { return float64(m.last.UnixMilli()) / 1e3, !m.last.IsZero() })
	newGauge(d, "postfix_exporter_source_lag_bytes",
		"Bytes of the log that are written but not read yet.",
		func(m *moment) (float64, bool) { return float64(m.source.LagBytes), m.hasSource })
	newValue(d, "postfix_exporter_source_rotations_total",
		"Times that the log was found renamed or replaced, and the new file was taken up.",
		func(m *moment) (float64, bool) { return float64(m.source.Rotations), m.hasSource })
	newValue(d, "postfix_exporter_log_gaps_total",
		"Times that lines may be missing in all these numbers, because a part of the log was gone before it was read: a deleted file, a vacuumed journal.",
		func(m *moment) (float64, bool) { return float64(m.source.Gaps), m.hasSource })
	newValue(d, "postfix_exporter_source_missed_files_total",
		"Rotated files that could not be read, because they were gone or damaged. Their lines are not counted.",
		func(m *moment) (float64, bool) { return float64(m.source.Missed), m.hasSource })
	newValue(d, "postfix_exporter_source_truncations_total",
		"Times that the log was found shorter than what had been read of it, and was read from its start.",
		func(m *moment) (float64, bool) { return float64(m.source.Truncations), m.hasSource })
	newValue(d, "postfix_exporter_source_cut_lines_total",
		"Lines that were longer than the reader's limit and lost their end.",
		func(m *moment) (float64, bool) { return float64(m.source.CutLines), m.hasSource })
	newValue(d, "postfix_exporter_received_lines_total",
		"Lines that were sent to the exporter: syslog messages (--syslog.listen), and what was written to a pipe. Absent where a log is read.",
		func(m *moment) (float64, bool) { return float64(m.source.Received), m.source.Receives })
	newValue(d, "postfix_exporter_dropped_lines_total",
		"Syslog messages among them that were not counted, because the exporter was too far behind. It needs more CPU.",
		func(m *moment) (float64, bool) { return float64(m.source.Dropped), m.source.Receives })
	newValue(d, "postfix_exporter_kernel_dropped_lines_total",
		"UDP datagrams that the kernel dropped, because they came faster than they were read. A Unix socket or TCP drops none.",
		func(m *moment) (float64, bool) { return float64(m.source.KernelDropped), m.source.Receives })
	newValue(d, "postfix_exporter_refused_connections_total",
		"TCP connections of syslog senders that were closed at once, because there were too many.",
		func(m *moment) (float64, bool) { return float64(m.source.Refused), m.source.Receives })
	newValue(d, "postfix_exporter_bad_frames_total",
		"Syslog messages over TCP that were broken off, or whose length can't be (RFC 6587). They are not counted.",
		func(m *moment) (float64, bool) { return float64(m.source.BadFrames), m.source.Receives })
	newGauge(d, "postfix_exporter_syslog_connections",
		"TCP connections of syslog senders that are open.",
		func(m *moment) (float64, bool) { return float64(m.source.Connections), m.source.Receives })
	newGauge(d, "postfix_exporter_checkpoint_timestamp_seconds",
		"When the state (--state.file) was last saved; absent until it is. After a crash the log is read again from there.",
		func(m *moment) (float64, bool) {
			return float64(m.checkpoint.Saved.UnixMilli()) / 1e3, m.hasCheckpoint && !m.checkpoint.Saved.IsZero()
		})
	newGauge(d, "postfix_exporter_checkpoint_bytes",
		"Size of the state that was last saved.",
		func(m *moment) (float64, bool) { return float64(m.checkpoint.Bytes), m.hasCheckpoint })
	newGauge(d, "postfix_exporter_checkpoint_successful",
		"0 if the state could not be saved the last time, else 1. At 0 nothing is lost yet: look for the reason in the exporter's own log, "+
			"make room on the disk or mend the permissions, and it becomes 1 by itself.",
		func(m *moment) (float64, bool) { return truth(!m.checkpoint.Failed), m.hasCheckpoint })
	newValue(d, "postfix_exporter_checkpoint_failures_total",
		"Times that the state could not be saved.",
		func(m *moment) (float64, bool) { return float64(m.checkpoint.Failures), m.hasCheckpoint })
	newGauge(d, "postfix_exporter_tracked_messages",
		"Messages whose lines are being joined by queue id.",
		func(m *moment) (float64, bool) { return float64(m.tracked), true })
	newValue(d, "postfix_exporter_evicted_messages_total",
		"Messages forgotten before they were removed, because there were too many to track. Their queue time and last deferral are not known.",
		func(m *moment) (float64, bool) { return float64(m.evicted), true })
	newValue(d, "postfix_exporter_forgotten_deferrals_total",
		"Waiting recipients whose last deferral was not kept, because there were too many. When they expire they are not in postfix_expirations_total.",
		func(m *moment) (float64, bool) { return float64(m.forgotten), true })
	newGauge(d, "postfix_exporter_rules",
		"Rules in use, those that are built in among them.",
		func(m *moment) (float64, bool) { return float64(m.rules), true })
	newGauge(d, "postfix_exporter_rules_reload_successful",
		"1 if the rules in use are those that were last asked for, 0 if these had a fault and the old ones stayed in use.",
		func(m *moment) (float64, bool) { return truth(m.rulesOK), true })
	newValue(d, "postfix_exporter_forgotten_unclassified_total",
		"Unclassified replies that /unclassified does not count any more, because there were too many templates.",
		func(m *moment) (float64, bool) { return float64(m.forgottenReplies), true })
	newValue(d, "postfix_exporter_forgotten_blocks_total",
		"Replies that /blocks does not count any more, because there were too many combinations of provider and rule.",
		func(m *moment) (float64, bool) { return float64(m.forgottenBlocks), true })
}

// prepare makes the series that exist from the start: those of the instance
// with Postfix's default name whose other labels have few values.
func (f *families) prepare() {
	const name = "postfix"
	for _, c := range []*counter[NoLabels]{f.lines, f.ambiguous, f.unread} {
		c.row(NoLabels{})
	}
	for _, c := range []*counter[InstanceLabels]{f.expired, f.removed, f.notifications} {
		c.row(InstanceLabels{name})
	}
	for _, c := range []*counter[ServiceLabels]{f.connections, f.disconnections, f.lost, f.commands} {
		c.row(ServiceLabels{name, ""})
	}
	for _, daemon := range []string{"lmtp", "local", "pipe", "virtual"} {
		f.deliveries.row(DeliveryLabels{name, "", daemon, classify.ProviderLocal})
	}
	for _, provider := range []string{classify.ProviderNone, classify.ProviderOther} {
		f.deliveries.row(DeliveryLabels{name, "", "smtp", provider})
	}
	for _, b := range f.books {
		if b.about().canFold() {
			f.overflow.row(FamilyLabels{b.about().name})
		}
		b.drain() // of rows that found no room here: no event was folded
	}
}

// countOverflow moves to its family what the books have folded since the last
// time. It changes nothing where that is nothing.
func (f *families) countOverflow() {
	for _, b := range f.books {
		if n := b.drain(); n > 0 {
			f.overflow.add(FamilyLabels{b.about().name}, 0, n)
		}
	}
	for _, h := range f.further() {
		h.countOverflow()
	}
}

// freeze copies all numbers of the books.
func (f *families) freeze() []frozen {
	f.countOverflow()
	all := f.appendFrozen(make([]frozen, 0, len(f.books)*(1+len(f.further()))))
	for _, h := range f.further() {
		all = h.appendFrozen(all)
	}
	return all
}

func (f *families) appendFrozen(all []frozen) []frozen {
	for _, b := range f.books {
		all = append(all, b.freeze())
	}
	return all
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
