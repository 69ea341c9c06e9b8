package maillog

// The data beside the project: lines with the fields that other parsers expect
// of them, lines to be recognized, and lines that hostile clients and servers
// made a real Postfix write. Nothing of them is copied here: lines are named
// by their case or by a sum.

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// sharedFile is a file of the data; POSTFIX_EXPORTER_SHARED names another
// folder of the same layout.
func sharedFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("POSTFIX_EXPORTER_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	name = filepath.Join(dir, "parser", name)
	if _, err := os.Stat(name); err != nil {
		t.Skip("no parser data here:", err)
	}
	return name
}

// A sharedCase is a line and what is expected of it.
type sharedCase struct {
	ID     string
	Line   string
	Expect map[string]any
	Note   string
}

func sharedCases(t *testing.T, name string) []sharedCase {
	t.Helper()
	var cases []sharedCase
	eachLine(t, sharedFile(t, name), func(line string) {
		var c sharedCase
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	})
	return cases
}

// differences are the expected fields that the Event shows otherwise.
func (c sharedCase) differences(e *Event, read bool, fields map[string]func(*Event) any) []string {
	if !read {
		return []string{"not read as Postfix's"}
	}
	var diffs []string
	for name, want := range c.Expect {
		field, known := fields[name]
		if !known {
			diffs = append(diffs, "no field "+name)
			continue
		}
		if got := field(e); !sameValue(got, want) {
			diffs = append(diffs, fmt.Sprintf("%s: read %#v, expected %#v", name, got, want))
		}
	}
	slices.Sort(diffs)
	return diffs
}

// sameValue compares by what is printed: 25 is "25" is 25.0. Where a field has
// several readings, one must be the expected one.
func sameValue(got, want any) bool {
	if choices, ok := got.(oneOf); ok {
		return slices.ContainsFunc(choices, func(choice any) bool { return sameValue(choice, want) })
	}
	if want == nil {
		return reflect.ValueOf(got).IsZero()
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}

// oneOf are several readings of one field.
type oneOf []any

func TestSharedCases(t *testing.T) {
	cases := sharedCases(t, "cases.jsonl")
	p := Parser{NotAfter: stampNow.Unix()}
	good := 0
	for _, c := range cases {
		var e Event
		read := p.Parse(c.Line, &e)
		diffs := c.differences(&e, read, caseFields(c))
		reason, excused := excusedCases[c.ID]
		switch {
		case len(diffs) == 0:
			good++
			if excused {
				t.Errorf("%s is right; take it off the table (%s)", c.ID, reason)
			}
		case excused:
			t.Logf("%s differs: %s: %s", c.ID, reason, strings.Join(diffs, "; "))
		default:
			t.Errorf("%s differs: %s\n%s (%s)\n%s", c.ID, strings.Join(diffs, "; "), e.Kind, e.Daemon, c.Line)
		}
	}
	if rate := share(good, len(cases)); rate < 97 {
		t.Errorf("%.1f %% of the cases are right, fewer than 97 %%", rate)
	}
	t.Logf("%d of %d cases are right, %.1f %%", good, len(cases), share(good, len(cases)))
}

func TestSharedLines(t *testing.T) {
	p := Parser{NotAfter: stampNow.Unix()}
	all, recognized, excused := 0, 0, 0
	eachLine(t, sharedFile(t, "lines.txt"), func(line string) {
		var e Event
		ok := p.Parse(line, &e) && e.Kind != Unrecognized
		sum := lineSum(line)
		reason, known := notPostfixOutput[sum]
		all++
		switch {
		case ok:
			recognized++
			if known {
				t.Errorf("%s is recognized; take it off the table (%s)\n%s", sum, reason, line)
			}
		case known:
			excused++
		default:
			t.Errorf("%s is not recognized\n%s", sum, line)
		}
	})
	if rate := share(recognized, all-excused); rate < 97 {
		t.Errorf("%.1f %% of Postfix's lines are recognized, fewer than 97 %%", rate)
	}
	t.Logf("%d of %d lines are recognized, %.1f %%; %.1f %% of those that Postfix can write",
		recognized, all, share(recognized, all), share(recognized, all-excused))
}

func TestSharedHostileLines(t *testing.T) {
	cases := sharedCases(t, "hostile.jsonl")
	p := Parser{NotAfter: stampNow.Unix()}
	good := 0
	for _, c := range cases {
		if _, given := c.Expect["truncated"]; !given {
			c.Expect["truncated"] = false
		}
		var e Event
		read := p.Parse(c.Line, &e)
		diffs := c.differences(&e, read, hostileFields())
		if len(diffs) == 0 {
			good++
			if e.Ambiguous && c.Expect["ambiguous"] == nil {
				t.Logf("%s is called ambiguous, of which the data says nothing", c.ID)
			}
			continue
		}
		t.Errorf("%s differs: %s\n%s (%s)\n%s", c.ID, strings.Join(diffs, "; "), e.Kind, e.Daemon, c.Line)
	}
	t.Logf("%d of %d hostile lines are right", good, len(cases))
}

func share(part, all int) float64 { return 100 * float64(part) / float64(max(all, 1)) }

func lineSum(line string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(line))) }
