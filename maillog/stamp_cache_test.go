package maillog

import "testing"

// What a Parser keeps of the last stamp changes nothing: line after line, it reads
// what a new one reads.
func TestStampsInARow(t *testing.T) {
	const later = 400 * 24 * 3600
	kept := Parser{}
	for _, c := range []struct {
		stamp    string
		notAfter int64
	}{
		{"Nov 21 03:55:40", 0}, {"Nov 21 03:55:40", 0}, {"Nov 21 03:55:41", 0}, {"Nov 21 03:55:41", later}, {"Nov 21 03:55:41", 0},
		{"Jan 1 00:00:00.1x", 0}, {"Jan 1 00:00:00.12", 0}, {"Jan 1 00:00:00", 0}, {"Jan 1 00:00:00", 0}, {"Jan 1 00:00:00.1", 0},
		{"Nov 21 03:55:61", 0}, {"Nov 21 03:55:60", 0}, {"Nov 21 03:55:41.5", 0}, {"Nov 21 03:55:41", 0},
		{"Nov 22 05:00:00 Nov 21 03:55:41", 0}, {"Nov 22 05:00:00 Nov 21 03:55:42", 0}, {"Nov 21 03:55:42", 0},
		{"2026-11-21T03:55:40Z Nov 21 03:55:43", 0}, {"Nov 21 03:55:43", 0},
	} {
		line := c.stamp + " mx postfix/qmgr[3]: 4C2FB3A1B2: removed"
		fresh := Parser{NotAfter: c.notAfter}
		kept.NotAfter = c.notAfter
		var got, want Event
		if ok, wantOK := kept.Parse(line, &got), fresh.Parse(line, &want); ok != wantOK || got.Time != want.Time || got.Host != want.Host {
			t.Errorf("%s, not after %d: %v %v of %q, want %v %v of %q", c.stamp, c.notAfter, ok, got.Time, got.Host, wantOK, want.Time, want.Host)
		}
	}
}
