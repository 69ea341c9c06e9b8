// Package phrase finds phrases in what mail servers say.
//
//	550-5.2.2 <a@example.com>: The user's mailbox is over its quota. See https://example.com/?p=Full
//
// is read as the words
//
//	the users mailbox is over its quota . see
//
// and, apart from them, as the names
//
//	https example com p full
//
// in which the phrases "over its? quota" and "p full" are found. What others
// chose to call themselves decides nothing: addresses and codes are taken out,
// host names and URLs are found only by phrases that look for them there.
//
// A phrase is a row of plain words, of "word*" for all that begin so, of
// "{set}" for a member of a word set, each with a "?" behind it if it may be
// missing, and of "..." for up to six other words. A phrase never goes beyond the
// end of a sentence.
package phrase

// maxGap is how many words "..." stands for at most.
const maxGap = 6

// Where a phrase is looked for.
type Where uint8

// The two rows of words of a text.
const (
	Words Where = iota // what is said
	Names              // host names and URLs, each a sentence of its own
	wheres
)

// entry is a number for a word, a stem or a word set. A word of a text has those
// that it matches.
type entry uint16

// maxEntries bounds the vocabulary. The first maxSetEntries are those of word
// sets, which most words are asked for.
const (
	maxEntries    = 1 << 14
	maxSetEntries = 1 << 10
)

// element is one place of a compiled phrase: the entry that every word has with
// which it can begin, and flags. Sets' entries are below maxSetEntries, and a gap
// of up to maxGap words has none.
type element uint16

const (
	optional element = 1 << 15
	toLeft   element = 1 << 14 // of a set: read from its end
)

// begins is the element's entry: the word's, the stem's, the set's; 0 of a gap.
func (e element) begins() entry { return entry(e &^ (optional | toLeft)) }

func (e element) isGap() bool      { return e.begins() == 0 }
func (e element) isOptional() bool { return e&optional != 0 }
func (e element) isFixed() bool    { return !e.isGap() && !e.isOptional() }
func (e element) isSet() bool      { return e.begins() < maxSetEntries && !e.isGap() }

// wordSet is a compiled set. Two entries are its own, one behind the other: of its
// members of one word, and of all words that a member can begin with.
type wordSet struct {
	single          entry // 0 none
	longer, reverse span  // the rows of its other members; reverse has each from its end
}

// span is a range of a list.
type span struct{ from, to uint32 }

func (s span) len() int { return int(s.to - s.from) }

// rows are rows of entries, of the members of sets that are more than one word.
// Those of a set are sorted by their first ones.
type rows struct {
	firsts  []entry
	starts  []uint32 // where they begin in entries, and where the last one ends
	entries []entry
}

// bit is the place of an entry in a Text's present. Entries of sets have one of
// their own; the others share the rest.
type bit uint16

const sharedBits = 1 << 10

func bitOf(e entry) bit {
	if e < maxSetEntries {
		return bit(e)
	}
	return bit(maxSetEntries + e%sharedBits)
}

// pattern is a compiled phrase: its rarest element, the anchor, and those to both
// sides of it, each read away from it. They stand in Matcher.elements in this
// order, and in Matcher.needs the bits of those that may not be missing, rarest
// first: the anchor's before all.
type pattern struct {
	elements, needs         uint32 // where they begin
	needed, toLeft, toRight uint8  // how many there are
	where                   Where
}

// ID names a phrase of a Matcher.
type ID int32

// reference is a phrase and whose it is.
type reference struct {
	pattern ID
	owner   uint16
	second  bit // what it needs beside its anchor; the anchor's own bit if that is nothing
}
