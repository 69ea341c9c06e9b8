package showq

// What is known so far of the message that is being read, from either format.

// field is one that we know of a message or a recipient.
type field uint8

const (
	unknown    field = iota // is dropped
	memberName              // of JSON
	protocol
	queueName // of a message, from here
	queueID
	arrived
	size
	forced
	sender
	address // of a recipient, from here
	reason
	logClass
	fields
)

func (f field) ofMessage() bool   { return f >= queueName && f < address }
func (f field) ofRecipient() bool { return f >= address }

// draft is one message. The values are copied here, because those of a message
// are needed until its last recipient was told of.
type draft struct {
	visitor Visitor
	result  *Result
	m       Message
	r       Recipient
	values  [fields][]byte
	seen    uint16 // which fields, a bit each
	cut     uint16 // which were too long
	told    bool   // the visitor knows of the message
}

func (d *draft) has(f field) bool { return d.seen&(1<<f) != 0 }

// begin makes room for the value of a field. A field of a recipient that is
// already known belongs to the next recipient: nothing else separates them.
func (d *draft) begin(f field) error {
	switch {
	case f.ofRecipient():
		if err := d.tellMessage(); err != nil {
			return err
		}
		if d.has(f) {
			if err := d.tellRecipient(); err != nil {
				return err
			}
		}
	case f.ofMessage() && d.told:
		return malformed("a message goes on behind its recipients")
	case f.ofMessage() && d.has(f):
		return malformed("a message has two values of one kind")
	}
	d.clear(f)
	return nil
}

func (d *draft) clear(f field) {
	d.values[f] = d.values[f][:0]
	d.seen |= 1 << f
	d.cut &^= 1 << f
}

// add is more of the value of a field. What is too long is cut.
func (d *draft) add(f field, b []byte) {
	if f == unknown {
		return
	}
	if room := MaxValue - len(d.values[f]); len(b) > room {
		b = b[:room]
		if d.cut&(1<<f) == 0 {
			d.cut |= 1 << f
			d.result.Cut++
		}
	}
	d.values[f] = append(d.values[f], b...)
}

// tellMessage tells of the message, once.
func (d *draft) tellMessage() error {
	if d.told {
		return nil
	}
	if !d.has(queueName) || !d.has(queueID) {
		return malformed("a message has no queue, or no queue id")
	}
	d.m = Message{
		Queue:   queueOf(d.text(queueName)),
		ID:      d.text(queueID),
		Arrived: d.time(arrived),
		Size:    d.number(size),
		Forced:  d.flag(forced),
		Sender:  d.text(sender),
	}
	d.told = true
	d.result.Messages++
	d.visitor.Message(&d.m)
	return nil
}

// tellRecipient tells of the recipient, if there is one.
func (d *draft) tellRecipient() error {
	const all = 1<<address | 1<<reason | 1<<logClass
	if d.seen&all == 0 {
		return nil
	}
	if !d.has(address) {
		return malformed("a recipient has no address")
	}
	d.r = Recipient{
		Address: d.text(address),
		Reason:  d.text(reason),
		Bounced: d.text(logClass) == "bounce", // mail_queue.h: MAIL_QUEUE_BOUNCE
	}
	d.seen &^= all
	d.result.Recipients++
	d.visitor.Recipient(&d.m, &d.r)
	return nil
}

// end is the end of a message.
func (d *draft) end() error {
	if err := d.tellMessage(); err != nil {
		return err
	}
	err := d.tellRecipient()
	d.seen, d.told = 0, false
	return err
}
