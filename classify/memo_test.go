package classify

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

// A Memo says what its Set says, whatever came before: also if there is so little
// room that all push each other out.
func TestMemo(t *testing.T) {
	s := shipped(t)
	random := rand.New(rand.NewPCG(1, 2))
	records := memoRecords(s, random)
	verdicts := make([]Verdict, len(records))
	for i := range records {
		verdicts[i] = s.JudgeDelivery(&records[i])
	}
	for _, size := range []int{1, 16, memorySize} {
		var m Memo
		m.replies.grow(size)
		m.hosts.grow(size)
		m.domains.grow(size)
		m.texts.grow(size)
		for range 3 * len(records) {
			i := random.IntN(len(records))
			d := &records[i]
			if got := m.JudgeDelivery(s, d); got != verdicts[i] {
				t.Fatalf("%+v: %s of %s, want %s of %s", *d, ruleName(got), got.Provider, ruleName(verdicts[i]), verdicts[i].Provider)
			}
			if got := m.Provider(s, d); got != verdicts[i].Provider {
				t.Fatalf("%+v: %s, want %s", d.Relay, got, verdicts[i].Provider)
			}
		}
	}
}

// memoRecords are deliveries: the rules' examples, and words of them in any order.
func memoRecords(s *Set, random *rand.Rand) (all []maillog.DeliveryRecord) {
	hosts := []string{"", "none", "mx.example.com", "gmail-smtp-in.l.google.com", "mx1.mail.yahoo.com", "a.mail.protection.outlook.com", "mx.yandex.ru"}
	add := func(text string) {
		to := pick(random, []string{"user@example.org", "spam@example.org", "unknown@example.org", "quota@example.org", `"550 5.2.2 full"@example.org`})
		text = strings.ReplaceAll(text, "a@example.com", to)
		if random.IntN(4) == 0 {
			text += " <" + to + "> " + strings.Trim(to[:strings.LastIndexByte(to, '@')], `"`)
		}
		d := maillog.DeliveryRecord{To: to, DSN: pick(random, []string{"", "5.0.0", "5.1.1", "4.7.1", "5.7.1"}), Text: text}
		d.Relay = maillog.RemoteEnd{Name: pick(random, hosts), Addr: "192.0.2.1", Port: "25"}
		if random.IntN(3) == 0 {
			d.Text = "host mx.example.com[192.0.2." + strconv.Itoa(random.IntN(200)) + "] said: " + text + " (in reply to " + pick(random, []string{"MAIL FROM", "RCPT TO", "end of DATA"}) + " command)"
		}
		all = append(all, d)
	}
	var words []string
	for _, list := range s.examples {
		for _, x := range list {
			add(x.text)
			words = append(words, strings.Fields(x.text)...)
		}
	}
	for range 3000 {
		text := pick(random, []string{"550 ", "421 4.7.0 ", "", "550-5.1.1 ", "error: 554 "})
		for range random.IntN(60) {
			text += pick(random, words) + " "
		}
		add(text)
		add(text + pick(random, words))
	}
	return all
}

func pick(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

func TestMemoOfRejects(t *testing.T) {
	s := shipped(t)
	var m Memo
	for range 2 {
		for i := range s.rejects.rules {
			for _, x := range s.rejectExamples[i] {
				for _, stage := range []string{"RCPT", "DATA", ""} {
					for _, action := range []string{"reject", "milter-reject"} {
						r := maillog.RestrictionRecord{Action: action, Stage: stage, Enhanced: x.enhanced, Text: x.text, Reason: x.text}
						if got, want := m.RejectReason(s, &r), s.RejectReason(&r); got != want {
							t.Errorf("%+v: %s, want %s", r, got, want)
						}
					}
				}
			}
		}
	}
}

// What regexps look at is not among what a Memo goes by.
func TestMemoOfRegexps(t *testing.T) {
	s := load(t, `
rules:
  - {name: own-a, class: spam_rejected, any: [listed], regexp: '127\.255', examples: [550 listed]}
  - {name: own-b, class: policy_rejected, any: [blocked], regexp: '10\.1\.', examples: [550 blocked]}
  - {name: own-c, class: blocklisted, list: own, any: [listed], examples: [550 listed]}
`)
	var m Memo
	for range 3 {
		for text, want := range map[string]string{
			"550 listed at 192.0.2.1":            "own-c",
			"550 listed at 127.255.0.1":          "own-a",
			"550 listed, blocked at 192.0.2.1":   "own-c",
			"550 listed, blocked at 10.1.0.1":    "own-b",
			"550 listed, blocked at 127.255.0.1": "own-a",
			"550 blocked at 192.0.2.1":           "",
			"550 blocked at 10.1.0.1":            "own-b",
		} {
			if got := ruleName(m.JudgeDelivery(s, &maillog.DeliveryRecord{Text: text})); got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
		}
	}
	if known := m.replies.known(); known != 2 {
		t.Errorf("%d answers are remembered, not those two to which no more than one regexp was tried in vain", known)
	}
}

// known is how many answers there are.
func (m *memory) known() (n int) {
	for i := range m.slots {
		if m.slots[i].size > 0 {
			n++
		}
	}
	return n
}

func (m *nameMemory) known() (n int) {
	for i := range m.slots {
		if m.slots[i].size > 0 {
			n++
		}
	}
	return n
}

// With the set, all answers go, also if another set has the same words.
func TestMemoForgets(t *testing.T) {
	first := load(t, `
providers: {aaa: {hosts: [example.com]}}
rules:
  - {name: own-a, class: spam_rejected, any: [aaa], examples: [550 aaa]}
  - {name: own-b, class: spam_rejected, any: [bbb], examples: [550 bbb]}
rejects:
  - {name: own-c, reason: policy, any: [aaa], examples: [aaa]}
  - {name: own-d, reason: spf, any: [bbb], examples: [bbb]}
`)
	second := load(t, `
providers: {zzz: {hosts: [example.com]}}
rules:
  - {name: own-b, class: spam_rejected, any: [bbb], examples: [550 bbb]}
  - {name: own-a, class: spam_rejected, any: [aaa], examples: [550 aaa]}
rejects:
  - {name: own-d, reason: spf, any: [bbb], examples: [bbb]}
  - {name: own-c, reason: policy, any: [aaa], examples: [aaa]}
`)
	d := maillog.DeliveryRecord{Relay: maillog.RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1"}}
	reply := maillog.DeliveryRecord{Text: "550 aaa"}
	var m Memo
	for i, c := range []struct {
		set                    *Set
		rule, provider, reason string
	}{
		{first, "own-a", "aaa", "policy"},
		{second, "own-a", "zzz", "policy"},
		{new(Set), "", "other", "other"},
		{first, "own-a", "aaa", "policy"},
	} {
		for range 2 {
			rule, provider := ruleName(m.JudgeDelivery(c.set, &reply)), m.Provider(c.set, &d)
			reason := m.RejectReason(c.set, &maillog.RestrictionRecord{Reason: "aaa"})
			if rule != c.rule || provider != c.provider || reason != c.reason {
				t.Errorf("set %d: %q, %s, %s; want %q, %s, %s", i, rule, provider, reason, c.rule, c.provider, c.reason)
			}
		}
	}
}

// The same words are another question to another server, after another command.
func TestMemoAsksAll(t *testing.T) {
	s := load(t, `
rules:
  - {name: own-a, class: spam_rejected, provider: [google], any: [no], examples: [550 no]}
  - {name: own-b, class: spam_rejected, command: [RCPT TO], any: [no], examples: [550 no]}
  - {name: own-c, class: spam_rejected, code: [551], any: [no], examples: [551 no]}
  - {name: own-d, class: spam_rejected, enhanced: [5.7.1], any: [no], examples: [550 5.7.1 no]}
  - {name: own-e, class: spam_rejected, any: [no], names: [example net], examples: [550 no]}
`)
	var m Memo
	for range 2 {
		for _, c := range []struct{ host, to, text, want string }{
			{"mx.example.com", "a@example.org", "550 no", ""},
			{"mx.google.com", "a@example.org", "550 no", "own-a"},
			{"mx.example.com", "a@gmail.com", "550 no", "own-a"},
			{"mx.example.com", "a@example.org", "host mx.example.com[192.0.2.1] said: 550 no (in reply to RCPT TO command)", "own-b"},
			{"mx.example.com", "a@example.org", "host mx.example.com[192.0.2.1] said: 550 no (in reply to DATA command)", ""},
			{"mx.example.com", "a@example.org", "551 no", "own-c"},
			{"mx.example.com", "a@example.org", "550 5.7.1 no", "own-d"},
			{"mx.example.com", "a@example.org", "550 no: mx.example.net", "own-e"},
			{"mx.example.com", "a@example.org", "550 no: mx.example.org", ""},
		} {
			d := maillog.DeliveryRecord{To: c.to, Relay: maillog.RemoteEnd{Name: c.host, Addr: "192.0.2.1"}, Text: c.text}
			if got := ruleName(m.JudgeDelivery(s, &d)); got != c.want {
				t.Errorf("%s for %s: %s: %q, want %q", c.host, c.to, c.text, got, c.want)
			}
		}
	}
}

// What is long is judged and not remembered.
func TestMemoOfLongTexts(t *testing.T) {
	s := load(t, "")
	var m Memo
	long := strings.Repeat("word ", 500)
	for range 2 {
		d := maillog.DeliveryRecord{Relay: maillog.RemoteEnd{Name: strings.Repeat("a.", 150) + "google.com", Addr: "192.0.2.1"}, Text: "550 no such user " + long}
		if got := m.JudgeDelivery(s, &d); ruleName(got) != "base-unknown" || got.Provider != ProviderOther {
			t.Errorf("%+v", got)
		}
	}
	if m.replies.known()+m.hosts.known() != 0 {
		t.Error("remembered")
	}
}

func TestMemoDoesNotAllocate(t *testing.T) {
	s := shipped(t)
	var m Memo
	n := 0
	d := maillog.DeliveryRecord{To: "a@example.com", Relay: maillog.RemoteEnd{Name: "mx.example.net", Addr: "192.0.2.1"}, DSN: "5.1.1"}
	if allocs := testing.AllocsPerRun(200, func() {
		n++
		d.Text = memoTexts[n%len(memoTexts)]
		m.JudgeDelivery(s, &d)
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

var memoTexts = func() (all []string) {
	for i := range 50 {
		all = append(all, "host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown "+strings.Repeat("full ", i)+strconv.Itoa(i)+" (in reply to RCPT TO command)")
	}
	return all
}()

// What the memo saves, and what it costs where all replies differ.
func BenchmarkMemo(b *testing.B) {
	s := shipped(b)
	for _, kind := range []string{"known", "new", "without"} {
		b.Run(kind, func(b *testing.B) {
			var m Memo
			m.replies.grow(1)
			d := maillog.DeliveryRecord{To: "a@example.com", Relay: maillog.RemoteEnd{Name: "mx.example.net", Addr: "192.0.2.1"}, DSN: "5.1.1",
				Text: "host mx.example.net[192.0.2.1] said: 550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)"}
			b.ReportAllocs()
			for b.Loop() {
				switch kind {
				case "without":
					s.JudgeDelivery(&d)
					continue
				case "new":
					m.replies.forget()
				}
				m.JudgeDelivery(s, &d)
			}
		})
	}
}

// Texts of one key must mean the same: what differs between these does not.
func TestMemoOfTexts(t *testing.T) {
	own := load(t, "rules:\n  - {name: vip, class: rate_limited, any: [zwibble], regexp: 'vip@', examples: [x]}\n"+
		"  - {name: ten, class: rate_limited, any: [wobble], regexp: '10\\.1\\.', examples: [x]}\n")
	built := shipped(t)
	for _, c := range []struct {
		set          *Set
		to, text     string
		other, after string
	}{
		{own, "bob@example.org", "550 <bob@example.org> zwibble", "vip@example.org", "550 <vip@example.org> zwibble"},
		{own, "vip@example.org", "550 <vip@example.org> zwibble", "bob@example.org", "550 <bob@example.org> zwibble"},
		{own, "bob@example.org", "550 [10.1.0.1] wobble", "bob@example.org", "550 [192.0.2.1] wobble"},
		{built, "bob@example.org", "550 hm <bob@example.org> hm", "bob@example.org", `550 hm <"x said: 550 5.2.2 mailbox full"@example.org> hm`},
		{built, "bob@example.org", "550 user virus unknown", "virus@example.org", "550 user virus unknown"},
		{built, "bob@example.org", "550 user virus unknown", "Virus@example.org", "550 user virus unknown"},
	} {
		var m Memo
		for _, d := range []maillog.DeliveryRecord{{To: c.to, Text: c.text}, {To: c.other, Text: c.after}} {
			d.Relay = maillog.RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1"}
			if got, want := m.JudgeDelivery(c.set, &d), c.set.JudgeDelivery(&d); got != want {
				t.Errorf("to=<%s> (%s): %s, want %s", d.To, d.Text, ruleName(got), ruleName(want))
			}
		}
	}
}

// Where an address in square brackets says something, two of them are two texts.
func TestMemoOfAddresses(t *testing.T) {
	s := load(t, `
rules:
  - {name: own-a, class: spam_rejected, any: [no], names: [192 0 2 7], examples: [550 no 192-0-2-7.example.com]}
  - {name: own-b, class: blocklisted, list: own, any: [255 254], examples: [550 255 254]}
  - {name: own-c, class: policy_rejected, any: [no 7], examples: [550 no 7]}
  - {name: own-d, class: mailbox_full, any: [hm], enhanced: [5.2.7], examples: [550 5.2.7 hm]}
`)
	for _, c := range []struct{ text, want string }{
		{"550 no <[192.0.2.7]>", "own-a"},
		{"550 no <a@[192.0.2.7]>", ""},
		{"550 no http://[192.0.2.7]/", "own-a"},
		{"550 no http://a/ [192.0.2.7] http://[::1]/", "own-a"},
		{"550 no mx.example.com[192.0.2.7] <a@example.com>", ""},
		{"550 no [127.255.255.254]", "own-b"},
		{"550 no [...7]", "own-c"},
		{"550 hm [5.2.7.]", "own-d"},
		{"550 no [192.0.2.7", ""},
		{"550 no [192.0.2.7:25]", ""},
	} {
		var m Memo
		for range 2 {
			for _, text := range []string{c.text, strings.NewReplacer("7]", "8]", "7.]", "8.]", "254]", "253]").Replace(c.text)} {
				d := maillog.DeliveryRecord{To: "bob@example.org", Relay: maillog.RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1"}, Text: text}
				got, want := ruleName(m.JudgeDelivery(s, &d)), ruleName(s.JudgeDelivery(&d))
				if got != want || text == c.text && want != c.want {
					t.Errorf("%s: %q, want %q and %q", text, got, want, c.want)
				}
			}
		}
	}
}

// A recipient whose name is not a plain one is not taken for another.
func TestMemoOfBracketsInNames(t *testing.T) {
	s := shipped(t)
	for _, local := range []string{`x[192.0.2.7]mailbox full`, `x<a@example.com>mailbox full`} {
		var m Memo
		for _, to := range []string{`"` + local + `"@example.org`, "bob@example.org"} {
			d := maillog.DeliveryRecord{To: to, Relay: maillog.RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1"}, Text: `550 hm ("` + local + `") hm`}
			if got, want := m.JudgeDelivery(s, &d), s.JudgeDelivery(&d); got != want {
				t.Errorf("to=<%s> (%s): %s, want %s", d.To, d.Text, ruleName(got), ruleName(want))
			}
		}
	}
}

func TestContainsFold(t *testing.T) {
	for length := range 30 {
		for _, part := range []string{"b", "ob", "Bob", "bob.smith"} {
			text := strings.Repeat("x", length) + strings.ToUpper(part) + strings.Repeat("y", 30-length)
			if !containsFold([]byte(text), part) || !containsFold([]byte(text[:length+len(part)]), part) {
				t.Errorf("%q is not found in %q", part, text)
			}
			if len(part) > 1 && containsFold([]byte(text[:length+len(part)-1]), part) {
				t.Errorf("%q is found in a part of %q", part, text)
			}
		}
	}
	if containsFold([]byte("x"), "") {
		t.Error("an empty name is found")
	}
}
