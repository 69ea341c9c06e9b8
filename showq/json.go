package showq

// What postqueue -j prints: an object a line, whatever its length. Strings may
// hold any byte: Postfix before 3.7 did not clean them.

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonReader takes the tokens of JSON (RFC 8259) out of a stream.
type jsonReader struct{ b *bufio.Reader }

// next is the next byte that is no space; it is taken. io.EOF: there is none.
func (j jsonReader) next() (byte, error) {
	for {
		c, err := j.b.ReadByte()
		if err != nil || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, err
		}
	}
}

// peek is next, but not taken.
func (j jsonReader) peek() (byte, error) {
	c, err := j.next()
	if err != nil {
		return 0, cutShort(err)
	}
	return c, j.b.UnreadByte()
}

// want takes that byte.
func (j jsonReader) want(c byte) error {
	got, err := j.next()
	if err != nil {
		return cutShort(err)
	}
	if got != c {
		return malformed("a %q is missing in the JSON text", c)
	}
	return nil
}

// more is whether another member follows, and is behind the comma or the end.
func (j jsonReader) more(first bool, end byte) (bool, error) {
	c, err := j.peek()
	switch {
	case err != nil:
		return false, err
	case c == end:
		return false, j.want(end)
	case first:
		return true, nil
	}
	return true, j.want(',')
}

// text adds a string to that field.
func (j jsonReader) text(d *draft, f field) error {
	if err := j.want('"'); err != nil {
		return err
	}
	for {
		have, err := j.ahead()
		if err != nil {
			return err
		}
		plain := plainLength(have)
		d.add(f, have[:plain])
		if plain == len(have) {
			_, _ = j.b.Discard(plain)
			continue
		}
		stop := have[plain]
		_, _ = j.b.Discard(plain + 1)
		if stop == '"' {
			return nil
		}
		if err := j.escape(d, f); err != nil {
			return err
		}
	}
}

// ahead is what was read but not yet taken, a byte at least.
func (j jsonReader) ahead() ([]byte, error) {
	if _, err := j.b.Peek(1); err != nil {
		return nil, cutShort(err)
	}
	return j.b.Peek(j.b.Buffered())
}

// plainLength is how much of b comes before a quote or an escape.
func plainLength(b []byte) int {
	if i := bytes.IndexByte(b, '"'); i >= 0 {
		b = b[:i]
	}
	if i := bytes.IndexByte(b, '\\'); i >= 0 {
		return i
	}
	return len(b)
}

// escape is what stands behind a backslash.
func (j jsonReader) escape(d *draft, f field) error {
	c, err := j.b.ReadByte()
	if err != nil {
		return cutShort(err)
	}
	if c == 'u' {
		return j.unicode(d, f)
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	i := bytes.IndexByte([]byte(from), c)
	if i < 0 {
		return malformed("the JSON text has an unknown escape")
	}
	d.add(f, []byte(to[i:i+1]))
	return nil
}

// unicode is a character, or half of one, by its number.
func (j jsonReader) unicode(d *draft, f field) error {
	r, err := j.hex(0)
	if err != nil {
		return err
	}
	if ahead, _ := j.b.Peek(6); utf16.IsSurrogate(r) && len(ahead) == 6 && ahead[0] == '\\' && ahead[1] == 'u' {
		low, err := j.hex(2)
		if err != nil {
			return err
		}
		r = utf16.DecodeRune(r, low)
	}
	d.add(f, utf8.AppendRune(nil, r)) // a lone half becomes U+FFFD
	return nil
}

// hex is a number of four digits, behind some bytes that are skipped.
func (j jsonReader) hex(skip int) (rune, error) {
	digits := make([]byte, skip+4)
	if _, err := io.ReadFull(j.b, digits); err != nil {
		return 0, cutShort(io.EOF)
	}
	n, err := strconv.ParseUint(string(digits[skip:]), 16, 16)
	if err != nil {
		return 0, malformed("the JSON text has an escape without its four digits")
	}
	return rune(n), nil
}
