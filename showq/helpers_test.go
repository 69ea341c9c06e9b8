package showq

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
)

// diary writes down what it is told, a line each.
type diary struct{ strings.Builder }

func (d *diary) Message(m *Message) {
	at := m.Arrived.Unix()
	if m.Arrived.IsZero() {
		at = 0
	}
	fmt.Fprintf(d, "%s %s %d %d", m.Queue, m.ID, at, m.Size)
	if m.Forced {
		d.WriteString(" forced")
	}
	fmt.Fprintf(d, " from %q\n", m.Sender)
}

func (d *diary) Recipient(m *Message, r *Recipient) {
	fmt.Fprintf(d, "%s to %q: %q", m.ID, r.Address, r.Reason)
	if r.Bounced {
		d.WriteString(" bounced")
	}
	d.WriteString("\n")
}

// read reads a list; the error is the last line.
func read(format func(*bufio.Reader, *draft) error, r io.Reader) (string, Result) {
	var told diary
	var result Result
	if err := format(bufio.NewReaderSize(r, bufferSize), &draft{visitor: &told, result: &result}); err != nil {
		fmt.Fprintf(&told, "%s: %v\n", ReasonOf(err), err)
	}
	return told.String(), result
}

// readings are a table of what is read, and what comes of it.
type readings []struct{ name, in, want string }

func (all readings) run(t *testing.T, format func(*bufio.Reader, *draft) error) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			got, _ := read(format, strings.NewReader(c.in))
			if want := strings.ReplaceAll(c.want, "\t", ""); got != want {
				t.Errorf("%q\n got: %s\nwant: %s", c.in, got, want)
			}
		})
	}
}
