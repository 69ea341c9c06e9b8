package showq

import (
	"bufio"
	"io"
	"runtime"
	"strings"
	"testing"
)

// repeated is a text so many times, between two others.
type repeated struct {
	text string
	left int
	now  string
	last string
}

func (r *repeated) Read(b []byte) (n int, err error) {
	for n < len(b) {
		if r.now == "" {
			switch {
			case r.left > 0:
				r.now = r.text
				r.left--
			case r.last != "":
				r.now, r.last = r.last, ""
			case n == 0:
				return 0, io.EOF
			default:
				return n, nil
			}
		}
		m := copy(b[n:], r.now)
		r.now = r.now[m:]
		n += m
	}
	return n, nil
}

const why = "host gmail-smtp-in.l.google.com[142.250.27.26] said: 452-4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to 452 4.2.2 https://support.example/p=OverQuotaTemp (in reply to RCPT TO command)"

// manyMessages is a list of so many messages, of two recipients each.
func manyMessages(n int) io.Reader {
	one := "queue_name\x00deferred\x00queue_id\x004jWzKw668wz1SZR5\x00time\x001795279944\x00size\x0031200\x00forced_expire\x000\x00sender\x00newsletter@example.com\x00" +
		"recipient\x00a.somewhat.longer.name@example.org\x00reason\x00" + why + "\x00recipient\x00bob@example.net\x00reason\x00" + why + "\x00\x00"
	return &repeated{text: one, left: n, now: wire(hello), last: "\x00"}
}

func manyLines(n int) io.Reader {
	one := `{"queue_name": "deferred", "queue_id": "4jWzKw668wz1SZR5", "arrival_time": 1795279944, "message_size": 31200, "forced_expire": false, "sender": "newsletter@example.com", "recipients": [` +
		`{"address": "a.somewhat.longer.name@example.org", "delay_reason": "` + why + `"}, {"address": "bob@example.net", "delay_reason": "` + why + `"}]}` + "\n"
	return &repeated{text: one, left: n}
}

// sums is what a collector does at least.
type sums struct{ bytes, waiting int64 }

func (s *sums) Message(m *Message) { s.bytes += m.Size }

func (s *sums) Recipient(_ *Message, r *Recipient) {
	if strings.HasPrefix(r.Reason, "host ") {
		s.waiting++
	}
}

func list(tb testing.TB, format func(*bufio.Reader, *draft) error, r io.Reader, n int) {
	tb.Helper()
	var s sums
	var result Result
	if err := format(bufio.NewReaderSize(r, bufferSize), &draft{visitor: &s, result: &result}); err != nil {
		tb.Fatal(err)
	}
	if s.bytes != 31200*int64(n) || s.waiting != 2*int64(n) || result.Messages != int64(n) {
		tb.Fatalf("%+v, %+v of %d messages", s, result, n)
	}
}

func BenchmarkList(b *testing.B) {
	b.ReportAllocs()
	list(b, readList, manyMessages(b.N), b.N)
}

func BenchmarkLines(b *testing.B) {
	b.ReportAllocs()
	list(b, readLines, manyLines(b.N), b.N)
}

// TestConstantMemory: a long queue, and a message of many recipients, allocate no
// more than a short one.
func TestConstantMemory(t *testing.T) {
	allocated := func(f func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	recipient := wire("recipient.bob@example-org.reason.refused.")
	for name, f := range map[string]func(){
		"messages": func() { list(t, readList, manyMessages(20_000), 20_000) },
		"lines":    func() { list(t, readLines, manyLines(20_000), 20_000) },
		"recipients": func() {
			var result Result
			r := &repeated{text: recipient, left: 100_000, now: wire(head), last: "\x00\x00"}
			if err := readList(bufio.NewReaderSize(r, bufferSize), &draft{visitor: &sums{}, result: &result}); err != nil || result.Recipients != 100_000 {
				t.Errorf("%v, %+v", err, result)
			}
		},
	} {
		if got := allocated(f); got > 2*bufferSize {
			t.Errorf("%s: %d bytes allocated", name, got)
		}
	}
}
