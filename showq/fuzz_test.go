package showq

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

// alike reads twice, at once and bytewise.
func alike(t *testing.T, format func(*bufio.Reader, *draft) error, in string) {
	t.Helper()
	whole, _ := read(format, strings.NewReader(in))
	bytewise, _ := read(format, iotest.OneByteReader(strings.NewReader(in)))
	if whole != bytewise {
		t.Fatalf("%q\nat once: %s\nbytewise: %s", in, whole, bytewise)
	}
}

func FuzzList(f *testing.F) {
	f.Add(wire(hello + "."))
	f.Add(wire(head + "original_recipient.x.recipient.b.log_class.bounce.reason.r...."))
	f.Add(wire("unknown.x.queue_id.A.queue_name.hold.time.-1.."))
	f.Add("Mail queue is empty\n")
	f.Fuzz(func(t *testing.T, in string) { alike(t, readList, in) })
}

func FuzzLines(f *testing.F) {
	f.Add(jsonHead + `{"address": "\ud83d\ude00", "bounce_reason": "\n"}]}` + "\n")
	f.Add(`{"x": [{}, null, -1e3], "queue_id": "A"}`)
	f.Add(`{"queue_id": "\u12`)
	f.Fuzz(func(t *testing.T, in string) { alike(t, readLines, in) })
}

// FuzzBothWays writes a message in both formats: they tell the same.
func FuzzBothWays(f *testing.F) {
	f.Add("ann@example.com", "bob@example.org", "connect to mx: \"no\"\r\n\\", uint32(1795279944), true)
	f.Add("", "j\u00f6rg", "\U0001f600\x7f\u2028", uint32(1), false)
	f.Fuzz(func(t *testing.T, from, to, why string, n uint32, forced bool) {
		clean := func(s *string) { *s = strings.ToValidUTF8(strings.ReplaceAll(*s, "\x00", ""), "?") }
		clean(&from)
		clean(&to)
		clean(&why)
		expire := map[bool]int{true: 1}[forced]
		list := fmt.Sprintf("queue_name\x00active\x00queue_id\x00A\x00time\x00%d\x00size\x00%d\x00forced_expire\x00%d\x00sender\x00%s\x00recipient\x00%s\x00reason\x00%s\x00\x00\x00", n, n, expire, from, to, why)
		object, err := json.Marshal(map[string]any{
			"arrival_time": n, "message_size": n, "forced_expire": forced, "queue_id": "A", "queue_name": "active", "sender": from,
			"zz": "recipients come last",
		})
		recipients, err2 := json.Marshal([]map[string]string{{"address": to, "delay_reason": why}})
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		line := strings.TrimSuffix(string(object), "}") + `,"recipients":` + string(recipients) + "}\n"
		one, _ := read(readList, strings.NewReader(list))
		other, _ := read(readLines, strings.NewReader(line))
		if one != other {
			t.Fatalf("showq: %s\npostqueue: %s", one, other)
		}
	})
}
