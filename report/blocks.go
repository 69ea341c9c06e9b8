package report

import (
	"bufio"
	"cmp"
	"slices"
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/collector"
)

// refusals are the blocks that are of that kind: the hints of others stand
// beside their reasons. The collector bounds them.
func refusals(all []collector.Block) []Block {
	blocks := make([]Block, 0, len(all))
	for _, b := range all {
		if b.Kind == string(classify.Block) {
			blocks = append(blocks, b)
		}
	}
	slices.SortFunc(blocks, func(a, b Block) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.List, b.List),
			cmp.Compare(a.Class, b.Class), cmp.Compare(a.Rule, b.Rule))
	})
	return blocks
}

func (s *Summary) textBlocks(w *bufio.Writer) {
	if len(s.Blocks) == 0 {
		return
	}
	title(w, "Who blocks us")
	shown := s.Blocks[:min(len(s.Blocks), maxShown)]
	for i := range shown {
		textBlock(w, &shown[i])
	}
	rest := uint64(0)
	for _, b := range s.Blocks[len(shown):] {
		rest += b.Count
	}
	if rest > 0 {
		(&item{number(rest)}).line(w, "by others, or for other reasons")
	}
}

func textBlock(w *bufio.Writer, b *Block) {
	i := item{number(b.Count)}
	head := b.Class + at(b.Provider)
	if b.List != "" {
		head += ", list " + b.List
	}
	if !b.First.IsZero() { // else no line has a stamp
		head += ", " + b.First.Format(time.DateTime) + " to " + b.Last.Format(time.DateTime)
	}
	i.line(w, head)
	i.line(w, b.Template)
	i.advice(w, b.Hint, b.Link)
}
