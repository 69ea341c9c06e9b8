package history

import (
	"testing"
	"time"
)

// A restart of the exporter loses nothing, and what a replay tells comes to the log.
func TestTold(t *testing.T) {
	f, err := New(Scenario{Spans: hours(2), Mix: Mix{"relay_refused": 1}, Hosts: []Host{{Name: "mx1", Outgoing: Steady(10), Queue: true}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Advance(noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	h := f.Hosts()[0]
	before := sum(t, h, "postfix_deferrals_total", nil)
	if err := h.Restart(); err != nil {
		t.Fatal(err)
	}
	if after := sum(t, h, "postfix_deferrals_total", map[string]string{"class": "connection_failed"}); after != before || before < 500 {
		t.Errorf("%g deferrals before the restart, %g after it", before, after)
	}
	h.Line(noon, "postfix/smtpd", 7, "fatal: no SASL authentication mechanisms")
	h.Send(noon.Add(61*time.Minute), "person7@example.com", "unknown[203.0.113.7]")
	h.Rotate()
	if err := f.Advance(noon.Add(2 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	for family, want := range map[string]map[string]string{
		"postfix_log_messages_total":              {"severity": "fatal"},
		"postfix_messages_received_total":         {"sasl_method": "LOGIN"},
		"postfix_exporter_source_rotations_total": nil,
	} {
		if n := sum(t, h, family, want); n != 1 {
			t.Errorf("%s of %v is %g, want 1", family, want, n)
		}
	}
	if n := sum(t, h, "postfix_deliveries_total", map[string]string{"status": "sent"}); n != 0 {
		t.Errorf("%g were sent while none could be", n)
	}
}
