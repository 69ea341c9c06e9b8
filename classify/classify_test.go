package classify

import (
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

// The first rule in the order of files and rules decides; what codes say comes
// last only if its rule does.
func TestOrder(t *testing.T) {
	s := load(t, `rules:
  - {name: one, class: spam_rejected, any: [zwibble], examples: [x]}
  - {name: two, class: rate_limited, any: [zwibble, wobble], examples: [x]}
  - {name: code, class: protocol_error, code: [553], examples: [x]}
  - {name: three, class: greylisted, any: [wubble], kind: block, examples: [x]}
`)
	for _, c := range []struct {
		text, rule string
		class      Class
		kind       Kind
	}{
		{"550 zwibble", "one", "spam_rejected", Block},
		{"550 wobble zwibble", "one", "spam_rejected", Block},
		{"550 wobble", "two", "rate_limited", Soft},
		{"550 wobble. no such user", "two", "rate_limited", Soft},
		{"550 wubble", "three", "greylisted", Block}, // the rule's own kind
		{"553 wubble", "code", "protocol_error", Config},
		{"553 wobble", "two", "rate_limited", Soft},
		{"550 no such user", "base-unknown", "user_unknown", Hard},
		{"550 5.2.2 no such user", "base-unknown", "user_unknown", Hard},
		{"550 5.2.2 x", "base-code", "mailbox_full", Soft},
		{"550 x", "", Unclassified, Unknown},
		{"", "", Unclassified, Unknown},
		// What is quoted comes before what quotes it; its code is its own.
		{"550 wubble. host a said: 550 wobble", "two", "rate_limited", Soft},
		{"550 wubble. host a said: 550 x", "three", "greylisted", Block},
		{"553 x. host a said: 550 x", "", Unclassified, Unknown},
		{"550 x. host a said: 553 x", "code", "protocol_error", Config},
		{"550 5.2.2 x. host a said: 550 x", "base-code", "mailbox_full", Soft},
		{"550 5.2.2 x. host a said: 550 5.2.3 x", "", Unclassified, Unknown},
	} {
		v := s.Judge(&Reply{Text: c.text})
		if ruleName(v) != c.rule || v.Class != c.class || v.Kind != c.kind || v.Provider != ProviderOther {
			t.Errorf("%q: %s %s %s by %q, want %s %s by %q", c.text, v.Class, v.Kind, v.Provider, ruleName(v), c.class, c.kind, c.rule)
		}
	}
}

// Of the rules that we ship, those that ask for words come before those that ask
// for codes of the registry alone, then come weak ones, then bare SMTP codes. Users'
// come as they stand.
func TestTurns(t *testing.T) {
	const rules = `rules:
  - {name: weak, weak: true, class: policy_rejected, any: [zwibble, wobble], examples: [x]}
  - {name: code, class: protocol_error, code: [553], examples: [x]}
  - {name: registry, class: user_unknown, enhanced: [x.1.1], examples: [x]}
  - {name: own-code, class: rate_limited, enhanced: [x.7.999], examples: [x]}
  - {name: words, class: spam_rejected, any: [zwibble, wubble], examples: [x]}
`
	shipped, err := Load([]File{{"a.yaml", []byte(rules)}})
	if err != nil {
		t.Fatal(err)
	}
	own := load(t, rules)
	for _, c := range []struct{ text, shipped, own string }{
		{"550 zwibble", "words", "words"},
		{"550 wobble", "weak", "weak"},
		{"553 wobble", "weak", "code"},
		{"553 webble", "code", "code"},
		{"550 5.1.1 wobble", "registry", "registry"},
		{"553 wubble", "words", "code"},
		{"550 5.7.999 wubble", "own-code", "own-code"},
		{"550 4.7.999 wobble", "own-code", "own-code"},
	} {
		if got := ruleName(shipped.Judge(&Reply{Text: c.text})); got != c.shipped {
			t.Errorf("%q: judged by %q, want %q", c.text, got, c.shipped)
		}
		if got := ruleName(own.Judge(&Reply{Text: c.text})); got != c.own {
			t.Errorf("%q, users': judged by %q, want %q", c.text, got, c.own)
		}
	}
}

func TestRuleTellsAll(t *testing.T) {
	s := load(t, rule("any: [zwibble]", "list: own-list", "hint: Call them.", "link: https://example.com/a", "seen: 2026-11-21", "examples: [x]"))
	got := *s.Judge(&Reply{Text: "550 zwibble"}).Rule
	want := Rule{Name: "own", Class: "spam_rejected", Kind: Block, List: "own-list", Hint: "Call them.", Link: "https://example.com/a", File: "own.yaml", Line: 2}
	if got != want {
		t.Errorf("%+v", got)
	}
	if n, m := len(s.Rules()), len(s.Rejects()); n != 3 || m != 1 {
		t.Errorf("%d rules, %d rejects", n, m)
	}
}

func TestJudgeDelivery(t *testing.T) {
	s := load(t, rule("any: [zwibble]", "command: [RCPT TO]", "provider: google", "examples: [x]"))
	relay := maillog.RemoteEnd{Name: "mx.google.com", Addr: "192.0.2.1", Port: "25"}
	for _, c := range []struct {
		d    maillog.DeliveryRecord
		rule string
	}{
		{maillog.DeliveryRecord{Relay: relay, Text: "host mx.google.com[192.0.2.1] said: 550 zwibble (in reply to RCPT TO command)"}, "own"},
		{maillog.DeliveryRecord{Relay: relay, Text: "host mx.google.com[192.0.2.1] said: 550 zwibble (in reply to end of DATA command)"}, ""},
		{maillog.DeliveryRecord{Relay: maillog.RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1"}, Text: "host mx.google.com[192.0.2.1] said: 550 zwibble (in reply to RCPT TO command)"}, ""},
		{maillog.DeliveryRecord{Relay: relay, Text: "delivery temporarily suspended: host mx.google.com[192.0.2.1] refused to talk to me: 450 no such user"}, "base-unknown"},
		{maillog.DeliveryRecord{Relay: relay, DSN: "5.2.2", Text: "host mx.google.com[192.0.2.1] said: 550 x"}, "base-code"},
		{maillog.DeliveryRecord{Relay: relay, DSN: "5.2.2", Text: "host mx.google.com[192.0.2.1] said: 550 5.2.3 x"}, ""},
		{maillog.DeliveryRecord{Relay: relay, DSN: "5.2.2", Text: "x"}, "base-code"},
		{maillog.DeliveryRecord{Relay: relay, DSN: "5.2.2", Text: "host a[192.0.2.1] said: 550 5.2.2 x; host b said: 550 5.2.3 y"}, ""},
		// The recipient's own name is none of the reply's words.
		{maillog.DeliveryRecord{Relay: relay, To: "bob@example.com", Text: `host a[192.0.2.1] said: 550 no "bob" such user`}, "base-unknown"},
	} {
		if v := s.JudgeDelivery(&c.d); ruleName(v) != c.rule {
			t.Errorf("%+v: judged by %q, want %q", c.d, ruleName(v), c.rule)
		}
	}
}

func TestReplyOf(t *testing.T) {
	for _, c := range []struct {
		d    maillog.DeliveryRecord
		want Reply
	}{
		{maillog.DeliveryRecord{}, Reply{}},
		{maillog.DeliveryRecord{Text: "550 5.1.1 no"}, Reply{Code: 550, Enhanced: "5.1.1", Text: "550 5.1.1 no"}},
		{maillog.DeliveryRecord{Text: "host mx.a.example[192.0.2.1] said: 550 no (in reply to RCPT TO command)"},
			Reply{Host: "mx.a.example", Code: 550, Command: "RCPT TO", Text: "550 no"}},
		{maillog.DeliveryRecord{To: "x@y@b.example", DSN: "5.0.0", Relay: maillog.RemoteEnd{Name: "r.example"}, Text: "host mx.a.example[192.0.2.1] said: 550 no"},
			Reply{Host: "r.example", Domain: "b.example", Local: "x@y", Code: 550, Enhanced: "5.0.0", Text: "550 no"}},
		{maillog.DeliveryRecord{To: "x", Text: "mail for a.example loops back to myself"}, Reply{Local: "x", Text: "mail for a.example loops back to myself"}},
	} {
		if got := ReplyOf(&c.d); got != c.want {
			t.Errorf("%+v\n got %+v\nwant %+v", c.d, got, c.want)
		}
	}
}

func TestRead(t *testing.T) {
	s := load(t, rule("any: [zwibble]", "examples: [x]"))
	for _, c := range []struct {
		reply Reply
		want  Reading
	}{
		{Reply{}, Reading{}},
		{Reply{Text: "550 5.1.1 <a@example.com>: User doesn't exist. See http://x.example/a?b=c"},
			Reading{550, "5.1.1", "user doesnt exist . see", "http x example a b c ."}},
		{Reply{Text: "550 x (in reply to RCPT TO command)"}, Reading{550, "", "x", ""}},
		{Reply{Code: 421, Enhanced: "4.7.0", Text: "try later"}, Reading{421, "4.7.0", "try later", ""}},
		// What is quoted, unless a rule takes only the whole.
		{Reply{Text: "554 5.0.0 x said: 550 5.1.1 y"}, Reading{550, "5.1.1", "y", ""}},
		{Reply{Text: "554 5.1.0 x said: 550 y"}, Reading{550, "5.1.0", "y", ""}},
		{Reply{Text: "554 5.1.0 zwibble said: 550 y"}, Reading{554, "5.1.0", "zwibble said 550 y", ""}},
		{Reply{Text: "554 5.1.0 zwibble said: 550 5.2.0 no such user"}, Reading{550, "5.2.0", "no such user", ""}},
	} {
		if got := s.Read(&c.reply); got != c.want {
			t.Errorf("%q\n got %+v\nwant %+v", c.reply.Text, got, c.want)
		}
	}
	if got := new(Set).Read(&Reply{Text: "550 x"}); got != (Reading{}) {
		t.Errorf("%+v", got)
	}
}

func TestZeroSet(t *testing.T) {
	var s Set
	if v := s.Judge(&Reply{Text: "550 no such user"}); v != (Verdict{Unclassified, Unknown, ProviderOther, nil}) {
		t.Errorf("%+v", v)
	}
	if s.RejectReason(&maillog.RestrictionRecord{Reason: "x"}) != ReasonOther || s.Rules() != nil || s.Rejects() != nil || s.Check("x") != nil {
		t.Error("the zero set has rules")
	}
}

func TestRejectReason(t *testing.T) {
	s := load(t, `rejects:
  - {name: zwib, reason: milter, any: [zwibble], action: [milter-reject], examples: [x]}
  - {name: data, reason: policy, any: [zwibble], stage: [DATA], examples: [x]}
  - {name: code, reason: quota, enhanced: [5.9.9], examples: [x]}
`)
	for _, c := range []struct {
		r    maillog.RestrictionRecord
		want string
	}{
		{maillog.RestrictionRecord{Action: "milter-reject", Reason: "zwibble"}, "milter"},
		{maillog.RestrictionRecord{Action: "reject", Stage: "DATA", Reason: "zwibble"}, "policy"},
		{maillog.RestrictionRecord{Action: "reject", Stage: "RCPT", Reason: "zwibble"}, "other"},
		{maillog.RestrictionRecord{Action: "reject", Stage: "RCPT", Enhanced: "5.9.9", Reason: "zwibble"}, "quota"},
		{maillog.RestrictionRecord{Action: "reject", Stage: "RCPT", Enhanced: "5.9.9", Reason: "Relay access denied"}, "quota"},
		{maillog.RestrictionRecord{Action: "reject", Stage: "RCPT", Reason: "Relay access denied"}, "relay_denied"},
		{maillog.RestrictionRecord{}, "other"},
	} {
		if got := s.RejectReason(&c.r); got != c.want {
			t.Errorf("%+v: %s, want %s", c.r, got, c.want)
		}
	}
}

// Judging an ordinary failure costs no allocation.
func TestJudgeAllocates(t *testing.T) {
	s := load(t, rule("any: [zwibble]", "examples: [x]"))
	d := &maillog.DeliveryRecord{
		To: "bob@example.com", DSN: "5.1.1", Relay: maillog.RemoteEnd{Name: "MX.Google.com", Addr: "192.0.2.1"},
		Text: "host mx.google.com[192.0.2.1] said: 550 5.1.1 <bob@example.com>: user unknown. See https://example.com (in reply to RCPT TO command)",
	}
	if n := testing.AllocsPerRun(100, func() { s.JudgeDelivery(d) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzJudge: no text and no codes break it, and the verdict is from closed sets.
func FuzzJudge(f *testing.F) {
	s := load(f, rule("any: ['{user} ... zwibble', wobble]", "regexp: w.", "names: [example.com]", "examples: [x]"))
	f.Add("550 5.1.1 <a@example.com>: user x zwibble www.example.com", "mx.google.com", "5.1.1", 0)
	f.Add("550-said: 5", ".", "x", -1)
	f.Add("450 .\xff. 4.", "\x00", "4.", 450)
	f.Add("550", "", "", 0)
	f.Add(strings.Repeat("550 said: 550-é.com ", 300), "", "", 0)
	f.Fuzz(func(t *testing.T, text, host, enhanced string, code int) {
		r := Reply{Host: host, Local: host, Code: code, Enhanced: enhanced, Text: text}
		v := s.Judge(&r)
		if v.Class != Unclassified && infoOf(v.Class) == nil || v.Provider == "" || (v.Rule == nil) != (v.Class == Unclassified) {
			t.Errorf("%+v", v)
		}
		s.Read(&r)
	})
}
