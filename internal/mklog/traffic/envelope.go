package traffic

import (
	"fmt"
	"strconv"
	"time"
)

// Format is what stands before a line's text.
type Format uint8

// The formats. RFC 5424 is as rsyslog writes it: the tag ends at its first
// slash, so that the daemon's name is gone.
const (
	RFC3164 Format = iota // Nov 21 08:00:05 mx1 postfix/qmgr[1203]: TEXT
	RFC3339               // 2026-11-21T08:00:05.310021+00:00 mx1 postfix/qmgr[1203]: TEXT
	RFC5424               // <22>1 2026-11-21T08:00:05.310021+00:00 mx1 postfix 1203 - -  TEXT
)

var formatNames = []string{"rfc3164", "rfc3339", "rfc5424"}

func (f Format) String() string { return formatNames[f] }

// Set reads a Format from its name, for package flag.
func (f *Format) Set(name string) error {
	for i, n := range formatNames {
		if n == name {
			*f = Format(i)
			return nil
		}
	}
	return fmt.Errorf("%q is none of %v", name, formatNames)
}

// severity is how bad a line is: its index in the tables below.
type severity uint8

const (
	info severity = iota
	warning
	fatal
)

var (
	severityWords = []string{"", "warning: ", "fatal: "} // util/msg_syslog.c
	priorities    = []string{"<22>1 ", "<20>1 ", "<18>1 "}
)

// clock writes stamps, and works out a second's only once.
type clock struct {
	format Format
	second int64
	text   []byte
}

func (c *clock) appendStamp(b []byte, at int64) []byte {
	if s := at / 1e6; s != c.second || c.text == nil {
		layout := "2006-01-02T15:04:05."
		if c.format == RFC3164 {
			layout = time.Stamp
		}
		c.second = s
		c.text = time.Unix(s, 0).UTC().AppendFormat(c.text[:0], layout)
	}
	b = append(b, c.text...)
	if c.format == RFC3164 {
		return b
	}
	b = appendPadded(b, int(at%1e6), 6)
	return append(b, "+00:00"...)
}

func (c *clock) appendLine(b []byte, host string, e *entry) []byte {
	if c.format == RFC5424 {
		b = append(b, priorities[e.severity]...)
	}
	b = c.appendStamp(b, e.at)
	b = append(b, ' ')
	b = append(b, host...)
	b = append(b, ' ')
	if c.format == RFC5424 {
		b = appendHeader5424(b, e)
	} else {
		b = appendTag(b, e)
	}
	b = append(b, severityWords[e.severity]...)
	b = append(b, e.text...)
	return append(b, '\n')
}

func appendTag(b []byte, e *entry) []byte {
	b = append(b, e.tag...)
	if e.pid != 0 {
		b = append(b, '[')
		b = strconv.AppendInt(b, int64(e.pid), 10)
		b = append(b, ']')
	}
	return append(b, ": "...)
}

func appendHeader5424(b []byte, e *entry) []byte {
	for i := 0; i < len(e.tag) && e.tag[i] != '/'; i++ {
		b = append(b, e.tag[i])
	}
	b = append(b, ' ')
	if e.pid != 0 {
		b = strconv.AppendInt(b, int64(e.pid), 10)
	} else {
		b = append(b, '-')
	}
	return append(b, " - -  "...)
}

// appendPadded writes n with at least width digits.
func appendPadded(b []byte, n, width int) []byte {
	for limit := 10; width > 1; width-- {
		if n < limit {
			for ; width > 1; width-- {
				b = append(b, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(n), 10)
}
