package showq

// The answer of showq(8): showq.c writes it, showq_json.c reads it.
//
//	list      = [ "protocol" "mail_queue_list_protocol" END ] message… END
//	message   = attribute… recipient… END
//	recipient = attribute…
//
// The protocol's name comes since 3.6, forced_expire since 3.5, original_recipient
// and log_class since 3.11.

import "bufio"

// protocolName is MAIL_ATTR_PROTO_SHOWQ.
const protocolName = "mail_queue_list_protocol"

// fieldOf knows attributes by their names (mail_proto.h).
func fieldOf(name []byte) field {
	switch string(name) {
	case "recipient":
		return address
	case "reason":
		return reason
	case "log_class":
		return logClass
	case "queue_name":
		return queueName
	case "queue_id":
		return queueID
	case "time":
		return arrived
	case "size":
		return size
	case "forced_expire":
		return forced
	case "sender":
		return sender
	case "protocol":
		return protocol
	}
	return unknown
}

// readList reads a list to its end mark.
func readList(b *bufio.Reader, d *draft) error {
	if err := checkStart(b); err != nil {
		return err
	}
	a := attrReader{b}
	empty := true // since the last end mark
	for {
		name, err := a.name()
		if err != nil {
			return err
		}
		if len(name) > 0 {
			empty = false
			if err := readAttribute(a, fieldOf(name), d); err != nil {
				return err
			}
			continue
		}
		if empty {
			return nil
		}
		if err := endRecord(d); err != nil {
			return err
		}
		empty = true
	}
}

// checkStart tells at the first byte whether this can be a list: who waits for
// us to speak, as SMTP servers do, would never come to an end of a name.
func checkStart(b *bufio.Reader) error {
	start, err := b.Peek(1)
	switch {
	case err != nil:
		return cutShort(err)
	case start[0] == '-' || start[0] == 'M': // "-Queue ID-", "Mail queue is empty"
		return errTooOld
	case start[0] != 0 && (start[0] < 'a' || start[0] > 'z'):
		return malformed("who answers is not Postfix's showq: correct the address")
	}
	return nil
}

func readAttribute(a attrReader, f field, d *draft) error {
	if err := d.begin(f); err != nil {
		return err
	}
	return a.value(d, f)
}

// endRecord is an end mark behind attributes: of a message, of the protocol's
// name, or of what is not known yet.
func endRecord(d *draft) error {
	switch known := d.seen &^ (1 << unknown); {
	case known == 0:
		d.seen = 0
		return nil
	case known&(1<<protocol) == 0:
		return d.end()
	case known != 1<<protocol:
		return malformed("a message has a protocol's name")
	case d.text(protocol) != protocolName:
		return malformed("who answers is another service of Postfix than showq: correct the address")
	}
	d.seen = 0
	return nil
}
