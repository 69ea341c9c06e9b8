package web

import "postfix_exporter/collector"

func writeUnclassified(t *table, all []collector.UnclassifiedReply) {
	if len(all) == 0 {
		t.row("No reply is unclassified.")
		return
	}
	t.row("COUNT", "FIRST", "LAST", "PROVIDER", "CODE", "ENHANCED", "REPLY")
	for i := range all {
		r := &all[i]
		code := any("-")
		if r.Code != 0 {
			code = r.Code
		}
		t.row(r.Count, stamp(r.First), stamp(r.Last), r.Provider, code, orDash(r.Enhanced), r.Template)
		t.note("last", r.Text)
	}
}
