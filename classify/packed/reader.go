package packed

import "errors"

// Reader reads what a Writer packed. What can't be read reads as zero, and Err
// tells of it at the end. It never takes more memory than a small multiple of
// what it reads.
type Reader struct {
	rest   string
	failed bool
}

var errContents = errors.New("has contents that no file of this version has")

// Err is not nil where something could not be read, or something is left.
func (r *Reader) Err() error {
	if r.failed || r.rest != "" {
		return errContents
	}
	return nil
}

// Fail has Err tell of a fault, and all that follows read as zero.
func (r *Reader) Fail() { r.rest, r.failed = "", true }

// Number reads 0 to MaxNumber.
func (r *Reader) Number() int {
	if s := r.rest; s != "" && s[0] < 0x80 { // most are
		r.rest = s[1:]
		return int(s[0])
	}
	return r.long()
}

func (r *Reader) long() int {
	const maxLen = 5 // bytes of MaxNumber
	var n uint64
	for i := range min(maxLen, len(r.rest)) {
		c := r.rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 && n <= MaxNumber {
			r.rest = r.rest[i+1:]
			return int(n)
		}
	}
	r.Fail()
	return 0
}

// Index reads a number below a limit.
func (r *Reader) Index(limit int) int {
	n := r.Number()
	if n >= limit {
		r.Fail()
		return 0
	}
	return n
}

// Pick reads the place of an item in a list.
func Pick[T any](r *Reader, list []T) (item T) {
	n := r.Number()
	if n >= len(list) {
		r.Fail()
		return item
	}
	return list[n]
}

// Count reads how many items follow, each of size bytes or more.
func (r *Reader) Count(size int) int {
	n := r.Number()
	if n > len(r.rest)/size {
		r.Fail()
		return 0
	}
	return n
}

// Text reads a string.
func (r *Reader) Text() string { return r.cut(r.Count(1)) }

// Byte reads what Writer.Byte wrote.
func (r *Reader) Byte() byte { return r.Bytes(1).At(0) }

// Flag reads a yes or no.
func (r *Reader) Flag() bool { return r.Index(2) == 1 }

// cut takes n bytes, or none where there are not so many.
func (r *Reader) cut(n int) string {
	if n > len(r.rest) {
		r.Fail()
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}
