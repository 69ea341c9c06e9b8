package showq

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

const jsonHead = `{"queue_name": "deferred", "queue_id": "3F2A14B7C1", "arrival_time": 1795279944, "message_size": 312, "forced_expire": false, "sender": "ann@example-com", "recipients": [`

func TestLines(t *testing.T) {
	readings{
		{"nothing waits", "", ""},
		{"a message without recipients", jsonHead + "]}\n", told},
		{"a recipient", jsonHead + `{"address": "b", "delay_reason": "refused"}]}` + "\n", told + "3F2A14B7C1 to \"b\": \"refused\"\n"},
		{"before 3.5", `{"queue_name":"hold","queue_id":"A","arrival_time":7,"message_size":8,"sender":"","recipients":[{"address":"b"}]}`,
			"hold A 7 8 from \"\"\nA to \"b\": \"\"\n"},
		{"since 3.11", jsonHead + `{"orig_address": "x", "address": "b", "delay_reason": "no"}, {"orig_address": "y", "address": "c", "bounce_reason": "never"}, {"address": "d", "other_reason": "z"}]}`,
			told + "3F2A14B7C1 to \"b\": \"no\"\n3F2A14B7C1 to \"c\": \"never\" bounced\n3F2A14B7C1 to \"d\": \"z\"\n"},
		{"two messages", jsonHead + "]}\n" + jsonHead + "]}\n", told + told},
		{"forced", `{"queue_name":"hold","queue_id":"A","arrival_time":7,"message_size":8,"forced_expire":true,"sender":"s"}`, "hold A 7 8 forced from \"s\"\n"},
		{"what is not known yet", `{"x": {"queue_id": ["B", {}]}, "queue_name": "hold", "n": null, "queue_id": "A", "arrival_time": 7, "message_size": 8, "sender": "s", "recipients": [{"y": [1, -2.5e+3, true], "address": "b"}], "z": 1}`,
			"hold A 7 8 from \"s\"\nA to \"b\": \"\"\n"},
		{"no values of that kind", `{"queue_name": "hold", "queue_id": "A", "arrival_time": {}, "message_size": null, "sender": ["s"], "recipients": [{}]}`, "hold A 0 -1 from \"\"\n"},
		{"escapes", jsonHead + `{"address": "\"\\\/\b\f\n\r\t", "delay_reason": "\u00e9\u20AC\ud83d\ude00\ud83dx\u0000"}]}`,
			told + `3F2A14B7C1 to "\"\\/\b\f\n\r\t": "é€😀` + "\ufffd" + `x\x00"` + "\n"},
		{"bytes that are no JSON", jsonHead + "{\"address\": \"\xff\n\x01\"}]}", told + `3F2A14B7C1 to "\xff\n\x01": ""` + "\n"},

		{"no end", jsonHead + `{"address": "b"}`, told + "3F2A14B7C1 to \"b\": \"\"\ncut: the list is cut: it ends in the middle\n"},
		{"half an escape", jsonHead + `{"address": "\u00`, told + "cut: the list is cut: it ends in the middle\n"},
		{"half a number", `{"queue_name": "hold", "arrival_time": 12`, "cut: the list is cut: it ends in the middle\n"},
		{"text", "Mail queue is empty\n", "malformed: it prints something else than JSON objects\n"},
		{"no comma", `{"queue_name": "hold" "queue_id": "A"}`, "malformed: a ',' is missing in the JSON text\n"},
		{"no value", `{"queue_name": , "queue_id": "A"}`, "malformed: a value is missing in the JSON text\n"},
		{"a wrong escape", `{"queue_name": "\x"}`, "malformed: the JSON text has an unknown escape\n"},
		{"wrong digits", `{"queue_name": "\u00g0"}`, "malformed: the JSON text has an escape without its four digits\n"},
		{"too deep", `{"x": ` + strings.Repeat("[", 1000), "malformed: the JSON text is nested wrongly, or too deep\n"},
		{"brackets that do not match", `{"x": ]}`, "malformed: the JSON text is nested wrongly, or too deep\n"},
		{"recipients first", `{"recipients": [{"address": "b"}], "queue_id": "A"}`, "malformed: a message has no queue, or no queue id\n"},
		{"a recipient without address", jsonHead + `{"delay_reason": "r"}]}`, told + "malformed: a recipient has no address\n"},
	}.run(t, readLines)
}

// However the text comes in, it is read alike.
func TestLinesInPieces(t *testing.T) {
	in := jsonHead + `{"address": "\ud83d\ude00\u20ac", "delay_reason": "` + strings.Repeat(`x\n`, MaxValue) + `"}]}` + "\n"
	whole, result := read(readLines, strings.NewReader(in))
	bytewise, _ := read(readLines, iotest.OneByteReader(strings.NewReader(in)))
	want := told + fmt.Sprintf("3F2A14B7C1 to \"😀€\": %q\n", strings.Repeat("x\n", MaxValue/2))
	if whole != want || bytewise != want || result.Cut != 1 {
		t.Errorf("%d and %d bytes told, want %d; %d cut", len(whole), len(bytewise), len(want), result.Cut)
	}
}
