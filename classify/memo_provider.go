package classify

import (
	"hash/maphash"
	"slices"

	"postfix_exporter/maillog"
)

// Provider is that of a Set.
func (m *Memo) Provider(s *Set, d *maillog.DeliveryRecord) string {
	m.use(s)
	if p := notRemote(&d.Relay); p != "" {
		return p
	}
	t := &s.providers
	if p := m.hosts.provider(t.hosts, t.names, d.Relay.Name); p != "" {
		return p
	}
	if p := m.domains.provider(t.domains, t.names, domainOf(d.To)); p != "" {
		return p
	}
	return ProviderOther
}

// A nameMemory holds the providers of the last names, in 32 kB: each delivery asks
// for one.
type nameMemory struct {
	seed  maphash.Seed
	slots []rememberedName // none until the first question
}

const nameMemorySize = 1 << 9

type rememberedName struct {
	provider uint16   // its place in the names of all; no place: none
	size     uint8    // of the name; 0: nothing here
	name     [61]byte // a longer one is not remembered
}

// provider is what longestSuffix finds.
func (m *nameMemory) provider(table map[string]string, names []string, name string) string {
	if len(table) == 0 || name == "" || len(name) > len(rememberedName{}.name) {
		return longestSuffix(table, name)
	}
	if m.slots == nil {
		m.grow(nameMemorySize)
	}
	known := &m.slots[maphash.String(m.seed, name)&uint64(len(m.slots)-1)]
	if string(known.name[:known.size]) != name {
		i, found := slices.BinarySearch(names, longestSuffix(table, name))
		if !found {
			i = len(names)
		}
		known.size, known.provider = uint8(copy(known.name[:], name)), uint16(i)
	}
	if int(known.provider) == len(names) {
		return ""
	}
	return names[known.provider]
}

// grow makes room for names, a power of two.
func (m *nameMemory) grow(size int) {
	m.seed = maphash.MakeSeed()
	m.slots = make([]rememberedName, size)
}

func (m *nameMemory) forget() { clear(m.slots) }
