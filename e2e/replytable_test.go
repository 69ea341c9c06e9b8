package e2e

// The table of real replies, testdata/replies.txt.

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postfix_exporter/e2e/sink"
)

// realReply is an entry of the table: who says what and when, and what it means.
type realReply struct {
	line  int
	stage sink.Stage
	host  string
	reply sink.Reply
	failure
	list, link string // "" none is expected
}

// failure is how the exporter counts one.
type failure struct{ class, kind, provider string }

// bounces says whether Postfix gives up on the recipient. By default it takes no
// greeting for final (smtp_skip_5xx_greeting).
func (r *realReply) bounces() bool { return r.reply.Code/100 == 5 && r.stage != sink.Connect }

// early says whether it is said before the server knows whom the mail is for.
func (r *realReply) early() bool {
	return r.stage == sink.Connect || r.stage == sink.Hello || r.stage == sink.StartTLS
}

func (r *realReply) String() string {
	return fmt.Sprintf("replies.txt:%d: %d %.200q", r.line, r.reply.Code, strings.Join(r.reply.Lines, " "))
}

var (
	entryHead = regexp.MustCompile(`^(connect|hello|starttls|mail|rcpt|data|dot) (\S+): (\S+) (\S+) (\S+)((?: \w+=\S+)*)$`)
	replyLine = regexp.MustCompile(`^\t([45]\d\d)([- ])(.*)$`)
	byteEsc   = regexp.MustCompile(`\\x[0-9A-F]{2}`)
)

// realReplies reads the table.
func realReplies(t *testing.T) []*realReply {
	t.Helper()
	f, err := os.Open("testdata/replies.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []*realReply
	open := false // the reply at hand has more lines
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		head, body := entryHead.FindStringSubmatch(text), replyLine.FindStringSubmatch(text)
		switch {
		case text == "" && !open, strings.HasPrefix(text, "#") && !open:
		case head != nil && !open:
			all = append(all, newRealReply(t, n, head))
			open = true
		case body != nil && open && all[len(all)-1].add(body):
			open = body[2] == "-"
		default:
			t.Fatalf("replies.txt:%d: what is %q?", n, text)
		}
	}
	if lines.Err() != nil || open {
		t.Fatalf("replies.txt ends in the middle (%v)", lines.Err())
	}
	return all
}

func newRealReply(t *testing.T, line int, head []string) *realReply {
	t.Helper()
	r := &realReply{line: line, stage: sink.Stage(head[1]), host: head[2], failure: failure{provider: head[3], class: head[4], kind: head[5]}}
	for _, option := range strings.Fields(head[6]) {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "list":
			r.list = value
		case "link":
			r.link = value
		default:
			t.Fatalf("replies.txt:%d: what is %q?", line, option)
		}
	}
	return r
}

// add adds a line; all have the code of the first.
func (r *realReply) add(body []string) bool {
	code, _ := strconv.Atoi(body[1])
	if r.reply.Code != 0 && r.reply.Code != code {
		return false
	}
	r.reply.Code = code
	r.reply.Lines = append(r.reply.Lines, byteEsc.ReplaceAllStringFunc(body[3], func(esc string) string {
		b, _ := strconv.ParseUint(esc[2:], 16, 8)
		return string([]byte{byte(b)})
	}))
	return true
}

// kinds are those of the classes; a reply may say otherwise.
var kinds = map[string]string{
	"user_unknown": "hard", "mailbox_disabled": "hard", "domain_unknown": "hard",
	"mailbox_full": "soft", "rate_limited": "soft", "greylisted": "soft", "connection_failed": "soft", "dns_failure": "soft", "remote_error": "soft",
	"blocklisted": "block", "bad_reputation": "block", "spam_rejected": "block", "virus_detected": "block", "policy_rejected": "block",
	"sender_auth_failed": "config", "rdns_missing": "config", "sender_rejected": "config", "relay_denied": "config", "smtp_auth_required": "config",
	"message_too_large": "config", "message_malformed": "config", "tls_failed": "config", "routing_loop": "config", "protocol_error": "config",
	"unclassified": "unknown",
}

// TestReplyTable: the table has all there is, so that TestReplies tests it all.
func TestReplyTable(t *testing.T) {
	all := realReplies(t)
	seen := map[string]int{}
	hosts := map[string][]*realReply{}
	for _, r := range all {
		want := kinds[r.class]
		if want == "" || want != r.kind && !(r.class == "user_unknown" && r.kind == "soft" && r.reply.Code/100 == 4) {
			t.Errorf("%v: no class %s of kind %s", r, r.class, r.kind)
		}
		text := strings.Join(r.reply.Lines, "\n")
		seen["class "+r.class]++
		seen["stage "+string(r.stage)]++
		seen["lines "+strconv.Itoa(min(2, len(r.reply.Lines)))]++
		seen["ascii "+strconv.FormatBool(ascii(text))]++
		seen["long "+strconv.FormatBool(len(text) > 2000)]++ // util/msg_syslog.c
		seen["provider "+r.provider]++
		hosts[r.host] = append(hosts[r.host], r)
	}
	providers := 0
	for what := range seen {
		if strings.HasPrefix(what, "provider ") && what != "provider other" {
			providers++
		}
	}
	if len(all) < 70 || providers < 20 {
		t.Errorf("%d replies of %d providers, want 70 of 20", len(all), providers)
	}
	want := []string{"provider other", "lines 1", "lines 2", "ascii false", "long true",
		"stage connect", "stage hello", "stage starttls", "stage mail", "stage rcpt", "stage data", "stage dot"}
	for class := range kinds {
		want = append(want, "class "+class)
	}
	for _, what := range want {
		if seen[what] == 0 {
			t.Errorf("no reply has %s", what)
		}
	}
	for host, said := range hosts {
		if len(said) > 1 && slices.ContainsFunc(said, (*realReply).early) {
			t.Errorf("%s answers before MAIL, and has %d entries", host, len(said))
		}
	}
}
