// Whether the entry that was read last is still in the journal.

package source

import (
	"strconv"
	"strings"
)

// found is true if the first entry that came is the one that was read last.
func (p *pump) found(e *exportEntry) bool {
	p.known = true
	if e.text(fieldCursor) != p.cursor {
		p.missing(e.text(fieldCursor))
		return false
	}
	p.gone = false
	p.j.tell(Found)
	return true
}

// missing notes that the entry that was read last is gone, as after a vacuum, and
// which one is next now, "" where there is none. Nothing is lost if that has the
// next number; and nobody knows if the last one was asked for otherwise.
func (p *pump) missing(next string) {
	if p.gone {
		return
	}
	p.gone = true
	row, n, known := entryNumber(p.cursor)
	nextRow, m, isNext := entryNumber(next)
	if p.other || known && isNext && row == nextRow && m == n+1 {
		p.j.tell(Found)
		return
	}
	p.j.state.gaps.Add(1)
	p.j.tell(Gap)
}

// entryNumber is the number of an entry and the name of the row of numbers, as a
// cursor has them (sd_journal_get_cursor(3): "s=NAME;i=NUMBER;...", in hex).
func entryNumber(cursor string) (row string, n uint64, ok bool) {
	for part := range strings.SplitSeq(cursor, ";") {
		switch key, value, _ := strings.Cut(part, "="); key {
		case "s":
			row = value
		case "i":
			var err error
			n, err = strconv.ParseUint(value, 16, 64)
			ok = err == nil
		}
	}
	return row, n, ok && row != ""
}
