package maillog

import "testing"

func TestRelayOf(t *testing.T) {
	mx := RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1"}
	mx25 := RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1", Port: "25"}
	local := RemoteEnd{Name: "local"}
	for _, c := range []struct {
		text string
		want RemoteEnd
	}{
		{"host mx.example.com[192.0.2.1] said: 450 4.2.0 later (in reply to RCPT TO command)", mx},
		{"host mx.example.com[192.0.2.1] refused to talk to me: 421 busy", mx},
		{"delivery temporarily suspended: host mx.example.com[192.0.2.1] refused to talk to me: 421 busy", mx},
		{"SASL authentication failed; server mx.example.com[192.0.2.1] said: 535 no", mx},
		{"connect to mx.example.com[192.0.2.1]:25: Connection timed out", mx25},
		{"delivery temporarily suspended: connect to mx.example.com[192.0.2.1]:25: Connection refused", mx25},
		{"connect to mx.example.com[private/lmtp]: No such file or directory", RemoteEnd{Name: "mx.example.com", Addr: "private/lmtp"}},
		{"connect to mx.example.com[2001:db8::1]:25: Network is unreachable", RemoteEnd{Name: "mx.example.com", Addr: "2001:db8::1", Port: "25"}},
		{"lost connection with mx.example.com[192.0.2.1] while sending RCPT TO", mx},
		{"conversation with mx.example.com[192.0.2.1] timed out while sending RCPT TO", mx},
		{"local data error while talking to mx.example.com[192.0.2.1]", mx},
		{"TLS is required, but was not offered by host mx.example.com[192.0.2.1]", mx},
		{"TLS is required, but host mx.example.com[192.0.2.1] refused to start TLS: 454 no", mx},
		{"temporary failure. Command output: host mx.example.com[192.0.2.1] said: 450", local},
		{"maildir delivery failed: create maildir file /home/bob/tmp/1: Permission denied", local},
		{`Command died with signal 9: "kill -9 $$"`, local},
		{"alias database unavailable", local},

		{"", RemoteEnd{}},
		{"connect to mx.example.com: no route", RemoteEnd{}},
		{"connect to ", RemoteEnd{}},
		{"said by connect to mx.example.com[192.0.2.1]:25: x", RemoteEnd{}},
		{"Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again", RemoteEnd{}},
		{"mail transport unavailable", RemoteEnd{}},
		{"Cannot start TLS: handshake failure", RemoteEnd{}},
	} {
		got, ok := RelayOf(c.text)
		if got != c.want || ok != (c.want != RemoteEnd{}) {
			t.Errorf("%q: %+v %v, want %+v", c.text, got, ok, c.want)
		}
	}
}
