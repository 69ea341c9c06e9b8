package maillog

import "strings"

// cleanup(8): a message enters the queue.

// readCleanup reads cleanup's sentences (cleanup/cleanup_message.c,
// cleanup/cleanup_milter.c).
func readCleanup(e *Event, s string) Kind {
	if id, ok := cutPrefix(s, "message-id="); ok {
		e.Message.ID = id
		return MessageID
	}
	if id, ok := cutPrefix(s, "resent-message-id="); ok {
		e.Message.ID, e.Message.Resent = id, true
		return MessageID
	}
	if e.QueueID == "" {
		return Unrecognized
	}
	if removed, ok := cutPrefix(s, "removed"); ok { // "(canceled)", "(discarded)" since 3.10
		if removed == "" || removed[0] == ' ' {
			return Removed
		}
	}
	if kind := e.readContentCheck(s); kind != Unrecognized {
		return kind
	}
	return e.readRestriction(s)
}

// readContentCheck reads what header_checks, body_checks and milters did:
//
//	ACTION: (header|body|content) CONTENT from N; from=<F>[ to=<T>][ proto=P][ helo=<H>][: TEXT]
//
// CONTENT is 200 bytes of the message. smtp_header_checks write no more than
// "ACTION: header CONTENT[: TEXT]" (smtp/smtp_proto.c).
func (e *Event) readContentCheck(s string) Kind {
	action, rest, ok := cutAction(s)
	if !ok || strings.IndexByte(action, '_') >= 0 {
		return Unrecognized
	}
	stage, rest, ok := strings.Cut(rest, " ")
	if !ok {
		return Unrecognized
	}
	switch stage {
	case "header", "body", "content", "mime-error":
	default:
		return Unrecognized
	}
	r := &e.Restriction
	r.Action, r.Stage = action, stage
	e.readContent(cutLength(rest))
	return ContentCheck
}

// readContent parts CONTENT from the client and the fields, at the rightmost
// " from N;" behind which the line parses to its end.
func (e *Event) readContent(s string) {
	r := &e.Restriction
	r.Text = s
	for _, rules := range fieldRulesInOrder {
		for i := lastFrom(s); i >= 0; i = lastFrom(s[:i]) {
			client, rest, ok := cutOrigin(s[i+len(" from "):])
			if !ok {
				continue
			}
			f, note, ok := cutFields(rest, rules)
			if !ok || note != "" && !strings.HasPrefix(note, ": ") {
				continue
			}
			e.Remote = client
			e.setFields(&f)
			r.Text, r.Note = s[:i], strings.TrimPrefix(note, ": ")
			return
		}
	}
}

func lastFrom(s string) int { return strings.LastIndex(s, " from ") }

// cutOrigin takes "N;" or "local;": where the message came from.
func cutOrigin(s string) (r RemoteEnd, rest string, ok bool) {
	if rest, ok = cutPrefix(s, "local;"); ok {
		return RemoteEnd{Name: "local"}, rest, true
	}
	if r, rest, ok = cutRemote(s); !ok || !isHostName(r.Name) {
		return r, s, false
	}
	rest, ok = cutPrefix(rest, ";")
	return r, rest, ok
}

// isHostName knows what passes util/valid_hostname.c, and "".
func isHostName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
