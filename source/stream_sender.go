// Who sent a message: the address that it came from.

package source

import (
	"net"
	"net/netip"

	"postfix_exporter/maillog"
)

// maxSenders is how many are known at once.
const maxSenders = 1024

// senders are those seen lately, so that one is made once for many messages.
type senders struct {
	last   netip.Addr
	sender *maillog.Sender // last's
	all    map[netip.Addr]*maillog.Sender
}

func (h *senders) get(a netip.Addr) *maillog.Sender {
	if a == h.last && h.sender != nil {
		return h.sender
	}
	s, ok := h.all[a]
	if !ok {
		if len(h.all) >= maxSenders || h.all == nil {
			h.all = make(map[netip.Addr]*maillog.Sender)
		}
		s = &maillog.Sender{Host: a.String()}
		h.all[a] = s
	}
	h.last, h.sender = a, s
	return s
}

// senderOf is who is at the other end of a connection.
func senderOf(c *net.TCPConn) *maillog.Sender {
	a, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	return &maillog.Sender{Host: a.Addr().Unmap().WithZone("").String()}
}
