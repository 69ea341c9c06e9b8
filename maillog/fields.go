package maillog

import "strings"

// The field list at the end of access decisions and content checks.

// fieldList is " from=<F> to=<T> proto=P helo=<H> sasl_method=M
// sasl_username=U sasl_sender=S"; each may be absent. postscreen writes commas
// between them.
type fieldList struct {
	from, to, proto, helo string
	hasFrom               bool
	sasl                  SASLRecord
}

func (e *Event) setFields(f *fieldList) {
	r := &e.Restriction
	r.From, r.To, r.Proto, r.Helo, r.HasFrom = f.from, f.to, f.proto, f.helo, f.hasFrom
	e.SASL = f.sasl
}

// How much of a field list is taken on trust.
type fieldRules struct {
	address bool // strict or raw
	helo    heloRule
	sender  senderRule
}

// senderRule is about a sasl_sender, which is client text to the line's end.
type senderRule uint8

const (
	noSender    senderRule = iota
	plainSender            // without blanks
	anySender
)

func (r senderRule) allows(sender string) bool {
	return sender == "" || r == anySender || r == plainSender && strings.IndexByte(sender, ' ') < 0
}

type heloRule func(c byte) bool

// The rules, most trusted first: smtpd neuters the HELO name once it was
// accepted (smtpd.c NEUTER_CHARACTERS); postscreen logs one raw word; a
// sasl_sender swallows what it likes; a HELO that is itself refused is raw;
// addresses are raw before Postfix 3.5.
var fieldRulesInOrder = [...]fieldRules{
	{strict, isNeutered, noSender},
	{strict, func(c byte) bool { return c != ' ' }, noSender},
	{strict, isNeutered, plainSender},
	{strict, isNeutered, anySender},
	{strict, isAny, anySender},
	{raw, isAny, anySender},
}

func isNeutered(c byte) bool { return strings.IndexByte(" <>()\\\";@", c) < 0 }

func isAny(byte) bool { return true }

// splitFields parts the text and the field list at the rightmost ";" behind which
// everything to the end of the line is fields.
func (e *Event) splitFields(s string) (text string, f fieldList) {
	for _, rules := range fieldRulesInOrder {
		if text, f, ok := e.splitBy(rules, s); ok {
			return text, f
		}
	}
	return s, f
}

// splitBy prefers a list that names what the text is about: with a sasl_sender
// inside, a list in a quoted address reaches to the end, too.
func (e *Event) splitBy(rules fieldRules, s string) (text string, list fieldList, ok bool) {
	for i := strings.LastIndexByte(s, ';'); i >= 0; i = strings.LastIndexByte(s[:i], ';') {
		f, rest, whole := cutFields(s[i+1:], rules)
		if !whole || rest != "" {
			continue
		}
		if _, fits := e.about(s[:i], &f); fits {
			return s[:i], f, true
		}
		if !ok {
			text, list, ok = s[:i], f, true
		}
	}
	return text, list, ok
}

// cutFields takes a field list; it must have a field.
func cutFields(s string, rules fieldRules) (f fieldList, rest string, ok bool) {
	all := s
	if f.from, s, f.hasFrom, ok = cutAddressField(s, "from=<", rules); !ok {
		return f, s, false
	}
	if f.to, s, _, ok = cutAddressField(s, "to=<", rules); !ok {
		return f, s, false
	}
	if v, found := cutField(s, "proto="); found {
		if f.proto, s = cutProto(v); f.proto == "" {
			return f, s, false
		}
	}
	if v, found := cutField(s, "helo=<"); found {
		if f.helo, s, ok = cutHelo(v, rules.helo); !ok {
			return f, s, false
		}
	}
	if f.proto != "" { // smtpd always writes it before a login
		if s, ok = f.sasl.cut(s); !ok || !rules.sender.allows(f.sasl.Sender) {
			return f, s, false
		}
	}
	return f, s, len(s) < len(all)
}

// cutField takes " key" or ", key".
func cutField(s, key string) (rest string, ok bool) {
	if rest, ok = cutPrefix(s, ","); ok {
		s = rest
	}
	if rest, ok = cutPrefix(s, " "); !ok {
		return s, false
	}
	return cutPrefix(rest, key)
}

// cutAddressField takes an address field that may be absent; ok is false where it
// is there and can't be read.
func cutAddressField(s, key string, rules fieldRules) (addr, rest string, found, ok bool) {
	v, found := cutField(s, key)
	if !found {
		return "", s, false, true
	}
	addr, rest, ok = cutAddress(v, followsField, rules.address)
	return addr, rest, true, ok
}

func followsField(rest string) bool {
	return rest == "" || rest[0] == ' ' || strings.HasPrefix(rest, ", ") || strings.HasPrefix(rest, ": ")
}

// cutProto takes SMTP, ESMTP, QMQP; it is "?" where the client never said.
func cutProto(s string) (proto, rest string) {
	i := 0
	for i < len(s) && (s[i] >= 'A' && s[i] <= 'Z' || s[i] == '?') {
		i++
	}
	return s[:i], s[i:]
}

// cutHelo takes a HELO name. The ">" that ends it is the last one that the fields
// behind it allow.
func cutHelo(s string, allowed heloRule) (helo, rest string, ok bool) {
	for end := len(s); end > 0; {
		end = strings.LastIndexByte(s[:end], '>')
		if end < 0 {
			break
		}
		if rest = s[end+1:]; !followsHelo(rest) {
			continue
		}
		helo, ok = s[:end], true
		for i := 0; i < len(helo) && ok; i++ {
			ok = allowed(helo[i])
		}
		if ok {
			return helo, rest, true
		}
	}
	return "", s, false
}

func followsHelo(rest string) bool {
	return rest == "" || strings.HasPrefix(rest, " sasl_") || strings.HasPrefix(rest, ": ")
}

// cut takes the login's fields. A user name has no < or > beside milter lines'
// <U>; a sasl_sender is the client's own text, whether it logged in or not, and
// reaches to the end.
func (r *SASLRecord) cut(s string) (rest string, ok bool) {
	if v, found := cutField(s, "sasl_method="); found {
		r.Method, s = cutTo(v, " sasl_username=", " sasl_sender=")
	}
	if v, found := cutField(s, "sasl_username="); found {
		r.Username, s = cutTo(v, " sasl_sender=")
		r.Username = strings.TrimSuffix(strings.TrimPrefix(r.Username, "<"), ">")
	}
	if v, found := cutField(s, "sasl_sender="); found {
		r.Sender, s = v, ""
	}
	return s, !strings.ContainsAny(r.Username, "<>") && !strings.ContainsAny(r.Method, "<>")
}

// cutTo takes up to the first of the marks, or all.
func cutTo(s string, marks ...string) (value, rest string) {
	for _, mark := range marks {
		if i := strings.Index(s, mark); i >= 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}
