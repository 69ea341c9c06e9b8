package source

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// benchLog is a log of lines of 181 bytes.
func benchLog(tb testing.TB, lines int) string {
	line := append(bytes.Repeat([]byte("x"), 180), '\n')
	path := filepath.Join(tb.TempDir(), "mail.log")
	if err := os.WriteFile(path, bytes.Repeat(line, lines), 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

// opened are the sources of the file at path.
func opened(tb testing.TB, path string) map[string]func() lines {
	must := func(l lines, err error) lines {
		if err != nil {
			tb.Fatal(err)
		}
		return l
	}
	return map[string]func() lines{
		"follow": func() lines { f, err := NewFollow(path, FollowOptions{Poll: true}); return must(f, err) },
		"set": func() lines {
			s, err := NewSet(SetOptions{Paths: []string{path}, Poll: true})
			return must(s, err)
		},
		"files": func() lines { f, err := NewFiles([]string{path}, FilesOptions{}); return must(f, err) },
		"reader": func() lines {
			file, err := os.Open(path)
			tb.Cleanup(func() { file.Close() })
			return must(NewReader(file, path, nil), err)
		},
	}
}

// BenchmarkNext is the time of a line, opening included.
func BenchmarkNext(b *testing.B) {
	const n = 200_000
	path := benchLog(b, n)
	for name, open := range opened(b, path) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(181)
			b.ReportAllocs()
			l := open()
			for range b.N {
				_, _, err := l.Next()
				for err == io.EOF {
					if name != "reader" || l.Wait(b.Context()) != nil {
						l.Close()
						l = open()
					}
					_, _, err = l.Next()
				}
			}
			l.Close()
		})
	}
}

// A line costs no memory.
func TestNextDoesNotAllocate(t *testing.T) {
	for name, open := range opened(t, benchLog(t, 50_000)) {
		l := open()
		got := 0
		allocs := testing.AllocsPerRun(10, func() {
			for range 4_000 {
				if _, _, err := l.Next(); err == nil {
					got++
				} else if name == "reader" {
					l.Wait(t.Context())
				}
			}
		})
		// A buffer may cost something (a stat), a line may not.
		if perLine := allocs / 4_000; perLine > 0.01 || got < 30_000 {
			t.Errorf("%s: %v allocations a line, %d lines", name, perLine, got)
		}
		l.Close()
	}
}
