package collector

import (
	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
)

// The unclassified replies in a state: templates, without the texts that they were
// made of.

// maxKeptText bounds names and templates of replies.
const maxKeptText = 4 << 10

// save puts the templates in their order: of those that are alike, the first is
// the first to leave.
func (u *unclassified) save(to *checkpoint.Encoder) {
	to.Uint(u.forgotten)
	to.Uint(uint64(len(u.all)))
	for _, t := range u.all {
		to.String(t.provider)
		to.String(t.dsn())
		to.String(t.text)
		to.Uint(uint64(t.code))
		to.String(t.enhanced)
		savePrefix(to, t.network.prefix)
		to.Uint(t.count)
		t.span.save(to)
	}
}

// restore takes them. Where there is less room than there was, some leave as they
// do in a flood.
func (u *unclassified) restore(r *restorer) {
	u.forgotten = r.count()
	n := r.Count(12)
	if n > maxUnclassified {
		r.Fail("%d are too many", n)
	}
	for range n {
		t := r.template()
		if r.Err() != nil {
			return
		}
		if u.index[t.key] != nil {
			r.Fail("%s of %s is there twice", quote(t.text), quote(t.provider))
			return
		}
		t.network = u.networkAt(t.network.prefix)
		t.network.held++
		u.put(t)
	}
	for len(u.all) > u.limit {
		u.evict()
	}
}

// template takes one. Its network is not the one that counts.
func (r *restorer) template() *template {
	t := &template{provider: r.provider()}
	key := appendTemplateKey(nil, t.provider, statusCode(r.text(maxKeptText)))
	t.text = r.text(classify.MaxTemplate)
	t.key = string(key) + t.text
	t.code = int(r.upTo(999))
	t.enhanced = statusCode(r.text(maxKeptText))
	t.network = &network{prefix: r.prefix()}
	t.count = r.count()
	t.span = r.span()
	return t
}

func (r *restorer) provider() string { return r.names.value("", "provider", r.text(maxKeptText)) }
