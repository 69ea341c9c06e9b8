package classify

import (
	"maps"
	"slices"

	"postfix_exporter/classify/packed"
)

// A Set in bytes. The rules that are built in are packed at build time, so that a
// start needs no YAML.

// packFormat is what packed rules begin with. Another layout gets another number.
const packFormat = "postfix_exporter rules 1\n"

// Pack is the set in bytes, for Unpack: all that judging needs, without what only
// Check needs. The same files make the same bytes.
func (s *Set) Pack() []byte {
	w := &packed.Writer{}
	packTexts(w, s.files)
	s.providers.pack(w)
	for _, b := range []*book{s.replies, s.rejects} {
		w.Flag(b != nil)
		if b != nil {
			b.pack(w, s.files)
		}
	}
	return packed.Seal(packFormat, w.Bytes())
}

func packTexts(w *packed.Writer, texts []string) {
	w.Number(len(texts))
	for _, t := range texts {
		w.Text(t)
	}
}

func (t *providerTable) pack(w *packed.Writer) {
	packTexts(w, t.names)
	for _, table := range []map[string]string{t.hosts, t.domains} {
		w.Number(len(table))
		for _, suffix := range slices.Sorted(maps.Keys(table)) {
			w.Text(suffix)
			w.Number(slices.Index(t.names, table[suffix]))
		}
	}
}

func (b *book) pack(w *packed.Writer, files []string) {
	w.Number(len(b.rules))
	b.matcher.Pack(w)
	for i, r := range b.rules {
		r.pack(w, files)
		b.asks[i].pack(w)
	}
	packNumbers(w, b.wordless)
}

// pack writes a rule. Names from closed sets are their places + 1; 0 none.
func (r *Rule) pack(w *packed.Writer, files []string) {
	w.Text(r.Name)
	w.Number(1 + slices.IndexFunc(classes, func(c ClassInfo) bool { return c.Class == r.Class }))
	w.Number(1 + slices.Index(kinds, r.Kind))
	w.Number(1 + slices.Index(reasons, r.Reason))
	w.Text(r.List)
	w.Text(r.Hint)
	w.Text(r.Link)
	w.Number(slices.Index(files, r.File))
	w.Number(r.Line)
}

// pack writes conditions, without the phrases that lead to them: the matcher has
// these.
func (c *conditions) pack(w *packed.Writer) {
	w.Number(len(c.codes))
	for _, r := range c.codes {
		w.Number(r.from)
		w.Number(r.to)
	}
	w.Number(len(c.enhanced))
	for _, p := range c.enhanced {
		w.Byte(p.class)
		w.Text(p.rest)
		w.Flag(p.open)
	}
	for _, texts := range [][]string{c.providers, c.commands, c.actions} {
		packTexts(w, texts)
	}
	packNumbers(w, c.all)
	packNumbers(w, c.not)
	packNumbers(w, c.names)
	w.Number(len(c.regexps))
	for _, r := range c.regexps {
		w.Text(r.String())
	}
}

func packNumbers[T ~int | ~int32](w *packed.Writer, list []T) {
	w.Number(len(list))
	for _, n := range list {
		w.Number(int(n))
	}
}
