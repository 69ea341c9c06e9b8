package maillog

import "strings"

// The envelope: what stands before Postfix's own text. Syslog daemons, postlogd
// (util/msg_logger.c), journald and container runtimes write it, sometimes one
// inside the other.

// maxEnvelopes is how many may be nested: a container runtime's around a
// relay's around postlogd's.
const maxEnvelopes = 3

// envelope takes the envelope off and reads it. ok is false without a stamp or
// where no tag of Postfix follows.
func (p *Parser) envelope(s string, e *Event) (text string, t *tag, ok bool) {
	if len(s) > 0 && s[0] == '{' {
		if s, ok = p.unwrapDocker(s, e); !ok {
			return s, nil, false
		}
	}
	s = cutPriority(s)
	if rest, ok := cutPrefix(s, "1 "); ok {
		return p.rfc5424(rest, e)
	}
	return p.stamped(s, e)
}

// stamped reads "STAMP HOST TAG: TEXT", in which the host may be absent.
func (p *Parser) stamped(s string, e *Event) (text string, t *tag, ok bool) {
	for range maxEnvelopes {
		rest, stamped := p.cutStamp(s, e)
		if !stamped {
			break
		}
		s = cutStreamMark(rest)
		if _, nested := p.cutStamp(s, e); nested {
			continue
		}
		marked := len(s) < len(rest)
		word, rest := cutWord(s)
		if t, ok = p.readTag(word, e); ok {
			return cutSolarisID(rest), t, t.postfix
		}
		if marked { // any program of the container may write so
			break
		}
		e.Host, s = word, rest
		word, rest = cutWord(s)
		if t, ok = p.readTag(word, e); ok {
			return cutSolarisID(rest), t, t.postfix
		}
	}
	return s, nil, false
}

// cutPriority takes a syslog priority, "<22>".
func cutPriority(s string) string {
	if len(s) < 3 || s[0] != '<' {
		return s
	}
	if n, rest, ok := cutNumber(s[1:]); ok && n < 192 && rest != "" && rest[0] == '>' {
		return rest[1:]
	}
	return s
}

// tagLimit is where rsyslog's forward formats cut a tag (RFC 3164 section 4.1.3).
const tagLimit = 32

// readTag reads "name[pid]:" or "name:".
func (p *Parser) readTag(word string, e *Event) (t *tag, ok bool) {
	if word == "" || word[len(word)-1] != ':' {
		if len(word) == tagLimit {
			return p.readCutTag(word, e)
		}
		return nil, false
	}
	name := word[:len(word)-1]
	e.PID = Unread
	if n := len(name); n > 0 && name[n-1] == ']' {
		pid, bare, ok := cutNumberBack(name[:n-1])
		if n = len(bare); ok && n > 0 && bare[n-1] == '[' {
			name, e.PID = bare[:n-1], int(pid)
		}
	}
	if name == "" {
		return nil, false
	}
	return p.tags.get(name), true
}

// readCutTag reads "name[123456", of which the rest was cut off. The name is whole; of
// the pid nobody knows without its bracket.
func (p *Parser) readCutTag(word string, e *Event) (t *tag, ok bool) {
	whole := strings.TrimSuffix(word, "]")
	pid, bare, ok := cutNumberBack(whole)
	n := len(bare)
	if !ok || n < 2 || bare[n-1] != '[' {
		return nil, false
	}
	if e.PID = Unread; len(whole) < len(word) {
		e.PID = int(pid)
	}
	return p.tags.get(bare[:n-1]), true
}

// cutSolarisID takes "[ID 197553 mail.info] " of Solaris' sysklogd.
func cutSolarisID(s string) string {
	if rest, ok := cutPrefix(s, "[ID "); ok {
		if end := strings.Index(rest, "] "); end >= 0 && end < 40 {
			return rest[end+2:]
		}
	}
	return s
}

// rfc5424 reads "STAMP HOST APP-NAME PROCID MSGID STRUCTURED-DATA MSG"
// (RFC 5424 section 6), the version taken off.
func (p *Parser) rfc5424(s string, e *Event) (string, *tag, bool) {
	s, ok := p.cutStamp(s, e)
	if !ok {
		if s, ok = cutPrefix(s, "- "); !ok { // NILVALUE
			return s, nil, false
		}
	}
	var app, pid string
	if e.Host, s = cutWord(s); e.Host == "-" { // NILVALUE
		e.Host = ""
	}
	app, s = cutWord(s)
	pid, s = cutWord(s)
	_, s = cutWord(s) // MSGID
	if app == "" {
		return s, nil, false
	}
	e.PID = int(number(pid))
	s, ok = cutStructuredData(s)
	t := p.tags.get(app)
	if t.lost != nil {
		t = t.lost
	}
	return strings.TrimPrefix(s, "\xef\xbb\xbf"), t, ok && t.postfix
}

// cutStructuredData takes "-" or "[id name="value"]..." and the blank behind it.
func cutStructuredData(s string) (string, bool) {
	if rest, ok := cutPrefix(s, "-"); ok {
		return strings.TrimPrefix(rest, " "), true
	}
	for strings.HasPrefix(s, "[") {
		end := structuredEnd(s)
		if end < 0 {
			return s, false
		}
		s = s[end:]
	}
	return strings.TrimPrefix(s, " "), true
}

// structuredEnd is behind the "]" that ends an element; "\" escapes in values.
func structuredEnd(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i + 1
		}
	}
	return -1
}
