package classify

import (
	"strings"
	"testing"
)

// baseRules stand for those that are built in.
const baseRules = `
providers:
  google: {hosts: [google.com, "*.googlemail.com"], domains: [gmail.com]}
  mailru: {hosts: [mail.ru]}
words:
  user: [user, recipient, e-mail address, mailbox*]
rules:
  - {name: base-unknown, class: user_unknown, any: ["{user} unknown", no such user], examples: [550 user unknown]}
  - {name: base-code, class: mailbox_full, enhanced: [x.2.2], examples: [552 5.2.2 zz]}
rejects:
  - {name: base-relay, reason: relay_denied, any: [relay access denied], examples: [554 5.7.1 relay access denied]}
`

// load compiles YAML as a user's file, and baseRules, without checks.
func load(t testing.TB, own string) *Set {
	t.Helper()
	s, faults := compile([]File{{"own.yaml", []byte(own + "\n# own\n")}}, []File{{"base.yaml", []byte(baseRules)}})
	if faults != nil {
		t.Fatalf("%v\n%s", faults, own)
	}
	return s
}

// faultsOf loads YAML as users' files and returns what is wrong, a line each.
func faultsOf(own ...string) []string {
	var files []File
	for i, text := range own {
		files = append(files, File{[]string{"own.yaml", "more.yaml"}[i], []byte(text)})
	}
	_, err := LoadOwn(files, []File{{"base.yaml", []byte(baseRules)}})
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

// rule is a rule in a file of its own; its lines begin at 2.
func rule(lines ...string) string {
	return "rules:\n  - name: own\n    class: spam_rejected\n    " + strings.Join(lines, "\n    ")
}

func ruleName(v Verdict) string {
	if v.Rule == nil {
		return ""
	}
	return v.Rule.Name
}
