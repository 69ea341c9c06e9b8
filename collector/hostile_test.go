package collector

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Lines that hostile clients and servers made a real Postfix write lie beside the
// repository. They are not ours to copy.
const hostileLines = "../../shared/parser/hostile.jsonl"

// hostileLine is a line and its right reading, as far as it shows in a scrape.
type hostileLine struct {
	ID, Line string
	Expect   struct {
		Event, Status, Stage string
		Code                 any
	}
}

// TestHostileLinesCountOnce feeds each line to an engine of its own: it counts as
// what it is, once, and nothing else moves.
func TestHostileLinesCountOnce(t *testing.T) {
	f, err := os.Open(hostileLines)
	if err != nil {
		t.Skip("no hostile lines at ", hostileLines)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		var h hostileLine
		if err := json.Unmarshal(in.Bytes(), &h); err != nil {
			t.Fatal(err)
		}
		t.Run(h.ID, func(t *testing.T) {
			e := New(Options{})
			e.Feed(maillog.Line{Text: h.Line}, checkpoint.Pos{NotAfter: 1795300000})
			got := nonZero(t, e)
			want := h.wants()
			for series := range strings.Lines(got) {
				name, _, _ := strings.Cut(series, "{")
				delete(want, name)
				if !h.mayMove(name) {
					t.Errorf("moves %s", series)
				}
				checkLabels(t, series)
			}
			for name := range want {
				t.Errorf("does not move %s\n%s", name, got)
			}
			if n := strings.Count(got, "postfix_deliveries_total"); n > 0 && !strings.Contains(got, fmt.Sprintf("status=%q} 1\n", h.Expect.Status)) {
				t.Errorf("not one delivery with status %s:\n%s", h.Expect.Status, got)
			}
			if strings.Contains(got, "postfix_noqueue_rejects_total") &&
				!regexp.MustCompile(fmt.Sprintf(`code="%s",.*stage="%s"} 1\n`, told(h.Expect.Code), told(h.Expect.Stage))).MatchString(got) {
				t.Errorf("not one reject with %v at %v:\n%s", h.Expect.Code, h.Expect.Stage, got)
			}
		})
	}
}

// told is a pattern for what the data says, if it says anything.
func told(value any) string {
	if value == nil || value == "" {
		return ".*"
	}
	return fmt.Sprint(value)
}

// families that an event moves beside those of each line.
var hostileFamilies = map[string][]string{
	"delivery":          {"postfix_deliveries_total"},
	"reject":            {"postfix_noqueue_rejects_total"},
	"postscreen_reject": {"postfix_noqueue_rejects_total"},
	"postscreen_test":   {"postfix_postscreen_events_total"},
	"client":            {"postfix_messages_received_total"},
	"header_check":      {"postfix_content_actions_total"},
	"sasl_failed":       {"postfix_sasl_logins_total"},
}

func (h *hostileLine) wants() map[string]bool {
	want := map[string]bool{"postfix_log_lines_total": true, "postfix_log_messages_total": true}
	for _, name := range hostileFamilies[h.Expect.Event] {
		want[name] = true
	}
	return want
}

// mayMove says whether a family may move: what follows from a delivery's outcome
// and from a list's name does.
func (h *hostileLine) mayMove(name string) bool {
	switch name {
	case "postfix_log_ambiguous_records_total":
		return h.Expect.Event == "delivery"
	case "postfix_bounces_total":
		return h.Expect.Status == "bounced"
	case "postfix_deferrals_total":
		return h.Expect.Status == "deferred"
	case "postfix_delivery_delay_seconds", "postfix_delivery_stage_seconds":
		return h.Expect.Status == "sent"
	case "postfix_dnsbl_rejects_total":
		return strings.Contains(h.Line, "blocked using bl.example.net")
	}
	return h.wants()[name]
}

// checkLabels: no label has a text that a client or a server chose.
func checkLabels(t *testing.T, series string) {
	t.Helper()
	for _, chosen := range []string{"evil", "gmail", "google", "trusted", "bank", "ceo", "@", "FOO", "5.999", "<", ">", "{{"} {
		if strings.Contains(series, chosen) {
			t.Errorf("a label says %q: %s", chosen, series)
		}
	}
}
