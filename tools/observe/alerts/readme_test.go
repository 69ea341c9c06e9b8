package alerts

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// alerts/README.md lists each recorded series, and none that is not there.
func TestRecordsAreListed(t *testing.T) {
	listed := listedRecords(string(read(t, "alerts", "README.md")))
	for _, file := range files {
		for _, r := range rules(t, file) {
			if r.Record == "" {
				continue
			}
			i := slices.Index(listed, r.Record)
			if i < 0 {
				t.Errorf("alerts/README.md does not list %s", r.Record)
				continue
			}
			listed = slices.Delete(listed, i, i+1)
		}
	}
	if len(listed) > 0 {
		t.Errorf("alerts/README.md lists %v, which no rule records", listed)
	}
}

// listedRecords reads the tables: `...:increase1h` has the level and metric of the series before it.
func listedRecords(text string) []string {
	var all []string
	_, text, _ = strings.Cut(text, "## Recorded series")
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*) \\|").FindAllStringSubmatch(text, -1) {
		var before string
		for _, m := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(row[1], -1) {
			name := strings.Replace(m[1], "...", before, 1)
			before = name[:strings.LastIndex(name, ":")]
			all = append(all, name)
		}
	}
	return all
}

// A record is read by an alert or another record of its group, or is for dashboards.
func TestRecordsAreRead(t *testing.T) {
	for _, file := range files {
		if file == "fleet.yaml" {
			continue
		}
		var read strings.Builder
		for _, r := range rules(t, file) {
			read.WriteString(r.Expr + strings.Join(queries(t, r), " ") + "\n")
		}
		for _, r := range rules(t, file) {
			if r.Record != "" && !strings.Contains(read.String(), r.Record) {
				t.Errorf("%s: nothing reads %s", file, r.Record)
			}
		}
	}
}
