package phrase

import "slices"

// trie is a double array: the child of state s by byte c is the state s.base+c,
// if that one's parent is s. State 0 is the root.
type trie struct {
	states []state
}

type state struct {
	base, parent int32
	whole        class // of a word that ends here
	begun        class // of a word that goes on where the trie doesn't
}

const none = -1

// step is the child of a state, or none.
func (t *trie) step(state int32, c byte) int32 {
	next := t.states[state].base + int32(c)
	if int(next) < len(t.states) && t.states[next].parent == state {
		return next
	}
	return none
}

// classOf is the class of a word of ASCII letters and digits, or of a folded one.
func classOf[T string | []byte](t *trie, word T) class {
	s := int32(0)
	for i := range len(word) {
		c := word[i]
		if lower := bytesOf[c].lower; lower != 0 {
			c = lower
		}
		next := t.step(s, c)
		if next == none {
			return t.states[s].begun
		}
		s = next
	}
	return t.states[s].whole
}

// node is a trie under construction.
type node struct {
	children    []child // by their bytes
	word, stem  entry   // what ends here; 0 none
	whole, here class
}

type child struct {
	c    byte
	node *node
}

func (n *node) child(c byte) *node {
	i, found := slices.BinarySearchFunc(n.children, c, func(x child, c byte) int { return int(x.c) - int(c) })
	if !found {
		n.children = slices.Insert(n.children, i, child{c, &node{}})
	}
	return n.children[i].node
}

// maxTries is after how many taken places the search for a free one begins
// further back.
const maxTries = 32

// newTrie lays a tree out in arrays: each node's children go to the first free
// places that fit.
func newTrie(root *node) *trie {
	t := &trie{}
	t.grow(1)
	t.states[0].parent = 0
	free := int32(1) // no need to look before it
	type placed struct {
		state int32
		node  *node
	}
	for queue := []placed{{0, root}}; len(queue) > 0; queue = queue[1:] {
		state, n := queue[0].state, queue[0].node
		t.states[state].whole, t.states[state].begun = n.whole, n.here
		if len(n.children) == 0 {
			continue
		}
		first := int32(n.children[0].c)
		base := max(free-first, 1)
		tries := 0
		for ; !t.fits(base, n.children); base++ {
			tries++
		}
		if tries > maxTries { // hardly a place is left before it
			free = base + first
		}
		t.states[state].base = base
		for _, x := range n.children {
			next := base + int32(x.c)
			t.grow(int(next) + 1)
			t.states[next].parent = state
			queue = append(queue, placed{next, x.node})
		}
	}
	return t
}

func (t *trie) fits(base int32, children []child) bool {
	for _, x := range children {
		if i := int(base) + int(x.c); i < len(t.states) && t.states[i].parent != none {
			return false
		}
	}
	return true
}

func (t *trie) grow(n int) {
	for len(t.states) < n {
		t.states = append(t.states, state{parent: none})
	}
}
