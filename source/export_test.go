package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// binaryField is a field whose value may hold anything.
func binaryField(name, value string) string {
	return name + "\n" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(value)))) + value + "\n"
}

// readExport is what is kept of the entries, "|" between two, and the error.
func readExport(r io.Reader) (string, error) {
	x := exportReader{bufio.NewReaderSize(r, 128)}
	var all []string
	var e exportEntry
	for {
		if err := x.next(&e); err != nil {
			return strings.Join(all, "|"), err
		}
		var kept []string
		for f := range fields {
			if e.has[f] {
				kept = append(kept, fmt.Sprintf("%d=%s", f, e.text(field(f))))
			}
		}
		all = append(all, strings.Join(kept, ","))
	}
}

var exports = []struct{ name, in, want, fault string }{
	{"nothing", "", "", ""},
	{"one", "__CURSOR=c\nMESSAGE=hello\n\n", "0=c,7=hello", ""},
	{"two", "__CURSOR=c\n\n__CURSOR=d\n\n", "0=c|0=d", ""},
	{"blank lines between", "\n\n__CURSOR=c\n\n\n\n__CURSOR=d\n\n", "0=c|0=d", ""},
	{"equal signs", "__CURSOR=s=1;i=2\nMESSAGE=a=b\n\n", "0=s=1;i=2,7=a=b", ""},
	{"an empty value", "__CURSOR=c\nMESSAGE=\n\n", "0=c,7=", ""},
	{"others are passed over", "_BOOT_ID=x\n__CURSOR=c\nMESSAGE_ID=y\n\n", "0=c", ""},
	{"an entry of others", "A=b\n\n__CURSOR=c\n\n", "|0=c", ""},
	{"all fields", "__CURSOR=0\n__REALTIME_TIMESTAMP=1\n_SOURCE_REALTIME_TIMESTAMP=2\n_HOSTNAME=3\nSYSLOG_IDENTIFIER=4\nSYSLOG_PID=5\n_PID=6\nMESSAGE=7\n\n",
		"0=0,1=1,2=2,3=3,4=4,5=5,6=6,7=7", ""},
	{"binary", "__CURSOR=c\n" + binaryField("MESSAGE", "a\n\nb\x00\xff=c") + "\n", "0=c,7=a\n\nb\x00\xff=c", ""},
	{"binary and empty", "__CURSOR=c\n" + binaryField("MESSAGE", "") + "\n", "0=c,7=", ""},
	{"binary of others", binaryField("COREDUMP", strings.Repeat("\nMESSAGE=x\n\n", 1000)) + "__CURSOR=c\n\n", "0=c", ""},
	{"a forged entry in a value", "__CURSOR=c\n" + binaryField("MESSAGE", "x\n\n__CURSOR=d\nMESSAGE=y\n\n") + "\n", "0=c,7=x\n\n__CURSOR=d\nMESSAGE=y\n\n", ""},
	{"a name twice", "__CURSOR=c\nMESSAGE=a\nMESSAGE=b\n\n", "0=c,7=a", ""},
	{"a long line of others", "X=" + strings.Repeat("y", 1000) + "\n__CURSOR=c\n\n", "0=c", ""},
	{"a long line", "MESSAGE=" + strings.Repeat("y", 1000) + "\n\n", "7=" + strings.Repeat("y", 1000), ""},
	{"a line that is cut", "__REALTIME_TIMESTAMP=" + strings.Repeat("1", 1000) + "\n\n", "1=" + strings.Repeat("1", 32), ""},
	{"a binary that is cut", binaryField("_PID", strings.Repeat("1", 1000)) + "\n", "6=" + strings.Repeat("1", 32), ""},
	{"the end in an entry", "__CURSOR=c\n\n__CURSOR=d\nMESSAGE=x\n", "0=c", ""},
	{"the end in a line", "__CURSOR=c\n\n__CURSOR=d", "0=c", ""},
	{"the end in a length", "__CURSOR=c\n\nMESSAGE\n\x01\x00", "0=c", ""},
	{"the end in a binary", "__CURSOR=c\n\nMESSAGE\n\x05\x00\x00\x00\x00\x00\x00\x00abc", "0=c", ""},
	{"the end behind a binary", "__CURSOR=c\n\nMESSAGE\n\x03\x00\x00\x00\x00\x00\x00\x00abc", "0=c", ""},
	{"words", "-- No entries --\n", "", "a field's name"},
	{"no name", "=x\n\n", "", "a field's name"},
	{"a long name", strings.Repeat("N", 65) + "=x\n\n", "", "a field's name"},
	{"a line without an end", strings.Repeat("N", 1000), "", "a field's name"},
	{"a huge binary", "X\n\xff\xff\xff\xff\xff\xff\xff\x7f", "", "a field of 9223372036854775807 bytes"},
	{"a binary without its newline", "X\n\x01\x00\x00\x00\x00\x00\x00\x00ab\n", "", "no newline"},
	{"very many fields", strings.Repeat("A=b\n", maxFields+1) + "\n", "", "more than 2048 fields"},
}

func TestExport(t *testing.T) {
	for _, c := range exports {
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(c.in), "by bytes": iotest.OneByteReader(strings.NewReader(c.in))} {
			got, err := readExport(r)
			fault := ""
			if err != io.EOF {
				fault = err.Error()
			}
			if got != c.want || !strings.Contains(fault, c.fault) || (c.fault == "") != (fault == "") || (fault != "") != errors.Is(err, errNotExport) {
				t.Errorf("%s, %s: %q, %v\nwant %q, %q", c.name, how, got, err, c.want, c.fault)
			}
		}
	}
}

// FuzzExport: nothing is kept beyond its limit, and fields that are written are read.
func FuzzExport(f *testing.F) {
	for _, c := range exports {
		f.Add([]byte(c.in), "text")
	}
	f.Fuzz(func(t *testing.T, in []byte, message string) {
		x := exportReader{bufio.NewReaderSize(bytes.NewReader(in), 128)}
		var e exportEntry
		var err error
		for n := 0; err == nil && n <= len(in); n++ {
			err = x.next(&e)
			for f := range fields {
				if len(e.values[f]) > fields[f].max {
					t.Fatalf("%s of %d bytes", fields[f].name, len(e.values[f]))
				}
			}
		}
		if err == nil || err != io.EOF && !errors.Is(err, errNotExport) {
			t.Fatal(err)
		}
		written := "__CURSOR=c\n" + binaryField("MESSAGE", message) + "\n__CURSOR=d\n\n"
		if got, err := readExport(strings.NewReader(written)); got != "0=c,7="+message[:min(len(message), MaxLine+1)]+"|0=d" || err != io.EOF {
			t.Fatalf("%q: %q, %v", message, got, err)
		}
	})
}

// What systemd itself writes, of a text with a newline in it.
func TestRealExport(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "journal.export"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := readExport(file)
	if n := strings.Count(got, "|") + 1; err != io.EOF || n != 3 || !strings.Contains(got, "7=line\nwith newline \xff") || !strings.Contains(got, "4=postfix/smtp,5=393") {
		t.Errorf("%d entries, %v: %q", n, err, got)
	}
}
