package e2e

// Picks a small sample out of a log: whole messages and sessions, a bit of everything.

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

var (
	postfixLine = regexp.MustCompile(`^\S+ \S+ (postfix[^\[]*)\[(\d+)\]: (?:([0-9A-F]{6,}): )?(.*)`)
	queueID     = regexp.MustCompile(`\b[0-9A-F]{6,}\b`)
	particulars = regexp.MustCompile(`(?:[a-z]+=[0-9/]+ )*commands=[0-9/]+|"[^"]*"|<[^>]*>|\[[^\]]*\]|[0-9.]+|\b[0-9A-F]{6,}\b`)
)

// maxSampled is the longest line that a sample has.
const maxSampled = 600

// sample picks at most limit lines. Lines that belong together (a session and
// its messages, their notifications) stay together. Those that say most that
// the sample does not say yet, for their length, are taken first.
func sample(text []byte, limit int) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	stories, shapes := together(lines), make([]string, len(lines))
	for i, line := range lines {
		shapes[i] = shape(line)
	}
	known, chosen := map[string]bool{}, make([]bool, len(lines))
	for total := 0; ; {
		best, most := []int(nil), 0.0
		for _, story := range stories {
			worth := float64(fresh(shapes, story, known)) / float64(len(story))
			if worth > most && total+len(story) <= limit && !tooLong(lines, story) {
				best, most = story, worth
			}
		}
		if best == nil {
			return picked(lines, chosen)
		}
		total += len(best)
		for _, i := range best {
			known[shapes[i]], chosen[i] = true, true
		}
	}
}

// fresh counts what a story says that is not known; deliveries are what a log
// is read for, and count fivefold.
func fresh(shapes []string, story []int, known map[string]bool) (n int) {
	news := map[string]bool{}
	for _, i := range story {
		s := shapes[i]
		if known[s] || news[s] {
			continue
		}
		news[s] = true
		n++
		if strings.Contains(s, " status=") {
			n += 4
		}
	}
	return n
}

func picked(lines [][]byte, chosen []bool) []byte {
	var b bytes.Buffer
	for i, line := range lines {
		if chosen[i] {
			b.Write(line)
		}
	}
	return b.Bytes()
}

func tooLong(lines [][]byte, story []int) bool {
	for _, i := range story {
		if len(lines[i]) > maxSampled {
			return true
		}
	}
	return false
}

// together groups lines by number, in the order of each group's first line.
func together(lines [][]byte) [][]int {
	groups := map[string]*[]int{} // by queue id, or process in a session
	var all []*[]int
	for i, line := range lines {
		m := postfixLine.FindSubmatch(line)
		if m == nil {
			if len(line) > 0 {
				all = append(all, &[]int{i})
			}
			continue
		}
		process, text := string(m[2]), string(m[4])
		if strings.HasPrefix(text, "connect from ") {
			delete(groups, process)
		}
		keys := append(ids(string(m[3])+" "+text, groups), string(m[3]))
		if strings.HasSuffix(string(m[1]), "smtpd") {
			keys = append(keys, process)
		}
		all = merge(all, groups, keys, i)
	}
	var stories [][]int
	for _, g := range all {
		if len(*g) > 0 {
			stories = append(stories, *g)
		}
	}
	return stories
}

// ids are the queue ids in a text that were seen before.
func ids(text string, groups map[string]*[]int) (found []string) {
	for _, id := range queueID.FindAllString(text, -1) {
		if groups[id] != nil {
			found = append(found, id)
		}
	}
	return found
}

// merge puts line i into the groups of its keys, which become one.
func merge(all []*[]int, groups map[string]*[]int, keys []string, i int) []*[]int {
	var into *[]int
	for _, key := range keys {
		g := groups[key]
		switch {
		case key == "" || g == nil || g == into:
		case into == nil:
			into = g
		default:
			*into = append(*into, *g...)
			*g = nil
			for k, other := range groups {
				if other == g {
					groups[k] = into
				}
			}
		}
	}
	if into == nil {
		into = new([]int)
		all = append(all, into)
	}
	*into = append(*into, i)
	for _, key := range keys {
		if key != "" {
			groups[key] = into
		}
	}
	return all
}

// shape is what a line says, without the particulars.
func shape(line []byte) string {
	m := postfixLine.FindSubmatch(line)
	if m == nil {
		return string(line)
	}
	return string(m[1]) + " " + particulars.ReplaceAllString(string(m[4]), "*")
}

func TestSampleKeepsStoriesWhole(t *testing.T) {
	const at = "2026-11-21T11:00:00.000000+00:00 mx "
	lines := []string{
		at + "postfix/smtpd[1]: connect from a[192.0.2.1]\n",
		at + "postfix/smtpd[2]: connect from a[192.0.2.2]\n",
		at + "postfix/smtpd[1]: 4C0FFEE1: client=a[192.0.2.1]\n",
		at + "postfix/smtpd[2]: lost connection after CONNECT from a[192.0.2.2]\n",
		at + "postfix/smtpd[2]: disconnect from a[192.0.2.2] commands=0/0\n",
		at + "postfix/qmgr[3]: 4C0FFEE1: removed\n",
		at + "postfix/smtpd[1]: disconnect from a[192.0.2.1] ehlo=1 commands=1\n",
		at + "postfix/smtpd[1]: connect from a[192.0.2.3]\n",
		at + "postfix/smtpd[1]: disconnect from a[192.0.2.3] commands=0/0\n",
	}
	text := []byte(strings.Join(lines, ""))
	pick := func(numbers ...int) (s string) {
		for _, i := range numbers {
			s += lines[i]
		}
		return s
	}
	for _, tt := range []struct {
		limit int
		want  string
	}{
		{9, pick(0, 1, 2, 3, 4, 5, 6)}, // the last session says nothing new
		{6, pick(0, 2, 5, 6)},
		{3, pick(1, 3, 4)},
	} {
		if got := string(sample(text, tt.limit)); got != tt.want {
			t.Errorf("at most %d lines:\n%swant\n%s", tt.limit, got, tt.want)
		}
	}
}
