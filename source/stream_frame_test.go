package source

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// frames are the messages in data, which comes in pieces of these sizes.
func frames(t *testing.T, data string, sizes []byte, max int) (got []string, f framer) {
	f.max = max
	give := func(b []byte) {
		if len(b) > max || bytes.IndexByte(b, '\n') >= 0 {
			t.Fatalf("a message of %d bytes: %q", len(b), b)
		}
		got = append(got, string(b))
	}
	whole := true
	for i := 0; len(data) > 0 && whole; i++ {
		n := len(data)
		if len(sizes) > 0 {
			n = min(n, 1+int(sizes[i%len(sizes)]))
		}
		whole = f.write([]byte(data[:n]), give)
		data = data[n:]
		if len(f.part) > max+beyond {
			t.Fatalf("%d bytes are held", len(f.part))
		}
	}
	if whole {
		f.close(true, give)
	}
	return got, f
}

// FuzzFraming: any bytes, cut at any place, give the frames that they give whole.
func FuzzFraming(f *testing.F) {
	for _, data := range []string{
		"<22>a\n<22>b\r\n", "5 <22>a6 <22>bb", "5 <22>a\n<22>b\n\x00", "9999999 x\ny\n", "3 a\n\n17 b", "12 <22>a\n<22>b\n5 <22>c",
		strings.Repeat("x", 13) + "\x00\x00\x00\r\n" + strings.Repeat("y", 30) + "\n", "20 " + strings.Repeat("\x00", 20) + "9 ", "0 a\n", "1",
	} {
		f.Add(data, []byte{0})
		f.Add(data, []byte{2, 0, 5})
	}
	f.Fuzz(func(t *testing.T, data string, sizes []byte) {
		const max = 12
		want, one := frames(t, data, nil, max)
		got, many := frames(t, data, sizes, max)
		if !slices.Equal(got, want) || one.bad != many.bad || one.long != many.long {
			t.Errorf("%q in pieces of %v: %q, %d bad, %d cut\nwhole: %q, %d bad, %d cut", data, sizes, got, many.bad, many.long, want, one.bad, one.long)
		}
	})
}

// FuzzFramesWritten: what a sender frames is what comes out, whichever way each
// message is framed and whatever they hold.
func FuzzFramesWritten(f *testing.F) {
	f.Add("<22>a|<22>b|<22>c", []byte{0, 1, 2, 3, 4})
	f.Add("12 x|<22>b||0", []byte{1})
	f.Fuzz(func(t *testing.T, data string, ways []byte) {
		var sent strings.Builder
		var want []string
		for i, m := range strings.Split(data, "|") {
			way := 0
			if len(ways) > 0 {
				way = int(ways[i%len(ways)])
			}
			m = strings.Trim(strings.ReplaceAll(m, "\n", ""), "\x00\r\n")
			if m == "" || len(m) > 1000 {
				continue
			}
			if way%2 == 0 && m[0] >= '0' && m[0] <= '9' { // it would be a count
				way++
			}
			if way%2 == 1 {
				fmt.Fprintf(&sent, "%d %s", len(m), m)
			} else {
				sent.WriteString(m + "\n")
			}
			sent.WriteString([]string{"", "\n", "\r\n", "\x00"}[way/2%4])
			want = append(want, m)
		}
		if got, fr := frames(t, sent.String(), ways, 1000); !slices.Equal(got, want) || fr.bad+fr.long != 0 {
			t.Errorf("%q, %d bad, %d cut\nsent %q", got, fr.bad, fr.long, want)
		}
	})
}
