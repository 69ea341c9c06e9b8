package classify

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// The limits of rules files. All are far above what people write.
const (
	maxFile      = 1 << 20 // bytes
	maxRules     = 10_000  // in all files
	maxProviders = 400
	maxPhrases   = 200 // of one list
	maxText      = 500 // bytes of a hint, a link, a phrase
	maxExample   = 4_000
	maxFaults    = 1_000 // that are told
)

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

// providerEntry is a provider as its file has it.
type providerEntry struct {
	name           located
	file           string
	hosts, domains []located
}

type wordSet struct {
	name    located
	file    string
	own     bool // stands in a user's file
	members []string
}

// contents are what the files hold, in their order.
type contents struct {
	providers []providerEntry
	sets      []wordSet
	rules     []*ruleEntry
	rejects   []*ruleEntry
	faults    Faults
	found     int    // faults, those that aren't told too
	crowded   bool   // there are too many rules
	file      string // at hand
	own       bool   // the file at hand is a user's
}

func (c *contents) fault(line int, format string, args ...any) {
	c.found++
	switch {
	case c.found == maxFaults:
		c.faults = append(c.faults, Fault{c.file, line, "there are too many faults; mend these first"})
	case c.found < maxFaults:
		c.faults = append(c.faults, Fault{c.file, line, fmt.Sprintf(format, args...)})
	}
}

// read takes a file in.
func (c *contents) read(f *File) {
	c.file = f.Name
	if len(f.Data) > maxFile {
		c.fault(0, "is larger than %d bytes", maxFile)
		return
	}
	if len(bytes.TrimSpace(f.Data)) == 0 { // mostly one that is being written
		c.fault(0, "is empty")
		return
	}
	var document, second yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(f.Data))
	if err := in.Decode(&document); err == io.EOF {
		return // only comments
	} else if err != nil {
		c.yamlFault(err)
		return
	}
	if err := in.Decode(&second); err == nil {
		c.fault(second.Line, "has a second YAML document behind \"---\": only one is read")
	} else if err != io.EOF {
		c.yamlFault(err)
	}
	if !c.plain(&document) {
		return
	}
	c.fields(document.Content[0], "the file", map[string]func(*yaml.Node){
		"providers": func(n *yaml.Node) { c.pairs(n, "providers", c.provider) },
		"words":     func(n *yaml.Node) { c.pairs(n, "words", c.wordSet) },
		"rules":     func(n *yaml.Node) { c.list(n, "rules", c.rule) },
		"rejects":   func(n *yaml.Node) { c.list(n, "rejects", c.reject) },
	})
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// yamlFault takes the line out of the library's message.
func (c *contents) yamlFault(err error) {
	text, at := err.Error(), 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		at, _ = strconv.Atoi(m[1]) // 0 where there is none
		text = m[2]
	}
	c.fault(at, "is not YAML: %s", text)
}

// plain refuses what a rules file has no use for: a few aliases can stand for
// gigabytes.
func (c *contents) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		c.fault(n.Line, "anchors and aliases are not allowed in rules files")
		return false
	}
	for _, child := range n.Content {
		if !c.plain(child) {
			return false
		}
	}
	return true
}

// fields calls the function of each key of a mapping.
func (c *contents) fields(n *yaml.Node, of string, known map[string]func(*yaml.Node)) {
	c.pairs(n, of, func(key, value *yaml.Node) {
		if read := known[key.Value]; read != nil {
			read(value)
			return
		}
		names := make([]string, 0, len(known))
		for name := range known {
			names = append(names, name)
		}
		slices.Sort(names)
		c.fault(key.Line, "%s has no key %q; its keys are %s", of, key.Value, strings.Join(names, ", "))
	})
}

func (c *contents) pairs(n *yaml.Node, of string, each func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		c.fault(n.Line, "%s must be keys with values", of)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			c.fault(key.Line, "%s has the key %q twice", of, key.Value)
			continue
		}
		seen[key.Value] = true
		each(key, n.Content[i+1])
	}
}

func (c *contents) list(n *yaml.Node, of string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		c.fault(n.Line, "%s must be a list", of)
		return
	}
	for _, item := range n.Content {
		each(item)
	}
}

// text reads a string of at most max bytes.
func (c *contents) text(n *yaml.Node, of string, max int) located {
	switch {
	case n.Kind == yaml.MappingNode:
		c.fault(n.Line, "%s must be a text; one that has \": \" in it needs quotes around it", of)
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
		c.fault(n.Line, "%s must be a text", of)
	case len(n.Value) > max:
		c.fault(n.Line, "%s has more than %d bytes", of, max)
	case strings.ContainsFunc(n.Value, isControl):
		c.fault(n.Line, "%s has a line break or another control character", of)
	default:
		return located{strings.TrimSpace(n.Value), n.Line}
	}
	return located{"", n.Line}
}

// isControl are characters that break lines, and those that turn or hide what
// stands beside them.
func isControl(r rune) bool {
	if r < unicode.MaxASCII {
		return r < ' '
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// texts reads one string, or a list of them.
func (c *contents) texts(n *yaml.Node, of string) []located {
	if n.Kind == yaml.ScalarNode {
		return []located{c.text(n, of, maxText)}
	}
	var texts []located
	c.list(n, of, func(item *yaml.Node) { texts = append(texts, c.text(item, of, maxText)) })
	if len(texts) == 0 || len(texts) > maxPhrases {
		c.fault(n.Line, "%s has %d entries, not 1 to %d", of, len(texts), maxPhrases)
	}
	return texts
}

func (c *contents) provider(key, value *yaml.Node) {
	p := providerEntry{name: located{key.Value, key.Line}, file: c.file}
	c.fields(value, "provider "+key.Value, map[string]func(*yaml.Node){
		"hosts":   func(n *yaml.Node) { p.hosts = c.texts(n, "hosts") },
		"domains": func(n *yaml.Node) { p.domains = c.texts(n, "domains") },
	})
	c.providers = append(c.providers, p)
}

func (c *contents) wordSet(key, value *yaml.Node) {
	set := wordSet{name: located{key.Value, key.Line}, file: c.file, own: c.own}
	var members []string
	c.list(value, "words "+key.Value, func(n *yaml.Node) {
		members = append(members, c.text(n, "a member of "+key.Value, maxText).text)
	})
	set.members = members
	c.sets = append(c.sets, set)
}

// full says whether there are too many rules already.
func (c *contents) full(n *yaml.Node) bool {
	if len(c.rules)+len(c.rejects) < maxRules {
		return false
	}
	if !c.crowded {
		c.fault(n.Line, "there are more than %d rules in all files", maxRules)
	}
	c.crowded = true
	return true
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
