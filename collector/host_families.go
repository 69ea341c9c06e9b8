package collector

// The families of a central log host: a set for each host, and one for no host, which
// has those of the exporter, too.

// newFamiliesByHost have the label host: this set is that of no host.
func newFamiliesByHost(limit, maxHosts int) *families {
	f := declareFamilies(limit, noHost)
	f.hosts = newHosts(f, maxHosts)
	f.overflow.row(FamilyLabels{hostLabel})
	f.share(&f.hosts.spare)
	return f
}

// forHost are those of one more host. What is the exporter's own is shared.
func (f *families) forHost(host string) *families {
	h := &families{declarer: &declarer{limit: f.limit, host: host}, unread: f.unread, overflow: f.overflow}
	h.declareLines()
	h.prepare()
	h.share(&f.hosts.spare)
	return h
}

// share lets the books that count lines have no more than what is to spare. It
// comes behind prepare: what a host begins with, it has.
func (f *families) share(spare *int) {
	for _, b := range f.books {
		if b.about().ofLines {
			b.share(spare)
		}
	}
}

// of is the set in which lines of a host count.
func (f *families) of(host string) *families {
	if f.hosts == nil {
		return f
	}
	return f.hosts.at(host)
}
