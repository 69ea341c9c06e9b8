package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
)

const ownRules = `
providers:
  corp: {hosts: [corp.example]}
rules:
  - {name: listed, class: blocklisted, list: some-list, any: [listed], hint: Ask them to remove us., link: "https://list.example/remove", seen: 2026-11, examples: [550 listed]}
  - {name: full, class: mailbox_full, any: [full], hint: Wait., examples: [552 full]}
  - {name: spam, class: spam_rejected, any: [spam], examples: [550 spam]}
`

func summarizeWith(t testing.TB, rules string, lines ...string) *Summary {
	t.Helper()
	set, err := classify.Load([]classify.File{{Name: "own.yaml", Data: []byte(rules)}})
	if err != nil {
		t.Fatal(err)
	}
	o := NewObserver()
	e := collector.New(collector.Options{Rules: set, Observe: o.Observe})
	for _, l := range lines {
		e.Feed(maillog.Line{Text: l}, checkpoint.Pos{NotAfter: 1_800_000_000})
	}
	return Summarize(gather(t, e), o, e.Blocks())
}

// Reasons say which rule judged them and what it advises; blocks say who blocks us.
func TestAdvice(t *testing.T) {
	const corp, other = "mx.corp.example[192.0.2.1]:25", "mx.other.example[192.0.2.2]:25"
	s := summarizeWith(t, ownRules,
		delivery("a@b.c", other, "bounced", "550 you are listed"),
		delivery("a@b.c", corp, "bounced", "550 you are listed"),
		delivery("a@b.c", corp, "deferred", "450 you are listed"),
		delivery("a@b.c", corp, "bounced", "552 full"),
		delivery("a@b.c", corp, "bounced", "550 spam"),
		delivery("a@b.c", corp, "bounced", "550 zwibble"),
		delivery("a@b.c", corp, "sent", "250 listed"),
	)
	if len(s.Bounced.Top) != 5 {
		t.Fatalf("%+v", s.Bounced)
	}
	want := Reason{1, "blocklisted", "block", "corp", "listed", "some-list", "Ask them to remove us.", "https://list.example/remove", "550 you are listed"}
	if s.Bounced.Top[1] != want {
		t.Errorf("%+v", s.Bounced.Top[1])
	}
	if len(s.Blocks) != 3 || s.Blocks[0].Count != 2 || s.Blocks[0].Template != "450 you are listed" || s.Blocks[1].Provider != "corp" || s.Blocks[2].Provider != "other" {
		t.Errorf("%+v", s.Blocks)
	}
	out := text(t, s)
	checkText(t, "text", out)
	for _, want := range []string{`
Who blocks us
         2  blocklisted at corp, list some-list, 2026-11-21 03:10:00 to 2026-11-21 03:10:00
            450 you are listed
            Hint: Ask them to remove us.
            Link: https://list.example/remove
         1  spam_rejected at corp, 2026-11-21 03:10:00 to 2026-11-21 03:10:00
            550 spam
         1  blocklisted, list some-list, 2026-`, `
         1  mailbox_full at corp: 552 full
            Hint: Wait.
`, `
         1  blocklisted: 550 you are listed
            Hint: Ask them to remove us.
            Link: https://list.example/remove
`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s\nin %s", want, out)
		}
	}
	var b bytes.Buffer
	if err := s.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var fields struct {
		Bounced struct{ Top []map[string]any }
		Blocks  []map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	for _, f := range strings.Fields("class kind provider rule list hint link template count") {
		if fields.Bounced.Top[4][f] == nil || fields.Blocks[2][f] == nil {
			t.Errorf("no field %q", f)
		}
	}
	if fields.Blocks[0]["first"] == nil || fields.Blocks[0]["last"] == nil {
		t.Errorf("%v", fields.Blocks[0])
	}
}

func TestBlocksAreBounded(t *testing.T) {
	var rules strings.Builder
	rules.WriteString("rules:\n")
	var lines []string
	for i := range maxShown + 7 {
		fmt.Fprintf(&rules, "  - {name: r%d, class: spam_rejected, any: [zwibble%dx], examples: [x]}\n", i, i)
		lines = append(lines, delivery("a@b.c", "mx[192.0.2.1]:25", "bounced", fmt.Sprintf("550 zwibble%dx", i)))
	}
	s := summarizeWith(t, rules.String(), lines...)
	if len(s.Blocks) != maxShown+7 {
		t.Errorf("%d blocks", len(s.Blocks))
	}
	_, section, _ := strings.Cut(text(t, s), "\nWho blocks us\n")
	section, _, _ = strings.Cut(section, "\n\n")
	if n := strings.Count(section, "spam_rejected"); n != maxShown || !strings.Contains(section, "\n         7  by others, or for other reasons") {
		t.Errorf("%d shown in %s", n, section)
	}
}
