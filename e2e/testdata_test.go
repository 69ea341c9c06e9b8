package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestTestdata: the report on each log of testdata tells the truth, and knows
// every line of the sample. It needs no Postfix.
func TestTestdata(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(logsDir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	if err := json.Unmarshal(text, &tr); err != nil {
		t.Fatal(err)
	}
	binary := buildExporter(t)
	for name, without := range map[string][]string{
		"rfc3164.log":      nil,
		"rfc3339.log":      nil,
		"pda.log":          nil,
		"rfc5424.log":      notInRFC5424,
		"maillog_file.log": onlyPostfix,
		"cri.log":          onlyPostfix,
		"docker.json.log":  onlyPostfix,
	} {
		t.Run(name, func(t *testing.T) {
			log := filepath.Join(logsDir, name)
			m := report(t, binary, log)
			tr.check(t, m, without...)
			if read, _ := m.sum(logLines); int(read) != countLines(t, log) {
				t.Errorf("%v lines of %d were read", read, countLines(t, log))
			}
			foreign := selector(logLines, "outcome", "foreign")
			if n, _ := m.sum(foreign); slices.Contains(without, logLines) && n != 0 {
				t.Errorf("%s is %v, want 0", foreign, n)
			}
		})
	}
	truth{}.check(t, report(t, binary, "../testdata/sample.log"))
}

// onlyPostfix: these logs have no lines of other programs.
var onlyPostfix = []string{logLines}
