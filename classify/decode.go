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
