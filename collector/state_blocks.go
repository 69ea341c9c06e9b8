package collector

import (
	"cmp"
	"fmt"
	"slices"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
)

// The blocks in a state: with the template of the last reply, without its text.

// save puts them in the order in which they came. Their templates must be made.
func (b *blocks) save(to *checkpoint.Encoder) {
	to.Uint(b.forgotten)
	b.byNumber = b.byNumber[:0]
	for _, known := range b.index {
		b.byNumber = append(b.byNumber, known)
	}
	slices.SortFunc(b.byNumber, func(x, y *block) int { return cmp.Compare(x.number, y.number) })
	to.Uint(uint64(len(b.byNumber)))
	for _, known := range b.byNumber {
		known.save(to)
	}
}

func (b *block) save(to *checkpoint.Encoder) {
	to.String(b.provider)
	to.String(b.class)
	to.String(b.list)
	to.String(b.rule)
	to.String(string(b.kind))
	to.String(alias(b.template))
	to.Uint(b.count)
	b.span.save(to)
}

// restore takes them. Where there is less room than there was, those leave that
// were longest not seen.
func (b *blocks) restore(r *restorer) {
	b.forgotten = r.count()
	n := r.Count(11)
	if n > maxBlocks {
		r.Fail("%d are too many", n)
	}
	for range n {
		taken := r.block()
		if r.Err() != nil {
			return
		}
		if b.index[taken.blockKey] != nil {
			r.Fail("%s is there twice", quote(fmt.Sprint(taken.blockKey)))
			return
		}
		b.put(&taken)
	}
	for len(b.index) > b.limit {
		b.evict()
	}
}

func (r *restorer) block() (b block) {
	b.provider = r.provider()
	b.class = r.names.value("", "class", r.text(maxKeptText))
	b.list, b.rule = r.text(maxKeptText), r.text(maxKeptText)
	b.kind = classify.Kind(r.names.value("", "kind", r.text(maxKeptText)))
	b.template, b.isMade = []byte(r.text(classify.MaxTemplate)), true
	b.count = r.count()
	b.span = r.span()
	r.known("a block", b.class, string(b.kind))
	return b
}
