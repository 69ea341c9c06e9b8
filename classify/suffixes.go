package classify

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// compileProviders makes the table of host names' and domains' ends.
func (c *contents) compileProviders() providerTable {
	t := providerTable{hosts: map[string]string{}, domains: map[string]string{}}
	owner := map[string]string{}
	names := map[string]bool{ProviderLocal: true, ProviderNone: true, ProviderOther: true}
	for _, p := range c.providers {
		c.file = p.file
		if !isName(p.name.text) || slices.Contains([]string{ProviderLocal, ProviderNone, ProviderOther}, p.name.text) {
			c.fault(p.name.line, "%q can't be a provider's name: lower-case letters, digits and dashes, and not local, none or other", p.name.text)
			continue
		}
		names[p.name.text] = true
		c.addSuffixes(t.hosts, "host ", p.name.text, p.hosts, owner)
		c.addSuffixes(t.domains, "domain ", p.name.text, p.domains, owner)
	}
	if len(names) > maxProviders {
		c.fault(0, "%d providers are more than %d", len(names), maxProviders)
	}
	t.names = slices.Sorted(maps.Keys(names))
	return t
}

// addSuffixes: the first file that names a host or a domain has it, so that
// users can move one.
func (c *contents) addSuffixes(table map[string]string, what, provider string, suffixes []located, owner map[string]string) {
	for _, s := range suffixes {
		name := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s.text), "*"), ".")
		name = strings.TrimSuffix(name, ".")
		key := what + name
		switch before, taken := owner[key]; {
		case name == "" || len(name) > maxName || slices.Contains(strings.Split(name, "."), "") || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "":
			c.fault(s.line, "provider %q: %q is no host name", provider, s.text)
		case taken && strings.HasPrefix(before, c.file+":"):
			c.fault(s.line, "provider %q: %s%s is declared already at %s", provider, what, name, before)
		case !taken:
			table[name] = provider
			owner[key] = fmt.Sprintf("%s:%d", c.file, s.line)
		}
	}
}
