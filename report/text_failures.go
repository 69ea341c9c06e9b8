package report

import (
	"bufio"
	"fmt"

	"postfix_exporter/classify"
)

// The sections on what went wrong.

func (s *Summary) textClasses(w *bufio.Writer) {
	if len(s.Classes) == 0 {
		return
	}
	title(w, "Failures by class")
	t := newTable(2, "class", "kind", "bounced", "deferred", "expired")
	for _, c := range s.Classes {
		t.add(c.Class, c.Kind, c.Bounced, c.Deferred, c.Expired)
	}
	t.write(w)
}

// textReasonsShown is how many texts people want to read; JSON has more.
const textReasonsShown = 10

func textReasons(w *bufio.Writer, heading string, r Reasons) {
	if len(r.Top) == 0 {
		return
	}
	title(w, heading)
	for _, reason := range r.Top[:min(len(r.Top), textReasonsShown)] {
		i := item{number(reason.Count)}
		i.line(w, reason.Class+at(reason.Provider)+": "+reason.Template)
		i.advice(w, reason.Hint, reason.Link)
	}
	if rest := r.Rest + total(r.Top[min(len(r.Top), textReasonsShown):]); rest > 0 {
		(&item{number(rest)}).line(w, "with other texts")
	}
}

// at names the provider, if there is one that says something.
func at(provider string) string {
	switch provider {
	case "", classify.ProviderOther, classify.ProviderNone, classify.ProviderLocal:
		return ""
	}
	return " at " + provider
}

// item is lines of text with a count before the first one.
type item struct{ count string }

func (i *item) line(w *bufio.Writer, text string) {
	const hang = 10
	for _, line := range wrap(text, width-hang-len(indent)) {
		fmt.Fprintf(w, "%*s%s%s\n", hang, i.count, indent, line)
		i.count = ""
	}
}

// advice is a rule's: what to do, and where.
func (i *item) advice(w *bufio.Writer, hint, link string) {
	if hint != "" {
		i.line(w, "Hint: "+hint)
	}
	if link != "" {
		i.line(w, "Link: "+link)
	}
}

func total(all []Reason) (n uint64) {
	for _, r := range all {
		n += r.Count
	}
	return n
}

func (s *Summary) textRejects(w *bufio.Writer) {
	if len(s.Rejects) > 0 {
		title(w, "Rejects in SMTP sessions")
		t := newTable(3, "stage", "code", "reason", "count")
		for _, r := range s.Rejects {
			t.add(r.Stage, r.Code, r.Reason, r.Count)
		}
		t.write(w)
	}
	textCounts(w, "Rejects by DNS list", "list", s.DNSBL)
}

func textCounts(w *bufio.Writer, heading, name string, all []Count) {
	if len(all) == 0 {
		return
	}
	title(w, heading)
	t := newTable(1, name, "count")
	for _, c := range all {
		t.add(c.Name, c.Count)
	}
	t.write(w)
}
