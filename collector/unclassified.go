package collector

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"postfix_exporter/classify"
)

// The replies that no rule names, as templates.

// UnclassifiedReply is what replies of one template have in common.
type UnclassifiedReply struct {
	Template string    `json:"template"` // no address, host or number is in it
	Code     int       `json:"code"`     // SMTP reply code; 0 none
	Enhanced string    `json:"enhanced"` // the reply's, else Postfix's; "" none
	Provider string    `json:"provider"`
	Count    uint64    `json:"count"`
	First    time.Time `json:"first,omitzero"` // of the lines, not of the clock
	Last     time.Time `json:"last,omitzero"`
	Text     string    `json:"text,omitempty"` // the last one since the start, with its addresses; only where Options.ShowAddresses
}

// Limits of what is kept. With raw texts that is at most 1.5 MB, without them
// 0.5 MB.
const (
	maxUnclassified = 500
	maxReplyText    = 2000 // Postfix's own limit of a line (util/msg_syslog.c)
)

// unclassified keeps templates. Remote servers choose the texts, and one that
// answers each message in other words would push out all that others say. So
// when there is no room, the network that holds the most, the newcomer counted
// in, gives up one of its own. A flood from one network soon is that network, and
// takes its own place; to push out those of a server that has a few, it must come
// from a hundred networks.
//
// The network is that of the address that Postfix talked to: names cost nothing,
// and what a text says of itself is worth nothing. All that came from no network
// counts as one.
type unclassified struct {
	limit     int
	withTexts bool
	index     map[string]*template // by provider, enhanced code and template
	all       []*template
	networks  map[netip.Prefix]*network
	key       []byte // scratch
	forgotten uint64 // replies, not templates: with the counts that are left they are all there were
}

// A template is an entry of it.
type template struct {
	key      string
	provider string
	text     string
	code     int
	enhanced string
	network  *network // that brought it first
	count    uint64
	span
	raw []byte // the last reply
}

func newUnclassified(limit int, withTexts bool) unclassified {
	return unclassified{
		limit:     limit,
		withTexts: withTexts,
		index:     make(map[string]*template),
		networks:  make(map[netip.Prefix]*network),
	}
}

func isUnclassified(v *classify.Verdict) bool { return v.Class == classify.Unclassified }

// add counts a reply under its template. It allocates for a new template, and
// for a raw text longer than those before.
func (u *unclassified) add(r *reading) {
	d := &r.event.Delivery
	u.key = appendTemplateKey(u.key[:0], r.verdict.Provider, statusCode(d.DSN))
	u.key = append(u.key, r.template...)
	t := u.index[string(u.key)]
	if t == nil {
		t = u.admit(r)
	}
	t.count++
	t.extend(r.event.Time)
	if u.withTexts {
		t.raw = append(t.raw[:0], d.Text[:min(len(d.Text), maxReplyText)]...)
	}
}

// appendTemplateKey appends what stands in a key before the template.
func appendTemplateKey(key []byte, provider, dsn string) []byte {
	key = append(key, provider...)
	key = append(key, 0)
	key = append(key, dsn...)
	return append(key, 0)
}

// admit makes an entry of the key at hand.
func (u *unclassified) admit(r *reading) *template {
	d := &r.event.Delivery
	reply := d.Reply()
	t := &template{
		key:      string(u.key),
		provider: strings.Clone(r.verdict.Provider),
		code:     reply.Code,
		enhanced: strings.Clone(cmp.Or(statusCode(reply.Enhanced), statusCode(d.DSN))),
		network:  u.networkOf(cmp.Or(reply.Host.Addr, d.Relay.Addr)),
	}
	t.text = t.key[len(t.key)-len(r.template):]
	t.network.held++
	if len(u.all) >= u.limit {
		u.evict()
	}
	u.put(t)
	return t
}

func (u *unclassified) put(t *template) {
	u.index[t.key] = t
	u.all = append(u.all, t)
}

// dsn is what the key has between provider and template.
func (t *template) dsn() string {
	return t.key[len(t.provider)+1 : len(t.key)-len(t.text)-1]
}

// statusCode is what dsn= says if that is a status code (RFC 3463 §2), else "": no
// other text is kept.
func statusCode(dsn string) string {
	if len(dsn) > len("5.999.999") || strings.Trim(dsn, "0123456789.") != "" {
		return ""
	}
	return dsn
}

// evict drops the least frequent template of the network that holds the most;
// of those the one that was longest not seen.
func (u *unclassified) evict() {
	most := 0
	for _, n := range u.networks {
		most = max(most, n.held)
	}
	victim := -1 // there is one: if only the newcomer's network holds so many, it has others here
	for i, t := range u.all {
		if t.network.held == most && (victim < 0 || t.goesBefore(u.all[victim])) {
			victim = i
		}
	}
	u.drop(victim)
}

func (t *template) goesBefore(other *template) bool {
	return cmp.Or(cmp.Compare(t.count, other.count), t.last.Compare(other.last)) < 0
}

func (u *unclassified) drop(i int) {
	t := u.all[i]
	u.all = slices.Delete(u.all, i, i+1)
	delete(u.index, t.key)
	if t.network.held--; t.network.held == 0 {
		delete(u.networks, t.network.prefix)
	}
	u.forgotten += t.count
}

// Unclassified are the replies that no rule names, the most frequent first.
func (e *Engine) Unclassified() []UnclassifiedReply {
	all := e.copyUnclassified()
	slices.SortFunc(all, func(a, b UnclassifiedReply) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), b.Last.Compare(a.Last),
			cmp.Compare(a.Template, b.Template), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Enhanced, b.Enhanced))
	})
	return all
}

func (e *Engine) copyUnclassified() []UnclassifiedReply {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]UnclassifiedReply, len(e.unclassified.all))
	for i, t := range e.unclassified.all {
		all[i] = UnclassifiedReply{
			Template: t.text, Code: t.code, Enhanced: t.enhanced, Provider: t.provider,
			Count: t.count, First: shown(t.first), Last: shown(t.last), Text: string(t.raw),
		}
	}
	return all
}
