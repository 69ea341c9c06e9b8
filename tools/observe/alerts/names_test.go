package alerts

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"postfix_exporter/classify"
)

// family is what docs/METRICS.md says of a metric.
type family struct {
	labels []string
	values map[string][]string // of labels whose values it lists
}

// families are those of docs/METRICS.md, with the series of histograms.
func families(t *testing.T) map[string]*family {
	t.Helper()
	text, _, _ := strings.Cut(string(read(t, "docs", "METRICS.md")), "\n## Labels\n")
	all := map[string]*family{}
	for _, section := range strings.Split(text, "\n### ")[1:] {
		name, rest, _ := strings.Cut(section, "\n\n")
		kind, _, _ := strings.Cut(rest, "\n")
		f := &family{values: valuesOf(rest)}
		f.labels = append(regexp.MustCompile(`[a-z_]+`).FindAllString(afterBy(kind), -1), "job", "instance")
		all[name] = f
		if strings.HasPrefix(kind, "histogram") {
			bucket := &family{labels: append(slices.Clone(f.labels), "le"), values: f.values}
			all[name+"_bucket"], all[name+"_count"], all[name+"_sum"] = bucket, f, f
		}
	}
	all["up"] = &family{labels: []string{"job", "instance"}}
	all["postfix_exporter_build_info"] = &family{labels: []string{"job", "instance", "version"}} // of the Prometheus libraries
	return all
}

func afterBy(kind string) string {
	_, labels, _ := strings.Cut(kind, " by ")
	return labels
}

// valuesOf reads lines such as "- **status**: `sent` `deferred`".
func valuesOf(section string) map[string][]string {
	all := map[string][]string{"class": {""}}
	for _, c := range classify.Classes() {
		all["class"] = append(all["class"], string(c.Class))
	}
	for _, m := range regexp.MustCompile(`(?m)^- \*\*([a-z_]+)\*\*: (.*)$`).FindAllStringSubmatch(section, -1) {
		for _, v := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(m[2], -1) {
			all[m[1]] = append(all[m[1]], v[1])
		}
	}
	return all
}

// recorded is the family of a recorded series: its labels are in its name.
func recorded(name string) *family {
	level, _, _ := strings.Cut(name, ":")
	f := &family{values: valuesOf(""), labels: []string{"job"}}
	return &family{labels: append(f.labels, strings.Split(level, "_")...), values: f.values}
}

// The page is read as it is meant.
func TestFamilies(t *testing.T) {
	all := families(t)
	if len(all) < 60 {
		t.Errorf("only %d families", len(all))
	}
	d := all["postfix_deliveries_total"]
	if d == nil || !slices.Contains(d.labels, "provider") || !slices.Contains(d.values["status"], "bounced") {
		t.Errorf("postfix_deliveries_total is %+v", d)
	}
	if b := all["postfix_delivery_stage_seconds_bucket"]; b == nil || !slices.Contains(b.labels, "le") {
		t.Errorf("the buckets are %+v", b)
	}
}
