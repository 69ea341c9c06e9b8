//go:build linux

package e2e

// Real replies, each said by a server that is named like the provider's.

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"postfix_exporter/e2e/sink"
)

// The servers are at addresses of one prefix, which is not of this host: a
// server on a loopback address is a content filter to the exporter.
const (
	replyPrefix = "198.51.100.1/24"
	replyHome   = "mx.senders.example" // takes what Postfix tells the senders
	maxServers  = 250
)

// replyRun is a run of Postfix against the servers of the table.
type replyRun struct {
	*instance
	t       *testing.T
	replies []*realReply
	addrs   map[string]string // of servers
	servers map[string]*sink.Server
}

// TestReplies: each reply of the table goes through Postfix and rsyslogd, and is
// counted under its class, kind and provider; nothing else is.
func TestReplies(t *testing.T) {
	needPostfix(t)
	binary := buildExporter(t)
	r := newReplyRun(t)
	s := serve(t, binary, r.log)
	r.play()
	live := s.after(countLines(t, r.log))
	r.checkFailures(live)
	r.checkDeliveries(live)
	r.checkBlockInfo(live)
	r.checkBlocks(s)
	r.checkUnclassified(s)
	s.stop()
	same(t, live, report(t, binary, r.log))
	if t.Failed() {
		r.explain(binary)
	}
}

func newReplyRun(t *testing.T) *replyRun {
	t.Helper()
	r := &replyRun{t: t, replies: realReplies(t), addrs: map[string]string{}, servers: map[string]*sink.Server{}}
	names := "127.0.0.1 localhost\n::1 localhost\n"
	for _, host := range r.hosts() {
		r.addrs[host] = fmt.Sprintf("198.51.100.%d", len(r.addrs)+2)
		names += r.addrs[host] + " " + host + "\n"
	}
	if len(r.addrs) > maxServers {
		t.Fatalf("%d servers are more than there are addresses", len(r.addrs))
	}
	h := networkHost(t, names, replyPrefix)
	for host, addr := range r.addrs {
		r.servers[host] = sink.Start(h.listenIn(t, net.JoinHostPort(addr, "25")), r.options(host))
		t.Cleanup(func() { r.servers[host].Close() })
	}
	r.instance = newInstance(t, h, map[string]string{})
	r.route()
	return r
}

// hosts are the servers' names.
func (r *replyRun) hosts() []string {
	all := map[string]bool{replyHome: true}
	for _, said := range r.replies {
		all[said.host] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func (r *replyRun) options(host string) sink.Options {
	o := sink.Options{Name: host, Answer: func(s sink.Step) sink.Reply { return r.answer(host, s) }}
	for _, said := range r.replies {
		if said.host == host && said.stage == sink.StartTLS {
			o.TLS = serverTLS(r.t, host)
		}
	}
	return o
}

// answer is the script of a server.
func (r *replyRun) answer(host string, s sink.Step) sink.Reply {
	for i, said := range r.replies {
		if said.host == host && said.stage == s.Stage && (said.early() || concerns(s, i)) {
			return said.reply
		}
	}
	return sink.Reply{}
}

// Each reply has a sender and a recipient of its own.
func replySender(i int) string    { return fmt.Sprintf("news%d@senders.example", i) }
func replyRecipient(i int) string { return "bob@" + replyDomain(i) }
func replyDomain(i int) string    { return fmt.Sprintf("d%d.example.com", i) }

func concerns(s sink.Step, i int) bool {
	return s.Sender == replySender(i) && (s.Stage == sink.Mail || s.Recipient == replyRecipient(i) || slices.Contains(s.Recipients, replyRecipient(i)))
}

// route sends each domain to its server, at the port where mail goes. Servers
// that speak of STARTTLS are asked for it.
func (r *replyRun) route() {
	transport, policy := "senders.example smtp:["+replyHome+"]:25\n", ""
	for i, said := range r.replies {
		transport += fmt.Sprintf("%s smtp:[%s]:25\n", replyDomain(i), said.host)
		if said.stage == sink.StartTLS {
			policy += fmt.Sprintf("[%s]:25 encrypt\n", said.host)
		}
	}
	r.write(r.t, "conf/transport", transport)
	r.write(r.t, "conf/tls_policy", policy)
	r.run(r.t, "", "postconf", "-c", r.path("conf"), "-e", "smtp_tls_policy_maps=texthash:"+r.path("conf/tls_policy"))
}

// play sends a message for each reply, and stops Postfix.
func (r *replyRun) play() {
	r.start(r.t)
	r.write(r.t, "letter", letter("test", "hello"))
	each := []string{"sh", "-ec", `cd "$0"; while [ $# -gt 0 ]; do sendmail -C "$0/conf" -f "$1" -i -- "$2" <letter; shift 2; done`, r.dir}
	for i := range r.replies {
		each = append(each, replySender(i), replyRecipient(i))
	}
	r.run(r.t, "", each...)
	waiting := in("deferred", r.settle(r.t))
	r.stopPostfix(r.t)
	r.host.stop()
	r.checkTruth(waiting)
}

// checkTruth: each reply was said, and did what the table supposes: the message
// waits, or its sender was told.
func (r *replyRun) checkTruth(waiting []queued) {
	r.t.Helper()
	home := map[string]bool{}
	for _, m := range r.servers[replyHome].Messages() {
		if strings.Contains(string(m.Data), "\nAction: failed") {
			home[m.Recipients[0]] = true
		}
	}
	for i, said := range r.replies {
		waits := slices.ContainsFunc(waiting, func(m queued) bool { return m.Sender == replySender(i) })
		if !r.wasSaid(i) || waits == said.bounces() || home[replySender(i)] != said.bounces() {
			r.t.Errorf("%v: said: %v, waits: %v, sender told of failure: %v", said, r.wasSaid(i), waits, home[replySender(i)])
		}
	}
}

func (r *replyRun) wasSaid(i int) bool {
	said := r.replies[i]
	return slices.ContainsFunc(r.servers[said.host].Answers(), func(a sink.Answer) bool {
		return a.Stage == said.stage && a.Code == said.reply.Code && (said.early() || a.Sender == replySender(i))
	})
}

// checkFailures: the counts of the table, and no other.
func (r *replyRun) checkFailures(m metrics) {
	r.t.Helper()
	want := map[string]float64{}
	for _, said := range r.replies {
		family := deferrals
		if said.bounces() {
			family = bounces
		}
		want[selector(family, "class", said.class, "kind", said.kind, "provider", said.provider)]++
	}
	got := map[string]float64{}
	for _, family := range []string{bounces, deferrals} {
		for _, s := range m[family].GetMetric() {
			l := labels(s)
			if l["daemon"] != "smtp" && value(s) != 0 {
				r.t.Errorf("%s counts %v of %s", family, value(s), l["daemon"])
			}
			if value(s) != 0 {
				got[selector(family, "class", l["class"], "kind", l["kind"], "provider", l["provider"])] += value(s)
			}
		}
	}
	differ(r.t, got, want)
}

// checkDeliveries: no record is there but those of the table and of what the
// senders were told; none is taken for anything but a failure.
func (r *replyRun) checkDeliveries(m metrics) {
	r.t.Helper()
	want := truth{selector(logLines, "outcome", "foreign"): 0}
	want.add(r.servers[replyHome].Accepted(), deliveries, "status", "sent")
	for _, said := range r.replies {
		status := "deferred"
		if said.bounces() {
			status = "bounced"
		}
		want.add(1, deliveries, "status", status)
	}
	want.check(r.t, m)
}

// advice is what postfix_block_info and /blocks tell of a block.
type advice struct {
	Provider, Class, Kind, List, Hint, Link string
	Count                                   int
}

// of says whether it is the advice on a reply. Where the table names no list,
// any may be named.
func (a *advice) of(r *realReply) bool {
	return a.Provider == r.provider && a.Class == r.class && (r.list == "" || a.List == r.list)
}

// helps says whether it tells what is to be done, as far as the table asks for it.
func (a *advice) helps(r *realReply) bool {
	return a.of(r) && (r.list == "" || a.Hint != "") && strings.HasPrefix(a.Link, r.link)
}

// checkBlockInfo: there is a series for each block, with what is to be done.
func (r *replyRun) checkBlockInfo(m metrics) {
	r.t.Helper()
	var all []advice
	for _, s := range m["postfix_block_info"].GetMetric() {
		l := labels(s)
		if value(s) != 1 {
			r.t.Errorf("postfix_block_info%v is %v", l, value(s))
		}
		all = append(all, advice{Provider: l["provider"], Class: l["class"], List: l["list"], Hint: l["hint"], Link: l["link"]})
	}
	r.checkAdvice("postfix_block_info", all)
}

// checkBlocks: /blocks lists the same, and counts them.
func (r *replyRun) checkBlocks(s *server) {
	r.t.Helper()
	var all []advice
	s.list("/blocks", &all)
	all = slices.DeleteFunc(all, func(a advice) bool { return a.Kind != "block" }) // the others have hints too
	r.checkAdvice("/blocks", all)
	got, want := map[string]float64{}, map[string]float64{}
	for _, a := range all {
		got[a.Provider+" "+a.Class] += float64(a.Count)
	}
	for _, said := range r.replies {
		if said.kind == "block" {
			want[said.provider+" "+said.class]++
		}
	}
	differ(r.t, got, want)
}

// checkAdvice: each block of the table has its advice, and there is no other.
func (r *replyRun) checkAdvice(where string, all []advice) {
	r.t.Helper()
	used := make([]bool, len(all))
	for _, said := range r.replies {
		if said.kind != "block" {
			continue
		}
		found := false
		for i := range all {
			used[i] = used[i] || all[i].of(said)
			found = found || all[i].helps(said)
		}
		if !found {
			r.t.Errorf("%v: %s has no %s of %s with list %q and link %s...", said, where, said.class, said.provider, said.list, said.link)
		}
	}
	for i, a := range all {
		if !used[i] {
			r.t.Errorf("%s has %+v", where, a)
		}
	}
}

// checkUnclassified: /unclassified has what the table says is not to be classed.
func (r *replyRun) checkUnclassified(s *server) {
	r.t.Helper()
	var all []struct {
		Provider, Template string
		Code, Count        int
	}
	s.list("/unclassified", &all)
	got, want := map[string]float64{}, map[string]float64{}
	for _, u := range all {
		got[fmt.Sprint(u.Provider, " ", u.Code)] += float64(u.Count)
	}
	for _, said := range r.replies {
		if said.class == "unclassified" {
			want[fmt.Sprint(said.provider, " ", said.reply.Code)]++
		}
	}
	differ(r.t, got, want)
	if r.t.Failed() {
		r.t.Logf("/unclassified: %+v", all)
	}
}

// differ tells of each sum that is not as it should be.
func differ(t *testing.T, got, want map[string]float64) {
	t.Helper()
	for key, n := range sorted(want) {
		if got[key] != n {
			t.Errorf("%s is %v, want %v", key, got[key], n)
		}
	}
	for key, n := range sorted(got) {
		if _, ok := want[key]; !ok {
			t.Errorf("%s is %v, want none", key, n)
		}
	}
}

// explain tells which record of the log is not judged as the table has it.
func (r *replyRun) explain(binary string) {
	log, err := os.ReadFile(r.log)
	if err != nil {
		r.t.Fatal(err)
	}
	var records []string
	var said []*realReply
	for i, reply := range r.replies {
		for line := range strings.Lines(string(log)) {
			if strings.Contains(line, " to=<"+replyRecipient(i)+">, relay=") {
				records, said = append(records, line), append(said, reply)
			}
		}
	}
	cmd := exec.Command(binary, "classify")
	cmd.Stdin = strings.NewReader(strings.Join(records, ""))
	out, err := cmd.Output()
	verdicts := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(verdicts) != len(records) {
		r.t.Fatalf("classify: %v, %d verdicts on %d records", err, len(verdicts), len(records))
	}
	for i, v := range verdicts {
		if f := said[i].failure; !strings.HasPrefix(v, f.class+"\t"+f.kind+"\t"+f.provider+"\t") {
			r.t.Logf("%v: is %q, want %v; logged as: %.1000s", said[i], v, f, records[i])
		}
	}
}
