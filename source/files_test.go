package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.Bytes()
}

// dirWith makes a directory with files, and their paths in the order given.
func dirWith(t *testing.T, files ...string) (paths []string) {
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// readFiles reads to the end. Errors stand among the lines.
func readFiles(t *testing.T, f *Files) (lines []string) {
	t.Helper()
	for {
		line, at, err := f.Next()
		switch {
		case err == io.EOF:
			if err := f.Wait(context.Background()); err != io.EOF {
				t.Errorf("Wait at the end: %v", err)
			}
			return lines
		case err != nil:
			lines = append(lines, "error: "+err.Error())
		default:
			lines = append(lines, strings.Clone(line.Text))
			if at.Offset < int64(len(line.Text)) {
				t.Errorf("offset %d after %q", at.Offset, line.Text)
			}
		}
	}
}

func mustFiles(t *testing.T, paths []string, o FilesOptions) *Files {
	t.Helper()
	f, err := NewFiles(paths, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFiles(t *testing.T) {
	z := string(packed("a\nb\n"))
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"none", nil, ""},
		{"one", []string{"mail.log", "a\nb\n"}, "a b"},
		{"an empty one", []string{"mail.log", "", "x", "a\n"}, "a"},
		{"no newline at the end", []string{"1", "a\nb", "2", "c"}, "a b c"},
		{"oldest first", []string{"mail.log", "c\n", "mail.log.2.gz", z, "mail.log.1", "d\n"}, "a b d c"},
		{".gz by its bytes, not its name", []string{"mail.log.1", z, "x.gz", "c\n"}, "a b c"},
		{"members of .gz in a row", []string{"x.gz", z + z}, "a b a b"},
		{".gz of nothing", []string{"x.gz", string(packed(""))}, ""},
		{".gz without a newline at the end", []string{"x.gz", string(packed("a\nb")), "y", "c"}, "a b c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustFiles(t, dirWith(t, c.files...), FilesOptions{})
			if got := strings.Join(readFiles(t, f), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if read, total := f.Progress(); read != total {
				t.Errorf("read %d of %d", read, total)
			}
		})
	}
}

// What can't be read is told by name, after what can.
func TestFilesDamaged(t *testing.T) {
	text := strings.Repeat("line\n", 10_000)
	z := packed(text)
	for name, bad := range map[string][]byte{
		"cut in its header":   z[:5],
		"cut in its middle":   z[:len(z)/2],
		"cut in its checksum": z[:len(z)-3],
		"a wrong checksum":    append(slices.Clone(z[:len(z)-8]), 1, 2, 3, 4, 5, 6, 7, 8),
		"rubbish behind":      append(slices.Clone(z), "rubbish, more than ten bytes"...),
		"rubbish within":      append(slices.Clone(z[:30]), bytes.Repeat([]byte{0xff}, 1000)...),
	} {
		t.Run(name, func(t *testing.T) {
			f := mustFiles(t, dirWith(t, "mail.log.1.gz", string(bad), "mail.log", "after\n"), FilesOptions{})
			got := readFiles(t, f)
			n := len(got)
			if n < 2 || got[n-1] != "after" || !strings.HasPrefix(got[n-2], "error: ") || !strings.Contains(got[n-2], "mail.log.1.gz") {
				t.Fatalf("it ends with %q", got[max(0, n-3):])
			}
			for _, line := range got[:n-2] {
				if line != "line" {
					t.Fatalf("a line is %q", line)
				}
			}
			if strings.HasPrefix(name, "cut in its checksum") && n != 10_002 {
				t.Errorf("%d lines of 10000 before it", n-2)
			}
		})
	}
}

func TestFilesRefuses(t *testing.T) {
	good := dirWith(t, "mail.log", "a\n")[0]
	missing := filepath.Join(filepath.Dir(good), "missing.log")
	if _, err := NewFiles([]string{good, missing}, FilesOptions{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := NewFiles([]string{good, filepath.Dir(good)}, FilesOptions{}); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
}

// The same file by another name is read once.
func TestFilesOnce(t *testing.T) {
	path := dirWith(t, "mail.log", "a\n")[0]
	link := path + ".link"
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	again := filepath.Dir(path) + "/./mail.log"
	f := mustFiles(t, []string{path, again, link, path, "-", "-"}, FilesOptions{Stdin: strings.NewReader("b\n")})
	if got := readFiles(t, f); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %q", got)
	}
}

func TestFilesStdin(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for name, stdin := range map[string]string{"plain": "a\nb", "packed": string(packed("a\nb"))} {
		f := mustFiles(t, []string{"-"}, FilesOptions{Stdin: strings.NewReader(stdin), Now: func() time.Time { return now }})
		line, at, err := f.Next()
		if line.Text != "a" || err != nil || at.File != nil || at.NotAfter != now.Unix() || at.Offset != 2 {
			t.Errorf("%s: %q, %+v, %v", name, line.Text, at, err)
		}
		if got := readFiles(t, f); !slices.Equal(got, []string{"b"}) {
			t.Errorf("%s: then %q", name, got)
		}
		if read, total := f.Progress(); read != int64(len(stdin)) || total >= 0 {
			t.Errorf("%s: read %d of %d", name, read, total)
		}
	}
}

// The year of a stamp comes from when its file was changed last.
func TestFilesPos(t *testing.T) {
	old := time.Unix(1_700_000_000, 0)
	paths := dirWith(t, "mail.log.1.gz", string(packed("ab\ncd\n")))
	if err := os.Chtimes(paths[0], old, old); err != nil {
		t.Fatal(err)
	}
	f := mustFiles(t, paths, FilesOptions{})
	for _, offset := range []int64{3, 6} {
		_, at, err := f.Next()
		if err != nil || at.Offset != offset || at.NotAfter != old.Unix() || at.File.Path != paths[0] || at.File.Inode == 0 {
			t.Errorf("%+v, %v; want offset %d", at, err, offset)
		}
	}
}

// A pipe can be opened once: not to look at it, only to read it.
func TestFilesPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	f := mustFiles(t, []string{path}, FilesOptions{})
	go func() {
		if w, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			w.WriteString("a\nb\n")
			w.Close()
		}
	}()
	if got := readFiles(t, f); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %q", got)
	}
}

// A bomb of .gz is read in constant memory.
func TestFilesBomb(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bomb.gz")
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	io.WriteString(z, "\nb\n")
	z.Close()
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	f := mustFiles(t, []string{path}, FilesOptions{})
	if got := readFiles(t, f); len(got) != 2 || got[0] != strings.Repeat("\x00", MaxLine) || got[1] != "b" {
		t.Errorf("%d lines", len(got))
	}
	if f.LongLines() != 1 || len(f.split.buf) != bufferSize {
		t.Errorf("%d long lines, a buffer of %d", f.LongLines(), len(f.split.buf))
	}
}

func TestFilesEndsWithItsContext(t *testing.T) {
	f := mustFiles(t, dirWith(t, "x", "a\n"), FilesOptions{})
	if err := f.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Wait(ctx); err != context.Canceled {
		t.Error(err)
	}
}
