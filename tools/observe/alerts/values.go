package alerts

import (
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/prometheus/common/model"

	"postfix_exporter/tools/observe/thresholds"
)

// values is what a template can ask for.
type values struct {
	set    *thresholds.Set
	factor float64
}

func (v *values) functions() template.FuncMap {
	return template.FuncMap{
		"t":         v.threshold,
		"w":         v.window,
		"step":      v.step,
		"points":    v.points,
		"by":        v.by,
		"job":       func() string { return v.set.Job },
		"sub":       v.subquery,
		"match":     func() string { names, _ := matchers("", v.set.Labels); return names },
		"matchargs": func() string { _, args := matchers("$labels", v.set.Labels); return args },
		"list":      func(all ...string) []string { return all },
		"increase":  v.increase,
		"runbook":   v.runbook,
		"dashboard": v.dashboard,
		"overview":  func() string { return v.set.Links.Dashboards + "/postfix-overview" },
		"mean":      func(record string) string { return record[:strings.LastIndex(record, ":")] + ":mean1d" },
		"why":       v.why,
	}
}

// threshold writes the number of a threshold. Seconds shrink with the windows.
func (v *values) threshold(name string) (string, error) {
	t, err := v.set.Get(name)
	if t.Unit == "seconds" {
		t.Value *= v.factor
	}
	return strconv.FormatFloat(t.Value, 'f', -1, 64), err
}

// window writes a duration, shrunk by the factor.
func (v *values) window(text string) (string, error) {
	d, err := model.ParseDuration(text)
	if err != nil {
		return "", err
	}
	short := time.Duration(float64(d) * v.factor).Round(time.Millisecond)
	if short < time.Millisecond && d > 0 {
		return "", fmt.Errorf("%s times %g is less than a millisecond", text, v.factor)
	}
	return model.Duration(short).String(), nil
}

// subquery writes the range, resolution and offset of a subquery.
func (v *values) subquery(length, step, offset string) (string, error) {
	var all [3]string
	for i, text := range []string{length, step, offset} {
		var err error
		if all[i], err = v.window(text); err != nil {
			return "", err
		}
	}
	text := "[" + all[0] + ":" + all[1] + "]"
	if all[2] != "0s" {
		text += " offset " + all[2]
	}
	return text, nil
}

// step is a window of at least a second: how often rules are evaluated.
func (v *values) step(text string) (string, error) {
	d, err := model.ParseDuration(text)
	return model.Duration(max(time.Second, time.Duration(float64(d)*v.factor).Round(time.Second))).String(), err
}

// points is how many points baseline_hours of history have, one each step.
func (v *values) points(step string) (string, error) {
	hours, err := v.set.Value("baseline_hours")
	if err != nil {
		return "", err
	}
	d, err := model.ParseDuration(step)
	if err != nil {
		return "", err
	}
	return strconv.FormatFloat(hours*float64(time.Hour)/float64(d), 'f', 0, 64), nil
}

// by lists the labels of a host and those given.
func (v *values) by(more ...string) string {
	return strings.Join(append(append([]string{}, v.set.Labels...), more...), ", ")
}

// increase is by how much a counter grew within a window, its first value
// included: a series that came into being within the window, on a host that was
// scraped before, began at 0. increase() alone misses that first value, which
// may be all there is.
func (v *values) increase(series, window string) (string, error) {
	w, err := v.window(window)
	return fmt.Sprintf("(%s"+line+"    unless %s offset %s"+line+"    and on (%s) postfix_exporter_caught_up offset %s"+
		line+"  or increase(%s[%s]))", series, series, w, v.by(), w, series, w), err
}
