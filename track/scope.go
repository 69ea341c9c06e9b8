package track

import (
	"strings"

	"postfix_exporter/maillog"
)

// scope is where queue ids and process ids are unique.
type scope struct{ host, instance string }

// maxScopes bounds a scopeTable: hosts and instances.
const maxScopes = 4096

// scopeTable numbers scopes from 1 on. When it is full, further ones share a number.
type scopeTable struct {
	index map[scope]uint32
	list  []scope // in the order of their numbers
	last  scope   // asked for, and its number; 0: none yet
	known uint32
}

// number is that of the scope of an event.
func (t *scopeTable) number(e *maillog.Event) uint32 {
	s := scope{e.Host, e.Instance}
	if s == t.last && t.known != 0 {
		return t.known
	}
	s = scope{cutName(s.host), cutName(s.instance)}
	n, ok := t.index[s]
	if ok {
		s = t.list[n-1]
	} else {
		s = scope{strings.Clone(s.host), strings.Clone(s.instance)}
		n = t.add(s)
	}
	t.last, t.known = s, n
	return n
}

func (s *scope) isTooLong() bool { return len(s.host) > maxName || len(s.instance) > maxName }

func (t *scopeTable) add(s scope) uint32 {
	if len(t.list) >= maxScopes {
		return maxScopes + 1
	}
	t.list = append(t.list, s)
	n := uint32(len(t.list))
	t.index[s] = n
	return n
}

// has says whether the number was given to a scope.
func (t *scopeTable) has(n uint64) bool {
	return n >= 1 && (n <= uint64(len(t.list)) || n == maxScopes+1)
}
