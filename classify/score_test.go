package classify

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// labelled is a reply with the class that people gave it.
type labelled struct {
	id       string
	reply    Reply
	expected Class
	accept   []string
	exact    bool
	got      Verdict
}

// readLabelled reads a table with a header: code, enhanced, host, text, class,
// accept, precision, id; the names of ../shared/replies/replies.tsv too.
func readLabelled(path string) ([]labelled, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	columns := map[string]int{}
	for i, name := range strings.Split(lines[0], "\t") {
		columns[name] = i
	}
	var rows []labelled
	for _, l := range lines[1:] {
		fields := strings.Split(l, "\t")
		field := func(names ...string) string {
			for _, name := range names {
				if i, ok := columns[name]; ok && i < len(fields) {
					return fields[i]
				}
			}
			return ""
		}
		code, _ := strconv.Atoi(field("smtp_code", "code"))
		class := field("expected_class", "class")
		rows = append(rows, labelled{
			id: field("id", "source"),
			reply: Reply{Host: field("remote_host_or_provider", "host"), Code: code,
				Enhanced: field("dsn", "enhanced"), Command: field("command"), Text: field("reply_text", "text")},
			expected: Class(class),
			accept:   strings.Split(cmp.Or(field("accept"), class), ","),
			exact:    cmp.Or(field("precision"), "exact") == "exact",
		})
	}
	return rows, nil
}

// score is how well rules do.
type score struct {
	rows                 []labelled
	exact, right         int
	within, unclassified int
	tp, fp, fn           map[Class]int
	confusion            map[[2]Class]int
}

func scoreOf(s *Set, rows []labelled) *score {
	c := &score{rows: rows, tp: map[Class]int{}, fp: map[Class]int{}, fn: map[Class]int{}, confusion: map[[2]Class]int{}}
	for i := range rows {
		r := &rows[i]
		r.got = s.Judge(&r.reply)
		if slices.Contains(r.accept, string(r.got.Class)) {
			c.within++
		}
		if r.got.Class == Unclassified {
			c.unclassified++
		}
		if !r.exact {
			continue
		}
		c.exact++
		if r.got.Class == r.expected {
			c.right++
			c.tp[r.expected]++
			continue
		}
		c.fn[r.expected]++
		c.fp[r.got.Class]++
		c.confusion[[2]Class{r.expected, r.got.Class}]++
	}
	return c
}

func (c *score) f1(k Class) float64 {
	return 2 * float64(c.tp[k]) / max(1, float64(2*c.tp[k]+c.fp[k]+c.fn[k]))
}

// macroF1 is the mean over the classes that occur.
func (c *score) macroF1() float64 {
	sum, n := 0.0, 0
	for _, k := range classes {
		if c.tp[k.Class]+c.fn[k.Class] > 0 {
			sum += c.f1(k.Class)
			n++
		}
	}
	return sum / max(1, float64(n))
}

func (c *score) accuracy() float64 { return float64(c.right) / max(1, float64(c.exact)) }

func (c *score) share(n int) float64 { return float64(n) / max(1, float64(len(c.rows))) }

func (c *score) print(w io.Writer) {
	fmt.Fprintf(w, "%d replies, %d of them exact\n", len(c.rows), c.exact)
	fmt.Fprintf(w, "exact:  accuracy %.3f, macro-F1 %.3f\n", c.accuracy(), c.macroF1())
	fmt.Fprintf(w, "all:    within accept %.3f, unclassified %.3f\n", c.share(c.within), c.share(c.unclassified))
	fmt.Fprintln(w, "\nconfusion (expected -> got, exact rows)")
	pairs := slices.SortedFunc(maps.Keys(c.confusion), func(a, b [2]Class) int {
		return cmp.Or(c.confusion[b]-c.confusion[a], cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	for _, p := range pairs {
		fmt.Fprintf(w, "%4d  %s -> %s\n", c.confusion[p], p[0], p[1])
	}
	fmt.Fprintln(w, "\nthe ten weakest classes (F1, expected, got right, wrongly got)")
	var weak []Class
	for _, k := range classes {
		if c.tp[k.Class]+c.fn[k.Class] > 0 {
			weak = append(weak, k.Class)
		}
	}
	slices.SortStableFunc(weak, func(a, b Class) int { return cmp.Compare(c.f1(a), c.f1(b)) })
	for _, k := range weak[:min(10, len(weak))] {
		fmt.Fprintf(w, "%.3f  %4d %4d %4d  %s\n", c.f1(k), c.tp[k]+c.fn[k], c.tp[k], c.fp[k], k)
	}
}

// check fails where the rules do worse than they must on the table at hand.
func (c *score) check(t *testing.T) {
	for _, m := range []struct {
		what      string
		got, want float64
	}{
		{"accuracy", c.accuracy(), 0.93},
		{"macro-F1", c.macroF1(), 0.90},
		{"share within accept", c.share(c.within), 0.93},
		{"share classified", 1 - c.share(c.unclassified), 0.98},
	} {
		if m.got < m.want {
			t.Errorf("%s %.3f, want %.2f at least", m.what, m.got, m.want)
		}
	}
}

// TestScore measures the shipped rules on labelled replies, and fails where they
// do worse than they must. POSTFIX_EXPORTER_REPLIES names another table, which is
// only measured; with POSTFIX_EXPORTER_REPLIES_WRONG what is judged wrongly is
// listed, with POSTFIX_EXPORTER_REPLIES_ONLY only the rows count whose ids a file has.
func TestScore(t *testing.T) {
	path := cmp.Or(os.Getenv("POSTFIX_EXPORTER_REPLIES"), "../../shared/replies/replies.tsv")
	rows, err := readLabelled(path)
	if err != nil {
		t.Skipf("no labelled replies: %v", err)
	}
	only := os.Getenv("POSTFIX_EXPORTER_REPLIES_ONLY")
	if data, err := os.ReadFile(only); err == nil {
		ids := strings.Fields(string(data))
		rows = slices.DeleteFunc(rows, func(r labelled) bool { return !slices.Contains(ids, r.id) })
	}
	s := shipped(t)
	c := scoreOf(s, rows)
	c.print(t.Output())
	if os.Getenv("POSTFIX_EXPORTER_REPLIES") == "" && only == "" {
		c.check(t)
	}
	if os.Getenv("POSTFIX_EXPORTER_REPLIES_WRONG") != "" {
		for _, r := range c.rows {
			if !slices.Contains(r.accept, string(r.got.Class)) {
				rule := "-"
				if r.got.Rule != nil {
					rule = r.got.Rule.Name
				}
				fmt.Fprintf(t.Output(), "WRONG %s %s -> %s by %s: %d %s %s | %s\n", r.id, strings.Join(r.accept, ","), r.got.Class, rule, r.reply.Code, r.reply.Enhanced, r.reply.Host, r.reply.Text)
			}
		}
	}
}

func shipped(t testing.TB) *Set {
	t.Helper()
	files, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
