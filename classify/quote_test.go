package classify

import "testing"

func TestInnermost(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"550", "550"}, {"x", "x"},
		{"550 5.1.1 no such user", "550 5.1.1 no such user"},
		{"no code at all", "no code at all"},
		{"host mx.example.com[192.0.2.1] said: 550 5.1.1 unknown", "550 5.1.1 unknown"},
		{"host mx.example.com[192.0.2.1] said: 550-5.1.1 unknown", "550-5.1.1 unknown"},
		{"host mx.example.com[192.0.2.1] refused to talk to me: 421 busy", "421 busy"},
		{"550 host a said: 451 host b said: 552 full", "552 full"},
		{"550 SMTP error from remote mail server after RCPT TO:<a@example.com>: host mx.example.com [192.0.2.1]: 550 unknown", "550 unknown"},
		{"smtp;550 5.1.1 unknown", "550 5.1.1 unknown"},
		{"554 5.0.0 remote server responded with: 452 full", "452 full"},
		{"554 5.4.7 delivery expired ('421 4.2.1 busy')", "421 4.2.1 busy')"},
		// Numbers that are no replies.
		{"550 listed since: 2026 see 550 pages", "550 listed since: 2026 see 550 pages"},
		{"552 the limit is 500 MB", "552 the limit is 500 MB"},
		{"550 said: 250 ok", "550 said: 250 ok"},
		{"550 said: 5501 x", "550 said: 5501 x"},
		{"550 said: 590 x", "550 said: 590 x"},
		{"550 said:550", "550 said:550"},
	} {
		if got := innermost(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
