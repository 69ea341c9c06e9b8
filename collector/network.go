package collector

import (
	"encoding/binary"
	"net/netip"

	"postfix_exporter/checkpoint"
)

// The networks that unclassified replies come from.

// A network is what one party mostly has at the least: it has held templates.
type network struct {
	prefix netip.Prefix
	held   int
}

// The bits of an address that are its network's.
const (
	bits4 = 24
	bits6 = 48
)

// networkOf is the network of an address.
func (u *unclassified) networkOf(address string) *network {
	var prefix netip.Prefix // stays zero for what is no address
	if a, err := netip.ParseAddr(address); err == nil {
		bits := bits6
		if a = a.Unmap(); a.Is4() {
			bits = bits4
		}
		prefix, _ = a.Prefix(bits) // both are in range
	}
	return u.networkAt(prefix)
}

func (u *unclassified) networkAt(prefix netip.Prefix) *network {
	n := u.networks[prefix]
	if n == nil {
		n = &network{prefix: prefix}
		u.networks[prefix] = n
	}
	return n
}

// A network in a state: the bits of its address that count, and before them of
// which version of IP they are, 0 for none.
const (
	noIP = 0
	ip4  = 4
	ip6  = 6
)

func savePrefix(to *checkpoint.Encoder, p netip.Prefix) {
	switch a := p.Addr(); {
	case !p.IsValid():
		to.Uint(noIP)
	case a.Is4():
		b := a.As4()
		to.Uint(ip4)
		to.Uint(uint64(binary.BigEndian.Uint32(b[:])) >> (32 - bits4))
	default:
		b := a.As16()
		to.Uint(ip6)
		to.Uint(binary.BigEndian.Uint64(b[:]) >> (64 - bits6))
	}
}

func (r *restorer) prefix() netip.Prefix {
	switch version := r.upTo(ip6); version {
	case noIP:
	case ip4:
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(r.upTo(1<<bits4-1)<<(32-bits4)))
		return netip.PrefixFrom(netip.AddrFrom4(b), bits4)
	case ip6:
		var b [16]byte
		binary.BigEndian.PutUint64(b[:], r.upTo(1<<bits6-1)<<(64-bits6))
		return netip.PrefixFrom(netip.AddrFrom16(b), bits6)
	default:
		r.Fail("there is no IP version %d", version)
	}
	return netip.Prefix{}
}
