package maillog

// Time stamps, a case a line.

import (
	"testing"
	"time"
)

// stampNow is 2026-11-21 12:00:00 UTC, the latest second of the cases.
var stampNow = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestStamps(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	sydney := time.FixedZone("AEDT", 11*3600)
	day := 24 * time.Hour
	tests := []struct {
		name     string
		stamp    string
		notAfter time.Time
		location *time.Location
		want     string // RFC 3339; "" none can be read
	}{
		{"day padded with a blank", "Nov  3 03:55:40", stampNow, nil, "2026-11-03T03:55:40Z"},
		{"day padded with a zero", "Nov 03 03:55:40", stampNow, nil, "2026-11-03T03:55:40Z"},
		{"day not padded", "Nov 3 03:55:40", stampNow, nil, "2026-11-03T03:55:40Z"},
		{"two digits", "Nov 21 03:55:40", stampNow, nil, "2026-11-21T03:55:40Z"},
		{"a zone of the reader's", "Nov 21 03:55:40", stampNow, zone, "2026-11-21T02:55:40Z"},
		{"fraction", "2026-11-21T03:55:40.810051+00:00", stampNow, nil, "2026-11-21T03:55:40.810051Z"},
		{"nanoseconds", "2026-11-21T03:55:40.810051234Z", stampNow, nil, "2026-11-21T03:55:40.810051234Z"},
		{"no fraction", "2026-11-21T03:55:40Z", stampNow, nil, "2026-11-21T03:55:40Z"},
		{"east", "2026-11-21T03:55:40.5+05:30", stampNow, nil, "2026-11-20T22:25:40.5Z"},
		{"west", "2026-11-21T03:55:40-08:00", stampNow, nil, "2026-11-21T11:55:40Z"},
		{"an offset beats the reader's zone", "2026-11-21T03:55:40+02:00", stampNow, zone, "2026-11-21T01:55:40Z"},
		{"year first", "2026 Nov 21 03:55:40.810", stampNow, nil, "2026-11-21T03:55:40.81Z"},
		{"year first, day padded", "2026 Nov  3 03:55:40.810", stampNow, zone, "2026-11-03T02:55:40.81Z"},

		{"yesterday's year", "Dec 31 23:59:59", stampNow, nil, "2025-12-31T23:59:59Z"},
		{"New Year, read just after", "Dec 31 23:59:59", time.Date(2027, 1, 1, 0, 0, 5, 0, time.UTC), nil, "2026-12-31T23:59:59Z"},
		{"New Year, the writer's clock is ahead", "Jan  1 00:00:03", time.Date(2026, 12, 31, 23, 59, 50, 0, time.UTC), nil, "2027-01-01T00:00:03Z"},
		{"New Year, first second", "Jan  1 00:00:00", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), nil, "2027-01-01T00:00:00Z"},
		{"New Year comes earlier in the east", "Jan  1 00:10:00", time.Date(2026, 12, 31, 13, 10, 0, 0, time.UTC), sydney, "2026-12-31T13:10:00Z"},
		{"a day ahead is believed", "Nov 22 11:59:59", stampNow, nil, "2026-11-22T11:59:59Z"},
		{"more than a day ahead is last year's", "Nov 22 12:02:00", stampNow, nil, "2025-11-22T12:02:00Z"},
		{"Feb 29 in a leap year", "Feb 29 10:00:00", time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), nil, "2024-02-29T10:00:00Z"},
		{"Feb 29 of the last leap year", "Feb 29 10:00:00", stampNow, nil, "2024-02-29T10:00:00Z"},
		{"Feb 29 on the day", "Feb 29 10:00:00", time.Date(2028, 2, 29, 10, 0, 1, 0, time.UTC), nil, "2028-02-29T10:00:00Z"},
		{"Feb 29, 2100 is no leap year", "Feb 29 10:00:00", time.Date(2100, 6, 1, 0, 0, 0, 0, time.UTC), nil, "2096-02-29T10:00:00Z"},
		{"a day that no month has", "Feb 30 10:00:00", stampNow, nil, ""},
		{"a month that no year has", "Foo 12 10:00:00", stampNow, nil, ""},
		{"an hour that no day has", "Nov 21 25:00:00", stampNow, nil, ""},
		{"no year known", "Nov 21 03:55:40", time.Unix(0, 0).Add(-day), nil, "1969-11-21T03:55:40Z"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := Parser{Location: test.location, NotAfter: test.notAfter.Unix()}
			var e Event
			ok := p.Parse(test.stamp+" mx postfix/qmgr[3]: 4C2FB3A1B2: removed", &e)
			if test.want == "" {
				if ok && !e.Time.IsZero() {
					t.Errorf("read %v from a stamp that none can read", e.Time)
				}
				return
			}
			want, err := time.Parse(time.RFC3339Nano, test.want)
			if err != nil {
				t.Fatal(err)
			}
			if !ok || !e.Time.Equal(want) {
				t.Errorf("Parse %t, time %v, want %v", ok, e.Time.UTC(), want)
			}
		})
	}
}

// One parser reads a log through New Year and through a change of NotAfter.
func TestStampsThroughNewYear(t *testing.T) {
	p := Parser{NotAfter: time.Date(2026, 12, 31, 23, 59, 58, 0, time.UTC).Unix()}
	lines := []struct{ stamp, want string }{
		{"Dec 31 23:59:58", "2026-12-31T23:59:58Z"},
		{"Jan  1 00:00:00", "2027-01-01T00:00:00Z"},
		{"Dec 31 23:59:59", "2026-12-31T23:59:59Z"}, // late
		{"Jan  1 00:00:01", "2027-01-01T00:00:01Z"},
	}
	for _, line := range lines {
		var e Event
		p.Parse(line.stamp+" mx postfix/qmgr[3]: 4C2FB3A1B2: removed", &e)
		if got := e.Time.UTC().Format(time.RFC3339); got != line.want {
			t.Errorf("%s: read %s, want %s", line.stamp, got, line.want)
		}
	}
	p.NotAfter = time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC).Unix()
	var e Event
	p.Parse("Jan  1 00:00:01 mx postfix/qmgr[3]: 4C2FB3A1B2: removed", &e)
	if e.Time.Year() != 2025 {
		t.Errorf("after NotAfter went back to 2025: year %d", e.Time.Year())
	}
}

// Daylight saving: 02:30 happens twice or never; the reading is within the hour.
func TestStampsInAZoneWithDaylightSaving(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data here:", err)
	}
	p := Parser{Location: berlin, NotAfter: stampNow.Unix()}
	for stamp, want := range map[string]string{
		"Jul  1 12:00:00": "2026-07-01T10:00:00Z",
		"Nov  1 12:00:00": "2026-11-01T11:00:00Z",
		"Mar 29 01:59:59": "2026-03-29T00:59:59Z",
		"Mar 29 03:00:00": "2026-03-29T01:00:00Z",
		"Oct 25 01:59:59": "2026-10-24T23:59:59Z",
		"Oct 25 03:00:00": "2026-10-25T02:00:00Z",
	} {
		var e Event
		p.Parse(stamp+" mx postfix/qmgr[3]: 4C2FB3A1B2: removed", &e)
		if got := e.Time.UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: read %s, want %s", stamp, got, want)
		}
	}
}
