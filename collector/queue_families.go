package collector

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/showq"
)

// queueFamilies are what is told of the queue. One is filled by each list, for a
// gauge knows nothing of what was before.
type queueFamilies struct {
	*declarer
	byList []anyGauge // filled by a list

	up         *family
	messages   *gauge[NoLabels]
	bytes      *gauge[NoLabels]
	oldest     *gauge[NoLabels]
	recipients *gauge[WaitingLabels]
	longest    *gauge[QueueProviderLabels]
	ages       *gauge[NoLabels]
	sizes      *gauge[NoLabels]
	files      *gauge[QueueLabels]

	took     *family
	listed   *family
	failures *counter[NoLabels]
	unread   *gauge[NoLabels]
}

// anyGauge is a gauge, whatever its key.
type anyGauge interface {
	about() *family
	freeze() frozen
	drain() uint64
}

var (
	queueNames     = newSet("queue", showq.Queues[:]...)
	refreshReasons = newSet("reason", reasonNames()...)
	queueAges      = []float64{60, 300, 900, 3600, 14400, 43200, 86400, 172800, 432000}
	ageBounds      = newSet("le", boundNames(queueAges)...)
	sizeBounds     = newSet("le", boundNames(sizeBuckets.shown)...)
)

func reasonNames() (names []string) {
	for _, r := range showq.Reasons {
		names = append(names, string(r))
	}
	return names
}

// boundNames are the values of the label le, that of no bound behind them.
func boundNames(bounds []float64) (names []string) {
	for _, b := range bounds {
		names = append(names, strconv.FormatFloat(b, 'f', -1, 64))
	}
	return append(names, "+Inf")
}

// whileListed ends the help of what is only shown while it is true.
const whileListed = " Absent after a refresh that failed."

func newQueueFamilies(limit int) *queueFamilies {
	f := &queueFamilies{declarer: &declarer{limit: limit, subject: "The queue"}}
	f.declareList(f.declarer)
	f.declareRefresh(f.declarer)
	for i := range f.messages.parts() { // 0 where nothing waits
		f.recipients.row(WaitingLabels{queueNames.values[i], other, ""})
	}
	for _, g := range []*gauge[NoLabels]{f.messages, f.bytes, f.oldest, f.ages, f.sizes, f.unread} {
		g.row(NoLabels{})
	}
	f.failures.row(NoLabels{})
	f.byList = []anyGauge{f.messages, f.bytes, f.oldest, f.recipients, f.longest, f.ages, f.sizes, f.unread}
	return f
}

func (f *queueFamilies) declareList(d *declarer) {
	f.up = newSingle(d, "postfix_up", prometheus.GaugeValue,
		"1 if Postfix listed its queue at the last refresh (--queue.interval), 0 if it did not: then the families that a list fills are absent, "+
			"lest old numbers look alive, and the exporter's own log says why. Absent before the first one, and with --postfix.showq_path= (none).")
	f.messages = newGaugeBook[NoLabels](d, "postfix_queue_messages",
		"Messages in the queue. A list is not one moment: a message that moves meanwhile is in two queues, or in none."+whileListed, queueNames)
	f.bytes = newGaugeBook[NoLabels](d, "postfix_queue_bytes",
		"Size of the messages in the queue."+whileListed, queueNames)
	f.oldest = newGaugeBook[NoLabels](d, "postfix_queue_oldest_seconds",
		"Age of the oldest message at the refresh; 0 where there is none."+whileListed, queueNames)
	f.recipients = newGaugeBook[WaitingLabels](d, "postfix_queue_recipients",
		"Recipients who wait, and why: the class that the rules in use give to the reason of the last delay; empty where none is known, mostly "+
			"because no delivery was tried yet. provider is for whom they wait: by the server that the reason names, also one that could not be "+
			"reached, else by the recipient's domain; never none. Postfix does not tell the status code beside the reason, so that the log may know a class better."+whileListed)
	f.longest = newGaugeBook[QueueProviderLabels](d, "postfix_queue_provider_oldest_seconds",
		"Age, at the refresh, of the oldest message with a recipient of the provider."+whileListed)
	f.ages = newBounds(d, "postfix_queue_message_age_seconds_bucket",
		"Messages in the queue by their age at the refresh.", ageBounds)
	f.sizes = newBounds(d, "postfix_queue_message_size_bytes_bucket",
		"Messages in the queue by their size.", sizeBounds)
	f.files = newGaugeBook[QueueLabels](d, "postfix_queue_files",
		"Files in the directory of a queue (--postfix.queue_directory), counted at each refresh, also while Postfix does not answer: a cheap check "+
			"of postfix_queue_messages. Absent of a queue whose directory the exporter may not read; only Postfix's user and root may read most.")
}

// newBounds declares a distribution: for each bound, the messages up to it. They
// are typed untyped because promtool wants no le with gauges, and histograms
// never become less.
func newBounds(d *declarer, name, help string, bounds set) *gauge[NoLabels] {
	g := newGaugeBook[NoLabels](d, name, help+" Gauges, each bound with those below: ask histogram_quantile without rate()."+whileListed, queueNames, bounds)
	g.kind = prometheus.UntypedValue
	return g
}

func (f *queueFamilies) declareRefresh(d *declarer) {
	f.took = newSingle(d, "postfix_exporter_queue_refresh_duration_seconds", prometheus.GaugeValue,
		"How long the last refresh of the queue's numbers took, also one that failed.")
	f.listed = newSingle(d, "postfix_exporter_queue_refresh_timestamp_seconds", prometheus.GaugeValue,
		"When the last refresh that did not fail began: time() minus this is how old the queue's numbers are, or for how long there are none.")
	f.failures = newCounter[NoLabels](d, "postfix_exporter_queue_refresh_failures_total",
		"Refreshes of the queue's numbers that failed, since the start of the exporter. down: Postfix is not running, or not there; permission: "+
			"the exporter may not ask; timeout: no answer, or not all of it in time; cut: the list ended in the middle; malformed: it is no such list.", refreshReasons)
	f.unread = newGaugeBook[NoLabels](d, "postfix_exporter_queue_unread_values",
		"Times, sizes and flags in the list that could not be read, and texts that were cut. They are observed nowhere, or as far as they go."+whileListed)
}

// newSingle declares a number without labels.
func newSingle(d *declarer, name string, kind prometheus.ValueType, help string) *family {
	f := newFamily[NoLabels](d, name, help, nil)
	f.kind = kind
	d.declared = append(d.declared, &f)
	return &f
}
