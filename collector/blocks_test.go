package collector

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// The rules of these tests.
const blockRules = `
providers:
  wide: {hosts: [wide.example]}
rules:
  - name: wide-list
    class: blocklisted
    provider: [wide]
    any: [on our list]
    list: wide
    hint: Ask wide.
    link: https://wide.example/remove
    seen: 2026-11
    examples: ["550 5.7.1 on our list"]
  - name: zen
    class: blocklisted
    any: [listed by zen]
    list: zen
    hint: Ask zen.
    examples: ["550 5.7.1 listed by zen"]
  - name: zen-too
    class: blocklisted
    any: [zen dislikes you]
    list: zen
    hint: Ask zen.
    examples: ["550 5.7.1 zen dislikes you"]
  - name: bare-spam
    class: spam_rejected
    any: [spam]
    examples: ["550 5.7.1 spam"]
  - name: soft-with-link
    class: rate_limited
    any: [too fast]
    link: https://example.com/limits
    seen: 2026-11
    examples: ["450 4.7.1 too fast"]
  - name: config-with-hint
    class: rdns_missing
    any: [reverse dns]
    hint: Mend the PTR record.
    examples: ["550 5.7.25 reverse dns"]
  - name: plain-hard
    class: user_unknown
    any: [user unknown]
    examples: ["550 5.1.1 user unknown"]
`

func loadRules(t testing.TB, text string) *classify.Set {
	t.Helper()
	set, err := classify.Load([]classify.File{{Name: "test.yaml", Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// answer is a failure with a server's answer.
func answer(minute int, host, text string) string {
	return failureLine(minute, host+"[192.0.2.1]:25", text[4:9], "bounced", "host "+host+"[192.0.2.1] said: "+text+" (in reply to RCPT TO command)")
}

var blockLog = answer(5, "mx.wide.example", "550 5.7.1 you, 192.0.2.9, are on our list") +
	answer(2, "mx.wide.example", "550 5.7.1 on our list: <bob@example.com>") +
	answer(3, "mx.other.example", "550 5.7.1 listed by zen") +
	answer(4, "mx.other.example", "550 5.7.1 zen dislikes you") +
	answer(6, "mx.wide.example", "550 5.7.1 listed by zen") +
	answer(7, "mx.other.example", "550 5.7.1 spam") +
	answer(8, "mx.other.example", "450 4.7.1 too fast") +
	answer(9, "mx.other.example", "550 5.7.25 reverse dns") +
	answer(10, "mx.other.example", "550 5.1.1 user unknown") +
	answer(11, "mx.other.example", "550 5.9.9 odd") +
	strings.Replace(answer(12, "mx.other.example", "250 2.0.0 listed by zen"), "bounced", "sent", 1)

func TestBlocks(t *testing.T) {
	e := feedLog(New(Options{Rules: loadRules(t, blockRules)}), blockLog)
	template := func(text string) string { return "host <host>[<ip>] said: " + text + " (in reply to RCPT TO command)" }
	want := []Block{
		{Provider: "other", Class: "spam_rejected", Kind: "block", Rule: "bare-spam",
			Template: template("550 5.7.1 spam"), Count: 1, First: minute(7), Last: minute(7)},
		{Provider: "wide", Class: "blocklisted", Kind: "block", List: "zen", Rule: "zen", Hint: "Ask zen.",
			Template: template("550 5.7.1 listed by zen"), Count: 1, First: minute(6), Last: minute(6)},
		{Provider: "wide", Class: "blocklisted", Kind: "block", List: "wide", Rule: "wide-list", Hint: "Ask wide.",
			Link: "https://wide.example/remove", Template: template("550 5.7.1 on our list: <address>"), Count: 2, First: minute(2), Last: minute(5)},
		{Provider: "other", Class: "blocklisted", Kind: "block", List: "zen", Rule: "zen-too", Hint: "Ask zen.",
			Template: template("550 5.7.1 zen dislikes you"), Count: 1, First: minute(4), Last: minute(4)},
		{Provider: "other", Class: "blocklisted", Kind: "block", List: "zen", Rule: "zen", Hint: "Ask zen.",
			Template: template("550 5.7.1 listed by zen"), Count: 1, First: minute(3), Last: minute(3)},
		{Provider: "other", Class: "rdns_missing", Kind: "config", Rule: "config-with-hint", Hint: "Mend the PTR record.",
			Template: template("550 5.7.25 reverse dns"), Count: 1, First: minute(9), Last: minute(9)},
		{Provider: "other", Class: "rate_limited", Kind: "soft", Rule: "soft-with-link", Link: "https://example.com/limits",
			Template: template("450 4.7.1 too fast"), Count: 1, First: minute(8), Last: minute(8)},
	}
	got := e.Blocks()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("got  %+v\nwant %+v", got[min(i, len(got)-1):], want[min(i, len(want)-1):])
		}
	}
	if replies := e.Unclassified(); len(replies) != 1 || replies[0].Count != 1 {
		t.Errorf("unclassified: %+v", replies)
	}
}

// Only kind block, one series for rules that say the same, nothing of a reply.
func TestBlockInfo(t *testing.T) {
	e := feedLog(New(Options{Rules: loadRules(t, blockRules)}), blockLog)
	const want = `postfix_block_info{class="blocklisted",hint="Ask wide.",link="https://wide.example/remove",list="wide",provider="wide"} 1
postfix_block_info{class="blocklisted",hint="Ask zen.",link="",list="zen",provider="other"} 1
postfix_block_info{class="blocklisted",hint="Ask zen.",link="",list="zen",provider="wide"} 1
postfix_block_info{class="spam_rejected",hint="",link="",list="",provider="other"} 1
`
	if got := blockInfo(t, e); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func blockInfo(t *testing.T, e *Engine) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(nonZero(t, e)) {
		if strings.HasPrefix(line, "postfix_block_info") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// Hints are those of the rules in use; what was counted stays.
func TestSetRules(t *testing.T) {
	e := feedLog(New(Options{Rules: loadRules(t, blockRules)}), blockLog)
	e.RulesFailed()
	checkGauges(t, e, 7, 0)
	mended := strings.ReplaceAll(blockRules, "hint: Ask wide.", "hint: Ask wide nicely.")
	mended = strings.ReplaceAll(mended, "name: zen\n    class: blocklisted", "name: zen\n    class: bad_reputation")
	mended = strings.ReplaceAll(mended, "name: bare-spam", "name: new-spam")
	mended = strings.ReplaceAll(mended, "any: [zen dislikes you]\n    list: zen", "any: [zen dislikes you]\n    list: zen-two")
	mended += "rejects:\n  - {name: own-reject, reason: policy, any: [our own], examples: [our own]}\n"
	before := e.Blocks()
	e.SetRules(loadRules(t, mended))
	checkGauges(t, e, 8, 1)
	after := e.Blocks()
	if len(after) != len(before) {
		t.Fatalf("%d blocks became %d", len(before), len(after))
	}
	for i, b := range before {
		switch b.Rule {
		case "wide-list":
			b.Hint = "Ask wide nicely."
		case "zen", "zen-too", "bare-spam":
			b.Hint, b.Link, b.RuleGone = "", "", true
		}
		if after[i] != b {
			t.Errorf("got  %+v\nwant %+v", after[i], b)
		}
	}
	const want = `postfix_block_info{class="blocklisted",hint="",link="",list="zen",provider="other"} 1
postfix_block_info{class="blocklisted",hint="",link="",list="zen",provider="wide"} 1
postfix_block_info{class="blocklisted",hint="Ask wide nicely.",link="https://wide.example/remove",list="wide",provider="wide"} 1
postfix_block_info{class="spam_rejected",hint="",link="",list="",provider="other"} 1
`
	if got := blockInfo(t, e); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// The next line is judged by the new rules, and counts from before go on.
	feedLog(e, answer(20, "mx.other.example", "550 5.7.1 listed by zen")+answer(21, "mx.wide.example", "550 5.7.1 on our list"))
	latest := e.Blocks()
	if b := latest[0]; b.Rule != "wide-list" || b.Count != 3 || b.RuleGone {
		t.Errorf("%+v", b)
	}
	if b := latest[1]; b.Rule != "zen" || b.Class != "bad_reputation" || b.Count != 1 || b.RuleGone {
		t.Errorf("%+v", b)
	}
}

func checkGauges(t *testing.T, e *Engine, rules, ok int) {
	t.Helper()
	text := scrape(t, e, "")
	for _, want := range []string{fmt.Sprintf("postfix_exporter_rules %d\n", rules), fmt.Sprintf("postfix_exporter_rules_reload_successful %d\n", ok)} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestNoRules(t *testing.T) {
	e := New(Options{})
	checkGauges(t, e, 0, 1)
	e.SetRules(nil)
	feedLog(e, blockLog)
	if n := len(e.Unclassified()); n != 9 || len(e.Blocks()) != 0 {
		t.Errorf("%d unclassified, blocks %v", n, e.Blocks())
	}
}

// Rules may be exchanged while lines are counted and pages are read.
func TestSetRulesBesideTheWriter(t *testing.T) {
	e := New(Options{})
	set := loadRules(t, blockRules)
	var writer sync.WaitGroup
	writer.Go(func() {
		for range 50 {
			feedLog(e, blockLog)
		}
	})
	for i := range 50 {
		e.SetRules([]*classify.Set{set, nil}[i%2])
		e.Blocks()
		e.Unclassified()
		gather(t, e)
	}
	writer.Wait()
	// Whatever the set, each failure but the one of plain-hard is kept in one of the two.
	kept := uint64(0)
	for _, b := range e.Blocks() {
		kept += b.Count
	}
	for _, r := range e.Unclassified() {
		kept += r.Count
	}
	if hard := classCount(t, e, "user_unknown"); kept+hard != 50*10 {
		t.Errorf("%d kept, %d of class user_unknown, want 500 together", kept, hard)
	}
}

func classCount(t *testing.T, e *Engine, class string) (n uint64) {
	for _, f := range gather(t, e) {
		if f.GetName() != "postfix_bounces_total" {
			continue
		}
		for _, m := range f.Metric {
			if slices.ContainsFunc(m.Label, func(l *dto.LabelPair) bool { return l.GetName() == "class" && l.GetValue() == class }) {
				n += uint64(m.Counter.GetValue())
			}
		}
	}
	return n
}

// When there is no room, what was longest not seen leaves, and is counted.
func TestBlocksAreBounded(t *testing.T) {
	e := feedLog(New(Options{Rules: loadRules(t, blockRules), MaxSeries: 3}),
		answer(1, "mx.other.example", "550 5.7.1 listed by zen")+
			answer(2, "mx.other.example", "550 5.7.1 zen dislikes you")+
			answer(2, "mx.other.example", "550 5.7.1 zen dislikes you")+
			answer(3, "mx.other.example", "550 5.7.1 spam")+
			answer(4, "mx.other.example", "550 5.7.1 listed by zen")+
			answer(5, "mx.wide.example", "550 5.7.1 on our list"))
	var rules []string
	for _, b := range e.Blocks() {
		rules = append(rules, b.Rule)
	}
	if want := []string{"wide-list", "zen", "bare-spam"}; !reflect.DeepEqual(rules, want) {
		t.Errorf("kept %v, want %v", rules, want)
	}
	if text := scrape(t, e, ""); !strings.Contains(text, "\npostfix_exporter_forgotten_blocks_total 2\n") {
		t.Errorf("not 2 forgotten, but %d", e.blocks.forgotten)
	}
	if e := New(Options{MaxSeries: 100_000}); e.blocks.limit != maxBlocks {
		t.Errorf("the limit is %d", e.blocks.limit)
	}
}

// A known block costs no memory, whatever its text.
func TestBlocksDoNotAllocate(t *testing.T) {
	e := New(Options{Rules: loadRules(t, blockRules)})
	log := blockLog + answer(1, "mx.wide.example", "550 5.7.1 on our list "+strings.Repeat("and so on ", 100))
	var lines []string
	for line := range strings.Lines(log) {
		lines = append(lines, strings.TrimSpace(line))
	}
	feed := func() {
		for _, line := range lines {
			e.Feed(maillog.Line{Text: line}, checkpoint.Pos{})
		}
	}
	if n := testing.AllocsPerRun(50, feed); n != 0 { // which feeds once before it counts
		t.Errorf("%v allocations", n)
	}
}
