package classify

import (
	"strings"

	"postfix_exporter/maillog"
)

// Providers that no rule needs to name.
const (
	ProviderLocal = "local" // delivered on this host
	ProviderNone  = "none"  // no server was reached
	ProviderOther = "other"
)

// providerTable finds providers by the end of a name.
type providerTable struct {
	hosts, domains map[string]string // suffix, in lower case: provider
	names          []string          // of all, sorted
}

// maxName is the longest host name: RFC 1035 section 2.3.4.
const maxName = 255

// of names who has a host, else who has a domain.
func (t *providerTable) of(host, domain string) string {
	if p := longestSuffix(t.hosts, host); p != "" {
		return p
	}
	if p := longestSuffix(t.domains, domain); p != "" {
		return p
	}
	return ProviderOther
}

// longestSuffix cuts at dots only: notgoogle.com is not google.com.
func longestSuffix(table map[string]string, name string) string {
	var lower [maxName]byte
	if len(name) > maxName || len(table) == 0 {
		return ""
	}
	name = strings.TrimSuffix(name, ".")
	for i := range len(name) {
		lower[i] = name[i]
		if c := name[i]; c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	for i := 0; i < len(name); {
		if p := table[string(lower[i:len(name)])]; p != "" {
			return p
		}
		dot := strings.IndexByte(name[i:], '.')
		if dot < 0 {
			return ""
		}
		i += dot + 1
	}
	return ""
}

// Provider names who received, or would have received, the mail: "local" for
// delivery on this host (a content filter on a loopback address too), "none"
// where no server was reached. The name of the server counts first, then the
// recipient's domain.
func (s *Set) Provider(d *maillog.DeliveryRecord) string {
	if p := notRemote(&d.Relay); p != "" {
		return p
	}
	return s.providers.of(d.Relay.Name, domainOf(d.To))
}

// notRemote is "none" or "local", or "" of a remote server.
func notRemote(r *maillog.RemoteEnd) string {
	switch {
	case r.Name == "none" && r.Addr == "":
		return ProviderNone
	case r.Addr == "" || r.IsSocket() || strings.HasPrefix(r.Addr, "127.") || r.Addr == "::1":
		return ProviderLocal
	}
	return ""
}

// domainOf is what stands behind the last @ of an address.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
