// Package report sums up old logs: as text for people, as JSON for programs, as
// a scrape for Prometheus' tools.
//
// Every count comes from the metric families, so a report and a scrape of the
// same lines agree. What metrics don't keep, an Observer sees: the period, the
// hours of the day and sample texts. No address and no queue id gets in.
package report

import (
	"time"

	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/collector"
)

// Format is the version of the JSON's fields. It grows when one changes its
// meaning or goes; new fields don't change it.
const Format = 1

// Summary is a report as data, and its JSON. Lists are sorted: what is most
// first, equals by name. Counts of deliveries are of recipients and attempts,
// as Postfix logs them.
type Summary struct {
	Format     int        `json:"format"`
	Period     *Period    `json:"period"` // null without a line that has a time
	Lines      Lines      `json:"lines"`
	Totals     Totals     `json:"totals"`
	ByDaemon   []Outcomes `json:"deliveries_by_daemon"`
	ByProvider []Outcomes `json:"deliveries_by_provider"`
	Classes    []Class    `json:"failures_by_class"`
	Bounced    Reasons    `json:"bounced"`
	Deferred   Reasons    `json:"deferred"`
	Blocks     []Block    `json:"blocks"`
	Rejects    []Reject   `json:"rejects"`
	DNSBL      []Count    `json:"rejects_by_dnsbl"`
	Server     Server     `json:"connections"`
	Client     []Count    `json:"connection_failures"` // of the SMTP client, by reason
	SASL       []Login    `json:"sasl_logins"`
	Problems   []Problems `json:"problems_by_daemon"`
	Delays     []Delay    `json:"delivery_delay_seconds"`       // by daemon, of what was sent
	Stages     []Delay    `json:"delivery_stage_delay_seconds"` // by stage, in the order of delays=a/b/c/d
	Hours      [24]Hour   `json:"hours"`                        // of the day, in the log's own time zone
}

// Period is from the earliest to the latest time of a Postfix line.
type Period struct {
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// Lines counts lines by what they were.
type Lines struct {
	Parsed       uint64 `json:"parsed"`
	Ignored      uint64 `json:"ignored"`      // known, and of no interest
	Unrecognized uint64 `json:"unrecognized"` // Postfix's, and not known
	Foreign      uint64 `json:"foreign"`      // other programs'
	Ambiguous    uint64 `json:"ambiguous"`    // records that an unquoted address may have forged
}

// Totals over everything. The sizes are those of the messages that became active.
type Totals struct {
	Received      uint64 `json:"messages_received"`
	BytesReceived uint64 `json:"bytes_received"`
	Sent          uint64 `json:"sent"`
	Deferred      uint64 `json:"deferred"`
	Bounced       uint64 `json:"bounced"`
	Expired       uint64 `json:"messages_expired"`
	Rejected      uint64 `json:"rejected"`
	Removed       uint64 `json:"messages_removed"`
}

// Outcomes are delivery records of one daemon or provider.
type Outcomes struct {
	Name          string `json:"name"`
	Sent          uint64 `json:"sent"`
	Deferred      uint64 `json:"deferred"`
	Bounced       uint64 `json:"bounced"`
	SoftBounced   uint64 `json:"soft_bounced"`
	Deliverable   uint64 `json:"deliverable"`   // probes
	Undeliverable uint64 `json:"undeliverable"` // probes
	Truncated     uint64 `json:"truncated"`     // the line ended before the status
	Other         uint64 `json:"other"`
}

// Class counts failures of one class.
type Class struct {
	Class    string `json:"class"`
	Kind     string `json:"kind"`
	Bounced  uint64 `json:"bounced"`
	Deferred uint64 `json:"deferred"`
	Expired  uint64 `json:"expired"` // recipients given up on
}

// Reasons are the templates of texts that came with failures.
type Reasons struct {
	Top  []Reason `json:"top"`
	Rest uint64   `json:"rest"` // failures with other templates
}

// Reason is one template, of one provider and rule.
type Reason struct {
	Count    uint64 `json:"count"`
	Class    string `json:"class"`
	Kind     string `json:"kind"`
	Provider string `json:"provider"`
	Rule     string `json:"rule"` // "" none; so are list, hint and link
	List     string `json:"list"`
	Hint     string `json:"hint"`
	Link     string `json:"link"`
	Template string `json:"template"`
}

// Block is who blocks us: what replies of kind block have in common that one
// rule found with one provider.
type Block = collector.Block

// Reject counts what smtpd, postscreen and milters refused.
type Reject struct {
	Stage  string `json:"stage"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Count  uint64 `json:"count"`
}

// Count counts one name.
type Count struct {
	Name  string `json:"name"`
	Count uint64 `json:"count"`
}

// Server counts connections of clients.
type Server struct {
	Connects    uint64  `json:"connects"`
	Disconnects uint64  `json:"disconnects"`
	Lost        []Count `json:"lost"` // by the command after which it happened
}

// Login counts logins with one method.
type Login struct {
	Method  string `json:"method"`
	Success uint64 `json:"success"`
	Failure uint64 `json:"failure"`
}

// Problems counts one daemon's lines above info.
type Problems struct {
	Daemon  string `json:"daemon"`
	Warning uint64 `json:"warning"`
	Error   uint64 `json:"error"`
	Fatal   uint64 `json:"fatal"`
	Panic   uint64 `json:"panic"`
}

// Delay is a distribution. Percentiles are read from the native histograms:
// they are within 5 % of the true value.
type Delay struct {
	Name  string  `json:"name"`
	Count uint64  `json:"count"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
}

// Hour counts one hour of the day.
type Hour struct {
	Received uint64 `json:"received"`
	Sent     uint64 `json:"sent"`
	Deferred uint64 `json:"deferred"`
	Bounced  uint64 `json:"bounced"`
	Rejected uint64 `json:"rejected"`
}

// Summarize makes a report of gathered metrics, what o saw, and the engine's blocks.
func Summarize(gathered []*dto.MetricFamily, o *Observer, blocks []collector.Block) *Summary {
	m := metricsOf(gathered)
	return &Summary{
		Format: Format,
		Period: o.period(),
		Lines:  m.lines(),
		Totals: m.totals(),

		ByDaemon:   m.outcomes("daemon"),
		ByProvider: m.outcomes("provider"),
		Classes:    m.classes(),
		Bounced:    o.bounced.top(),
		Deferred:   o.deferred.top(),
		Blocks:     refusals(blocks),

		Rejects:  m.rejects(),
		DNSBL:    m.counts("postfix_dnsbl_rejects_total", "dnsbl"),
		Server:   m.server(),
		Client:   m.counts("postfix_smtp_connection_failures_total", "reason"),
		SASL:     m.logins(),
		Problems: m.problems(),

		Delays: m.delays("postfix_delivery_delay_seconds", "daemon"),
		Stages: m.stages(),
		Hours:  o.hours,
	}
}
