package collector

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
)

// other is the value of an open label that has no room left, or whose text
// can't be a label; and of a closed one for whatever its set doesn't hold.
const other = "other"

const (
	recents       = 8   // rows remembered besides the map: a log repeats itself
	pairPlaces    = 64  // rows remembered by a tag and one more value
	maxLabelValue = 128 // bytes; no name that Postfix or an operator gives is longer
)

// A book keeps the rows of one family: a row for each key L, and in each row a
// part for each combination of the family's closed sets. L is a struct of
// strings; see labels.go.
//
// Rows are only ever added, and a row never changes: a scrape reads those that
// it saw under the lock while more are added.
type book[L comparable] struct {
	family
	index    map[L]int
	keys     []L
	rows     []row
	recent   [recents]recent[L]
	next     int   // the place in recent to be used next
	tagged   []int // rows by maillog.Event.Tag, their number + 1; 0: not looked up yet
	pairs    [pairPlaces]pair
	limit    int    // series at most, those that hold what was folded aside
	spare    *int   // series that all hosts' books together may still get; nil: no such limit
	overflow uint64 // events folded into other

	scratch L               // a key on its way in
	fields  []reflect.Value // of scratch
}

// A row is the label pairs of its parts, sorted by name as the registry wants them.
type row [][]*dto.LabelPair

type recent[L comparable] struct {
	key L
	row int // its number + 1; 0: nothing here
}

// A pair is a tag and the one value of a key that does not follow from it.
type pair struct {
	tag   int
	value string
	row   int // its number + 1; 0: nothing here
}

// start makes the book usable; it must not move afterwards.
func (b *book[L]) start(f family, limit int) {
	b.family, b.limit = f, limit
	b.index = make(map[L]int)
	v := reflect.ValueOf(&b.scratch).Elem()
	for i := range v.NumField() {
		b.fields = append(b.fields, v.Field(i))
	}
}

// at is the number of the row of l. Its strings may alias a line: a new row
// keeps copies.
func (b *book[L]) at(l L) int {
	for i := range b.recent {
		if r := &b.recent[i]; r.row != 0 && r.key == l {
			return r.row - 1
		}
	}
	n, ok := b.index[l]
	if !ok {
		n = b.admit(l)
	}
	b.recent[b.next] = recent[L]{b.keys[n], n + 1}
	b.next = (b.next + 1) % recents
	return n
}

// atTag is at for keys that follow from a line's tag alone, and so from its number.
func (b *book[L]) atTag(tag int, l L) int {
	if tag < len(b.tagged) && b.tagged[tag] > 0 {
		return b.tagged[tag] - 1
	}
	n := b.at(l)
	if tag > 0 && b.keys[n] == l { // what was folded into other is to be counted each time
		for len(b.tagged) <= tag {
			b.tagged = append(b.tagged, 0)
		}
		b.tagged[tag] = n + 1
	}
	return n
}

// atPair is at for keys that follow from a line's tag and one value that aliases no
// line: a provider. There are more of these than recent has room for.
func (b *book[L]) atPair(tag int, value string, l L) int {
	place := tag*31 + len(value)*7
	if value != "" {
		place += int(value[0])
	}
	p := &b.pairs[place%pairPlaces]
	if p.row != 0 && p.tag == tag && p.value == value {
		return p.row - 1
	}
	n := b.at(l)
	if tag > 0 && b.keys[n] == l {
		*p = pair{tag, value, n + 1}
	}
	return n
}

// admit finds or makes the row of a key that is not in the index: its own, or
// one where open labels are other.
func (b *book[L]) admit(l L) int {
	b.scratch = l
	folded := b.fold(isBadValue)
	n, ok := b.index[b.scratch]
	if !ok && b.isFull() && b.fold(isNotOther) {
		folded = true
		n, ok = b.index[b.scratch]
	}
	if folded {
		b.overflow++
	}
	if !ok {
		n = b.add()
	}
	return n
}

func (b *book[L]) isFull() bool {
	n := b.parts()
	return (len(b.rows)+1)*n > b.limit || b.spare != nil && *b.spare < n
}

// share makes the book one of those that have so many series to spare.
func (b *book[L]) share(spare *int) {
	b.spare = spare
	*spare -= len(b.rows) * b.parts()
}

// fold turns those open labels of the scratch key into other that which picks.
func (b *book[L]) fold(which func(value string) bool) (folded bool) {
	for i, f := range b.fields {
		if b.key[i].open && which(f.String()) {
			f.SetString(other)
			folded = true
		}
	}
	return folded
}

func isBadValue(v string) bool { return len(v) > maxLabelValue || !utf8.ValidString(v) }
func isNotOther(v string) bool { return v != other }

// add makes a row of the scratch key.
func (b *book[L]) add() int {
	pairs := make([]*dto.LabelPair, 0, len(b.fields)+1)
	for i, f := range b.fields {
		f.SetString(strings.Clone(f.String()))
		pairs = append(pairs, &dto.LabelPair{Name: new(b.key[i].name), Value: new(f.String())})
	}
	if b.host != nil {
		pairs = append(pairs, b.host)
	}
	if b.spare != nil {
		*b.spare -= b.parts()
	}
	n := len(b.rows)
	b.index[b.scratch] = n
	b.keys = append(b.keys, b.scratch)
	b.rows = append(b.rows, b.newRow(pairs))
	return n
}

// newRow adds the closed sets' labels to those of the key, part by part: the
// last set's values change fastest.
func (b *book[L]) newRow(key []*dto.LabelPair) row {
	r := row{key}
	for _, s := range b.sets {
		var wider row
		for _, pairs := range r {
			for _, v := range s.values {
				wider = append(wider, append(slices.Clip(pairs), &dto.LabelPair{Name: new(s.label), Value: new(v)}))
			}
		}
		r = wider
	}
	for _, pairs := range r {
		slices.SortFunc(pairs, func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetName(), b.GetName()) })
	}
	return r
}

// size is the number of rows.
func (b *book[L]) size() int { return len(b.rows) }

// drain is the number of events folded since the last time.
func (b *book[L]) drain() uint64 {
	n := b.overflow
	if n > 0 {
		b.overflow = 0
	}
	return n
}
