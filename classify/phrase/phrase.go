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

// element is one place of a compiled phrase.
type element struct {
	entry    entry   // the word's, the stem's, or of the set's single words; 0 none
	begins   entry   // every word has it that the element can begin with
	ends     entry   // and end with
	longer   *longer // a set's members of more than one word; nil no set
	reversed *longer // the same, each from its end
	optional bool
	gap      bool // up to maxGap words
}

// longer are rows of entries, sorted by their first ones.
type longer struct {
	firsts []entry // of the rows
	rows   [][]entry
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

// pattern is a compiled phrase: the parts to both sides of its rarest element,
// each read away from it.
type pattern struct {
	where  Where
	all    []element // as written
	needs  []bit     // of the elements that may not be missing, rarest first
	anchor element
	left   []element
	right  []element
}

// ID names a phrase of a Matcher.
type ID int32

// reference is a phrase and whose it is.
type reference struct {
	owner   int32
	pattern ID
	second  bit // what it needs beside its anchor; the anchor's own bit if that is nothing
}
