package classify

import (
	"testing"

	"postfix_exporter/maillog"
)

func TestProvider(t *testing.T) {
	for _, c := range []struct {
		relay maillog.RemoteEnd
		want  string
	}{
		{maillog.RemoteEnd{Name: "none"}, "none"},
		{maillog.RemoteEnd{Name: "local"}, "local"},
		{maillog.RemoteEnd{Name: "dovecot"}, "local"}, // a pipe(8) service
		{maillog.RemoteEnd{Name: "mx.example.com", Addr: "private/dovecot-lmtp"}, "local"},
		{maillog.RemoteEnd{Name: "mx.example.com", Addr: "192.0.2.1", Port: "25"}, "other"},
		{maillog.RemoteEnd{Name: "none", Addr: "192.0.2.1", Port: "25"}, "other"}, // a host may have that name
	} {
		if got := new(Set).Provider(&maillog.DeliveryRecord{Relay: c.relay}); got != c.want {
			t.Errorf("provider of %+v is %q, want %q", c.relay, got, c.want)
		}
	}
}
