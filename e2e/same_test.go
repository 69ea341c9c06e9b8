package e2e

// What must be the same after an ordeal.

import (
	"slices"
	"strings"
	"testing"
)

const shown = 20 // differences

// sameLog compares all that comes from the log.
func sameLog(t *testing.T, got, want metrics) {
	t.Helper()
	all := differences(got, want)
	for _, d := range all[:min(len(all), shown)] {
		t.Error(d)
	}
	if len(all) > shown {
		t.Errorf("%d series differ, of %s", len(all), strings.Join(families(all), ", "))
	}
}

// families are those that sentences of differences begin with.
func families(differences []string) (names []string) {
	for _, d := range differences {
		name, _, _ := strings.Cut(d, "{")
		names = append(names, name)
	}
	return slices.Compact(names)
}

// What the exporter says of itself, but of its work on the log.
const (
	evicted    = "postfix_exporter_evicted_messages_total"
	failures   = "postfix_exporter_checkpoint_failures_total"
	successful = "postfix_exporter_checkpoint_successful"
	// truncations: that a file was truncated can't be known any more once it has
	// also been renamed and packed.
	truncations = "postfix_exporter_source_truncations_total"
)

// sameOwn compares what the exporter says of its own work with what one says that
// was left in peace.
func sameOwn(t *testing.T, got, peace metrics) {
	t.Helper()
	want := map[string]float64{
		successful:                                   1,
		"postfix_exporter_caught_up":                 1,
		"postfix_exporter_log_gaps_total":            0,
		"postfix_exporter_source_missed_files_total": 0,
	}
	for _, family := range []string{
		evicted,
		"postfix_exporter_forgotten_blocks_total",
		"postfix_exporter_forgotten_deferrals_total",
		"postfix_exporter_forgotten_unclassified_total",
		"postfix_exporter_last_line_timestamp_seconds",
		"postfix_exporter_series_overflow_total",
		"postfix_exporter_source_cut_lines_total",
		"postfix_exporter_tracked_messages",
		"postfix_exporter_unread_values_total",
	} {
		var ok bool
		if want[family], ok = peace.sum(family); !ok {
			t.Errorf("%s is not there", family)
		}
	}
	for family, want := range sorted(want) {
		if n, ok := got.sum(family); !ok || n != want {
			t.Errorf("%s is %v (there: %v), want %v", family, n, ok, want)
		}
	}
	if want[evicted] == 0 {
		t.Error("no message was evicted: the limit is too high for this test")
	}
}
