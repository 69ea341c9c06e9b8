package classify

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated parts of docs/RULES.md instead of comparing")

// TestDocs fails where a generated part of docs/RULES.md is not what the classes
// and the rules that we ship say. Its other parts are written by hand, and tried
// by the main package's tests.
func TestDocs(t *testing.T) {
	const name = "../docs/RULES.md"
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	fresh := string(old)
	s := shipped(t)
	for section, write := range map[string]func(io.Writer, *Set){
		"classes": writeClasses, "reasons": writeReasons, "files": writeFiles, "lists": writeLists, "providers": writeProviders,
	} {
		var b bytes.Buffer
		write(&b, s)
		if fresh, err = replaceSection(fresh, section, b.String()); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case fresh == string(old):
	case *update:
		if err := os.WriteFile(name, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: run make docs and read what changed", name)
	}
}

// replaceSection replaces what stands between two marks.
func replaceSection(text, section, with string) (string, error) {
	begin, end := "<!-- generated: "+section+" -->\n", "<!-- end of "+section+" -->"
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("docs/RULES.md: no section %q", section)
	}
	return before + begin + "\n" + with + "\n" + end + after, nil
}

func writeClasses(w io.Writer, s *Set) {
	count := map[Class]int{}
	for _, r := range s.Rules() {
		count[r.Class]++
	}
	fmt.Fprintln(w, "| class | kind | what the reply says | what to do | rules |\n|---|---|---|---|---|")
	for _, c := range Classes() {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s |\n", c.Class, c.Kind, c.Meaning, c.Action, orNone(count[c.Class]))
	}
}

func orNone(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func writeReasons(w io.Writer, s *Set) {
	count := map[string]int{}
	for _, r := range s.Rejects() {
		count[r.Reason]++
	}
	fmt.Fprintln(w, "| reason | rules |\n|---|---|")
	for _, r := range Reasons() {
		fmt.Fprintf(w, "| `%s` | %s |\n", r, orNone(count[r]))
	}
}

func writeFiles(w io.Writer, s *Set) {
	files, err := Shipped()
	if err != nil {
		fmt.Fprintln(w, err)
	}
	count := map[string]int{}
	for _, r := range slices.Concat(s.Rules(), s.Rejects()) {
		count[r.File]++
	}
	fmt.Fprintln(w, "| file | rules |\n|---|---|")
	for _, f := range files {
		fmt.Fprintf(w, "| [%[1]s](../%[1]s) | %[2]s |\n", f.Name, orNone(count[f.Name]))
	}
	fmt.Fprintf(w, "\n%d rules for replies, %d for rejects, %d providers.\n", len(s.Rules()), len(s.Rejects()), len(s.Providers())-len([]string{ProviderLocal, ProviderNone, ProviderOther}))
}

func writeLists(w io.Writer, s *Set) {
	type list struct {
		rules, hints int
		links        []string
	}
	lists := map[string]*list{}
	for _, r := range s.Rules() {
		if r.List == "" {
			continue
		}
		l := lists[r.List]
		if l == nil {
			l = &list{}
			lists[r.List] = l
		}
		l.rules++
		if r.Hint != "" {
			l.hints++
		}
		if r.Link != "" && !slices.Contains(l.links, r.Link) {
			l.links = append(l.links, r.Link)
		}
	}
	fmt.Fprintln(w, "| list | rules | with a hint | link |\n|---|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		l := lists[name]
		fmt.Fprintf(w, "| `%s` | %d | %s | %s |\n", name, l.rules, orNone(l.hints), angled(l.links))
	}
}

func angled(links []string) string {
	var b []string
	for _, l := range links {
		b = append(b, "<"+l+">")
	}
	return strings.Join(b, " ")
}

func writeProviders(w io.Writer, s *Set) {
	hosts, domains := map[string][]string{}, map[string][]string{}
	for host, p := range s.providers.hosts {
		hosts[p] = append(hosts[p], host)
	}
	for domain, p := range s.providers.domains {
		domains[p] = append(domains[p], domain)
	}
	fmt.Fprintln(w, "| provider | servers | domains |\n|---|---|---|")
	for _, p := range s.Providers() {
		if hosts[p] == nil && domains[p] == nil {
			continue // local, none, other
		}
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", p, someOf(hosts[p]), someOf(domains[p]))
	}
}

// someOf are the shortest names, and how many more there are.
func someOf(names []string) string {
	const shown = 3
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
	text := strings.Join(names[:min(len(names), shown)], ", ")
	if more := len(names) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
