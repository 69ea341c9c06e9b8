package traffic

import (
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

// Every line of Postfix's is a sentence that Postfix writes: maillog knows it.
func TestSentencesAreKnown(t *testing.T) {
	for _, format := range []Format{RFC3164, RFC3339, RFC5424} {
		var p maillog.Parser
		var e maillog.Event
		seen := map[string]bool{}
		for _, line := range log(t, Options{Format: format, LongIDs: format == RFC3339}) {
			ok := p.Parse(strings.TrimSuffix(line, "\n"), &e)
			ours := strings.Contains(line, " postfix/") || strings.Contains(line, " postfix ")
			switch {
			case ok != ours:
				t.Errorf("%v: Parse is %v: %s", format, ok, line)
			case ok && e.Kind == maillog.Unrecognized && !seen[e.Text[:min(len(e.Text), 30)]]:
				seen[e.Text[:min(len(e.Text), 30)]] = true
				t.Errorf("%v: unrecognized: %s", format, line)
			case ok && e.Kind == maillog.Delivery && (e.Delivery.Status == maillog.StatusOther || e.Delivery.Delay < 0):
				t.Errorf("%v: delivery with a gap: %s", format, line)
			}
			if len(seen) > 20 {
				t.FailNow()
			}
		}
	}
}
