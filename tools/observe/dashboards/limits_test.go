package dashboards

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"testing"
)

var thresholdLine = regexp.MustCompile(`(?m)^\s*- \{name: (\w+), value: ([\d.e+-]+),`)

// The limits of the dashboards are those of the alerts.
func TestThresholds(t *testing.T) {
	text, err := os.ReadFile("../../../alerts/thresholds.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no alerts/thresholds.yaml")
	} else if err != nil {
		t.Fatal(err)
	}
	alerts := map[string]float64{}
	for _, m := range thresholdLine.FindAllStringSubmatch(string(text), -1) {
		v, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		alerts[m[1]] = v
	}
	for name, v := range thresholds {
		if got, ok := alerts[name]; !ok || got != v {
			t.Errorf("%s is %g here, and in alerts/thresholds.yaml %g (there: %v)", name, v, got, ok)
		}
	}
}
