package source

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/internal/container"
)

// aLine is a container's line that tells files apart by their first bytes.
func aLine(stream, mark, text string) string {
	return cri + stream + " " + mark + " " + text + strings.Repeat(".", 40)
}

// joins are logs of a container, as they grow and rotate; each runs once more with a
// restart behind every line.
var joins = []struct {
	name string
	do   func(w *world)
}{
	{"parts come one by one", func(w *world) {
		w.write("mail.log", aLine("stdout", "P", "a")+"\n")
		w.follow(FollowOptions{})
		w.want()
		w.write("mail.log", aLine("stdout", "P", "b")+"\n"+cri+"stdout")
		w.want()
		w.write("mail.log", " F c\n"+aLine("stdout", "F", "d")+"\n")
		dots := strings.Repeat(".", 40)
		w.want(aLine("stdout", "F", "a")+"b"+dots+"c", aLine("stdout", "F", "d"))
	}},
	{"restarts in the middle", func(w *world) {
		w.write("mail.log", aLine("stdout", "F", "first")+"\n"+aLine("stdout", "P", "a")+"\n"+aLine("stderr", "F", "x")+"\n"+aLine("stderr", "P", "y")+"\n")
		w.follow(FollowOptions{})
		w.want(aLine("stdout", "F", "first"), aLine("stderr", "F", "x"))
		for i := range 3 {
			w.stop()
			w.resume()
			w.want()
			w.write("mail.log", aLine("stderr", "F", fmt.Sprint("z", i))+"\n")
			want := aLine("stderr", "F", fmt.Sprint("z", i))
			if i == 0 {
				want = aLine("stderr", "F", "y") + aLine("stderr", "F", "z0")[len(cri+"stderr F "):]
			}
			w.want(want)
		}
		w.stop()
		w.write("mail.log", cri+"stdout F b\n")
		w.resume()
		w.want(aLine("stdout", "F", "a") + "b")
		w.wantResumed(Found, "mail.log", 0)
	}},
	{"rotation in the middle", func(w *world) {
		w.write("mail.log", aLine("stdout", "F", "first")+"\n"+aLine("stdout", "P", "a")+"\n"+aLine("stderr", "P", "x")+"\n"+aLine("stderr", "F", "y")[:50])
		w.follow(FollowOptions{})
		w.want(aLine("stdout", "F", "first"))
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", aLine("stdout", "F", "b")+"\n")
		w.want()
		w.pass(DefaultDrain)
		w.want(aLine("stderr", "F", "x")+aLine("stderr", "F", "y")[len(cri+"stderr F "):50], aLine("stdout", "F", "a"), aLine("stdout", "F", "b"))
		if !w.cut { // a restart between the two that have no end sees the rotation again
			w.wantStats(1, 0)
		}
	}},
	{"rotation while it is down", func(w *world) {
		w.write("mail.log", aLine("stdout", "F", "first")+"\n"+aLine("stdout", "P", "a")+"\n"+aLine("stderr", "F", "x")+"\n")
		w.follow(FollowOptions{})
		w.want(aLine("stdout", "F", "first"), aLine("stderr", "F", "x"))
		w.stop()
		w.write("mail.log", aLine("stderr", "P", "y")+"\n")
		w.rename("mail.log", "mail.log.1")
		w.pack("mail.log.1", ".gz")
		w.write("mail.log", aLine("stdout", "F", "b")+"\n")
		w.resume()
		w.settle()
		w.want(aLine("stdout", "F", "a"), aLine("stderr", "F", "y"), aLine("stdout", "F", "b"))
	}},
	{"copytruncate in the middle", func(w *world) {
		w.write("mail.log", aLine("stdout", "F", "first")+"\n"+aLine("stdout", "P", "a")+"\n"+aLine("stderr", "F", "x")+"\n")
		w.follow(FollowOptions{})
		w.want(aLine("stdout", "F", "first"), aLine("stderr", "F", "x"))
		w.write("mail.log", cri+"stdout F b\n"+aLine("stdout", "P", "c")+"\n")
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", aLine("stdout", "F", "d")+"\n")
		w.want(aLine("stdout", "F", "a")+"b", aLine("stdout", "F", "c"), aLine("stdout", "F", "d"))
	}},
}

func TestFollowJoins(t *testing.T) {
	for _, c := range joins {
		t.Run(c.name, func(t *testing.T) { c.do(newWorld(t)) })
		t.Run(c.name+", restarts", func(t *testing.T) {
			w := newWorld(t)
			w.cut = true
			c.do(w)
			w.settle()
		})
	}
}

// made is a log of lines of both streams.
func made(random *rand.Rand, n int) (all []container.Line) {
	at := time.Date(2026, 11, 21, 3, 55, 40, 810_051_000, time.UTC)
	for i := range n {
		stream := "stdout"
		if random.IntN(4) == 0 {
			stream = "stderr"
		}
		text := fmt.Sprintf("Nov 21 03:55:40 mx postfix/smtp[%d]: \"a\\b\" é <%s>", i, strings.Repeat("x", random.IntN(1<<random.IntN(8))))
		all = append(all, container.Line{Time: at.Add(time.Duration(i) * time.Millisecond), Stream: stream, Text: text})
	}
	return all
}

// TestJoinedEqualsWhole: a log that is cut into parts anywhere, and read while it
// grows, with a restart behind any line or in the middle of one, is the log that
// was not cut.
func TestJoinedEqualsWhole(t *testing.T) {
	for seed := range uint64(40) {
		for _, form := range []container.Form{container.CRI, container.Docker} {
			random := rand.New(rand.NewPCG(seed, 9))
			lines := made(random, 60)
			var want []string
			for _, l := range lines {
				want = append(want, strings.TrimSuffix(form.Write(l, false), "\n"))
			}
			if got := readGrowing(t, random, form.Render(random, lines)); !slices.Equal(got, want) {
				t.Fatalf("%s, seed %d: %d lines, want %d: %q", form, seed, len(got), len(want), got)
			}
		}
	}
}

// readGrowing writes a log piece by piece and reads it in many runs.
func readGrowing(t *testing.T, random *rand.Rand, text []byte) (lines []string) {
	path := filepath.Join(t.TempDir(), "0.log")
	var at checkpoint.Place
	for written := 0; written < len(text) || random.IntN(8) > 0; {
		n := min(random.IntN(1<<random.IntN(13)), len(text)-written)
		file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(text[written : written+n]); err != nil || file.Close() != nil {
			t.Fatal(err)
		}
		written += n
		f, err := NewFollow(path, FollowOptions{Poll: true, At: at})
		if err != nil {
			t.Fatal(err)
		}
		for left := random.IntN(12); left > 0 || written == len(text); left-- {
			line, _, err := f.Next()
			if err != nil {
				break
			}
			lines = append(lines, strings.Clone(line.Text))
		}
		at = overDisk(f.Place())
		f.Close()
	}
	return lines
}

// overDisk is a place as the state file gives it back.
func overDisk(p checkpoint.Place) checkpoint.Place {
	var e checkpoint.Encoder
	p.Encode(&e)
	return checkpoint.DecodePlace(checkpoint.NewDecoder(e.Bytes()))
}

// TestFilesJoin: a report reads whole lines as well, also where a file ends too soon.
func TestFilesJoin(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a": aLine("stdout", "P", "a") + "\n" + aLine("stderr", "F", "x") + "\n" + cri + "stdout F b\n" + aLine("stderr", "P", "end"),
		"b": aLine("stdout", "F", "c") + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := NewFiles([]string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}, FilesOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		line, _, err := files.Next()
		if err != nil {
			break
		}
		got = append(got, strings.Clone(line.Text))
	}
	want := []string{aLine("stderr", "F", "x"), aLine("stdout", "F", "a") + "b", aLine("stderr", "F", "end"), aLine("stdout", "F", "c")}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
