package alerts

import (
	"fmt"
	"strings"

	"postfix_exporter/classify"
)

// runbook is the link to an alert's section.
func (v *values) runbook(alert string) string {
	return v.set.Links.Runbooks + "#" + strings.ToLower(alert)
}

// dashboard is the link to a dashboard, at the alert's host and the labels given.
func (v *values) dashboard(uid string, labels ...string) string {
	var b strings.Builder
	sep := "?"
	for _, l := range append([]string{"job", "instance"}, labels...) {
		fmt.Fprintf(&b, "%svar-%s={{ $labels.%s | urlquery }}", sep, l, l)
		sep = "&"
	}
	return v.set.Links.Dashboards + "/" + uid + b.String()
}

// why is the text that says who refuses the mail, why, and what to do: the three
// largest series of a record with the labels provider, class and kind, each with
// the lists, hints and links that are known of it. filter narrows the record, such
// as class="tls_failed", and may be empty; so do more, labels of the alert.
func (v *values) why(record, filter string, more ...string) string {
	names, args := matchers("$labels", append(v.set.Labels[:len(v.set.Labels):len(v.set.Labels)], more...))
	if filter != "" {
		names += "," + strings.ReplaceAll(filter, `"`, `\"`)
	}
	block, of := matchers("$labels", v.set.Labels)
	class, whose := matchers(".Labels", []string{"provider", "class"})
	return fmt.Sprintf(`{{ range query (printf "sort_desc(topk(3, %s{%s} >= 1))" %s) }}`, record, names, args) +
		line + `- {{ .Labels.provider }}: {{ .Value | printf "%.0f" }} x {{ .Labels.class }}.` + action(".Labels.class") +
		fmt.Sprintf(`{{ range query (printf "topk(3, postfix_block_info{%s,%s})" %s %s) }}`, block, class, of, whose) +
		line + "  {{ with .Labels.list }}List {{ . }}. {{ end }}{{ .Labels.hint }} {{ .Labels.link }}" +
		"{{ end }}{{ end }}"
}

// line begins a line of a description, as far in as the templates have it.
const line = "\n            "

// matchers are those of labels, for a query in an annotation, and their values.
func matchers(from string, labels []string) (names, args string) {
	var n, a []string
	for _, l := range labels {
		n, a = append(n, l+"=%q"), append(a, from+"."+l)
	}
	return strings.Join(n, ","), strings.Join(a, " ")
}

// action chooses, in an annotation, what is to be done about a class.
func action(label string) string {
	var b strings.Builder
	for i, c := range classify.Classes() {
		word := "else if"
		if i == 0 {
			word = "if"
		}
		// The dash takes the line's break away again: it is for whoever reads the rule.
		fmt.Fprintf(&b, line+"  {{- %s eq %s %q }} %s", word, label, string(c.Class), c.Action)
	}
	return b.String() + line + "  {{- end }}"
}
