package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// CRI's and Docker's stamps of these tests.
const (
	cri    = "2026-11-21T03:55:40.810051000Z "
	docker = `","stream":"stdout","time":"2026-11-21T03:55:40.810051Z"}`
)

// joinAll reads a text, in one go; max is of a line.
func joinAll(text string, max int) (lines []string, cut int64) {
	j := newJoiner(newSplitter(len(text)+4*max+16, max))
	j.add([]byte(text))
	j.final = true
	for {
		line, ok := j.next()
		if !ok {
			return lines, j.cut
		}
		lines = append(lines, strings.Clone(line))
	}
}

func TestJoin(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no container", "Nov 21 03:55:40 mx postfix/smtp[1]: a\n2026-11-21T03:55:40.8+00:00 mx P b\n{\"x\":1}\n\n{\n9\n", "Nov 21 03:55:40 mx postfix/smtp[1]: a|2026-11-21T03:55:40.8+00:00 mx P b|{\"x\":1}||{|9"},
		{"a host that is named like a stream", cri + "stdin P a\n" + cri + "stdoutx P a\n" + cri + "stdout Px a\n", cri + "stdin P a|" + cri + "stdoutx P a|" + cri + "stdout Px a"},
		{"whole lines", cri + "stdout F a\n" + cri + "stderr F b\n" + `{"log":"a\n` + docker + "\n", cri + "stdout F a|" + cri + "stderr F b|" + `{"log":"a\n` + docker},
		{"parts", cri + "stdout P a\n2026-11-21T03:55:41Z stdout P b \n2026-11-21T03:55:42+01:00 stdout F c\n", cri + "stdout F ab c"},
		{"tags", cri + "stdout P:x a\n" + cri + "stdout F:y b\n", cri + "stdout F:x ab"},
		{"parts without a text", cri + "stdout P\n" + cri + "stdout P \n" + cri + "stdout F b\n", cri + "stdout F b"},
		{"an empty end", cri + "stdout P a\n" + cri + "stdout F\n", cri + "stdout F a"},
		{"a program's parts make no line of Postfix's", cri + "stdout P x\n" + cri + "stdout P Nov 21 03:55:40 mx postfix/smtp[1]: a\n" + cri + "stdout F Nov 21 03:55:40 mx postfix/smtp[1]: b\n", cri + "stdout F xNov 21 03:55:40 mx postfix/smtp[1]: aNov 21 03:55:40 mx postfix/smtp[1]: b"},
		{"two streams", cri + "stdout P a\n" + cri + "stderr P x\n" + cri + "stdout F b\n" + cri + "stdout F c\n" + cri + "stderr F y\n", cri + "stdout F ab|" + cri + "stdout F c|" + cri + "stderr F xy"},
		{"no end", cri + "stderr P x\n" + cri + "stdout P a\n" + cri + "stdout P b\n" + cri + "stdout", cri + "stdout|" + cri + "stderr F x|" + cri + "stdout F ab"},
		{"Docker", `{"log":"a\\n` + docker + "\n" + `{"log":"\"b\\\\` + docker + "\n" + `{"log":"c\\\n","x":1}` + "\n", `{"log":"a\\n\"b\\\\c\\\n` + docker},
		{"Docker's streams", `{"log":"a` + docker + "\n" + `{"log":"x","stream":"stderr","time":"t"}` + "\n" + `{"log":"y\n","stream":"stderr","time":"u"}` + "\n" + `{"log":"b\n` + docker + "\n",
			`{"log":"xy\n","stream":"stderr","time":"t"}|{"log":"ab\n` + docker},
		{"Docker, no end", `{"log":"a` + docker + "\n" + `{"log":"b","str`, `{"log":"ab` + docker},
		{"no such JSON", `{"log":"a` + "\n" + `{"log":1}` + "\n", `{"log":"a|{"log":1}`},
		{"a line between parts", cri + "stdout P a\nNov 21\n" + cri + "stdout F b\n", "Nov 21|" + cri + "stdout F ab"},
	} {
		if got, _ := joinAll(c.text, MaxLine); strings.Join(got, "|") != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

// A line is cut at the limit, whatever its parts are, and counted once; in a JSON
// string no escape is cut.
func TestJoinCuts(t *testing.T) {
	const limit = 100
	parts := func(n int, text string) string { return strings.Repeat(cri+"stdout P "+text+"\n", n) }
	for _, c := range []struct {
		text, want string
		cut        int64
	}{
		{parts(20, "0123456789") + cri + "stdout F x\n" + cri + "stdout F y\n", cri + "stdout F " + strings.Repeat("0123456789", 6)[:100-len(cri)-9] + "|" + cri + "stdout F y", 1},
		{parts(1, strings.Repeat("y", 300)) + parts(3, strings.Repeat("x", 300)) + cri + "stdout F x\n", cri + "stdout F " + strings.Repeat("y", 100-len(cri)-9), 1},
		{parts(1, strings.Repeat("x", 100-len(cri)-9)) + cri + "stdout F \n", cri + "stdout F " + strings.Repeat("x", 100-len(cri)-9), 0},
		{`{"log":"` + strings.Repeat("a", 33) + docker + "\n" + `{"log":"\u00e9\n` + docker + "\n", `{"log":"` + strings.Repeat("a", 33) + docker, 1},
		{`{"log":"` + strings.Repeat("a", 33) + docker + "\n" + `{"log":"\\\n` + docker + "\n", `{"log":"` + strings.Repeat("a", 33) + `\\` + docker, 1},
	} {
		got, cut := joinAll(c.text, limit)
		if strings.Join(got, "|") != c.want || cut != c.cut {
			t.Errorf("%d cut, want %d\n got %q\nwant %q", cut, c.cut, got, c.want)
		}
	}
}

// A part whose end does not come holds the place up for so long only.
func TestJoinGivesUp(t *testing.T) {
	var b strings.Builder
	b.WriteString(cri + "stderr P x\n")
	filler := cri + "stdout F " + strings.Repeat("z", 1000) + "\n"
	for range maxBehind/len(filler) + 10 {
		b.WriteString(filler)
	}
	b.WriteString(cri + "stderr F y\n")
	lines, _ := joinAll(b.String(), MaxLine)
	at := slices.Index(lines, cri+"stderr F x")
	if want := maxBehind/len(filler) + 1; at < want-1 || at > want+1 || lines[len(lines)-1] != cri+"stderr F y" {
		t.Errorf("it comes as line %d of %d, want %d", at, len(lines), want)
	}
}

// What a run before us handed out is passed over where that run stood only: of
// another file that it takes for its own, nothing is lost.
func TestJoinSkips(t *testing.T) {
	part := cri + "stdout P a\n" + cri + "stderr F x\n" + cri + "stderr F y\n" + cri + "stdout F b\n"
	for text, want := range map[string]string{
		part:                        "ab",
		cri + "stdout F z\n" + part: "z x y ab",
	} {
		j := newJoiner(newSplitter(1<<16, MaxLine))
		j.reset(7)
		j.skip = 2
		j.add([]byte(text))
		var got []string
		for line, ok := j.next(); ok; line, ok = j.next() {
			got = append(got, line[len(cri+"stdout F "):])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q, want %s", got, want)
		}
	}
}

// Which bytes are looked at: the place stays before the first part.
func TestJoinPlace(t *testing.T) {
	first := cri + "stdout F a\n"
	text := first + cri + "stdout P b\n" + cri + "stderr F x\n" + cri + "stderr P y\n" + cri + "stdout F c\n" + cri + "stderr F z\n" + first
	j := newJoiner(newSplitter(1<<16, MaxLine))
	j.reset(1000)
	j.add([]byte(text))
	var got []string
	for {
		line, ok := j.next()
		if !ok {
			break
		}
		got = append(got, fmt.Sprintf("%s %d+%d", line[len(cri+"stdout F "):], j.offset()-1000, j.handed()))
	}
	n, end := len(first), len(text)
	want := []string{fmt.Sprintf("a %d+0", n), fmt.Sprintf("x %d+1", n), fmt.Sprintf("bc %d+2", n), fmt.Sprintf("yz %d+0", end-n), fmt.Sprintf("a %d+0", end)}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
