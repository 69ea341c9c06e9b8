// Package alerts writes the alert rules: templates, with the numbers of
// alerts/thresholds.yaml put in.
//
//	files, err := alerts.Render(set, 1) // files["bounces.yaml"] ...
package alerts

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"postfix_exporter/tools/observe/thresholds"
)

//go:embed templates/*.yaml
var templates embed.FS

// Render makes the rule files, by name. All windows, waiting times and
// thresholds in seconds are multiplied by factor: 1 for the real rules, less for
// a test in which an hour shall pass in seconds. Counts stay as they are.
func Render(set *thresholds.Set, factor float64) (map[string][]byte, error) {
	if factor <= 0 || factor > 1 {
		return nil, fmt.Errorf("factor %g: it must be above 0 and at most 1", factor)
	}
	names, err := fs.Glob(templates, "templates/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("the templates: %w", err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		text, err := render(name, &values{set: set, factor: factor})
		if err != nil {
			return nil, fmt.Errorf("writing the rules: %w", err)
		}
		files[strings.TrimPrefix(name, "templates/")] = text
	}
	return files, nil
}

func render(name string, v *values) ([]byte, error) {
	text, err := templates.ReadFile(name)
	if err != nil {
		return nil, err
	}
	// Prometheus' own templates have curly braces.
	t, err := template.New(name).Delims("[[", "]]").Option("missingkey=error").Funcs(v.functions()).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("# Made by make alerts, of thresholds.yaml and tools/observe/alerts/templates. Do not edit.\n")
	if err := t.Execute(&b, nil); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
