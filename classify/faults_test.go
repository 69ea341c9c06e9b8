package classify

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Each fault is told with its file and line, and nothing else is.
func TestFaults(t *testing.T) {
	const examples = "examples: [550 zwibble]"
	for _, c := range []struct {
		name, own string
		want      []string // beginnings of the lines behind "own.yaml:"; a * stands for anything
	}{
		{"nothing", "", []string{"own.yaml: is empty"}},
		{"comments only", "# none\n", nil},
		{"sound", rule("any: [zwibble]", examples), nil},
		{"sound, in another order of keys", "rules:\n  - examples: [550 zwibble]\n    any: zwibble\n    class: spam_rejected\n    name: own\n", nil},

		// The file.
		{"tab", "rules:\n\t- name: a\n", []string{"2: is not YAML: "}},
		{"open bracket", "rules: [\n", []string{"*is not YAML: "}},
		{"not UTF-8", "rules: \xff\xfe\n", []string{"*is not YAML: "}},
		{"a text", "zwibble", []string{"1: the file must be keys with values"}},
		{"a list", "- a\n", []string{"1: the file must be keys with values"}},
		{"unknown key", "\nrule: []\n", []string{`2: the file has no key "rule"; its keys are providers, rejects, rules, words`}},
		{"key twice", "rules: []\nrules: []\n", []string{`2: the file has the key "rules" twice`}},
		{"rules as a mapping", "rules:\n  a: b\n", []string{"2: rules must be a list"}},
		{"anchor", "words:\n  a: &a [b]\n", []string{"2: anchors and aliases are not allowed"}},
		{"two documents", rule("any: [zwibble]", examples) + "\n---\nrules: []\n", []string{`6: has a second YAML document`}},
		{"an empty document before", "---\n---\n" + rule("any: [zwibble]", examples), []string{`*has a second YAML document`, "*the file must be keys"}},
		{"a document's end", rule("any: [zwibble]", examples) + "\n...\n", nil},
		{"rubbish behind a document's end", rule("any: [zwibble]", examples) + "\n...\nx: [\n", []string{"*is not YAML"}},
		{"too large", "#" + strings.Repeat(" ", maxFile), []string{" is larger than 1048576 bytes"}},

		// Names, classes, texts.
		{"no name", "rules:\n  - class: spam_rejected\n    any: [zwibble]\n    " + examples, []string{"2: a rule needs a name of lower-case letters"}},
		{"name of a rule of ours", "rules:\n  - {name: base-relay, class: spam_rejected, any: [zwibble], examples: [550 zwibble]}\n", []string{`2: rule "base-relay": the name is taken by base.yaml:11`}},
		{"bad name", "rules:\n  - name: Own Rule\n    class: spam_rejected\n    any: [zwibble]\n    " + examples, []string{"2: a rule needs a name of lower-case letters"}},
		{"no class", "rules:\n  - name: own\n    any: [zwibble]\n    " + examples, []string{`2: rule "own": "" is no class`}},
		{"unknown class", "rules:\n  - name: own\n    class: spam\n    any: [zwibble]\n    " + examples, []string{`3: rule "own": "spam" is no class; see docs/RULES.md`}},
		{"unknown kind", rule("kind: firm", "any: [zwibble]", examples), []string{`4: rule "own": "firm" is no kind; kinds are hard, soft, block, config, unknown`}},
		{"list of no block", rule("kind: soft", "list: spamhaus", "any: [zwibble]", examples), []string{`5: rule "own": only a class of kind block has a list`}},
		{"bad list", rule("list: Spam Haus", "any: [zwibble]", examples), []string{`4: rule "own": a list has a name`}},
		{"link without date", rule("any: [zwibble]", "link: https://example.com", examples), []string{`5: rule "own": a link needs the date`}},
		{"link with a bad date", rule("any: [zwibble]", "link: https://example.com", "seen: last week", examples), []string{`5: rule "own": a link needs the date`}},
		{"link that is none", rule("any: [zwibble]", "link: javascript:x", "seen: 2026-11", examples), []string{`5: rule "own": the link "javascript:x" is no http`}},
		{"unknown key of a rule", rule("any: [zwibble]", "hnit: x", examples), []string{`5: a rule has no key "hnit"; its keys are all, any,`}},
		{"unknown key of a rule that would then take all", "rules:\n" +
			"  - {name: a, class: spam_rejected, code: [5xx], ani: [zwobble], examples: [550 zwobble]}\n" +
			"  - {name: b, class: spam_rejected, any: [zwibble], examples: [550 zwibble]}\n", []string{`2: a rule has no key "ani"`}},
		{"key of a rule twice", rule("any: [zwibble]", "any: [x]", examples), []string{`5: a rule has the key "any" twice`}},
		{"hint as a list", rule("any: [zwibble]", "hint: [x]", examples), []string{"5: hint must be a text"}},
		{"hint that is too long", rule("any: [zwibble]", "hint: "+strings.Repeat("x", maxText+1), examples), []string{"5: hint has more than 500 bytes"}},
		{"hint of two lines", rule("any: [zwibble]", `hint: "a\nb"`, examples), []string{"5: hint has a line break"}},
		{"weak that is neither", rule("any: [zwibble]", "weak: no", examples), []string{"5: weak is true, or left out"}},
		{"empty any", rule("any: []", "code: [550]", examples), []string{"4: any has 0 entries"}},
		{"any as a mapping", rule("any: {a: b}", examples), []string{"4: any must be a list", "4: any has 0 entries", `2: rule "own" asks for nothing`}},
		{"too many phrases", rule("any: ["+strings.Repeat("zwibble,", maxPhrases+1)+"]", examples), []string{"4: any has 201 entries"}},
		{"a rule that is a text", "rules:\n  - zwibble\n", []string{"2: a rule must be keys with values", "*a rule needs a name", "*is no class", "*asks for nothing", "*has no example"}},

		// What a rule asks for.
		{"nothing asked", rule(examples), []string{`2: rule "own" asks for nothing`}},
		{"only a not", rule("not: [a]", examples), []string{`2: rule "own" asks for nothing`}},
		{"unguarded regexp", rule("regexp: zwib+le", examples), []string{`4: rule "own": a regexp needs a guard`}},
		{"unguarded regexp beside a code", rule("code: [550]", "regexp: zwib+le", examples), []string{`5: rule "own": a regexp needs a guard`}},
		{"bad regexp", rule("any: [zwibble]", "regexp: 'zw(ib'", examples), []string{`5: rule "own": error parsing regexp`}},
		{"guarded regexp", rule("any: [zwibble]", "regexp: ZWIB+LE", examples), nil},
		{"bad code", rule("any: [zwibble]", "code: [55]", examples), []string{`5: rule "own": "55" is no SMTP code`}},
		{"bad enhanced code", rule("any: [zwibble]", "enhanced: [5.7]", examples), []string{`5: rule "own": "5.7" is no enhanced status code`}},
		{"undeclared provider", rule("any: [zwibble]", "provider: [yahoo]", examples), []string{`5: rule "own": provider "yahoo" is not declared`}},
		{"provider other", rule("any: [zwibble]", "provider: [other]", examples), []string{`5: rule "own": provider "other" is not declared`}},
		{"unknown command", rule("any: [zwibble]", "command: [RCPT]", examples), []string{`5: rule "own": "RCPT" is no command that Postfix logs; these are MAIL FROM, RCPT TO,`}},
		{"unknown stage", "rejects:\n  - {name: own, reason: milter, stage: rcpt, any: [zwibble], examples: [554 zwibble]}\n", []string{`2: rule "own": "rcpt" is no stage that Postfix logs`}},
		{"unknown action", "rejects:\n  - {name: own, reason: milter, action: milter, any: [zwibble], examples: [554 zwibble]}\n", []string{`2: rule "own": "milter" is no action that Postfix logs`}},
		{"undeclared set", rule("any:", "  - zwibble", `  - "{nobody} ..."`, examples), []string{`6: rule "own": phrase "{nobody} ...": no word set "nobody" is declared`}},
		{"phrase without a word", rule(`any: [zwibble, "..."]`, examples), []string{`4: rule "own": phrase "...": begins or ends with what may be missing`}},
		{"phrase of signs", rule(`any: [zwibble, "(!)"]`, examples), []string{`4: rule "own": phrase "(!)": has no word`}},

		// Sets and providers.
		{"set without members", "words:\n  a: []\n", []string{`2: word set "a" has 0 members`}},
		{"set twice", "words:\n  user: [a]\n", []string{`2: word set "user" is declared twice`}},
		{"set in a set", "words:\n  a: [\"{user}\"]\n", []string{`2: word set "a": "{user}": a member of a set has plain words only`}},
		{"reserved provider", "providers:\n  local: {hosts: [a.b]}\n", []string{`2: "local" can't be a provider's name`}},
		{"bad host", "providers:\n  a: {hosts: [a b]}\n", []string{`2: provider "a": "a b" is no host name`}},
		{"host without a label", "providers:\n  a: {hosts: [x..com]}\n", []string{`2: provider "a": "x..com" is no host name`}},
		{"host twice, with a full stop", "providers:\n  a:\n    hosts: [x.com, X.com.]\n", []string{`3: provider "a": host x.com is declared already`}},
		{"host twice", "providers:\n  a:\n    hosts: [x.com]\n  b:\n    hosts: [x.com]\n", []string{`5: provider "b": host x.com is declared already at own.yaml:3`}},
		{"a host of ours moved", "providers:\n  a: {hosts: [google.com]}\n", nil},
		{"unknown key of a provider", "providers:\n  a: {mx: [x.com]}\n", []string{`2: provider a has no key "mx"; its keys are domains, hosts`}},

		// Examples.
		{"no example", rule("any: [zwibble]"), []string{`2: rule "own" has no example`}},
		{"empty example", rule("any: [zwibble]", "examples: ['']"), []string{"5: an example has no text"}},
		{"long example without text", rule("any: [zwibble]", "examples:", "  - host: x.com"), []string{"6: an example has no text"}},
		{"example with a colon", rule("any: [zwibble]", "examples:", "  - 550 zwibble: no"), []string{`6: an example must be a text; one that has ": " in it needs quotes`}},
		{"phrase with a colon", rule("any: [{zwibble: no}]", examples), []string{`4: any must be a text; one that has ": " in it needs quotes`, `4: rule "own": phrase ""`}},
		{"example of no rule", rule("any: [zwibble]", "examples:", "  - 550 zwibble", "  - 550 it's a zwobble."),
			[]string{`7: example of rule "own" is judged by no rule; its words are: its a zwobble`}},
		{"example of a rule of ours", rule("any: [zwibble]", "examples:", "  - 550 zwibble", "  - 550 no such user"),
			[]string{`7: example of rule "own" is judged by rule "base-unknown" (base.yaml:8)`}},
		{"example with a bad code", rule("any: [zwibble]", "examples:", "  - {text: zwibble, code: x}"), []string{`6: example of rule "own": code "x" is no number`}},
		{"example of another provider", rule("any: [zwibble]", "provider: [google]", "examples:", "  - {text: zwibble, host: mxs.mail.ru}"), []string{"7: example of rule \"own\" is judged by no rule"}},
		{"example of its provider", rule("any: [zwibble]", "provider: [google]", "examples:", "  - 550 zwibble", "  - {text: zwibble, host: mx.google.com}"), nil},
		{"example with Postfix's words", rule("any: [zwibble]", "provider: [google]", "command: [RCPT TO]", "examples:",
			"  - 'host mx.google.com[192.0.2.1] said: 550 zwibble (in reply to RCPT TO command)'"), nil},
		{"example with Postfix's words about another provider", rule("any: [zwibble]", "provider: [google]", "examples:",
			"  - 'host mxs.mail.ru[192.0.2.1] said: 550 zwibble'"), []string{"7: example of rule \"own\" is judged by no rule"}},
		{"example to another command", rule("any: [zwibble]", "command: [RCPT TO]", "examples:",
			"  - 'host mx.google.com[192.0.2.1] said: 550 zwibble (in reply to DATA command)'"), []string{"7: example of rule \"own\" is judged by no rule"}},

		// Reach.
		{"hidden by an earlier rule", "rules:\n" +
			"  - {name: wide, class: spam_rejected, any: [zwibble], examples: [550 zwibble]}\n" +
			"  - {name: narrow, class: user_unknown, any: [zwibble wobble], examples: [550 zwibble wobble]}\n",
			[]string{`3: example of rule "narrow" is judged by rule "wide" (own.yaml:2)`, `3: rule "narrow" can't be reached: rule "wide" (own.yaml:2) takes what it would match`}},
		{"hidden, with a set", "rules:\n" +
			"  - {name: wide, class: spam_rejected, any: ['{user} wobble'], examples: [550 user wobble]}\n" +
			"  - {name: narrow, class: user_unknown, any: [recipient wobble, mailbox wobble], examples: [550 recipient wobble]}\n",
			[]string{`3: example of rule "narrow"`, `3: rule "narrow" can't be reached`}},
		{"hidden by a code", "rules:\n" +
			"  - {name: wide, class: spam_rejected, code: [5xx], examples: [550 x]}\n" +
			"  - {name: narrow, class: user_unknown, code: [550], examples: [550 x]}\n",
			[]string{`3: example of rule "narrow"`, `3: rule "narrow" can't be reached`}},
		{"excludes itself", rule("any: [zwibble]", "not: [zwibble]", examples), []string{`6: example of rule "own"`, `2: rule "own" can't match: its own conditions exclude each other`}},
		{"excludes itself, and a later rule takes its words", rule("any: [no such user]", "not: [user]", "examples: [550 no such user]"),
			[]string{`6: example of rule "own"`, `2: rule "own" can't match: its own conditions exclude each other`}},
		{"reached by its example only", "rules:\n" +
			"  - {name: wide, class: spam_rejected, any: [zwibble], not: [wobble], examples: [550 zwibble]}\n" +
			"  - {name: rest, class: user_unknown, any: [zwibble], examples: [550 zwibble the wobble]}\n", nil},
		{"half hidden", "rules:\n" +
			"  - {name: wide, class: spam_rejected, any: [zwibble], examples: [550 zwibble]}\n" +
			"  - {name: half, class: user_unknown, any: [zwibble wobble, wobble], examples: [550 wobble]}\n", nil},

		// Rejects.
		{"unknown reason", "rejects:\n  - {name: own, reason: spam, any: [zwibble], examples: [554 zwibble]}\n", []string{`2: reject "own": "spam" is no reason; reasons are relay_denied,`}},
		{"class of a reject", "rejects:\n  - {name: own, class: spam_rejected, reason: milter, any: [zwibble], examples: [554 zwibble]}\n", []string{`2: a reject has no key "class"`}},
		{"example of another reject", "rejects:\n  - {name: own, reason: milter, any: [zwibble], examples: [554 relay access denied]}\n",
			[]string{`2: example of reject "own" is judged by reject "base-relay" (base.yaml:11)`}},
	} {
		t.Run(c.name, func(t *testing.T) { compareFaults(t, c.own, faultsOf(c.own), c.want) })
	}
}

func compareFaults(t *testing.T, own string, got, want []string) {
	t.Helper()
	missing := append([]string(nil), want...)
next:
	for _, g := range got {
		for i, w := range missing {
			if faultFits(g, w) {
				missing = append(missing[:i], missing[i+1:]...)
				continue next
			}
		}
		t.Errorf("not wanted: %s", g)
	}
	for _, w := range missing {
		t.Errorf("missing: %s", w)
	}
	if t.Failed() && len(own) < 1000 {
		t.Log(own)
	}
}

func faultFits(got, want string) bool {
	if part, anywhere := strings.CutPrefix(want, "*"); anywhere {
		return strings.Contains(got, part)
	}
	return strings.HasPrefix(got, want) || strings.HasPrefix(got, "own.yaml:"+want)
}

// One run tells of all faults: those of form in one rule, of sense in another,
// and both of one rule where they don't depend on each other.
func TestAllFaultsAtOnce(t *testing.T) {
	got := faultsOf(`rules:
  - name: a
    class: spam
    any: [zwibble]
    examples: [550 no such user]
  - name: b
    class: spam_rejected
    any: ["{nobody} x"]
    examples: [550 nobody x]
  - name: c
    class: spam_rejected
    any: [wobble]
    link: https://example.com
    examples:
      - 550 wubble
  - name: c
    class: spam_rejected
    any: [flob]
    examples: [550 flob, 550 wobble]
  - name: d
    class: spam_rejected
    hint: {a: b}
    provider: [yahoo]
    regexp: x
    examples: [550 d]
  - {name: f, class: spam_rejected, any: [wibbly], link: [x], examples: ['', 550 wobbly]}
`, "rejects:\n  - {name: e, reason: x, any: [flob], examples: [550 plop]}\n")
	compareFaults(t, "", got, []string{
		`3: rule "a": "spam" is no class`,
		`5: example of rule "a" is judged by rule "base-unknown"`,
		`8: rule "b": phrase "{nobody} x"`,
		`13: rule "c": a link needs the date`,
		`15: example of rule "c" is judged by no rule`,
		`16: rule "c": the name is taken by own.yaml:10`,
		`19: example of rule "c" is judged by rule "c" (own.yaml:10)`,
		`22: hint must be a text`,
		`23: rule "d": provider "yahoo"`,
		`24: rule "d": a regexp needs a guard`,
		`26: link must be a text`,
		`26: an example has no text`,
		`26: example of rule "f" is judged by no rule`,
		`more.yaml:2: reject "e": "x" is no reason`,
		`more.yaml:2: example of reject "e" is judged by no reject`,
	})
	for i := 1; i < len(got); i++ {
		var a, b int
		if n, _ := fmt.Sscanf(got[i-1]+" "+got[i], "own.yaml:%d:", &a); n == 1 {
			if n, _ := fmt.Sscanf(got[i], "own.yaml:%d:", &b); n == 1 && b < a {
				t.Errorf("not in order: %s, %s", got[i-1], got[i])
			}
		}
	}
}

func TestNamesAreUniqueOverFiles(t *testing.T) {
	one := "rules:\n  - {name: same, class: spam_rejected, any: [zwibble], examples: [550 zwibble]}\n"
	two := "rejects:\n\n  - {name: same, reason: milter, any: [zwibble], examples: [550 zwibble]}\n"
	compareFaults(t, "", faultsOf(one, two), []string{`more.yaml:3: rule "same": the name is taken by own.yaml:2`})
}

// Faults are bounded, and so are rules.
func TestTooMany(t *testing.T) {
	got := faultsOf("rules:\n" + strings.Repeat("- x\n", 5*maxFaults))
	if len(got) > maxFaults || !strings.Contains(strings.Join(got, "\n"), "too many faults; mend these first") {
		t.Errorf("%d faults", len(got))
	}
	rules := strings.Repeat("- {}\n", maxRules)
	got = faultsOf("rules:\n"+rules, "rejects:\n"+rules)
	if !strings.Contains(strings.Join(got, "\n"), "own.yaml:") || len(got) > maxFaults {
		t.Errorf("%d faults", len(got))
	}
	var c contents
	c.read(&File{"own.yaml", []byte("rules:\n" + rules + "- {}\n- {}\n")})
	if len(c.rules) != maxRules || c.found != 1 || c.faults[0].Line != maxRules+2 {
		t.Errorf("%d rules, %v", len(c.rules), c.faults)
	}
}

// FuzzLoad: any bytes are rules or faults, with a line in the file, and what was
// loaded can judge.
func FuzzLoad(f *testing.F) {
	f.Add(baseRules)
	f.Add(rule("any: [zwibble]", "regexp: a+", "provider: google", "enhanced: x.7.1*", "names: a.b", "all: [a ... b?  c]", "examples: [{text: a, host: b}]"))
	f.Add("a: &a [b, *a]\n")
	f.Add("rules: [[[[{{")
	f.Add("rules:\n- !!binary aGVsbG8=\n- ? a\n  : b\n")
	f.Add("words: {a: [b c*, 'ä', 你好], b: [\"\"]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := LoadOwn([]File{{"own.yaml", []byte(text)}}, []File{{"base.yaml", []byte(baseRules)}})
		if err == nil {
			s.Judge(&Reply{Text: text})
			return
		}
		faults, ok := errors.AsType[Faults](err)
		if !ok || s != nil || len(faults) == 0 || len(faults) > 3*maxFaults {
			t.Fatalf("%d faults", len(faults))
		}
		for _, fault := range faults {
			if fault.Text == "" || fault.Line < 0 || fault.File == "own.yaml" && fault.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+2 {
				t.Errorf("%s", fault)
			}
		}
	})
}
