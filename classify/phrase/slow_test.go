package phrase

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"postfix_exporter/classify/packed"
)

// A slow, obvious reading of phrases over a list of words, as an oracle.

type slowSets map[string][]string

// slowFinds says whether a phrase stands anywhere in words.
func slowFinds(phrase string, sets slowSets, words []string) bool {
	tokens := strings.Fields(phrase)
	for i := range words {
		if slowMatches(tokens, sets, words[i:]) {
			return true
		}
	}
	return false
}

// slowMatches says whether tokens stand at the beginning of words.
func slowMatches(tokens []string, sets slowSets, words []string) bool {
	if len(tokens) == 0 {
		return true
	}
	token, rest := tokens[0], tokens[1:]
	if token == "..." {
		for n := 0; n <= maxGap && n <= len(words); n++ {
			if slices.Contains(words[:n], ".") {
				return false
			}
			if slowMatches(rest, sets, words[n:]) {
				return true
			}
		}
		return false
	}
	token, optional := strings.CutSuffix(token, "?")
	if optional && slowMatches(rest, sets, words) {
		return true
	}
	rows := []string{token}
	if strings.HasPrefix(token, "{") {
		rows = sets[strings.Trim(token, "{}")]
	}
	for _, row := range rows {
		plain := strings.Fields(row)
		if len(plain) <= len(words) && slowRow(plain, words) && slowMatches(rest, sets, words[len(plain):]) {
			return true
		}
	}
	return false
}

func slowRow(row, words []string) bool {
	for i, w := range row {
		stem, isStem := strings.CutSuffix(w, "*")
		if words[i] == "." || isStem && !strings.HasPrefix(words[i], stem) || !isStem && words[i] != w {
			return false
		}
	}
	return true
}

// TestFindAgreesWithSlow: phrases and texts made of a few words.
func TestFindAgreesWithSlow(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	vocabulary := []string{"mail", "mailbox", "box", "full", "is", "over", "quota", "user", "unknown", "no", "such"}
	sets := slowSets{
		"box": {"mailbox", "mail box", "box"}, "full": {"full", "over quota", "over*"},
		"long": {"no such user", "user is unknown", "is"}, "stem": {"mail*", "u*"},
	}
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	for range 20_000 {
		phrase := randomPhrase(rnd, vocabulary)
		c := NewCompiler()
		for name, members := range sets {
			if err := c.Set(name, members); err != nil {
				t.Fatal(err)
			}
		}
		id, err := c.Add(Words, phrase, 3)
		if err != nil {
			continue // begins or ends with what may be missing
		}
		if _, err := c.Add(Words, "no such user", -1); err != nil { // shares its words
			t.Fatal(err)
		}
		m := c.Compile()
		var words []string
		for range rnd.IntN(14) {
			words = append(words, pick(vocabulary))
			if rnd.IntN(8) == 0 {
				words[len(words)-1] += "."
			}
		}
		text := strings.Join(words, " ")
		var read Text
		m.Read(&read, text, "", "")
		plain := strings.Fields(strings.ReplaceAll(text, ".", " ."))
		want := slowFinds(phrase, sets, plain)
		for _, m := range []*Matcher{m, repacked(t, m)} {
			found := m.Find(&read, 9, func(owner, limit int) int { return owner }) == 3
			if found != want || m.Has(&read, id) != want {
				t.Fatalf("phrase %q in %q: Find %v, Has %v, want %v", phrase, text, found, m.Has(&read, id), want)
			}
		}
	}
}

// repacked is a matcher as it is read from its bytes.
func repacked(t *testing.T, m *Matcher) *Matcher {
	t.Helper()
	var w packed.Writer
	m.Pack(&w)
	r, err := packed.Open("", string(packed.Seal("", w.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	m = Unpack(r, 9)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return m
}

func randomPhrase(rnd *rand.Rand, vocabulary []string) string {
	var tokens []string
	for range 1 + rnd.IntN(5) {
		token := vocabulary[rnd.IntN(len(vocabulary))]
		switch rnd.IntN(8) {
		case 0:
			token = "..."
		case 1, 2, 3:
			token = []string{"{box}", "{full}", "{long}", "{stem}"}[rnd.IntN(4)]
		case 4:
			token = token[:2] + "*"
		}
		if token != "..." && rnd.IntN(5) == 0 {
			token += "?"
		}
		tokens = append(tokens, token)
	}
	return strings.Join(tokens, " ")
}

// FuzzRead: no text makes Read or the search fail, and what is shown of a text
// reads as itself.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"550-5.1.1 <\"a b\"@example.org>: User unknown; see https://example.com/?p=Full.",
		"a.b.c@@x..y http://[::1]/x <a <b> 'c' \"d\"@e e-mail E-Mail\xff\xfe 邮箱已满。über",
		"4.7.1 550- 5.5 1:2:3 ... . ; <> << >> www.example.com.",
	} {
		f.Add(s, "550", "a")
	}
	c := NewCompiler()
	if err := c.Set("box", []string{"mailbox", "mail box"}); err != nil {
		f.Fatal(err)
	}
	for i, p := range []string{"user unknown", "{box} ... full", "已满", "u*"} {
		if _, err := c.Add(Words, p, i); err != nil {
			f.Fatal(err)
		}
	}
	if _, err := c.Add(Names, "p full", 4); err != nil {
		f.Fatal(err)
	}
	m := c.Compile()
	f.Fuzz(func(t *testing.T, s, code, local string) {
		var text Text
		m.Read(&text, s, code, local)
		m.Find(&text, 5, func(owner, limit int) int { return limit })
		for _, r := range text.row {
			if r.n > maxWords {
				t.Errorf("%d words", r.n)
			}
		}
		if text.EnhancedTo > len(s) || text.EnhancedFrom > text.EnhancedTo {
			t.Errorf("enhanced code at %d:%d of %d", text.EnhancedFrom, text.EnhancedTo, len(s))
		}
		words, names := m.Explain(s, code, local)
		if strings.ContainsAny(words+names, "@<>\x00") {
			t.Errorf("words %q, names %q", words, names)
		}
	})
}
