package collector

import "strings"

// The label host (Options.ByHost): a set of books for each host that the lines of a
// central log host name. A host is what a line's envelope says, as it is written:
// two spellings are two hosts, and so they are where queue ids are joined (track).
//
// Only Postfix's lines bring a host. What else is in the log is counted under
// none: such a line may hold any word where a host should be, and machines that
// send no mail would use up the room.

const (
	hostLabel = "host"
	noHost    = "none" // of lines that name none, or are not Postfix's
)

const (
	// DefaultMaxHosts is how many hosts are told apart where Options doesn't say.
	DefaultMaxHosts = 100
	// MostHosts is the greatest limit: a host takes 0.15 MB before it counts anything.
	MostHosts = 1000
)

// maxSeries bounds the series of all hosts together, where the limit of one host
// is not more: they need 0.3 GB. One that would begin beyond it is other, and the
// families of those that are there are full.
const maxSeries = 500_000

// hosts finds the books of a line. Those beyond the limit share those of other.
type hosts struct {
	limit   int
	spare   int         // series that may still come
	least   int         // series that a host begins with
	own     *families   // of no host, with the exporter's own
	further []*families // of all others, in the order in which they came
	index   map[string]host
	last    host
}

// A host is a name that lines have, and where they count.
type host struct {
	name string
	*families
}

func newHosts(own *families, limit int) *hosts {
	nameless := host{"", own}
	h := &hosts{limit: limit, own: own, index: map[string]host{"": nameless, noHost: {noHost, own}}, last: nameless}
	h.spare = max(maxSeries, own.limit*len(own.books))
	for _, b := range own.books {
		if f := b.about(); f.ofLines {
			h.least += b.size() * f.parts()
		}
	}
	return h
}

// at is where a line of this host counts. The name may alias the line.
func (h *hosts) at(name string) *families {
	if name == h.last.name {
		return h.last.families
	}
	known, ok := h.index[name]
	if !ok {
		return h.admit(name)
	}
	h.last = known
	return known.families
}

// admit makes room for a host, or counts it under other.
func (h *hosts) admit(name string) *families {
	if name != other && (h.count() >= h.limit || h.spare < h.least || !isHost(name)) {
		h.own.overflow.inc(FamilyLabels{hostLabel}, 0)
		name = other
	}
	if known, ok := h.index[name]; ok {
		return known.families
	}
	return h.add(name)
}

// count is how many hosts are told apart: other is none.
func (h *hosts) count() int {
	if _, ok := h.index[other]; ok {
		return len(h.further) - 1
	}
	return len(h.further)
}

func (h *hosts) add(name string) *families {
	name = strings.Clone(name)
	f := h.own.forHost(name)
	h.index[name] = host{name, f}
	h.further = append(h.further, f)
	return f
}

// isHost knows what can be a host's name: printable ASCII (RFC 5424 §6, HOSTNAME),
// no longer than any label.
func isHost(name string) bool {
	for i := 0; i < len(name); i++ {
		if name[i] <= ' ' || name[i] >= 0x7f {
			return false
		}
	}
	return name != "" && len(name) <= maxLabelValue
}

// restored is where the rows of a host in a state go, also beyond the limit: what
// was counted stays.
func (h *hosts) restored(r *restorer, name string) *families {
	known, ok := h.index[name]
	switch {
	case ok:
		return known.families
	case name != other && h.count() >= MostHosts:
		r.Fail("it has more than %d hosts", MostHosts)
		return h.own
	}
	return h.add(name)
}
