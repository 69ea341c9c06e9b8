package phrase

import (
	"fmt"
	"slices"
	"strings"
)

// Word sets.

// Set declares a word set. Its members are plain words, or rows of them.
func (c *Compiler) Set(name string, members []string) error {
	if !isSetName(name) {
		return fmt.Errorf("word set %q: a name is lower-case letters, digits and dashes", name)
	}
	if len(members) == 0 || len(members) > maxMembers {
		return fmt.Errorf("word set %q has %d members, not 1 to %d", name, len(members), maxMembers)
	}
	if c.declared[name] != nil {
		return fmt.Errorf("word set %q is declared twice", name)
	}
	for _, m := range members {
		if err := checkMember(m); err != nil {
			return fmt.Errorf("word set %q: %w", name, err)
		}
	}
	c.declared[name] = members
	return nil
}

func checkMember(m string) error {
	words := 0
	for _, token := range strings.Fields(m) {
		if token == "..." || strings.ContainsAny(token, "{}?") {
			return fmt.Errorf("%q: a member of a set has plain words only", m)
		}
		split, _ := cutStar(token)
		words += len(split)
	}
	if words == 0 || words > maxElements {
		return fmt.Errorf("%q has %d words, not 1 to %d", m, words, maxElements)
	}
	return nil
}

// set is the element of a declared set, compiled when a phrase first has it.
func (c *Compiler) set(name string) (e element, err error) {
	if e, ok := c.compiled[name]; ok {
		return e, nil
	}
	members, ok := c.declared[name]
	if !ok {
		return e, fmt.Errorf("no word set %q is declared", name)
	}
	if c.sets+2 > maxSetEntries {
		return e, fmt.Errorf("more than %d word sets", (maxSetEntries-1)/2)
	}
	single, begins := entry(c.sets), entry(c.sets+1)
	c.names[single] = "{" + name + "}"
	c.sets += 2
	c.wordSets = append(c.wordSets, wordSet{})
	set := &c.wordSets[len(c.wordSets)-1]
	var rows [][]entry
	for _, m := range members {
		row, err := c.row(m)
		switch {
		case err != nil:
			return 0, err
		case len(row) == 1:
			set.single = single
			c.members[single] = append(c.members[single], row[0])
		default:
			rows = append(rows, row)
		}
		c.members[begins] = append(c.members[begins], row[0])
	}
	set.longer = c.rows.add(rows)
	for i, row := range rows {
		rows[i] = slices.Clone(row)
		slices.Reverse(rows[i])
	}
	set.reverse = c.rows.add(rows)
	c.compiled[name] = element(begins)
	return element(begins), nil
}

// add appends rows, and says where they are.
func (r *rows) add(list [][]entry) span {
	from := len(r.firsts)
	for _, row := range slices.SortedStableFunc(slices.Values(list), func(a, b []entry) int { return int(a[0]) - int(b[0]) }) {
		r.firsts = append(r.firsts, row[0])
		r.entries = append(r.entries, row...)
		r.starts = append(r.starts, uint32(len(r.entries)))
	}
	return span{uint32(from), uint32(len(r.firsts))}
}

// at is the row at a place.
func (r *rows) at(i int) []entry { return r.entries[r.starts[i]:r.starts[i+1]] }

func isSetName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// row reads plain words and stems.
func (c *Compiler) row(text string) ([]entry, error) {
	var row []entry
	for _, token := range strings.Fields(text) {
		words, stem := cutStar(token)
		for i, w := range words {
			e, err := c.entry(starred(w, stem && i == len(words)-1))
			if err != nil {
				return nil, err
			}
			row = append(row, e)
		}
	}
	return row, nil
}
