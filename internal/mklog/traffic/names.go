package traffic

import "strconv"

// Addresses of people are made of these; their domains are the ones kept for
// documentation (RFC 2606), and so are all networks.
var (
	givenNames = []string{"anna", "ben", "carla", "dmitri", "elif", "femi", "grace", "hugo", "ines", "jonas",
		"karin", "liam", "maria", "noor", "olga", "pavel", "quinn", "rosa", "sven", "tariq", "uma", "victor", "wei", "yara", "zoe"}
	familyNames = []string{"abel", "berg", "costa", "dubois", "eriksen", "fischer", "garcia", "haas", "ito", "jansen",
		"keller", "lopez", "meyer", "novak", "okafor", "patel", "rossi", "silva", "tanaka", "weber"}
	roles         = []string{"info", "office", "billing", "support", "newsletter", "bounce", "no-reply", "orders", "postmaster"}
	senderDomains = []string{"shop.example.net", "news.example.net", "corp.example.org", "mail.example.org", "lists.example.net",
		"bank.example.org", "travel.example.net", "uni.example.org", "city.example.org", "games.example.net"}
	ourDomains = []string{"example.com", "staff.example.com", "club.example.com"}
	spamHelos  = []string{"localhost", "User", "ylmf-pc", "win-k2j9", "192.0.2.77", "mail", "WORKGROUP", "example.com"}

	documentationNets = []string{"192.0.2.", "198.51.100.", "203.0.113."}
)

// client is who connects to us.
type client struct {
	name, addr, helo string
	port             int
}

// address makes up an address of one of the domains; a small share are roles.
func (g *Generator) address(domains []string) string {
	domain := g.one(domains)
	if g.random.IntN(8) == 0 {
		return g.one(roles) + "@" + domain
	}
	return g.one(givenNames) + "." + g.one(familyNames) + strconv.Itoa(g.random.IntN(90)) + "@" + domain
}

// server is another organisation's mail server.
func (g *Generator) server() client {
	n := g.random.IntN(40)
	name := "mail" + strconv.Itoa(n) + "." + senderDomains[n%len(senderDomains)]
	return client{name, g.peer(n), name, g.port()}
}

// application is one of our own hosts that sends mail through us.
func (g *Generator) application() client {
	n := 1 + g.random.IntN(6)
	name := "app" + strconv.Itoa(n) + ".example.com"
	return client{name, "198.51.100." + strconv.Itoa(n), name, g.port()}
}

// person is at home or on the road, with a mail program.
func (g *Generator) person() client {
	n := g.random.IntN(5000)
	name := "unknown"
	if n%3 != 0 {
		name = "host-" + strconv.Itoa(n) + ".access.example.net"
	}
	return client{name, g.peer(n), "[192.168.1." + strconv.Itoa(n%250) + "]", g.port()}
}

// stranger is most of what knocks at port 25.
func (g *Generator) stranger() client {
	n := g.random.IntN(20_000)
	name := "unknown"
	if n%4 == 0 {
		name = "pool-" + strconv.Itoa(n) + ".dyn.example.net"
	}
	return client{name, g.peer(n), g.one(spamHelos), g.port()}
}

func (g *Generator) port() int { return 1024 + g.random.IntN(64_000) }

// peer is the address of the n-th host: one in eight has IPv6 (RFC 3849).
func (g *Generator) peer(n int) string {
	if n%8 == 0 {
		return "2001:db8:" + strconv.FormatInt(int64(n), 16) + "::" + strconv.FormatInt(int64(n%251+1), 16)
	}
	return documentationNets[n%3] + strconv.Itoa(1+n%254)
}
