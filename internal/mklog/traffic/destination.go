package traffic

import (
	"strconv"
	"strings"
)

// destination is a place that mail goes to: a receiving organisation, or one of
// our own delivery agents.
type destination struct {
	weight  int
	tag     string
	remote  bool
	tls     bool
	domains []string // of the recipients
	relays  []string // %i is an address
	pace    float64  // microseconds that a transmission takes, on the average

	sent, deferred, bounced []reply
}

// reply is how an attempt ends.
type reply struct {
	weight    int
	status    string
	dsn       string
	text      string
	unreached bool // no server was: relay=none
	passes    int  // in 100: how often the next attempt goes well
}

// outcome says how an attempt goes. What troubled a recipient mostly stays.
func (g *Generator) outcome(to *recipient) *reply {
	n := g.random.IntN(1000)
	switch last := to.trouble; {
	case last != nil && n < 10*last.passes:
		return g.reply(to.place.sent)
	case last != nil && n < 990:
		return last
	case last != nil:
		return g.reply(to.place.bounced)
	case n < 930:
		return g.reply(to.place.sent)
	case n < 975:
		return g.reply(to.place.deferred)
	}
	return g.reply(to.place.bounced)
}

func (g *Generator) reply(replies []reply) *reply {
	sum := 0
	for i := range replies {
		sum += replies[i].weight
	}
	n := g.random.IntN(sum)
	for i := range replies {
		if n -= replies[i].weight; n < 0 {
			return &replies[i]
		}
	}
	return nil
}

func (g *Generator) place(places []destination) *destination {
	sum := 0
	for i := range places {
		sum += places[i].weight
	}
	n := g.random.IntN(sum)
	for i := range places {
		if n -= places[i].weight; n < 0 {
			return &places[i]
		}
	}
	return nil
}

func (g *Generator) remotePlace() *destination { return g.place(remotePlaces) }
func (g *Generator) localPlace() *destination  { return g.place(localPlaces) }

// recipients of one message: mostly one.
func (g *Generator) recipients(place func() *destination) []recipient {
	n := 1
	if g.random.IntN(7) == 0 {
		n += 1 + g.random.IntN(4)
	}
	list := make([]recipient, 0, n)
	for range n {
		list = append(list, g.recipientOf(place()))
	}
	return list
}

func (g *Generator) recipientOf(place *destination) recipient {
	r := recipient{address: g.address(place.domains), place: place, relay: g.relay(place)}
	_, r.domain, _ = strings.Cut(r.address, "@")
	if !place.remote && g.random.IntN(12) == 0 {
		r.original = g.one(roles) + "@" + r.domain
	}
	return r
}

// returnTo is where a notification goes.
func (g *Generator) returnTo(sender string) recipient {
	place := &remotePlaces[0]
	if strings.HasSuffix(sender, "example.com") {
		place = &localPlaces[0]
	}
	r := g.recipientOf(place)
	r.address, r.original = sender, ""
	_, r.domain, _ = strings.Cut(sender, "@")
	return r
}

// relay is one server of a destination, as it is logged.
func (g *Generator) relay(place *destination) string {
	name := g.one(place.relays)
	before, after, found := strings.Cut(name, "%i")
	if !found {
		return name
	}
	return string(append(g.appendAddress([]byte(before)), after...))
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }
