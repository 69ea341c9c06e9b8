package maillog

import "strings"

// Delivery records: global/log_adhoc.c
//
//	to=<A>[, orig_to=<A>], relay=R[, conn_use=N], delay=T, delays=T/T/T/T
//	    [, tls=L], dsn=D, status=S (text)
//
// read strictly from left to right. Everything behind "status=S (" is the
// remote server's or an agent's text, to the end of the line.

// readDelivery reads a record; s begins with "to=".
func (e *Event) readDelivery(s string) Kind {
	e.Delivery = newRecord()
	if e.walkDelivery(s) {
		return Delivery
	}
	if e.Truncated || endsInAddress(s) { // cut before its status: a local part may be that long
		e.Delivery = newRecord()
		e.Delivery.Status = StatusTruncated
		return Delivery
	}
	if e.walkWider(s) {
		return Delivery
	}
	e.Delivery = DeliveryRecord{}
	return Unrecognized
}

func newRecord() DeliveryRecord {
	return DeliveryRecord{ConnUse: Unread, Delay: Unread, Delays: [4]float64{Unread, Unread, Unread, Unread}}
}

func (e *Event) walkDelivery(s string) bool {
	rest, ok := e.cutRecipients(s)
	return ok && e.Delivery.walk(rest)
}

// walk reads the fields from ", relay=" on.
func (d *DeliveryRecord) walk(s string) bool {
	s, ok := cutPrefix(s, ", relay=")
	if !ok {
		return false
	}
	if d.Relay, s, ok = cutRelay(s); !ok {
		return false
	}
	for {
		if s, ok = cutPrefix(s, ", "); !ok {
			return false
		}
		eq := keyEnd(s)
		if eq < 0 {
			return false
		}
		key, value := s[:eq], s[eq+1:]
		if key == "status" {
			return d.readStatus(value)
		}
		end := valueEnd(value)
		if end < 0 {
			return false
		}
		d.set(key, value[:end])
		s = value[end:]
	}
}

// keyEnd is where the "=" behind a run of [a-z_] stands, or -1.
func keyEnd(s string) int {
	for i := 0; i < len(s) && i < 24; i++ {
		c := s[i]
		if c == '=' {
			return i
		}
		if (c < 'a' || c > 'z') && c != '_' {
			return -1
		}
	}
	return -1
}

// valueEnd is where the comma behind a value stands, -1 if it is no value of
// Postfix's.
func valueEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ',':
			return i
		case ' ', '(', ')', '<', '>', '[', ']':
			return -1
		}
	}
	return -1
}

// set takes one field between relay= and status=. Unknown ones are passed over:
// tls= came with 3.11.
func (d *DeliveryRecord) set(key, value string) {
	switch key {
	case "conn_use":
		d.ConnUse = int(number(value))
	case "delay":
		d.Delay = seconds(value)
	case "delays":
		d.setDelays(value)
	case "dsn":
		d.DSN = value
	case "tls":
		d.TLS = value
	}
}

func (d *DeliveryRecord) setDelays(s string) {
	for i := range d.Delays {
		stage, rest, more := strings.Cut(s, "/")
		if more == (i == len(d.Delays)-1) {
			d.Delays = [4]float64{Unread, Unread, Unread, Unread}
			return
		}
		d.Delays[i], s = seconds(stage), rest
	}
}

// readStatus reads "sent (text)". One ")" at the end is log_adhoc's; without it
// the text was cut.
func (d *DeliveryRecord) readStatus(s string) bool {
	word, text, ok := strings.Cut(s, " (")
	if !ok || word == "" || strings.IndexByte(word, ' ') >= 0 {
		return false
	}
	d.StatusText, d.Status = word, statusOf(word)
	d.Text = strings.TrimSuffix(text, ")")
	return true
}

func statusOf(word string) Status {
	switch word {
	case "sent":
		return Sent
	case "deferred":
		return Deferred
	case "bounced":
		return Bounced
	case "SOFTBOUNCE":
		return SoftBounced
	case "deliverable":
		return Deliverable
	case "undeliverable", "undeliverable-but-not-cached":
		return Undeliverable
	}
	return StatusOther
}

// String is the status as the label of postfix_deliveries_total has it.
func (s Status) String() string {
	return [...]string{"other", "sent", "deferred", "bounced", "soft_bounced",
		"deliverable", "undeliverable", "truncated"}[s]
}

// cutRelay takes a relay: host[address]:port, host[socket], a word, and, from
// rewritten logs, word:port.
func cutRelay(s string) (r RemoteEnd, rest string, ok bool) {
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != ',' && s[i] != '[' && s[i] != ']' {
		i++
	}
	if i < len(s) && s[i] == '[' {
		return cutRemote(s)
	}
	if i == len(s) {
		return r, s, false
	}
	r.Name = s[:i]
	if colon := strings.IndexByte(r.Name, ':'); colon >= 0 {
		r.Name, r.Port = s[:colon], s[colon+1:i]
	}
	return r, s[i:], true
}
