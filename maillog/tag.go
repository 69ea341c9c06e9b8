package maillog

import "strings"

// The program tag: syslog_name, a slash, the executable's name
// (global/mail_task.c).

// tag is what a program's tag says.
type tag struct {
	name                      string
	number                    int // 0: not kept
	postfix                   bool
	instance, service, daemon string
	lost                      *tag   // nil: the daemon is in the name
	read                      reader // nil: not one of Postfix's executables
}

// UnknownDaemon is the daemon of lines whose envelope dropped its name.
const UnknownDaemon = "unknown"

// maxTags bounds the table. A host has a dozen tags; a log that holds more is
// hostile or broken, and then the further ones are read without being kept.
const maxTags = 512

// tagTable keeps the tags seen, so that names are strings of our own.
type tagTable struct {
	seen   map[string]*tag
	recent [32]*tag // by the name's length and last letters: most lines find theirs here
}

// get reads a tag's name, without its pid; name is not empty.
func (t *tagTable) get(name string) *tag {
	slot := &t.recent[(len(name)*4+int(name[len(name)-1])+int(name[len(name)/2]))%len(t.recent)]
	if *slot != nil && (*slot).name == name {
		return *slot
	}
	known, ok := t.seen[name]
	if !ok {
		known = newTag(strings.Clone(name))
		t.keep(known)
	}
	*slot = known
	return known
}

func (t *tagTable) keep(k *tag) {
	if t.seen == nil {
		t.seen = make(map[string]*tag)
	}
	if len(t.seen) < maxTags {
		t.seen[k.name] = k
		k.number = len(t.seen)
	}
}

// newTag splits instance, service and daemon. The daemon is the last component.
func newTag(name string) *tag {
	slash := strings.LastIndexByte(name, '/')
	if strings.ContainsAny(name, "[]:") { // no program's name
		return &tag{name: name, instance: name}
	}
	if slash < 0 {
		return bareTag(name)
	}
	t := &tag{name: name, daemon: name[slash+1:]}
	t.instance, t.service, _ = strings.Cut(name[:slash], "/")
	executable, _, _ := strings.Cut(t.daemon, ".") // some run a renamed copy: smtpd.local
	t.read = readers[executable]
	t.postfix = isInstance(t.instance) || t.read != nil && t.instance != "cyrus"
	return t
}

// bareTag is a tag without a slash: postfix(1) itself. lost is what it means where
// the relay left no more of "postfix/smtp" (RFC 5424's APP-NAME ends at the slash
// in rsyslog).
func bareTag(name string) *tag {
	t := &tag{name: name, postfix: isInstance(name), instance: name, daemon: name}
	t.lost = &tag{name: name, postfix: t.postfix, instance: name, daemon: UnknownDaemon}
	return t
}

// isInstance knows Postfix's syslog_name: multi_instance_name must begin with
// "postfix-" (conf/postfix-wrapper).
func isInstance(s string) bool {
	rest, ok := cutPrefix(s, "postfix")
	return ok && (rest == "" || rest[0] == '-')
}
