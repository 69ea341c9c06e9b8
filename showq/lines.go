package showq

import (
	"bufio"
	"io"
)

// maxDepth bounds how deep objects that we skip may be nested.
const maxDepth = 32

// memberOf knows the members of a message by their names (showq_json.c).
func memberOf(name string) field {
	switch name {
	case "queue_name":
		return queueName
	case "queue_id":
		return queueID
	case "arrival_time":
		return arrived
	case "message_size":
		return size
	case "forced_expire":
		return forced
	case "sender":
		return sender
	}
	return unknown
}

// recipientMemberOf knows those of a recipient. There is one reason at most.
func recipientMemberOf(name string) field {
	switch name {
	case "address":
		return address
	case "delay_reason", "bounce_reason", "other_reason":
		return reason
	}
	return unknown
}

// lineReader reads messages from what postqueue -j prints.
type lineReader struct {
	jsonReader
	d *draft
}

// readLines reads all messages. There is no end mark: whether they are all, the
// exit status tells.
func readLines(b *bufio.Reader, d *draft) error {
	l := &lineReader{jsonReader: jsonReader{b}, d: d}
	for {
		c, err := l.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case c != '{':
			return malformed("it prints something else than JSON objects")
		}
		if err := l.members(l.messageMember); err != nil {
			return err
		}
		if err := d.end(); err != nil {
			return err
		}
	}
}

// members reads an object behind its first brace.
func (l *lineReader) members(read func() error) error {
	for first := true; ; first = false {
		more, err := l.more(first, '}')
		if err != nil || !more {
			return err
		}
		l.d.clear(memberName)
		if err := l.text(l.d, memberName); err != nil {
			return err
		}
		if err := l.want(':'); err != nil {
			return err
		}
		if err := read(); err != nil {
			return err
		}
	}
}

func (l *lineReader) messageMember() error {
	name := l.d.text(memberName)
	if name == "recipients" {
		return l.recipients()
	}
	return l.value(memberOf(name))
}

func (l *lineReader) recipients() error {
	if err := l.want('['); err != nil {
		return err
	}
	if err := l.d.tellMessage(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := l.more(first, ']')
		if err != nil || !more {
			return err
		}
		if err := l.want('{'); err != nil {
			return err
		}
		if err := l.members(l.recipientMember); err != nil {
			return err
		}
		if err := l.d.tellRecipient(); err != nil {
			return err
		}
	}
}

func (l *lineReader) recipientMember() error {
	name := l.d.text(memberName)
	if name == "bounce_reason" {
		if err := l.d.begin(logClass); err != nil {
			return err
		}
		l.d.add(logClass, []byte("bounce"))
	}
	return l.value(recipientMemberOf(name))
}
