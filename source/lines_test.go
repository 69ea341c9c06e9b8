package source

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// splitAll reads all lines of r, and checks the places after them.
func splitAll(t *testing.T, s *splitter, r io.Reader, text string) (lines []string) {
	t.Helper()
	for {
		if line, ok := s.next(); ok {
			lines = append(lines, strings.Clone(line))
			at := s.offset()
			if at < 1 || at > int64(len(text)) || at < int64(len(text)) && text[at-1] != '\n' {
				t.Fatalf("line %d: offset %d is not after a newline", len(lines), at)
			}
			continue
		}
		if s.final {
			return lines
		}
		if _, err := s.fill(r); err != nil {
			s.final = true
		}
	}
}

// slowLines is what the splitter must do, said slowly.
func slowLines(text string, max int) (lines []string, cut int64) {
	parts := strings.Split(text, "\n")
	if parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	for _, line := range parts {
		line = strings.TrimSuffix(line, "\r")
		if len(line) > max {
			line = line[:max]
			cut++
		}
		lines = append(lines, line)
	}
	return lines, cut
}

func TestSplitter(t *testing.T) {
	long := strings.Repeat("x", 40)
	for _, c := range []struct {
		name, text string
		want       []string
		cut        int64
	}{
		{"nothing", "", nil, 0},
		{"one line", "a\n", []string{"a"}, 0},
		{"no newline at the end", "a\nb", []string{"a", "b"}, 0},
		{"empty lines", "\n\na\n\n", []string{"", "", "a", ""}, 0},
		{"carriage returns", "a\r\n\r\nb\r\r\nc\rd\ne\r", []string{"a", "", "b\r", "c\rd", "e"}, 0},
		{"NULs and broken UTF-8", "a\x00b\n\xff\xc3\n\x00\n", []string{"a\x00b", "\xff\xc3", "\x00"}, 0},
		{"other breaks are none", "a\u0085\u2028\v\fb\n", []string{"a\u0085\u2028\v\fb"}, 0},
		{"just not too long", long[:10] + "\n" + long[:10] + "\r\n", []string{long[:10], long[:10]}, 0},
		{"too long by one", long[:11] + "\nb\n", []string{long[:10], "b"}, 1},
		{"too long, then a carriage return", long[:11] + "\r\nb\n", []string{long[:10], "b"}, 1},
		{"a carriage return at the limit, and more", long[:10] + "\rx\nb\n", []string{long[:10], "b"}, 1},
		{"longer than the buffer", strings.Repeat(long, 10) + "\nb\n", []string{long[:10], "b"}, 1},
		{"longer than the buffer, unended", "b\n" + strings.Repeat(long, 10), []string{"b", long[:10]}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{
				strings.NewReader(c.text),
				iotest.OneByteReader(strings.NewReader(c.text)),
				iotest.DataErrReader(strings.NewReader(c.text)),
			} {
				s := newSplitter(32, 10)
				if got := splitAll(t, s, r, c.text); !slices.Equal(got, c.want) || s.cut != c.cut {
					t.Errorf("got %q, %d cut; want %q, %d", got, s.cut, c.want, c.cut)
				}
			}
		})
	}
}

// chunks reads in pieces of the sizes given, over and over.
type chunks struct {
	r     io.Reader
	sizes []byte
	i     int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.sizes) > 0 {
		p = p[:min(len(p), 1+int(c.sizes[c.i%len(c.sizes)]))]
		c.i++
	}
	return c.r.Read(p)
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nb\r\nc"), []byte{0}, uint8(3))
	f.Add([]byte("aaaaaaaaaaaa\r\n\nb"), []byte{4, 0, 9}, uint8(4))
	f.Add(bytes.Repeat([]byte("xyz\r"), 300), []byte{200}, uint8(0))
	f.Fuzz(func(t *testing.T, data, sizes []byte, limit uint8) {
		text, max := string(data), int(limit)
		s := newSplitter(max+3+int(limit%7), max)
		got := splitAll(t, s, &chunks{r: bytes.NewReader(data), sizes: sizes}, text)
		want, cut := slowLines(text, max)
		if !slices.Equal(got, want) || s.cut != cut {
			t.Fatalf("got %q, %d cut; want %q, %d", got, s.cut, want, cut)
		}
		if s.offset() != int64(len(data)) {
			t.Fatalf("ended at %d of %d", s.offset(), len(data))
		}
	})
}

// randomLog is lines of all lengths, some of them too long.
func randomLog(r *rand.Rand, lines int) string {
	var b strings.Builder
	for range lines {
		n := r.IntN(300)
		if r.IntN(50) == 0 {
			n = MaxLine - 2 + r.IntN(5)
		}
		for range n {
			b.WriteByte("abc \r\x00\xff"[r.IntN(7)])
		}
		b.WriteString([]string{"\n", "\r\n"}[r.IntN(2)])
	}
	return b.String()
}
