// Package maillog reads the lines of a Postfix log.
package maillog

import "time"

// Parser reads lines. It belongs to one goroutine.
type Parser struct {
	Location *time.Location // of stamps without a zone; nil is UTC
	// NotAfter is the latest second (Unix time) at which a line can have been
	// written; it gives stamps without a year their year. 0: the stamp's year is 1970.
	NotAfter int64
}

// Parse reads one line into e. It is false for lines that are not Postfix's:
// then only e.Time and e.Host may be set.
func (p *Parser) Parse(line string, e *Event) bool { return false }
