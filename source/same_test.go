package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// edited puts an edited copy of the log in its place, as editors and sed -i do.
func (w *world) edited(edit func(string) string) {
	w.Helper()
	b, err := os.ReadFile(w.path)
	w.must(err)
	w.put("mail.log~", []byte(edit(string(b))))
	w.rename("mail.log~", "mail.log")
}

func asItWas(text string) string { return text }

// replaced is each way in which a log can be replaced by itself.
var replaced = []struct {
	name string
	do   func(w *world)
}{
	{"copied and moved", func(w *world) {
		w.write("mail.log", records("a", "b"))
		w.follow(FollowOptions{})
		w.wantRecords("a", "b")
		w.edited(asItWas)
		w.want()
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.wantRecords("c")
		w.wantStats(0, 0)
	}},
	{"a line changed", func(w *world) {
		w.write("mail.log", records("1", "2", "3", "4", "b", "c"))
		w.follow(FollowOptions{})
		w.wantRecords("1", "2", "3", "4", "b", "c")
		w.edited(func(text string) string { return strings.Replace(text, "(b)", "(x)", 1) })
		w.write("mail.log", records("d"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("d")
		w.wantStats(0, 0)
	}},
	{"a line longer, which isn't read again", func(w *world) {
		w.write("mail.log", records("1", "2", "3", "4", "b", "c"))
		w.follow(FollowOptions{})
		w.wantRecords("1", "2", "3", "4", "b", "c")
		w.edited(func(text string) string { return strings.Replace(text, "(b)", "(longer than it was)", 1) })
		w.want()
		w.pass(DefaultDrain)
		w.want()
		w.write("mail.log", records("d"))
		w.wantRecords("d")
	}},
	{"the writer went on in the old file", func(w *world) {
		old := w.open("mail.log")
		w.say(old, records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.edited(asItWas)
		w.want()
		w.say(old, records("late"))
		w.wantRecords("late")
		w.write("mail.log", records("b", "c"))
		w.pass(DefaultDrain)
		w.wantRecords("b", "c")
	}},
	{"the writer went on before it was noticed", func(w *world) {
		old := w.open("mail.log")
		w.say(old, records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.edited(asItWas)
		w.say(old, records("late")+"ha")
		w.wantRecords("late")
		w.say(old, "lf\n")
		w.want("half")
		w.write("mail.log", records("late 2", "c"))
		w.pass(DefaultDrain)
		w.wantRecords("late 2", "c")
	}},
	{"the copy isn't finished when it is noticed", func(w *world) {
		old := w.open("mail.log")
		w.say(old, records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.edited(asItWas)
		w.want()
		w.say(old, records("b"))
		w.wantRecords("b")
		w.write("mail.log", records("b", "c"))
		w.pass(DefaultDrain)
		w.wantRecords("c")
	}},
	{"changed in its first bytes: another log", func(w *world) {
		w.write("mail.log", records("a", "b"))
		w.follow(FollowOptions{})
		w.wantRecords("a", "b")
		w.edited(func(text string) string { return strings.Replace(text, "(b)", "(x)", 1) })
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("a", "x")
	}},
	{"half a line was read", func(w *world) {
		w.write("mail.log", records("a")+record("b")[:30])
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.edited(asItWas)
		w.write("mail.log", record("b")[30:]+"\n"+records("c"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("b", "c")
	}},
	{"from its end, in the line that isn't ours", func(w *world) {
		w.write("mail.log", records("a")+record("b")[:30])
		w.follow(FollowOptions{From: End})
		w.want()
		w.edited(asItWas)
		w.write("mail.log", record("b")[30:]+"\n"+records("c"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("c")
	}},
	{"from its end, after the first byte of a line", func(w *world) {
		w.write("mail.log", records("a")+"b")
		w.follow(FollowOptions{From: End})
		w.want()
		w.edited(asItWas)
		w.write("mail.log", "b\n"+records("c"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("c")
	}},
	{"shorter than what was read: another log", func(w *world) {
		w.write("mail.log", records("a", "b", "c"))
		w.follow(FollowOptions{})
		w.wantRecords("a", "b", "c")
		w.edited(func(string) string { return records("a", "x") })
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("a", "x")
		w.wantStats(1, 0)
	}},
	{"a short first line says too little", func(w *world) {
		w.write("mail.log", "short\n")
		w.follow(FollowOptions{})
		w.want("short")
		w.edited(func(text string) string { return text + "b\n" })
		w.want()
		w.pass(DefaultDrain)
		w.want("short", "b")
	}},
	{"a symbolic link to it", func(w *world) {
		w.write("mail.log", records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.rename("mail.log", "data/log")
		w.must(os.Symlink("data/log", w.path))
		w.write("mail.log", records("b"))
		w.wantRecords("b")
		w.write("data/log", records("c"))
		w.rename("data/log", "data/log.2") // beside its new place are its rotated files now
		w.write("data/log.1", records("d"))
		w.write("data/log", records("e"))
		w.wantRecords("c")
		w.pass(DefaultDrain)
		w.wantRecords("d")
		w.pass(DefaultDrain)
		w.wantRecords("e")
		w.wantStats(2, 0)
	}},
	{"a symbolic link to a copy of it", func(w *world) {
		w.write("mail.log", records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.put("data/log", []byte(records("a", "b")))
		w.remove("mail.log")
		w.must(os.Symlink("data/log", w.path))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("b")
		w.wantStats(0, 0)
	}},
}

func TestReplacedByItself(t *testing.T) {
	for _, c := range replaced {
		t.Run(c.name, func(t *testing.T) { c.do(newWorld(t)) })
	}
}

// agree is what comparing byte by byte says, wherever two large files differ.
func TestAgree(t *testing.T) {
	text := []byte(strings.Repeat(records("a", "b"), 1000))
	for _, d := range []int{0, 1, 82, 83, 32<<10 - 1, 32 << 10, 32<<10 + 1, len(text) - 1, len(text)} {
		other := bytes.Clone(text)
		if d < len(text) {
			other[d] = 'x'
		}
		dir := t.TempDir()
		var files [2]*os.File
		for i, b := range [][]byte{text, other} {
			path := filepath.Join(dir, string(rune('a'+i)))
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			files[i], _ = os.Open(path)
			defer files[i].Close()
		}
		line, all := agree(files[0], files[1], 83, int64(len(text)))
		want := int64(max(83, bytes.LastIndexByte(text[:d], '\n')+1))
		if d < 83 { // before what is compared
			want, d = int64(len(text)), len(text)
		}
		if line != want || all != (d == len(text)) {
			t.Errorf("differing at %d: %d, %v; want %d", d, line, all, want)
		}
	}
}
