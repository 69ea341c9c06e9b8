package collector

import "postfix_exporter/checkpoint"

// The rows of a family in a state; with the label host, those of one host behind
// those of another. A state fits with that label and without it.

// saveRows puts those of the i-th family. The books of further hosts are in the
// same order; of those behind, which are the exporter's own, they have none.
func (d *declarer) saveRows(to *checkpoint.Encoder, i int) {
	further := d.further()
	if !d.books[i].about().ofLines {
		further = nil
	}
	n := d.books[i].size()
	for _, h := range further {
		n += h.books[i].size()
	}
	to.Uint(uint64(n))
	d.books[i].saveRows(to)
	for _, h := range further {
		h.books[i].saveRows(to)
	}
}

// restoreRows takes those of the i-th family. Without the label host, those of all
// hosts in the state are added up; with it, rows without one are those of no host.
func (d *declarer) restoreRows(r *restorer, t *fit, i int) {
	for range r.Count(len(t.key) + len(t.parts)) {
		host := r.key(t)
		book := d.books[i]
		if host != "" && d.hosts != nil && r.Err() == nil {
			book = d.hosts.restored(r, host).books[i]
		}
		if r.Err() != nil {
			return
		}
		book.restoreRow(r, t)
	}
}

// key takes the key of a row, and its host where it has one.
func (r *restorer) key(t *fit) (host string) {
	for _, p := range t.key {
		v := r.labelValue(t, p)
		if p.at < len(t.values) {
			t.values[p.at] = v
		} else if host = v; r.Err() == nil {
			r.checkHost(t, host)
		}
	}
	return host
}

// checkHost wants the rows of a host beside each other, and once.
func (r *restorer) checkHost(t *fit, host string) {
	switch {
	case host == t.host && host != "":
		return
	case !isHost(host):
		r.Fail("%s is no host's name", quote(host))
	case t.hosts[host]:
		r.Fail("the series of host %s are there twice", quote(host))
	}
	t.host, t.seen = host, t.seen[:0]
	t.hosts[host] = true
}
