package collector

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/showq"
)

// WriteDocs writes docs/METRICS.md.
func WriteDocs(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, docsHead, DefaultMaxSeries, DefaultMaxHosts)
	all, subject := declaredFamilies(), ""
	for _, d := range all {
		if d.subject != subject {
			subject = d.subject
			fmt.Fprintf(&b, "\n## %s\n", subject)
		}
		d.writeDocs(&b)
	}
	writeLabels(&b, all)
	_, err := io.WriteString(w, b.String())
	return err
}

// declaredFamilies are all there are.
func declaredFamilies() []*family {
	return slices.Concat(newFamilies(DefaultMaxSeries).declared, newQueueFamilies(DefaultMaxSeries).declared)
}

const docsHead = `# Metrics

Generated from collector/families.go by ` + "`go test ./collector -run TestDocs -update`" + `. Do not edit.

The numbers depend on the lines of the log alone. Each line counts once. Those of the queue are what Postfix says of it
(see --postfix.showq_path), once in --queue.interval and never during a scrape.

- Labels: no address, queue id or raw text is ever a label. A family holds at most %d series by default. When it is
  full, an event that needs a new series is counted in one whose open labels (marked *) are ` + "`other`" + `, and in
  ` + "`postfix_exporter_series_overflow_total`" + `.
- Histograms have the classic buckets named here, and native buckets (schema 3: 9 %% apart) for a Prometheus that scrapes
  native histograms. Their sums are exact to the digits that Postfix logs.
- Labels in bold have few values. All of them exist, at 0, as soon as their other labels have been seen; those of the
  instance "postfix" mostly from the start.
- With --label.host, all that is counted of lines has the label host as well: the families under Deliveries, Messages,
  Rejects, Sessions and The log, but not postfix_block_info. A family then holds as many series for each host; hosts
  beyond %d (--limit.hosts) are ` + "`other`" + `. See [CENTRAL.md](CENTRAL.md).
`

func (f *family) writeDocs(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s\n\n%s", f.name, f.typeName())
	if l := f.labelList(); l != "" {
		fmt.Fprintf(b, " by %s", l)
	}
	fmt.Fprintf(b, "\n\n%s\n", f.help)
	if f.shape != nil || f.sets != nil {
		b.WriteByte('\n')
	}
	for _, s := range f.sets {
		fmt.Fprintf(b, "- **%s**: %s\n", s.label, codeList(s.values))
	}
	if f.shape != nil {
		var bounds []string
		for _, v := range f.shape.shown {
			bounds = append(bounds, strconv.FormatFloat(v, 'f', -1, 64))
		}
		fmt.Fprintf(b, "- buckets: %s\n", strings.Join(bounds, " "))
	}
}

func (f *family) typeName() string {
	switch {
	case f.shape != nil:
		return "histogram"
	case f.kind == prometheus.GaugeValue:
		return "gauge"
	case f.kind == prometheus.UntypedValue:
		return "untyped"
	}
	return "counter"
}

func (f *family) labelList() string {
	var names []string
	for _, l := range f.key {
		if l.open {
			l.name += "\\*"
		}
		names = append(names, l.name)
	}
	for _, s := range f.sets {
		names = append(names, "**"+s.label+"**")
	}
	return strings.Join(names, ", ")
}

func codeList(values []string) string { return "`" + strings.Join(values, "` `") + "`" }

// writeLabels says what the key's labels hold, in the order of their first use, and
// host.
func writeLabels(b *strings.Builder, all []*family) {
	b.WriteString("\n## Labels\n\n| label | values |\n|---|---|\n")
	seen := map[string]bool{}
	for _, d := range all {
		for _, l := range d.key {
			if !seen[l.name] {
				seen[l.name] = true
				fmt.Fprintf(b, "| %s | %s |\n", l.name, labelMeanings[l.name])
			}
		}
	}
	fmt.Fprintf(b, "| %s | %s |\n", hostLabel, labelMeanings[hostLabel])
}

// labelMeanings has an entry for each label of a key.
var labelMeanings = map[string]string{
	"instance_name": "Postfix's instance, the first part of the log's tag: `postfix`, `postfix-out`",
	"service": "what master.cf adds to the tag by `-o syslog_name=postfix/submission`: `submission`; mostly empty. " +
		"The label of the stock `relay` transport is `relay`",
	"daemon":      "the program, the last part of the tag: `smtp`, `qmgr`; `unknown` where the log's format dropped it",
	"provider":    "who receives: a name from the rules; `local` for delivery on this host, `none` where no server was reached, `other`",
	"class":       "why it failed: a class of the rules, `unclassified` where none fits; empty of recipients who wait and were not tried yet",
	"queue":       codeList(showq.FileQueues[:]) + "; `other` for what a later Postfix may add",
	"list":        "the block list, or the provider's own list, that refuses us; empty where none is named",
	"hint":        "what to do, one sentence of the rule; may be empty",
	"link":        "the page of the list or provider that helps; may be empty",
	"kind":        "what that means: `hard`, `soft`, `block`, `config`, `unknown`",
	"sasl_method": "`none`, or as method",
	"method":      "the SASL mechanism: " + codeList(saslMethods.values),
	"stage":       "the SMTP command at which it happened: " + codeList(smtpStages.values),
	"code":        "the SMTP reply code, `none` where the line has none",
	"reason":      "why we refused: a reason of the rules, `other` where none fits",
	"dnsbl":       "the DNS list's domain",
	"source":      "who acted: " + codeList(actionSources.values) + ". content: MIME checks",
	"action":      "as Postfix logs it: " + codeList(actions.values),
	"direction":   codeList(tlsDirections.values),
	"trust":       "of the other side's certificate: " + codeList(tlsTrusts.values),
	"protocol":    "`TLSv1.3`",
	"cipher":      "as OpenSSL names it",
	"family":      "a family of this exporter; `host` counts what is under the host `other`",
	hostLabel:     "with --label.host, the host that the line names, as it is written; `none` where it names none and of foreign lines, `other`",
}
