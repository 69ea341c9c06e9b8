package e2e

// What the metrics of the queue must be, worked out of what postqueue -j prints.

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// queueMetrics are the families of a list and of the files.
var queueMetrics = []string{"postfix_queue_messages", "postfix_queue_bytes", "postfix_queue_oldest_seconds", "postfix_queue_recipients",
	"postfix_queue_provider_oldest_seconds", "postfix_queue_message_age_seconds_bucket", "postfix_queue_message_size_bytes_bucket",
	"postfix_queue_files", "postfix_exporter_queue_unread_values", "postfix_up"}

// expectedQueue are the series that a refresh which began then must show; bounds
// are those of the distributions, which the scrape tells. Those that are 0 need not be here.
func expectedQueue(q []queued, files map[string]int, now float64, bounds map[string][]float64) map[string]float64 {
	all := map[string]float64{selector("postfix_up"): 1}
	raise := func(key string, v float64) { all[key] = max(all[key], v) }
	for _, m := range q {
		age := now - float64(m.Arrived)
		all[selector("postfix_queue_messages", "queue", m.Queue)]++
		all[selector("postfix_queue_bytes", "queue", m.Queue)] += float64(m.Size)
		raise(selector("postfix_queue_oldest_seconds", "queue", m.Queue), age)
		distribute(all, "postfix_queue_message_age_seconds_bucket", bounds, m.Queue, age)
		distribute(all, "postfix_queue_message_size_bytes_bucket", bounds, m.Queue, float64(m.Size))
		for _, r := range m.Recipients {
			provider, class := waitsAs(r.Address, r.Reason)
			all[selector("postfix_queue_recipients", "class", class, "provider", provider, "queue", m.Queue)]++
			raise(selector("postfix_queue_provider_oldest_seconds", "provider", provider, "queue", m.Queue), age)
		}
	}
	for queue, n := range files {
		all[selector("postfix_queue_files", "queue", queue)] = float64(n)
	}
	return all
}

func distribute(all map[string]float64, family string, bounds map[string][]float64, queue string, v float64) {
	for _, bound := range bounds[family] {
		if v <= bound {
			all[selector(family, "le", strconv.FormatFloat(bound, 'f', -1, 64), "queue", queue)]++
		}
	}
}

// waitsAs finds a recipient in the table by its domain. One without a reason was
// not tried yet.
func waitsAs(address, reason string) (provider, class string) {
	_, domain, _ := strings.Cut(address, "@")
	for _, w := range waits {
		switch {
		case w.domain != domain:
		case reason != "":
			return w.provider, w.class
		case w.domain == "corp.example": // its domain does not tell where it is hosted
			return "other", ""
		default:
			return w.provider, ""
		}
	}
	return "not in the table", reason
}

// queueSeries are the series of the queue, and the bounds of the distributions.
func (m metrics) queueSeries(t *testing.T) (all map[string]float64, bounds map[string][]float64) {
	t.Helper()
	all, bounds = map[string]float64{}, map[string][]float64{}
	for _, family := range queueMetrics {
		if m[family] == nil {
			t.Errorf("there is no %s", family)
		}
		for _, s := range m[family].GetMetric() {
			var pairs []string
			for name, value := range sorted(labels(s)) {
				pairs = append(pairs, name, value)
			}
			all[selector(family, pairs...)] = value(s)
			if le, err := strconv.ParseFloat(labels(s)["le"], 64); err == nil && !slices.Contains(bounds[family], le) {
				bounds[family] = append(bounds[family], le)
			}
		}
	}
	return all, bounds
}

// queueDifferences are sentences, one for each series.
func queueDifferences(got, want map[string]float64) (all []string) {
	for key := range sorted(want) {
		if _, ok := got[key]; !ok {
			all = append(all, fmt.Sprintf("%s is not there, want %v", key, want[key]))
		}
	}
	for key, v := range sorted(got) {
		if math.Abs(v-want[key]) > 0.002 { // when a refresh began is told to the millisecond
			all = append(all, fmt.Sprintf("%s is %v, want %v", key, v, want[key]))
		}
	}
	return all
}
