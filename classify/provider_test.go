package classify

import (
	"slices"
	"strings"
	"testing"

	"postfix_exporter/maillog"
)

func TestProvider(t *testing.T) {
	const addr, port = "192.0.2.1", "25"
	s := load(t, "providers:\n  corp: {hosts: [mx.example.com], domains: ['*.example.net', .EXAMPLE.org]}\n  moved: {hosts: [alt.google.com, googlemail.com]}\n")
	for _, c := range []struct {
		relay maillog.RemoteEnd
		to    string
		want  string
	}{
		{maillog.RemoteEnd{Name: "none"}, "a@gmail.com", "none"},
		{maillog.RemoteEnd{Name: "local"}, "a@gmail.com", "local"},
		{maillog.RemoteEnd{Name: "dovecot"}, "a@gmail.com", "local"}, // a pipe(8) service
		{maillog.RemoteEnd{Name: "mx.google.com", Addr: "private/dovecot-lmtp"}, "", "local"},
		{maillog.RemoteEnd{Name: "localhost", Addr: "127.0.0.1", Port: "10024"}, "a@gmail.com", "local"},
		{maillog.RemoteEnd{Name: "localhost", Addr: "::1", Port: "24"}, "a@gmail.com", "local"},
		{maillog.RemoteEnd{Name: "mx.example.org", Addr: addr, Port: port}, "", "other"},
		{maillog.RemoteEnd{Name: "none", Addr: addr, Port: port}, "", "other"}, // a host may have that name

		{maillog.RemoteEnd{Name: "google.com", Addr: addr, Port: port}, "", "google"},
		{maillog.RemoteEnd{Name: "aspmx.l.GOOGLE.com", Addr: addr, Port: port}, "a@example.org", "google"},
		{maillog.RemoteEnd{Name: "aspmx.l.google.com.", Addr: addr, Port: port}, "", "google"},
		{maillog.RemoteEnd{Name: "notgoogle.com", Addr: addr, Port: port}, "", "other"},
		{maillog.RemoteEnd{Name: "google.com.example", Addr: addr, Port: port}, "", "other"},
		{maillog.RemoteEnd{Name: "x.alt.google.com", Addr: addr, Port: port}, "", "moved"},
		{maillog.RemoteEnd{Name: "mx.googlemail.com", Addr: addr, Port: port}, "", "moved"}, // ours by the first file
		{maillog.RemoteEnd{Name: "mx.example.com", Addr: addr, Port: port}, "a@gmail.com", "corp"},
		{maillog.RemoteEnd{Name: "unknown", Addr: addr, Port: port}, "a@gmail.com", "google"},
		{maillog.RemoteEnd{Name: "unknown", Addr: addr, Port: port}, `"a@gmail.com"@x.example.net`, "corp"},
		{maillog.RemoteEnd{Name: "unknown", Addr: addr, Port: port}, "a@Example.Org", "corp"},
		{maillog.RemoteEnd{Name: strings.Repeat("a.", 130) + "google.com", Addr: addr, Port: port}, "", "other"},
		{maillog.RemoteEnd{Name: "..google.com", Addr: addr, Port: port}, "", "google"},
		{maillog.RemoteEnd{Name: ".", Addr: addr, Port: port}, "@", "other"},
	} {
		d := maillog.DeliveryRecord{Relay: c.relay, To: c.to}
		if got := s.Provider(&d); got != c.want {
			t.Errorf("%+v to %s: %q, want %q", c.relay, c.to, got, c.want)
		}
		if got := s.JudgeDelivery(&d).Provider; got != c.want {
			t.Errorf("%+v to %s: judged as of %q, want %q", c.relay, c.to, got, c.want)
		}
	}
}

// The label's values are known before anything is judged.
func TestProviders(t *testing.T) {
	want := []string{"google", "local", "mailru", "none", "other"}
	if got := load(t, "").Providers(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	want = []string{"local", "none", "other"}
	if got := new(Set).Providers(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := new(Set).Provider(&maillog.DeliveryRecord{Relay: maillog.RemoteEnd{Name: "mx.google.com", Addr: "192.0.2.1"}}); got != "other" {
		t.Errorf("%q", got)
	}
}
