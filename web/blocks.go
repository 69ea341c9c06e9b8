package web

import "postfix_exporter/collector"

func writeBlocks(t *table, all []collector.Block) {
	if len(all) == 0 {
		t.row("No reply was a block.")
		return
	}
	t.row("LAST", "FIRST", "COUNT", "PROVIDER", "KIND", "CLASS", "LIST", "RULE")
	for i := range all {
		b := &all[i]
		rule := orDash(b.Rule)
		if b.RuleGone {
			rule += " (gone)"
		}
		t.row(stamp(b.Last), stamp(b.First), b.Count, b.Provider, b.Kind, b.Class, orDash(b.List), rule)
		t.note("reply", b.Template)
		t.note("hint", b.Hint)
		t.note("link", b.Link)
	}
}
