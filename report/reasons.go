package report

import (
	"cmp"
	"maps"
	"slices"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// maxReasons is how many templates are kept. Remote servers choose the texts;
// each one beyond is only counted.
const maxReasons = 1000

// maxShown is how many templates of one outcome a report has.
const maxShown = 20

// reasons are the templates of failures with one outcome.
type reasons struct {
	all  map[string]*Reason // by class, kind, provider, rule and template
	rest uint64
	key  []byte // scratch
}

func newReasons() reasons {
	return reasons{all: make(map[string]*Reason)}
}

// add counts a failure under its template. It allocates for a new template only.
func (r *reasons) add(e *maillog.Event, v *classify.Verdict) {
	d := &e.Delivery
	rule := cmp.Or(v.Rule, &classify.Rule{})
	r.key = r.key[:0]
	for _, part := range [...]string{string(v.Class), string(v.Kind), v.Provider, rule.Name} {
		r.key = append(r.key, part...)
		r.key = append(r.key, 0)
	}
	from := len(r.key)
	r.key = classify.AppendTemplate(r.key, d.Text, classify.LocalPart(d.To))
	if known := r.all[string(r.key)]; known != nil {
		known.Count++
		return
	}
	if len(r.all) >= maxReasons {
		r.rest++
		return
	}
	r.all[string(r.key)] = &Reason{
		Count: 1, Class: string(v.Class), Kind: string(v.Kind), Provider: v.Provider,
		Rule: rule.Name, List: rule.List, Hint: rule.Hint, Link: rule.Link,
		Template: string(r.key[from:]),
	}
}

// top is the most frequent templates; the rest is only counted.
func (r *reasons) top() Reasons {
	sorted := slices.SortedFunc(maps.Values(r.all), func(a, b *Reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Template, b.Template), cmp.Compare(a.Class, b.Class),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Rule, b.Rule))
	})
	t := Reasons{Top: make([]Reason, 0, maxShown), Rest: r.rest}
	for i, reason := range sorted {
		if i < maxShown {
			t.Top = append(t.Top, *reason)
		} else {
			t.Rest += reason.Count
		}
	}
	return t
}
