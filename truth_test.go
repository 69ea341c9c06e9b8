package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// truth is what is known of a log from those who made it: what was sent, and
// what the servers answered.
type truth struct {
	Logs       []string
	Deliveries map[string]float64
	Expired    map[string]float64 `json:"expired_messages"`
	Rejects    map[string]float64 `json:"noqueue_rejects_by_code"`
}

func TestReportTellsTheTruth(t *testing.T) {
	files, _ := filepath.Glob("../shared/logs/*.json")
	if len(files) == 0 {
		t.Skip("no logs with their truth in ../shared/logs")
	}
	for _, file := range files {
		var want truth
		b, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(b, &want)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, log := range want.Logs {
			t.Run(log, func(t *testing.T) { compare(t, filepath.Join(filepath.Dir(file), log), want) })
		}
	}
}

func compare(t *testing.T, log string, want truth) {
	for _, c := range []struct {
		family, label string
		want          map[string]float64
	}{
		{"postfix_deliveries_total", "status", want.Deliveries},
		{"postfix_messages_expired_total", "forced", want.Expired},
		{"postfix_noqueue_rejects_total", "code", want.Rejects},
	} {
		got := reportBy(t, log, c.family, c.label)
		if _, known := c.want["deferred"]; !known {
			delete(got, "deferred") // attempts while no server listened, which nobody saw
		}
		if !maps.Equal(got, c.want) {
			t.Errorf("%s by %s:\n got %v\nwant %v", c.family, c.label, got, c.want)
		}
	}
}

// reportBy adds up a family of a report by one label; what is 0 is left out.
func reportBy(t *testing.T, log, family, label string) map[string]float64 {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run([]string{"report", "--format=prometheus", log}, bytes.NewReader(nil), &stdout, &stderr); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(io.Reader(&stdout))
	if err != nil {
		t.Fatal(err)
	}
	sum := make(map[string]float64)
	for _, m := range families[family].GetMetric() {
		for _, l := range m.GetLabel() {
			if n := m.GetCounter().GetValue(); l.GetName() == label && n > 0 {
				sum[l.GetValue()] += n
			}
		}
	}
	return sum
}
