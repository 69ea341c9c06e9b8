package checkpoint

import "crypto/sha256"

// HeadSize is how many first bytes a file is known by at most: more than the
// stamp, host and process of its first line.
const HeadSize = 256

// MaxCursor is the length of the longest Cursor, in bytes.
const MaxCursor = 1 << 10

// Place is a place in a log as it is kept over a restart. It holds no text of
// the log. It is in a file, or in a journal: then it has a Cursor, and nothing of
// a file's.
type Place struct {
	Log    string // path of the log as it was given; the file may have another by now
	Path   string // of the file, when it was opened; what was asked of the journal
	Device uint64
	Inode  uint64
	Head   int               // bytes that HeadSum is of, at most HeadSize
	Sum    [sha256.Size]byte // of the file's (unpacked) first Head bytes: an inode may be used again
	Offset int64             // bytes from the start of the (unpacked) file to the first line that was not counted
	Cursor string            // the journal's name for the last entry that was counted
	// Partial: what stands at Offset is the rest of a line that began before the
	// log was first looked at. It is not to be counted.
	Partial bool
	// Given is how many lines behind Offset were counted nevertheless: what stands
	// at Offset is a part of a line whose end was still to come.
	Given uint64
	// NotAfter is the latest second (Unix time) at which what was read can have
	// been written: older files were read or skipped.
	NotAfter int64
}

// IsZero says that there is no place yet: the file was never there.
func (p *Place) IsZero() bool { return p.Path == "" }

// Encode puts the place.
func (p *Place) Encode(e *Encoder) {
	partial := uint64(0)
	if p.Partial {
		partial = 1
	}
	e.String(p.Log)
	e.String(p.Path)
	e.Uint(p.Device)
	e.Uint(p.Inode)
	e.Uint(uint64(p.Head))
	e.String(string(p.Sum[:]))
	e.Int(p.Offset)
	e.String(p.Cursor)
	e.Uint(p.Given<<1 | partial) // as a truth was put there before there was Given
	e.Int(p.NotAfter)
}

// DecodePlace takes a place.
func DecodePlace(d *Decoder) (p Place) {
	p.Log, p.Path = d.String(), d.String()
	p.Device, p.Inode = d.Uint(), d.Uint()
	head := d.Uint()
	sum := d.String()
	p.Offset = d.Int()
	p.Cursor = d.String()
	given := d.Uint()
	p.Partial, p.Given = given&1 == 1, given>>1
	p.NotAfter = d.Int()
	if head > HeadSize || p.Offset < 0 || len(p.Cursor) > MaxCursor || copy(p.Sum[:], sum) != len(p.Sum) || len(sum) != len(p.Sum) {
		d.Fail("a place that can't be: offset %d, %d first bytes, a cursor of %d", p.Offset, head, len(p.Cursor))
		return Place{}
	}
	p.Head = int(head)
	return p
}
