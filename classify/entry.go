package classify

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Rules, rejects and their examples as their files have them.

// ruleEntry is a rule or a reject as its file has it.
type ruleEntry struct {
	Rule

	reason               string // of a reject
	any, all, not, names []located
	regexps              []located
	providers            []located
	codes, enhanced      []located
	commands             []located
	actions, stages      []located
	examples             []example
	seen                 string
	classText, kindText  string
	weak                 bool           // asked last
	lines                map[string]int // of the keys
	broken               bool           // what it asks for could not be read
	harmless             int            // faults in what it doesn't ask for
	own                  bool           // stands in a user's file
}

// located is a string of a file, and where it stands.
type located struct {
	text string
	line int
}

type example struct {
	located
	host, command, action, stage, code, enhanced string

	broken bool
}

func (c *contents) example(n *yaml.Node) (x example) {
	before := c.found
	if isLong(n) {
		x = c.longExample(n)
	} else {
		x.located = c.text(n, "an example", maxExample)
	}
	if x.text == "" && c.found == before {
		c.fault(n.Line, "an example has no text")
	}
	x.broken = c.found > before
	return x
}

func (c *contents) rule(n *yaml.Node) {
	if c.full(n) {
		return
	}
	e := c.entry(n)
	fields := c.common(e)
	fields["class"] = e.string(c, "class", &e.classText)
	fields["kind"] = e.string(c, "kind", &e.kindText)
	fields["provider"] = e.strings(c, "provider", &e.providers)
	fields["command"] = e.strings(c, "command", &e.commands)
	fields["list"] = e.string(c, "list", &e.List)
	fields["weak"] = func(n *yaml.Node) {
		if e.weak = n.Value == "true"; !e.weak {
			c.fault(n.Line, "weak is true, or left out")
		}
	}
	c.fill(e, n, "a rule", fields)
	c.rules = append(c.rules, e)
}

func (c *contents) reject(n *yaml.Node) {
	if c.full(n) {
		return
	}
	e := c.entry(n)
	fields := c.common(e)
	fields["reason"] = e.string(c, "reason", &e.reason)
	fields["action"] = e.strings(c, "action", &e.actions)
	fields["stage"] = e.strings(c, "stage", &e.stages)
	c.fill(e, n, "a reject", fields)
	c.rejects = append(c.rejects, e)
}

func (c *contents) fill(e *ruleEntry, n *yaml.Node, of string, fields map[string]func(*yaml.Node)) {
	before := c.found
	c.fields(n, of, fields)
	e.broken = c.found-before > e.harmless
}

func (c *contents) entry(n *yaml.Node) *ruleEntry {
	return &ruleEntry{Rule: Rule{File: c.file, Line: n.Line}, lines: map[string]int{}, own: c.own}
}

// common are the keys that rules and rejects have.
func (c *contents) common(e *ruleEntry) map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"name":     e.string(c, "name", &e.Name),
		"any":      e.strings(c, "any", &e.any),
		"all":      e.strings(c, "all", &e.all),
		"not":      e.strings(c, "not", &e.not),
		"names":    e.strings(c, "names", &e.names),
		"regexp":   e.strings(c, "regexp", &e.regexps),
		"code":     e.strings(c, "code", &e.codes),
		"enhanced": e.strings(c, "enhanced", &e.enhanced),
		"hint":     e.string(c, "hint", &e.Hint),
		"link":     e.string(c, "link", &e.Link),
		"seen":     e.string(c, "seen", &e.seen),
		"examples": func(n *yaml.Node) {
			before := c.found
			c.list(n, "examples", func(item *yaml.Node) { e.examples = append(e.examples, c.example(item)) })
			e.harmless += c.found - before
		},
	}
}

func (e *ruleEntry) string(c *contents, key string, dst *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		before := c.found
		*dst = c.text(n, key, maxText).text
		e.lines[key] = n.Line
		e.harmless += c.found - before
	}
}

func (e *ruleEntry) strings(c *contents, key string, dst *[]located) func(*yaml.Node) {
	return func(n *yaml.Node) {
		*dst = c.texts(n, key)
		e.lines[key] = n.Line
	}
}

// at is the line of a key, or of the rule where it has none.
func (e *ruleEntry) at(key string) int {
	if n, ok := e.lines[key]; ok {
		return n
	}
	return e.Line
}

// isLong knows an example with keys from a text with a colon in it.
func isLong(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && (len(n.Content) == 0 || !strings.Contains(n.Content[0].Value, " "))
}

func (c *contents) longExample(n *yaml.Node) (x example) {
	x.line = n.Line
	part := func(key string, dst *string) func(*yaml.Node) {
		return func(n *yaml.Node) { *dst = c.text(n, "an example's "+key, maxExample).text }
	}
	c.fields(n, "an example", map[string]func(*yaml.Node){
		"text": part("text", &x.text), "host": part("host", &x.host), "command": part("command", &x.command),
		"action": part("action", &x.action), "stage": part("stage", &x.stage),
		"code": part("code", &x.code), "enhanced": part("enhanced", &x.enhanced),
	})
	return x
}
