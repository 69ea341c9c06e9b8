package dashboards

func exporter() Board {
	return Board{
		UID: "postfix-exporter", Title: "Postfix exporter",
		About: "Can the numbers be believed? Does the exporter keep up with the log, know its sentences, save its state, and stay small?",
		rows:  []section{exporterNow(), exporterLog(), exporterState(), exporterProcess()},
	}
}

func exporterNow() section {
	bad := `postfix_log_lines_total{$host, outcome="unrecognized"}`
	ours := `postfix_log_lines_total{$host, outcome!="foreign"}`
	return row("Can the numbers be believed?",
		number("Scraped", ratio, "sum"+ofOurs("up")+" / count"+ofOurs("up")).decimals(0).atLeast(1).none("no target").size(6, 3).
			about("Share of the exporters that answer. Less than 100 %: one is down, or still reads the log after a start (it answers 503 until it has caught up)."),
		number("Caught up", count, `min(postfix_exporter_caught_up{$host})`).decimals(0).none("not scraped").says("1", "yes", green).says("0", "no", amber).size(6, 3).
			about("Whether all that was in the log at the start has been counted, on all hosts."),
		number("Last line", seconds, `max(time() - postfix_exporter_last_line_timestamp_seconds{$host})`).decimals(0).alarm(limits.lineAge).none("no line yet").size(6, 3).
			about("How long ago the last line of Postfix was written, on the quietest host. Long on a busy host: logging is broken, or the exporter follows the wrong file."),
		number("Behind", bytesUnit, `max(postfix_exporter_source_lag_bytes{$host})`).decimals(0).alarm(limits.lag).none("not known").size(6, 3).
			about("Bytes of the log that are written but not read yet, at worst. It should go to 0 within seconds."),
		number("Not understood", ratio, orZero(share("sum(rate("+bad+"[$w]))", "sum(rate("+ours+"[$w]))"))).decimals(2).alarm(limits.unparsed).step(steady).share().size(6, 3).
			about("Share of Postfix's lines that the exporter doesn't know. Above 1 % the numbers may be too low: the graph of unrecognized lines names the daemon."),
		number("State saved", seconds, `max(time() - postfix_exporter_checkpoint_timestamp_seconds{$host})`).decimals(0).none("never").alarm(limit{600, 0}).size(6, 3).
			about("How long ago the state was last saved, at worst. After a crash the log is read again from there, so that nothing is lost or counted twice."),
		number("Saving works", count, `min(postfix_exporter_checkpoint_successful{$host})`).decimals(0).none("not scraped").says("1", "yes", green).says("0", "no", red).size(6, 3).
			about("Whether the state could be saved the last time. No: the disk is full or the permissions are wrong; the exporter's own log says which. Nothing is lost yet."),
		number("Rules in use", count, `min(postfix_exporter_rules_reload_successful{$host})`).decimals(0).none("not scraped").says("1", "as asked", green).says("0", "old ones", red).size(6, 3).
			about("Old ones: the rules that were last asked for had a fault, and those before stayed in use. Run postfix_exporter check-rules."),
	)
}

func exporterLog() section {
	return row("Does it read the whole log?",
		lines("Lines read", perMinute, q(rateOf(`postfix_log_lines_total{$host}`, "outcome"), "{{outcome}}")).in(outcomesOf).stacked().step(steady).none("no lines").size(8, 8).
			about("Lines a minute. ignored: known and of no interest. foreign: of other programs. unrecognized: of Postfix, but not a sentence that is known."),
		lines("Unrecognized lines by daemon", perMinute, topOf(6, `postfix_log_unrecognized_lines_total{$host}`, "daemon")...).stacked().step(steady).decimals(2).none("all lines were understood").size(8, 8).
			about("Whose sentences are not known, a minute. Much of one daemon: perhaps a new version of Postfix. Please report one such line."),
		lines("Lines by severity", perMinute, q(rateOf(`postfix_log_messages_total{$host, severity!="info"}`, "severity")+" > 0", "{{severity}}")).in(severities).stacked().step(steady).none("no lines").size(8, 8).
			about("What Postfix complains of, a minute, its informational lines left out. fatal and panic: a daemon ended; read the log at that time."),
		lines("Warnings and worse by daemon", perMinute, topOf(8, `postfix_log_messages_total{$host, severity!="info"}`, "daemon")...).stacked().step(steady).decimals(1).none("nothing to complain of").size(8, 8).
			about("Which daemon complains, a minute. smtpd: mostly clients that misbehave. qmgr, master, cleanup: this host itself."),
		table("What the log lost or kept from us", eachOf(
			"postfix_exporter_log_gaps_total", "postfix_exporter_source_missed_files_total", "postfix_exporter_source_truncations_total",
			"postfix_exporter_source_cut_lines_total", "postfix_exporter_source_rotations_total", "postfix_log_ambiguous_records_total")...).
			show(label("instance", "Host"), value("A", "Gaps", count).alarm(limits.one).wide(55), value("B", "Missed", count).alarm(limits.one).wide(68),
				value("C", "Truncated", count).alarm(limits.one).wide(90), value("D", "Cut lines", count).alarm(limits.one).wide(78),
				value("E", "Rotations", count).wide(82), value("F", "Ambiguous", count).wide(98)).size(16, 8).
			about("In the time shown. Gaps and missed files: lines are missing in all numbers, because a file was gone before it was read. Truncations: the log became shorter; "+
				"use rename instead of copytruncate. Cut lines were too long. Rotations are normal. Ambiguous: an address could have forged a record (Postfix before 3.5)."),
		table("What was sent to the exporter", append(eachOf(
			"postfix_exporter_received_lines_total", "postfix_exporter_dropped_lines_total", "postfix_exporter_kernel_dropped_lines_total",
			"postfix_exporter_refused_connections_total", "postfix_exporter_bad_frames_total"), `sum by (instance) (postfix_exporter_syslog_connections{$host})`)...).
			show(label("instance", "Host"), value("A", "Received", count), value("B", "Dropped", count).alarm(limits.one), value("C", "By kernel", count).alarm(limits.one),
				value("D", "Refused", count).alarm(limits.one), value("E", "Bad frames", count).alarm(limits.one).wide(100), value("F", "Connections", count).wide(105)).size(24, 5).
			none("nothing is sent to these exporters: they read logs").
			about("In the time shown, where syslog messages are sent to the exporter (--syslog.listen). Dropped, and dropped by the kernel: they came faster than they were counted, "+
				"and are missing in all numbers. Refused: too many TCP connections. Bad frames: messages over TCP that were broken off. All but the first and the last should be 0."),
	)
}

// eachOf counts the counters by host, in the time shown.
func eachOf(counters ...string) (all []string) {
	for _, c := range counters {
		all = append(all, countOf(c+"{$host}", "instance"))
	}
	return all
}

func exporterState() section {
	return row("Does it stay within its limits?",
		table("Forgotten to stay small", eachOf("postfix_exporter_evicted_messages_total", "postfix_exporter_forgotten_deferrals_total",
			"postfix_exporter_forgotten_unclassified_total", "postfix_exporter_forgotten_blocks_total", "postfix_exporter_unread_values_total",
			"postfix_exporter_checkpoint_failures_total", "postfix_exporter_queue_refresh_failures_total")...).
			show(label("instance", "Host"), value("A", "Messages", count).alarm(limits.one), value("B", "Deferrals", count).alarm(limits.one),
				value("C", "Replies", count), value("D", "Blocks", count), value("E", "Unread values", count).alarm(limits.one).wide(115),
				value("F", "Failed saves", count).alarm(limits.one).wide(105), value("G", "Failed lists", count).wide(95).alarm(limits.one)).size(24, 6).
			about("In the time shown: messages and deferrals forgotten because there were too many to track, unclassified replies and blocks dropped from their pages, "+
				"numbers in lines that could not be read, saves of the state and lists of the queue that failed. All should be 0, but for replies."),
		lines("Messages tracked", count, q(`sum by (instance) (postfix_exporter_tracked_messages{$host})`, "{{instance}}")).none("not scraped").size(6, 8).
			about("Messages whose lines are being joined. It follows the queue's length, and never passes --limit.messages."),
		lines("Overflow of families", perMinute, q(rateOf(`postfix_exporter_series_overflow_total{$host}`, "family")+" > 0", "{{family}}")).none("no family is full").size(6, 8).
			about("Events counted under \"other\" because their family had too many series, a minute. Raise --limit.series, or find out what makes so many values."),
		lines("Refreshes of the queue", seconds, q(`max by (instance) (postfix_exporter_queue_refresh_duration_seconds{$host})`, "{{instance}}")).none("the queue is not asked for").size(6, 8).
			about("How long Postfix took to list its queue. It grows with the queue; near the interval, ask less often (--queue.interval)."),
		lines("Size of the state", bytesUnit, q(`max by (instance) (postfix_exporter_checkpoint_bytes{$host})`, "{{instance}}")).none("never saved").size(6, 8).
			about("Size of the file that keeps position and counts (--state.file). It follows the number of series and of tracked messages."),
	)
}

func exporterProcess() section {
	return row("What does it cost?",
		lines("Memory", bytesUnit, q("max by (instance) "+ofOurs("process_resident_memory_bytes"), "{{instance}}")).none("not scraped").size(8, 8).
			about("Resident memory. It is bounded by the limits of messages and series."),
		lines("CPU", ratio, q("sum by (instance) (rate(process_cpu_seconds_total{$host}[$w]) and on (job, instance) last_over_time(postfix_exporter_caught_up{$host}[$r]))", "{{instance}}")).none("not scraped").size(8, 8).
			about("Processor time, of one core. A line costs a few microseconds; a high value is a start that reads a long log."),
		lines("Series a scrape", count, q("max by (instance) "+ofOurs("scrape_samples_scraped"), "{{instance}}")).none("not scraped").size(8, 8).
			about("Samples in a scrape: what this host costs Prometheus."),
		table("Versions and rules", `max by (instance, version) (postfix_exporter_build_info{$host})`, `max by (instance) (postfix_exporter_rules{$host})`,
			"max by (instance) "+ofOurs("scrape_duration_seconds"), `max by (instance) (time() - postfix_exporter_queue_refresh_timestamp_seconds{$host})`).
			show(label("instance", "Host"), label("version", "Version"), value("B", "Rules", count), value("C", "Scrape takes", seconds).wide(110), value("D", "Queue is of", seconds).alarm(limit{300, 0}).wide(110)).size(24, 6).
			about("What runs where. Different numbers of rules: some hosts have rule files of their own, or are behind. Queue is of: how old the queue's numbers are; they are refreshed each --queue.interval."),
	)
}
