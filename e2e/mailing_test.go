//go:build linux

package e2e

// News for readers at several providers, of which one can begin to refuse it.

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postfix_exporter/e2e/sink"
)

const (
	newsSender = "news@senders.example"
	newsEvery  = 500 * time.Millisecond
	goneEvery  = 4 // one of so many issues has a reader who is gone: 1 % of the mail

	goneHost     = "gmail-smtp-in.l.google.com"
	refusingHost = "example-com.mail.protection.outlook.com"
)

// readers are how many each server has. The one that refuses has so few that the
// host's bounces stay between 5 % and 10 %: from there on BounceRateHigh silences
// BounceSpike.
var readers = map[string]int{
	goneHost:                10,
	"mta7.am0.yahoodns.net": 6,
	"mx00.gmx.net":          6,
	"mx.small.example":      4,
	refusingHost:            2,
	replyHome:               0,
}

// mailing is a Postfix that sends the news.
type mailing struct {
	*instance
	t        *testing.T
	servers  map[string]*sink.Server
	gone     *realReply // to a reader who is gone
	block    *realReply // to everybody, once refusing
	refusing atomic.Bool
}

func newMailing(t *testing.T) *mailing {
	t.Helper()
	m := &mailing{t: t, servers: map[string]*sink.Server{}}
	m.gone = m.reply(goneHost, "user_unknown")
	m.block = m.reply(refusingHost, "blocklisted")
	names, transport := "127.0.0.1 localhost\n::1 localhost\n", "senders.example smtp:["+replyHome+"]:25\n"
	for i, host := range newsHosts() {
		names += fmt.Sprintf("%s %s\n", newsAddr(i), host)
		transport += fmt.Sprintf("%s smtp:[%s]:25\n", newsDomain(i), host)
	}
	h := networkHost(t, names, replyPrefix)
	m.serve(h)
	m.instance = newInstance(t, h, map[string]string{})
	m.write(t, "conf/transport", transport)
	return m
}

// serve starts the servers, in the network of h.
func (m *mailing) serve(h *host) {
	m.t.Helper()
	for i, host := range newsHosts() {
		o := sink.Options{Name: host, Answer: func(s sink.Step) sink.Reply { return m.answer(host, s) }}
		m.servers[host] = sink.Start(h.listenIn(m.t, net.JoinHostPort(newsAddr(i), "25")), o)
		m.t.Cleanup(func() { m.servers[host].Close() })
	}
}

func newsHosts() []string     { return slices.Sorted(maps.Keys(readers)) }
func newsAddr(i int) string   { return fmt.Sprintf("198.51.100.%d", i+2) }
func newsDomain(i int) string { return fmt.Sprintf("d%d.example.com", i) }
func goneReader(i int) string { return "gone@" + newsDomain(i) }
func reader(n, i int) string  { return fmt.Sprintf("reader%d@%s", n, newsDomain(i)) }

// reply is what the table of real replies has from a server, of that class.
func (m *mailing) reply(host, class string) *realReply {
	m.t.Helper()
	for _, r := range realReplies(m.t) {
		if r.host == host && r.class == class {
			return r
		}
	}
	m.t.Fatalf("replies.txt has no %s of %s", class, host)
	return nil
}

// answer is the script of a server.
func (m *mailing) answer(host string, s sink.Step) sink.Reply {
	switch {
	case host == refusingHost && s.Stage == m.block.stage && m.refusing.Load():
		return m.block.reply
	case host == goneHost && s.Stage == m.gone.stage && strings.HasPrefix(s.Recipient, "gone@"):
		return m.gone.reply
	}
	return sink.Reply{}
}

// send sends an issue of the news each half second.
func (m *mailing) send(ctx context.Context) {
	for issue := 1; sleep(ctx, newsEvery); issue++ {
		if out, err := m.submit(fmt.Sprint("news ", issue), m.recipients(issue)...); err != nil {
			m.t.Errorf("sendmail: %v\n%s", err, out)
		}
	}
}

func (m *mailing) submit(subject string, rcpts ...string) (string, error) {
	return m.try(letter(subject, "hello"), append([]string{"sendmail", "-C", m.path("conf"), "-f", newsSender, "-i", "--"}, rcpts...)...)
}

func (m *mailing) recipients(issue int) (all []string) {
	for i, host := range newsHosts() {
		for n := range readers[host] {
			all = append(all, reader(n, i))
		}
		if host == goneHost && issue%goneEvery == 0 {
			all = append(all, goneReader(i))
		}
	}
	return all
}

// restart starts Postfix anew, with settings as name=value.
func (m *mailing) restart(settings ...string) {
	m.t.Helper()
	m.stopPostfix(m.t)
	m.run(m.t, "", append([]string{"postconf", "-c", m.path("conf"), "-e"}, settings...)...)
	m.instance.start(m.t)
}
