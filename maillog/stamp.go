package maillog

import (
	"strings"
	"time"
)

// Time stamps. All lines of one minute have the same text up to it, so the minute
// is worked out once and kept; so is the last second of RFC 3164's.

type stampCache struct {
	key      [20]byte // the stamp's text up to the minute
	keyLen   int
	notAfter int64
	minute   int64 // Unix time

	bsd      [bsdLen]byte // the last such stamp, and the blank behind it
	bsdAfter int64        // its notAfter
	bsdTime  time.Time

	zone       *time.Location // of the last RFC 3339 stamp
	zoneOffset int
}

func (c *stampCache) has(key string, notAfter int64) bool {
	return c.notAfter == notAfter && string(c.key[:c.keyLen]) == key
}

func (c *stampCache) put(key string, notAfter int64, t time.Time) {
	c.keyLen = copy(c.key[:], key)
	c.notAfter, c.minute = notAfter, t.Unix()
}

// cutStamp takes a time stamp and the blank behind it, and sets e.Time. A stamp
// that has a year and a zone is not overwritten by one inside that has none.
func (p *Parser) cutStamp(s string, e *Event) (rest string, ok bool) {
	if len(s) < len("Jan 1 00:00:00") {
		return s, false
	}
	switch c := s[0]; {
	case c >= 'A' && c <= 'S':
		return p.cutBSDStamp(s, e)
	case !isDigit(c):
		return s, false
	case len(s) >= 20 && s[4] == '-':
		return p.cutRFC3339(s, e)
	case s[4] == ' ':
		return p.cutYearFirst(s, e)
	}
	return s, false
}

const bsdLen = len("Nov  3 03:55:40 ")

// cutBSDStamp reads RFC 3164's "Nov  3 03:55:40", postlogd's "Nov 03 03:55:40".
func (p *Parser) cutBSDStamp(s string, e *Event) (string, bool) {
	if !e.Time.IsZero() || len(s) < bsdLen || s[bsdLen-1] != ' ' {
		return p.readBSDStamp(s, e)
	}
	c := &p.stamps
	if string(c.bsd[:]) != s[:bsdLen] || c.bsdAfter != p.NotAfter {
		rest, ok := p.readBSDStamp(s, e)
		if !ok || len(s)-len(rest) != bsdLen {
			return rest, ok
		}
		copy(c.bsd[:], s)
		c.bsdAfter, c.bsdTime = p.NotAfter, e.Time
	}
	e.Time = c.bsdTime
	return s[bsdLen:], true
}

// readBSDStamp reads one by its minute.
func (p *Parser) readBSDStamp(s string, e *Event) (string, bool) {
	end := clockEnd(s)
	if end < 0 {
		return s, false
	}
	if key := s[:end-len(":40")]; !p.stamps.has(key, p.NotAfter) {
		d, ok := readMonthDay(key)
		if !ok {
			return s, false
		}
		p.stamps.put(key, p.NotAfter, d.lastBefore(p.NotAfter, p.location()))
	}
	t, rest, ok := p.stamps.cutSecond(s[end-len(":40"):])
	if e.Time.IsZero() {
		e.Time = t.In(p.location())
	}
	return strings.TrimPrefix(rest, " "), ok
}

// cutYearFirst reads "2014 Mar 22 20:54:57.123".
func (p *Parser) cutYearFirst(s string, e *Event) (string, bool) {
	year := digits(s[:4])
	end := clockEnd(s[5:])
	if year < 0 || end < 0 {
		return s, false
	}
	end += len("2014 ") - len(":57")
	if !p.stamps.has(s[:end], p.NotAfter) {
		d, ok := readMonthDay(s[5:end])
		if !ok || !d.in(year) {
			return s, false
		}
		p.stamps.put(s[:end], p.NotAfter, d.at(year, p.location()))
	}
	t, rest, ok := p.stamps.cutSecond(s[end:])
	e.Time = t.In(p.location())
	return strings.TrimPrefix(rest, " "), ok
}

// cutRFC3339 reads "2026-11-21T03:55:40.810051+00:00". Without a zone the stamp is in
// the log's own.
func (p *Parser) cutRFC3339(s string, e *Event) (string, bool) {
	const minuteLen = len("2026-11-21T03:55")
	if key := s[:minuteLen]; !p.stamps.has(key, 0) {
		t, ok := readDateTime(key)
		if !ok {
			return s, false
		}
		p.stamps.put(key, 0, t)
	}
	t, rest, ok := p.stamps.cutSecond(s[minuteLen:])
	if !ok {
		return s, false
	}
	if offset, behind, ok := cutZone(rest); ok {
		rest = behind
		if e.Time = t; offset != 0 {
			e.Time = t.Add(-time.Duration(offset) * time.Second).In(p.stamps.location(offset))
		}
	} else {
		e.Time = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), p.location())
	}
	if rest != "" && rest[0] != ' ' && rest[0] != '"' {
		return s, false
	}
	return strings.TrimPrefix(rest, " "), true
}

// cutSecond takes ":40" or ":40.810051"; second 60 is a leap second.
func (c *stampCache) cutSecond(s string) (t time.Time, rest string, ok bool) {
	second := digits(s[1:3])
	if s[0] != ':' || second < 0 || second > 60 {
		return t, s, false
	}
	nano, rest := cutFraction(s[3:])
	return time.Unix(c.minute+int64(second), nano).UTC(), rest, true
}

// location of an offset in seconds east of UTC.
func (c *stampCache) location(offset int) *time.Location {
	if c.zone == nil || c.zoneOffset != offset {
		c.zone, c.zoneOffset = time.FixedZone("", offset), offset
	}
	return c.zone
}

func (p *Parser) location() *time.Location {
	if p.Location == nil {
		return time.UTC
	}
	return p.Location
}

// monthDay is a stamp without a year, up to the minute.
type monthDay struct{ month, day, hour, minute int }

// readMonthDay reads "Nov  3 03:55"; clockEnd has found its end.
func readMonthDay(s string) (d monthDay, ok bool) {
	if d.month = month(s[:3]); d.month == 0 || s[3] != ' ' {
		return d, false
	}
	day := strings.TrimLeft(s[4:len(s)-len(" 03:55")], " ")
	clock := s[len(s)-len("03:55"):]
	d.day = digits(day)
	if d.day < 1 || len(day) > 2 {
		return d, false
	}
	d.hour, d.minute, ok = readClock(clock)
	return d, ok && d.day <= daysIn[d.month]
}

// in says whether the day is in that year: 29 February is in leap years only.
func (d monthDay) in(year int) bool {
	return d.month != 2 || d.day != 29 || year%4 == 0 && (year%100 != 0 || year%400 == 0)
}

func (d monthDay) at(year int, loc *time.Location) time.Time {
	return time.Date(year, time.Month(d.month), d.day, d.hour, d.minute, 0, 0, loc)
}

// lastBefore is the last such day and minute that is less than a day after
// notAfter.
func (d monthDay) lastBefore(notAfter int64, loc *time.Location) time.Time {
	limit := time.Unix(notAfter, 0).AddDate(0, 0, 1)
	year := limit.In(loc).Year()
	for {
		if d.in(year) {
			if t := d.at(year, loc); t.Before(limit) {
				return t
			}
		}
		year-- // at most eight times: 29 February over 1900 or 2100
	}
}

// clockEnd is behind the clock of "Nov  3 03:55:40" or "Jan 1 00:00:00", -1
// where there is none.
func clockEnd(s string) int {
	for _, end := range [...]int{len("Nov  3 03:55:40"), len("Jan 1 00:00:00")} {
		if len(s) >= end && s[end-3] == ':' && s[end-6] == ':' && s[end-9] == ' ' &&
			(len(s) == end || s[end] == ' ' || s[end] == '.') {
			return end
		}
	}
	return -1
}

// readDateTime reads "2026-11-21T03:55" as UTC.
func readDateTime(s string) (t time.Time, ok bool) {
	if s[4] != '-' || s[7] != '-' || s[10] != 'T' {
		return t, false
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:10])
	hour, minute, ok := readClock(s[11:])
	if !ok || year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn[month] {
		return t, false
	}
	return time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC), true
}

// readClock reads "03:55".
func readClock(s string) (hour, minute int, ok bool) {
	hour, minute = digits(s[:2]), digits(s[3:5])
	return hour, minute, s[2] == ':' && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
}

// cutFraction takes ".810051" as nanoseconds; digits beyond the ninth are dropped.
func cutFraction(s string) (nano int64, rest string) {
	if len(s) < 2 || s[0] != '.' || !isDigit(s[1]) {
		return 0, s
	}
	i := 1
	for i < len(s) && i <= 9 && isDigit(s[i]) {
		nano = nano*10 + int64(s[i]-'0')
		i++
	}
	nano *= nanos[i-1]
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return nano, s[i:]
}

// nanos in a unit of the n-th decimal place.
var nanos = [...]int64{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1}

// cutZone takes "Z", "+01:00" or "+0100".
func cutZone(s string) (offset int, rest string, ok bool) {
	if s == "" {
		return 0, s, false
	}
	if s[0] == 'Z' || s[0] == 'z' {
		return 0, s[1:], true
	}
	if s[0] != '+' && s[0] != '-' || len(s) < 5 {
		return 0, s, false
	}
	hour, rest := digits(s[1:3]), strings.TrimPrefix(s[3:], ":")
	if len(rest) < 2 {
		return 0, s, false
	}
	minute := digits(rest[:2])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, s, false
	}
	offset = hour*3600 + minute*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, rest[2:], true
}

// digits reads a string of up to four digits; -1 if there is anything else.
func digits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) || i == 4 {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// month is 1 to 12, 0 for anything but strftime's %b in the C locale.
func month(s string) int {
	i := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", s)
	if i%3 != 0 {
		return 0
	}
	return i/3 + 1
}

// daysIn a month; February's 29th is looked at with the year.
var daysIn = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
