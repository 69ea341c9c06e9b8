package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sets is each way in which several logs can come, move and go.
var sets = []struct {
	name string
	do   func(w *setWorld)
}{
	{"new files are read from their start, whatever --log.from says", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.set(SetOptions{From: End}, "*.log")
		w.log("a.log", "a", "a2")
		w.want("a2")
		w.log("b.log", "b", "b1")
		w.pass(0)
		w.want() // it isn't looked for yet
		w.now = w.now.Add(DefaultLook)
		w.want("b1")
		w.log("a.log", "a", "a3")
		w.log("b.log", "b", "b2")
		w.want("a3", "b2")
	}},
	{"files that came while it was away are new", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.set(SetOptions{From: End}, "*.log")
		w.want()
		w.log("b.log", "b", "b1")
		w.again(nil)
		w.want("b1")
	}},
	{"files of a pattern that is new are there from the start", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.log("b.mail", "b", "b1")
		w.set(SetOptions{From: End}, "*.log")
		w.want()
		w.log("a.log", "a", "a2")
		w.again(func(o *SetOptions) { o.Paths = append(o.Paths, filepath.Join(w.dir, "*.mail")) })
		w.want("a2")
		w.log("b.mail", "b", "b2")
		w.want("b2")
	}},
	{"rotated files belong to their logs", func(w *setWorld) {
		w.log("mail.log.2", "c", "c1")
		w.pack("mail.log.2", "mail.log.2.gz")
		w.log("mail.log.1", "b", "b1")
		w.log("mail.log-20261120", "d", "d1")
		w.log("mail.log", "a", "a1")
		w.set(SetOptions{}, "mail*")
		w.want("a1")
		w.logs("mail.log")
		w.rename("mail.log.1", "mail.log.2")
		w.rename("mail.log", "mail.log.1")
		w.pass(DefaultLook)
		w.logs("mail.log")
		w.log("mail.log.1", "a", "a2")
		w.log("mail.log", "e", "e1")
		w.want("a2")
		w.now = w.now.Add(DefaultDrain)
		w.want("e1")
		w.pass(DefaultLook)
		w.again(nil)
		w.want()
		w.gaps(0)
	}},
	{"the kubelet rotates", func(w *setWorld) {
		const dir = "pods/mail_postfix-0_4b7a/postfix/"
		w.log(dir+"0.log", "a", "a1")
		w.set(SetOptions{}, "pods/mail_postfix-*/postfix/*")
		w.want("a1")
		w.rename(dir+"0.log", dir+"0.log.20261121-101010")
		w.pass(DefaultLook)
		w.log(dir+"0.log.20261121-101010", "a", "a2")
		w.log(dir+"0.log", "b", "b1")
		w.want("a2")
		w.now = w.now.Add(DefaultDrain)
		w.want("b1")
		w.rename(dir+"0.log", dir+"0.log.20261121-111010")
		w.pack(dir+"0.log.20261121-101010", dir+"0.log.20261121-101010.tmp")
		w.log(dir+"0.log", "c", "c1")
		w.pass(DefaultDrain - time.Second)
		w.now = w.now.Add(DefaultLook)
		w.want("c1")
		w.rename(dir+"0.log.20261121-101010.tmp", dir+"0.log.20261121-101010.gz")
		w.log(dir+"0.log", "c", "c2")
		w.again(nil)
		w.want("c2")
		w.pass(DefaultLook)
		w.logs(dir + "0.log")
		w.log(dir+"1.log", "d", "d1") // the container was started again
		w.now = w.now.Add(DefaultLook)
		w.want("d1")
		w.gaps(0)
	}},
	{"one file, many names", func(w *setWorld) {
		w.log("pods/0.log", "a", "a1")
		w.must(os.Mkdir(filepath.Join(w.dir, "containers"), 0o755))
		w.symlink("pods/0.log", "containers/x.log")
		w.symlink("pods/0.log", "containers/y.log")
		w.link("pods/0.log", "z.log")
		w.symlink("pods", "again")
		w.set(SetOptions{}, "containers/*.log", "pods/*.log", "*.log", "p*/*", "again/0.log", "pods/./0.log")
		w.want("a1")
		w.log("pods/0.log", "a", "a2")
		w.again(nil)
		w.want("a2")
		if len(w.s.members) != 1 {
			w.logs("one of them")
		}
		w.pass(DefaultLook)
		w.log("pods/0.log", "a", "a3")
		w.want("a3")
	}},
	{"a hard link to what was rotated away", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.link("a.log", "b.log")
		w.set(SetOptions{}, "*.log")
		w.want("a1")
		w.rename("a.log", "a.log.1")
		w.log("a.log", "c", "c1")
		w.want()
		w.now = w.now.Add(DefaultDrain)
		w.want("c1")
		w.pass(DefaultLook)
		w.logs("a.log", "b.log")
		w.log("b.log", "a", "a2")
		w.again(nil)
		w.want("a2")
		w.gaps(0)
	}},
	{"renamed to another name of the pattern", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.set(SetOptions{}, "*.log")
		w.want("a1")
		w.rename("a.log", "old.log")
		w.pass(DefaultLook)
		w.log("old.log", "a", "a2")
		w.want("a2")
		w.log("a.log", "b", "b1")
		w.want()
		w.now = w.now.Add(DefaultDrain)
		w.want("b1")
		w.pass(DefaultLook)
		w.logs("a.log", "old.log")
		w.log("old.log", "a", "a3")
		w.want("a3")
		w.again(nil)
		w.want()
		w.gaps(0)
	}},
	{"renamed to another name of the pattern while it was away", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.set(SetOptions{From: End}, "*.log")
		w.log("a.log", "a", "a2")
		w.want("a2")
		w.log("a.log", "a", "a3")
		w.rename("a.log", "old.log")
		w.log("a.log", "b", "b1")
		w.again(nil)
		w.want("a3", "b1")
		w.gaps(0)
	}},
	{"the flag names the same file otherwise", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.log("b.log", "b", "b1")
		w.set(SetOptions{}, "a.log", "b.log")
		w.want("a1", "b1")
		w.symlink("a.log", "a")
		w.symlink("b.log", "b")
		w.log("a.log", "a", "a2")
		w.again(func(o *SetOptions) { o.Paths = []string{filepath.Join(w.dir, "b"), filepath.Join(w.dir, "a")} })
		w.want("a2")
		w.resumed(map[string]Resumed{"a": Found, "b": Found})
	}},
	{"a file that is gone is let go of", func(w *setWorld) {
		w.log("p1/0.log", "a", "a1")
		w.log("p2/0.log", "b", "b1")
		w.set(SetOptions{}, "p*/0.log", "named.log")
		w.want("a1", "b1")
		a := w.open("p1/0.log")
		w.say(a, "half- a line")
		w.remove("p1/0.log")
		w.pass(DefaultGone)
		w.logs("named.log", "p1/0.log", "p2/0.log")
		w.now = w.now.Add(DefaultGone / 2)
		w.want("a line")
		w.want()
		w.logs("named.log", "p2/0.log")
		if n := len(w.s.Places()); n != 3 { // two logs and the pattern
			w.Fatalf("%d places", n)
		}
		w.pass(2 * DefaultGone)
		w.logs("named.log", "p2/0.log") // a path that was named is waited for
	}},
	{"a file that is written to though it is gone stays", func(w *setWorld) {
		w.log("p1/0.log", "a", "a1")
		w.set(SetOptions{}, "p*/0.log")
		w.want("a1")
		a := w.open("p1/0.log")
		w.remove("p1/0.log")
		w.pass(DefaultGone)
		w.say(a, logLine("a", "a2")+"\n")
		w.now = w.now.Add(2 * time.Second)
		w.want("a2")
		w.logs("p1/0.log")
		w.pass(2 * DefaultDrain)
		w.logs()
	}},
	{"one that is rotated comes back", func(w *setWorld) {
		w.log("mail.log", "a", "a1")
		w.set(SetOptions{}, "mail.log*")
		w.want("a1")
		w.rename("mail.log", "mail.log.1")
		w.pass(3 * DefaultGone)
		w.logs("mail.log")
		w.again(nil)
		w.pass(3 * DefaultGone)
		w.logs("mail.log")
		w.log("mail.log.1", "a", "a2")
		w.log("mail.log", "b", "b1")
		w.want("a2")
		w.now = w.now.Add(DefaultDrain)
		w.want("b1")
		w.gaps(0)
	}},
	{"away for long, and back", func(w *setWorld) {
		w.log("p/a.log", "a", "a1")
		w.set(SetOptions{}, "p/*.log")
		w.want("a1")
		w.rename("p", "q")
		w.pass(2 * DefaultGone)
		w.logs()
		w.log("q/a.log", "a", "a2")
		w.rename("q", "p")
		w.now = w.now.Add(DefaultLook)
		w.want("a2")
	}},
	{"gone at the start, its rotated file is there", func(w *setWorld) {
		w.log("p/0.log", "a", "a1")
		w.log("q/0.log", "b", "b1")
		w.set(SetOptions{}, "*/0.log")
		w.want("a1", "b1")
		w.log("p/0.log", "a", "a2")
		w.rename("p/0.log", "p/0.log.20261121-101010")
		w.pack("p/0.log.20261121-101010", "p/0.log.20261121-101010.gz")
		w.again(nil)
		w.want("a2")
		w.gaps(0)
		if !w.s.CaughtUp() {
			w.Fatal("not caught up")
		}
	}},
	{"gone at the start for good", func(w *setWorld) {
		w.log("p/0.log", "a", "a1")
		w.log("q/0.log", "b", "b1")
		w.set(SetOptions{}, "*/0.log")
		w.want("a1", "b1")
		w.must(os.RemoveAll(filepath.Join(w.dir, "p")))
		w.again(nil)
		w.want()
		if w.s.CaughtUp() {
			w.Fatal("caught up while nobody knows")
		}
		w.pass(DefaultDrain + time.Second)
		w.gaps(1)
		w.resumed(map[string]Resumed{"p/0.log": Gap, "q/0.log": Found})
		w.logs("q/0.log")
		if !w.s.CaughtUp() || len(w.s.Places()) != 2 {
			w.Fatalf("caught up: %v, %d places", w.s.CaughtUp(), len(w.s.Places()))
		}
		w.again(nil)
		w.pass(DefaultDrain + time.Second)
		w.gaps(0)
	}},
	{"nothing matches", func(w *setWorld) {
		w.set(SetOptions{}, "*.log")
		w.want()
		if err := w.s.Err(); err == nil || !strings.Contains(err.Error(), filepath.Join(w.dir, "*.log")+": no file matches") || !w.s.CaughtUp() {
			w.Fatalf("%v, caught up: %v", err, w.s.CaughtUp())
		}
		w.log("a.log", "a", "a1")
		w.now = w.now.Add(DefaultLook)
		w.want("a1")
		w.must(w.s.Err())
		w.remove("a.log")
		w.pass(DefaultGone / 2)
		if err := w.s.Err(); err == nil {
			w.Fatal("that nothing is there any more isn't told")
		}
	}},
	{"more files than are read at once", func(w *setWorld) {
		for i := range 6 {
			w.log(fmt.Sprintf("%d.log", i), fmt.Sprint(i), fmt.Sprint(i))
		}
		w.set(SetOptions{MaxFiles: 3}, "*.log")
		w.want("0", "1", "2")
		if err := w.s.Err(); err == nil || err.Error() != "3 files are read at once: 3 more wait" {
			w.Fatal(err)
		}
		w.remove("0.log")
		w.pass(DefaultGone)
		w.now = w.now.Add(DefaultGone / 2)
		w.want() // it is let go of
		w.now = w.now.Add(DefaultLook)
		w.want("3")
		w.log("3.log", "3", "3 again")
		w.again(func(o *SetOptions) { o.MaxFiles = 2 }) // nothing is forgotten of the one that waits
		w.want()
		w.remove("1.log")
		w.pass(DefaultGone)
		w.now = w.now.Add(DefaultGone / 2)
		w.want()
		w.again(nil)
		w.want("3 again")
	}},
	{"a log that nobody asks for any more", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.log("b.log", "b", "b1")
		w.set(SetOptions{}, "a.log", "b.log")
		w.want("a1", "b1")
		w.log("b.log", "b", "b2")
		w.again(func(o *SetOptions) { o.Paths = o.Paths[1:] })
		w.want("b2")
		w.resumed(map[string]Resumed{"a.log": Dropped, "b.log": Found})
		w.again(nil)
		w.resumed(map[string]Resumed{"b.log": Found})
	}},
	{"a name like a rotated file's", func(w *setWorld) {
		w.log("mail.20261120", "a", "a1")
		w.log("mail.20261121", "b", "b1")
		w.set(SetOptions{}, "mail*")
		w.want("a1", "b1")
		w.log("mail.20261121", "b", "b2")
		w.log("mail.20261122", "c", "c1")
		w.pack("mail.20261120", "mail.20261120.gz")
		w.again(nil)
		w.want("b2", "c1")
		w.pass(DefaultGone + 2*DefaultLook)
		w.logs("mail.20261121", "mail.20261122")
		w.gaps(0)
	}},
	{"a rotated file whose log comes later", func(w *setWorld) {
		w.log("mail.log.1", "a", "a1")
		w.set(SetOptions{}, "mail*")
		w.want("a1")
		w.log("mail.log", "b", "b1")
		w.log("mail.log.1", "a", "a2")
		w.now = w.now.Add(DefaultLook)
		w.want("a2", "b1")
		w.logs("mail.log")
		w.again(nil)
		w.want()
		w.rename("mail.log.1", "mail.log.2")
		w.rename("mail.log", "mail.log.1")
		w.log("mail.log", "c", "c1")
		w.want()
		w.now = w.now.Add(DefaultLook)
		w.want("c1")
		w.logs("mail.log")
	}},
	{"a new log that is rotated before it is seen", func(w *setWorld) {
		w.log("a.log", "a", "a1")
		w.set(SetOptions{From: End}, "*.log")
		w.want()
		w.pass(DefaultLook)
		w.log("b.log", "b", "b1")
		w.rename("b.log", "b.log.1")
		w.log("b.log", "c", "c1")
		w.now = w.now.Add(DefaultLook)
		w.want("b1", "c1")
		w.log("d.log", "d", "d1")
		w.rename("d.log", "d.log.1")
		w.log("d.log", "e", "e1")
		w.again(nil)
		w.want("d1")
		w.now = w.now.Add(DefaultDrain)
		w.want("e1")
	}},
	{"the link to a log is gone, then the log is rotated", func(w *setWorld) {
		w.log("pods/0.log", "a", "a1")
		w.must(os.Mkdir(filepath.Join(w.dir, "containers"), 0o755))
		w.symlink("pods/0.log", "containers/x.log")
		w.set(SetOptions{}, "containers/*.log", "pods/*.log")
		w.want("a1")
		w.remove("containers/x.log")
		w.log("pods/0.log", "a", "a2")
		w.want("a2")
		w.pass(DefaultLook)
		w.log("pods/0.log", "a", "a3")
		w.rename("pods/0.log", "pods/0.log.20261121-101010")
		w.log("pods/0.log", "b", "b1")
		w.want("a3")
		w.now = w.now.Add(DefaultLook)
		w.want("b1")
		w.pass(2 * DefaultGone)
		w.gaps(0)
	}},
	{"what can't be a log", func(w *setWorld) {
		w.must(os.Mkdir(filepath.Join(w.dir, "dir.log"), 0o755))
		w.symlink("nowhere", "dangling.log")
		w.put("packed.log", packers[".gz"]("text\n"))
		w.log(".hidden.log", "h", "h1")
		w.log("a.log", "a", "a1")
		w.set(SetOptions{}, "*.log")
		w.want("a1")
		w.must(w.s.Err())
		w.pass(DefaultLook)
		w.logs("a.log")
	}},
}

func TestSet(t *testing.T) {
	for _, c := range sets {
		t.Run(c.name, func(t *testing.T) { c.do(newSetWorld(t)) })
	}
}

func TestSetRefuses(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                         dir + " is a directory: name the log file in it",
		filepath.Join(dir, "[.log"): filepath.Join(dir, "[.log") + ": the pattern can't be read",
	} {
		if _, err := NewSet(SetOptions{Paths: []string{path}, Poll: true}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Stamps without a year are read by the time of their own file.
func TestSetNotAfter(t *testing.T) {
	w := newSetWorld(t)
	w.log("a.log", "a", "a1")
	w.set(SetOptions{}, "*.log")
	w.want("a1")
	w.log("a.log", "a", "a2")
	w.rename("a.log", "a.log.1")
	old := w.now.Add(-300 * 24 * time.Hour)
	w.must(os.Chtimes(filepath.Join(w.dir, "a.log.1"), old, old))
	w.log("a.log", "b", "b1")
	w.log("c.log", "c", "c1")
	w.again(nil)
	got := make(map[string]int64)
	for range 20 {
		if line, at, err := w.s.Next(); err == nil {
			got[strings.Clone(line.Text[len(line.Text)-2:])] = at.NotAfter
		} else {
			w.now = w.now.Add(time.Second)
		}
	}
	if len(got) != 3 || got["a2"] != old.Unix() || got["c1"] < w.now.Add(-time.Minute).Unix() || got["b1"] < w.now.Add(-time.Minute).Unix() {
		t.Errorf("%v", got)
	}
}

// Lines of one file keep their order, and none waits for another to be read whole.
func TestSetTakesTurns(t *testing.T) {
	w := newSetWorld(t)
	const n = 60_000
	for _, log := range []string{"a", "b"} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintln(&b, logLine(log, fmt.Sprintf("%s%06d", log, i)))
		}
		w.write(log+".log", b.String())
	}
	w.set(SetOptions{}, "?.log")
	next := map[byte]int{}
	firstB := -1
	for i := range 2 * n {
		line, _, err := w.s.Next()
		w.must(err)
		log, number := line.Text[len(line.Text)-7], line.Text[len(line.Text)-6:]
		if want := fmt.Sprintf("%06d", next[log]); number != want {
			t.Fatalf("%c%s, want %s", log, number, want)
		}
		if next[log]++; log == 'b' && firstB < 0 {
			firstB = i
		}
	}
	if firstB > n/2 {
		t.Errorf("the second file came after %d lines", firstB)
	}
	if s := w.s.Stats(); s.Lag != 0 || s.Size != s.Offset {
		t.Errorf("%+v", s)
	}
}

// A thousand files that are read to their ends hold no read buffer each.
func TestSetSharesItsBuffer(t *testing.T) {
	w := newSetWorld(t)
	var wanted []string
	for i := range 50 {
		w.log(fmt.Sprintf("%02d.log", i), fmt.Sprint(i), fmt.Sprintf("%02d", i))
		w.write(fmt.Sprintf("%02d.log", i), fmt.Sprintf("half- %02d is a line", i))
		wanted = append(wanted, fmt.Sprintf("%02d", i))
	}
	w.set(SetOptions{}, "*.log")
	w.want(wanted...)
	held := len(w.s.spare)
	for i, m := range w.s.members {
		held += len(m.file.split.buf)
		w.write(fmt.Sprintf("%02d.log", i), "\n")
	}
	if held > 2*bufferSize {
		t.Errorf("%d bytes are held", held)
	}
	for i := range wanted {
		wanted[i] += " is a line"
	}
	if got := w.texts(); !slices.Equal(got, wanted) {
		t.Errorf("%q", got)
	}
}
