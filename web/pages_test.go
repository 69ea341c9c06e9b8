package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"postfix_exporter/collector"
)

var (
	pageTime = time.Date(2026, 11, 3, 10, 0, 0, 5e8, time.UTC)

	testReplies = []collector.UnclassifiedReply{
		{Template: "host <host>[<ip>] said: 550 5.9.9 no, <address>", Code: 550, Enhanced: "5.9.9", Provider: "other", Count: 12,
			First: pageTime, Last: pageTime.Add(time.Hour)},
		{Template: "Command output: odd", Provider: "local", Count: 3},
	}
	testBlocks = []collector.Block{
		{Provider: "yahoo", Class: "blocklisted", Kind: "block", List: "spamhaus", Rule: "yahoo-bl21", Hint: "Ask Spamhaus.",
			Link: "https://check.spamhaus.org/", Template: "host <host>[<ip>] said: 553 5.7.1 [BL21]", Count: 2, First: pageTime, Last: pageTime},
		{Provider: "other", Class: "policy_rejected", Kind: "block", Rule: "old", RuleGone: true, Template: "no", Count: 1},
	}
)

func newPages(t *testing.T, replies []collector.UnclassifiedReply, blocks []collector.Block) http.Handler {
	t.Helper()
	h, err := NewHandler(Options{
		TelemetryPath: "/",
		Ready:         func() error { return nil },
		Unclassified:  func() []collector.UnclassifiedReply { return replies },
		Blocks:        func() []collector.Block { return blocks },
		Logger:        slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestPagesAsText(t *testing.T) {
	h := newPages(t, testReplies, testBlocks)
	for path, want := range map[string]string{
		"/unclassified": `
COUNT  FIRST                 LAST                  PROVIDER  CODE  ENHANCED  REPLY
12     2026-11-03T10:00:00Z  2026-11-03T11:00:00Z  other     550   5.9.9     host <host>[<ip>] said: 550 5.9.9 no, <address>
3      -                     -                     local     -     -         Command output: odd
`,
		"/blocks": `
LAST                  FIRST                 COUNT  PROVIDER  KIND   CLASS            LIST      RULE
2026-11-03T10:00:00Z  2026-11-03T10:00:00Z  2      yahoo     block  blocklisted      spamhaus  yahoo-bl21
    reply  host <host>[<ip>] said: 553 5.7.1 [BL21]
    hint   Ask Spamhaus.
    link   https://check.spamhaus.org/
-                     -                     1      other     block  policy_rejected  -         old (gone)
    reply  no
`,
	} {
		w := request(h, "GET", path)
		if got := "\n" + w.Body.String(); w.Code != 200 || got != want {
			t.Errorf("%s: %d, got%s\nwant%s", path, w.Code, got, want)
		}
	}
}

func TestEmptyPages(t *testing.T) {
	h := newPages(t, []collector.UnclassifiedReply{}, []collector.Block{})
	for path, want := range map[string]string{
		"/unclassified":             "No reply is unclassified.\n",
		"/blocks":                   "No reply was a block.\n",
		"/unclassified?format=json": "[]\n",
		"/blocks?format=json":       "[]\n",
	} {
		if got := request(h, "GET", path).Body.String(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestPagesAsJSON(t *testing.T) {
	h := newPages(t, testReplies, testBlocks)
	var replies, blocks []map[string]any
	for path, list := range map[string]*[]map[string]any{"/unclassified?format=json": &replies, "/blocks?format=json": &blocks} {
		if err := json.Unmarshal(request(h, "GET", path).Body.Bytes(), list); err != nil {
			t.Fatal(path, err)
		}
	}
	if len(replies) != 2 || replies[0]["template"] != testReplies[0].Template || replies[0]["code"] != 550.0 ||
		replies[0]["count"] != 12.0 || replies[0]["first"] != "2026-11-03T10:00:00.5Z" || replies[1]["first"] != nil {
		t.Errorf("%v", replies)
	}
	if len(blocks) != 2 || blocks[0]["list"] != "spamhaus" || blocks[0]["hint"] != "Ask Spamhaus." || blocks[0]["rule_gone"] != nil ||
		blocks[0]["link"] != "https://check.spamhaus.org/" || blocks[1]["rule_gone"] != true {
		t.Errorf("%v", blocks)
	}
	for _, r := range replies {
		if _, shown := r["text"]; shown {
			t.Errorf("a reply's text is shown: %v", r)
		}
	}
}

func TestFormats(t *testing.T) {
	h := newPages(t, testReplies, testBlocks)
	for _, c := range []struct {
		query, accept string
		status        int
		contentType   string
	}{
		{"", "", 200, "text/plain; charset=utf-8"},
		{"", "text/html,application/xhtml+xml,*/*;q=0.8", 200, "text/plain; charset=utf-8"},
		{"", "application/json", 200, "application/json; charset=utf-8"},
		{"", "text/html, Application/JSON;q=0.9", 200, "application/json; charset=utf-8"},
		{"", "application/jsonlines", 200, "text/plain; charset=utf-8"},
		{"?format=json", "", 200, "application/json; charset=utf-8"},
		{"?format=text", "application/json", 200, "text/plain; charset=utf-8"},
		{"?format=xml", "", 400, "text/plain; charset=utf-8"},
	} {
		for _, path := range []string{"/unclassified", "/blocks"} {
			for _, method := range []string{"GET", "HEAD"} {
				w := request(h, method, path+c.query, "Accept", c.accept)
				if got := w.Header().Get("Content-Type"); w.Code != c.status || got != c.contentType {
					t.Errorf("%s %s%s, Accept %q: %d %q", method, path, c.query, c.accept, w.Code, got)
				}
				if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
					t.Errorf("%s %s%s: X-Content-Type-Options %q", method, path, c.query, got)
				}
			}
		}
	}
}

// What servers choose is neither obeyed by a terminal nor taken for a line or a
// column of ours.
func TestHostileTexts(t *testing.T) {
	const hostile = "<script>a\tb\nc\x1b[2Jd\u009b2Je\u202ef\x7fg\xffh\U000e0041\v\f\\end"
	replies := []collector.UnclassifiedReply{{Template: hostile, Enhanced: hostile, Provider: hostile, Count: 1, Text: hostile}}
	blocks := []collector.Block{{Provider: hostile, Rule: hostile, Template: hostile, Hint: hostile, Link: hostile, Count: 1}}
	h := newPages(t, replies, blocks)
	const shown = `<script>a?b?c?[2Jd?2Je?f?g?h???\end`
	for path, lines := range map[string]int{"/unclassified": 3, "/blocks": 5} {
		text := request(h, "GET", path).Body.String()
		if n := strings.Count(text, "\n"); n != lines || strings.Count(text, shown) < 4 || printable(strings.ReplaceAll(text, "\n", "")) != strings.ReplaceAll(text, "\n", "") {
			t.Errorf("%s: %d lines\n%q", path, n, text)
		}
		raw := request(h, "GET", path+"?format=json").Body
		for _, r := range raw.String() {
			if r != '\n' && printable(string(r)) != string(r) {
				t.Errorf("%s as JSON has %q", path, r)
			}
		}
		var list []map[string]any
		if err := json.Unmarshal(raw.Bytes(), &list); err != nil || list[0]["template"] != strings.ToValidUTF8(hostile, "\ufffd") {
			t.Errorf("%s as JSON: %v %q", path, err, list)
		}
	}
}

// Raw texts are there only if the engine gives them away.
func TestRawTexts(t *testing.T) {
	replies := []collector.UnclassifiedReply{{Template: "no, <address>", Count: 1, Text: "no, bob@example.com"}}
	h := newPages(t, replies, nil)
	for path, want := range map[string]string{
		"/unclassified":             "\n    last   no, bob@example.com\n",
		"/unclassified?format=json": `"text": "no, bob@example.com"`,
	} {
		if got := request(h, "GET", path).Body.String(); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in %q", path, want, got)
		}
	}
}

func TestReload(t *testing.T) {
	var fault error
	loads := 0
	h, err := NewHandler(Options{TelemetryPath: "/", Logger: slog.New(slog.DiscardHandler),
		Reload: func() (int, int, error) { loads++; return 7, 2, fault }})
	if err != nil {
		t.Fatal(err)
	}
	if w := request(h, "POST", "/-/reload"); w.Code != 200 || w.Body.String() != "Reloaded 7 rules from 2 files.\n" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	fault = errors.New("own.yaml:3: no such class")
	if w := request(h, "POST", "/-/reload"); w.Code != 500 || !strings.Contains(w.Body.String(), "own.yaml:3: no such class") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	for _, method := range []string{"GET", "HEAD", "PUT"} {
		if w := request(h, method, "/-/reload"); w.Code != 405 || w.Header().Get("Allow") != "POST" {
			t.Errorf("%s: %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
	if w := request(h, "POST", "/-/reload", "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
	if loads != 2 {
		t.Errorf("%d loads, want 2", loads)
	}
}

// However many ask, one reload is under way.
func TestReloadsDoNotPileUp(t *testing.T) {
	var h http.Handler
	inner := 0
	h, err := NewHandler(Options{TelemetryPath: "/", Logger: slog.New(slog.DiscardHandler),
		Reload: func() (int, int, error) {
			inner = request(h, "POST", "/-/reload").Code // while this one is
			return 1, 1, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if w := request(h, "POST", "/-/reload"); w.Code != 200 || inner != 503 {
			t.Errorf("%d, meanwhile %d; want 200 and 503", w.Code, inner)
		}
	}
}
