package classify

import "testing"

func TestReadCodes(t *testing.T) {
	for _, c := range []struct {
		text     string
		from, to int // 0: none
	}{
		{"550", 550, 550}, {"55x", 550, 559}, {"5xx", 500, 599}, {"2xx", 200, 299}, {"421", 421, 421},
		{"", 0, 0}, {"5", 0, 0}, {"55", 0, 0}, {"5500", 0, 0}, {"xxx", 0, 0}, {"5x0", 0, 0}, {"x50", 0, 0},
		{"650", 0, 0}, {"150", 0, 0}, {"5.0", 0, 0}, {"55X", 0, 0}, {"-50", 0, 0},
	} {
		r, ok := readCodes(c.text)
		if want := (codeRange{c.from, c.to}); ok != (c.from > 0) || ok && r != want {
			t.Errorf("%q: %v %v, want %v", c.text, r, ok, want)
		}
	}
}

func TestEnhancedPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, code string
		want          bool
	}{
		{"5.7.1", "5.7.1", true}, {"5.7.1", "4.7.1", false}, {"5.7.1", "5.7.10", false}, {"5.7.1", "", false},
		{"x.7.1", "5.7.1", true}, {"x.7.1", "4.7.1", true}, {"x.7.1", "2.7.1", false},
		{"5.7.6*", "5.7.6", true}, {"5.7.6*", "5.7.606", true}, {"5.7.6*", "5.7.7", false},
		{"5.7.*", "5.7.1", true}, {"5.7.*", "5.70.1", false},
		{"x.7*", "4.7.1", true}, {"x.7*", "4.70.1", true},
		{"5.*", "5.1.1", true}, {"5.*", "4.1.1", false},
		{"2.1.5", "2.1.5", true},
	} {
		p, ok := readEnhanced(c.pattern)
		if !ok || p.matches(c.code) != c.want {
			t.Errorf("%q on %q: %v, read %v, want %v", c.pattern, c.code, !c.want, ok, c.want)
		}
	}
	for _, s := range []string{"", "5", "5.7", "5.", "3.7.1", "X.7.1", "5.7.1.1", "5.7.x", "5,7,1", "55.7.1", "*", ".7.1"} {
		if p, ok := readEnhanced(s); ok {
			t.Errorf("%q is read as %+v", s, p)
		}
	}
}

// Each condition alone keeps a rule from a reply that its phrases are in.
func TestConditions(t *testing.T) {
	for _, c := range []struct {
		name, conditions string
		reply            Reply
		want             bool
	}{
		{"none", "", Reply{Text: "550 zwibble"}, true},
		{"code", "code: [421, 55x]", Reply{Text: "550 zwibble"}, true},
		{"code given", "code: [421]", Reply{Code: 421, Text: "zwibble"}, true},
		{"code given is not the text's", "code: [550]", Reply{Code: 421, Text: "550 zwibble"}, false},
		{"other code", "code: [421, 55x]", Reply{Text: "554-zwibble"}, true},
		{"no code", "code: [421, 55x]", Reply{Text: "zwibble"}, false},
		{"other class of code", "code: 4xx", Reply{Text: "550 zwibble"}, false},
		{"enhanced", "enhanced: x.7.1", Reply{Text: "550 5.7.1 zwibble"}, true},
		{"enhanced in the text", "enhanced: x.7.1", Reply{Text: "550 zwibble (#5.7.1)"}, true},
		{"enhanced given", "enhanced: x.7.1", Reply{Enhanced: "4.7.1", Text: "550 zwibble"}, true},
		{"enhanced given comes first", "enhanced: 5.7.1", Reply{Enhanced: "5.1.1", Text: "550 5.7.1 zwibble"}, false},
		{"enhanced given says nothing", "enhanced: 5.7.1", Reply{Enhanced: "5.0.0", Text: "550 zwibble 5.7.1"}, true},
		{"no enhanced", "enhanced: x.7.1", Reply{Text: "550 zwibble"}, false},
		{"provider", "provider: [mailru, google]", Reply{Host: "MX.Google.com.", Text: "550 zwibble"}, true},
		{"provider by domain", "provider: google", Reply{Domain: "gmail.com", Text: "550 zwibble"}, true},
		{"other provider", "provider: google", Reply{Host: "mxs.mail.ru", Domain: "gmail.com", Text: "550 zwibble"}, false},
		{"no provider", "provider: google", Reply{Text: "550 zwibble"}, false},
		{"command", "command: [DATA, RCPT TO]", Reply{Command: "RCPT TO", Text: "550 zwibble"}, true},
		{"other command", "command: [RCPT TO]", Reply{Command: "MAIL FROM", Text: "550 zwibble"}, false},
		{"no command", "command: [RCPT TO]", Reply{Text: "550 zwibble"}, false},
		{"all", "all: [wobble, a ... b]", Reply{Text: "550 a x b zwibble. wobble"}, true},
		{"one of all is missing", "all: [wobble, a ... b]", Reply{Text: "550 a x b zwibble"}, false},
		{"not", "not: [wobble, wubble]", Reply{Text: "550 zwibble"}, true},
		{"one of not is there", "not: [wobble, wubble]", Reply{Text: "550 zwibble wubble"}, false},
		{"names", "names: [example.com, x]", Reply{Text: "550 zwibble, see https://www.example.com/a"}, true},
		{"names are not words", "names: [example.com]", Reply{Text: "550 zwibble example com"}, false},
		{"no name", "names: [example.com]", Reply{Text: "550 zwibble"}, false},
		{"regexp", "regexp: ['ZWIB+LE', '^550']", Reply{Text: "550 Zwibble"}, true},
		{"one regexp doesn't match", "regexp: ['zwib+le', '^551']", Reply{Text: "550 Zwibble"}, false},
	} {
		s := load(t, rule("any: [zwibble]", "examples: [x]", c.conditions))
		if v := s.Judge(&c.reply); (ruleName(v) == "own") != c.want {
			t.Errorf("%s: %s: judged by %q", c.name, c.reply.Text, ruleName(v))
		}
	}
}

// What leads to a rule: any, else names, else the first of all, else the codes.
func TestLeads(t *testing.T) {
	for _, c := range []struct {
		conditions, text string
		want             bool
	}{
		{"any: [zwibble, wobble]", "550 wobble", true},
		{"any: [zwibble, wobble]", "550 wubble", false},
		{"all: [zwibble, wobble]", "550 wobble zwibble", true},
		{"all: [zwibble, wobble]", "550 zwibble", false},
		{"names: [example.com, example.net]", "550 see example.net", true},
		{"names: [example.com, example.net]", "550 see example.org", false},
		{"names: [example.com]\n    all: [see]", "550 see example.com", true},
		{"names: [example.com]\n    all: [see]", "550 look at example.com", false},
		{"any: [zwibble]\n    names: [example.com]", "550 zwibble www.example.com", true},
		{"any: [zwibble]\n    names: [example.com]", "550 www.example.com", false},
		{"code: [553]", "553 anything", true},
		{"code: [553]", "554 anything", false},
		{"code: [553]\n    enhanced: [5.9.9]", "553 5.9.9 anything", true},
		{"code: [553]\n    enhanced: [5.9.9]", "553 5.9.8 anything", false},
	} {
		s := load(t, rule(c.conditions, "examples: [x]"))
		if v := s.Judge(&Reply{Text: c.text}); (ruleName(v) == "own") != c.want {
			t.Errorf("%s on %q: judged by %q", c.conditions, c.text, ruleName(v))
		}
	}
}
