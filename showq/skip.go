package showq

// Values of JSON: those that we want, and those that we skip.

// value takes a member's value: a string, a number, true or false. Others are
// skipped, as are those that nobody asks for.
func (l *lineReader) value(f field) error {
	c, err := l.peek()
	switch {
	case err != nil:
		return err
	case f == unknown || c == '{' || c == '[':
		return l.skip()
	}
	if err := l.d.begin(f); err != nil {
		return err
	}
	if c == '"' {
		return l.text(l.d, f)
	}
	return l.literal(f)
}

// literal is a number, true, false or null.
func (l *lineReader) literal(f field) error {
	for n := 0; ; {
		have, err := l.ahead()
		if err != nil {
			return err
		}
		m := literalLength(have)
		l.d.add(f, have[:m])
		_, _ = l.b.Discard(m)
		switch n += m; {
		case n == 0:
			return malformed("a value is missing in the JSON text")
		case m < len(have):
			return nil
		}
	}
}

func literalLength(b []byte) int {
	for i, c := range b {
		if !isLiteral(c) {
			return i
		}
	}
	return len(b)
}

func isLiteral(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E'
}

// skip passes a value by, whatever it holds.
func (l *lineReader) skip() error {
	for depth := 0; ; {
		c, err := l.peek()
		if err != nil {
			return err
		}
		switch c {
		case '"':
			err = l.text(l.d, unknown)
		case '{', '[':
			depth++
			err = l.want(c)
		case '}', ']':
			depth--
			err = l.want(c)
		case ',', ':':
			err = l.want(c)
		default:
			err = l.literal(unknown)
		}
		switch {
		case err != nil:
			return err
		case depth < 0 || depth > maxDepth:
			return malformed("the JSON text is nested wrongly, or too deep")
		case depth == 0:
			return nil
		}
	}
}
