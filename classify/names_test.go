package classify

import (
	"regexp"
	"strings"
	"testing"
)

// names that people and hosts may have, made of words that rules look for.
var tellingNames = []string{
	"spam", "mailbox-full", "user.unknown", "blacklisted", "virus", "quota_exceeded", "greylisted",
	"rate-limit", "relay.denied", "spf", "no-such-user", "dmarc", "blocked.using", "loop", "postmaster",
}

var (
	anyLocal = regexp.MustCompile(`\b[a-z]+@example\.`)
	anyHost  = regexp.MustCompile(`\b(mx|mail|host|server|smtp)\d*\.example\.`)
)

// TestNamesDoNotDecide: in what we know of replies, another recipient, sender or
// host changes no verdict.
func TestNamesDoNotDecide(t *testing.T) {
	s := shipped(t)
	tried := 0
	for i, rule := range s.Rules() {
		for _, x := range s.examples[i] {
			for _, name := range tellingNames {
				text := anyLocal.ReplaceAllString(x.text, name+"@example.")
				text = anyHost.ReplaceAllString(text, strings.ReplaceAll(name, "_", "-")+".example.")
				if text == x.text {
					continue
				}
				tried++
				x := x
				x.text = text
				r, err := s.exampleReply(i, x)
				if err != nil {
					t.Fatal(err)
				}
				if v := s.Judge(&r); v.Rule != rule {
					t.Errorf("%s is judged by %s, without the name by %q", text, where(v.Rule), rule.Name)
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d replies tried", tried)
	}
}

// TestNamedOnly: an address alone in brackets, quotes or a URL says nothing of the
// reason.
func TestNamedOnly(t *testing.T) {
	s := shipped(t)
	for _, text := range []string{
		"550 5.1.1 <spam@example.org>: User unknown",
		"550 5.1.1 spam@blacklisted.example: User unknown",
		"550 5.1.1 User unknown: \"mailbox full\"@example.org",
		"550 5.1.1 <\"virus found\"@example.org>: User unknown",
		"550 5.1.1 User unknown; see https://example.com/spam/blacklisted?reason=quota",
		"550 5.1.1 mailbox-full.relay-denied.example: User unknown",
		"550 5.1.1 User unknown (spam-blocked.example.net [192.0.2.1])",
		"550 5.1.1 User unknown: virus.Example, relay.SPAM.Example and virus.рф",
		"550 5.1.1 User unknown: {virus}@example.com spam|quota@example.com",
		"550 5.1.1 <virus detected@example.com>: User unknown",
		"550 5.1.1 User unknown, see http://[2001:db8::1]/spam/blacklisted",
	} {
		if v := s.Judge(&Reply{Text: text}); v.Class != "user_unknown" {
			t.Errorf("%s: %s by %s", text, v.Class, where(v.Rule))
		}
	}
	for _, text := range []string{
		`550 unknown user "virus"`, "550 unknown user 'virus'", "550 unknown user (virus)", "550 unknown user [virus]",
		"550 unknown user `virus'", "550 5.1.1 no mailbox for Virus", "550 user virus is unknown", "550 virus: no such user",
		"550 5.1.1 virus... User unknown",
	} {
		if v := s.Judge(&Reply{Local: "virus", Text: text}); v.Class != "user_unknown" {
			t.Errorf("%s: %s by %s", text, v.Class, where(v.Rule))
		}
	}
}
