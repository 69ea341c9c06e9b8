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
	if c.sets+3 > maxSetEntries {
		return e, fmt.Errorf("more than %d word sets", (maxSetEntries-1)/3)
	}
	single, begins, ends := entry(c.sets), entry(c.sets+1), entry(c.sets+2)
	c.names[single] = "{" + name + "}"
	c.sets += 3
	e.begins, e.ends = begins, ends
	var rows [][]entry
	for _, m := range members {
		row, err := c.row(m)
		switch {
		case err != nil:
			return e, err
		case len(row) == 1:
			e.entry = single
			c.members[single] = append(c.members[single], row[0])
		default:
			rows = append(rows, row)
		}
		c.members[begins] = append(c.members[begins], row[0])
		c.members[ends] = append(c.members[ends], row[len(row)-1])
	}
	e.longer = newLonger(rows)
	for i, row := range rows {
		rows[i] = slices.Clone(row)
		slices.Reverse(rows[i])
	}
	e.reversed = newLonger(rows)
	c.compiled[name] = e
	return e, nil
}

func newLonger(rows [][]entry) *longer {
	l := &longer{}
	l.rows = slices.SortedStableFunc(slices.Values(rows), func(a, b []entry) int { return int(a[0]) - int(b[0]) })
	for _, row := range l.rows {
		l.firsts = append(l.firsts, row[0])
	}
	return l
}

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
