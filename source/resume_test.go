package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

// stop ends the Follow. What happens then happens while it is down.
func (w *world) stop() {
	w.Helper()
	w.o.At = w.place()
	w.must(w.f.Close())
	w.past = w.stats()
	w.pass(time.Minute)
}

// resume begins where stop ended.
func (w *world) resume() {
	w.Helper()
	w.follow(w.o)
}

// wantRecords is want with lines as long as real ones.
func (w *world) wantRecords(whats ...string) {
	w.Helper()
	var lines []string
	for _, what := range whats {
		lines = append(lines, record(what))
	}
	w.want(lines...)
}

// wantResumed says how it ended, and which file came of it.
func (w *world) wantResumed(how Resumed, name string, gaps int64) {
	w.Helper()
	path := filepath.Join(w.dir, name)
	if name == "" {
		path = ""
	}
	if w.cut { // it is another one's
		return
	}
	if r := w.f.Resumed(); r.How != how || r.Path != path || w.f.Stats().Gaps != gaps {
		w.Fatalf("%+v and %d gaps, want %d at %q and %d", r, w.f.Stats().Gaps, how, path, gaps)
	}
}

func (w *world) wantCaughtUp(want bool) {
	w.Helper()
	if got := w.f.CaughtUp(); got != want && !w.cut {
		w.Fatalf("caught up: %v", got)
	}
}

// put makes a file at once, written now.
func (w *world) put(name string, b []byte) {
	w.Helper()
	path := filepath.Join(w.dir, name)
	w.must(os.WriteFile(path, b, 0o644))
	w.must(os.Chtimes(path, w.now, w.now))
}

// pack replaces a file by its packed form, with its times.
func (w *world) pack(name, suffix string) {
	w.Helper()
	path := filepath.Join(w.dir, name)
	b, err := os.ReadFile(path)
	w.must(err)
	info, err := os.Stat(path)
	w.must(err)
	w.must(os.WriteFile(path+suffix, packers[suffix](string(b)), 0o644))
	w.must(os.Chtimes(path+suffix, info.ModTime(), info.ModTime()))
	w.remove(name)
}

// copied puts a copy of a file in place of another one: a file of its own.
func (w *world) copied(from, to string) {
	w.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, from))
	w.must(err)
	w.put(to+".new", b)
	w.rename(to+".new", to)
}

// begun is a log of which a was read.
func (w *world) begun() {
	w.Helper()
	w.write("mail.log", records("a"))
	w.follow(FollowOptions{})
	w.wantRecords("a")
}

// resumes is each thing that can happen to a log while nobody looks.
var resumes = []struct {
	name string
	do   func(w *world)
}{
	{"nothing", func(w *world) {
		w.begun()
		w.stop()
		w.resume()
		w.wantResumed(Found, "mail.log", 0)
		w.wantCaughtUp(false)
		w.want()
		w.wantCaughtUp(true)
	}},
	{"it grew", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.resume()
		w.wantRecords("b")
		w.wantStats(0, 0)
	}},
	{"rotated", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantResumed(Found, "mail.log.1", 0)
		w.wantRecords("b", "c")
		w.wantCaughtUp(true)
		w.wantStats(1, 0)
	}},
	{"rotated just now: late writes are waited for", func(w *world) {
		w.begun()
		w.stop()
		old := w.open("mail.log")
		w.say(old, records("b"))
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", records("z"))
		w.pass(DefaultDrain - time.Millisecond)
		w.resume()
		w.wantRecords("b")
		w.wantCaughtUp(false)
		w.say(old, records("c"))
		w.wantRecords("c")
		w.pass(DefaultDrain - time.Millisecond)
		w.want()
		w.wantCaughtUp(false)
		w.pass(time.Millisecond)
		w.wantRecords("z")
		w.wantCaughtUp(true)
	}},
	{"rotated, and written to while it is read", func(w *world) {
		w.begun()
		w.stop()
		old := w.open("mail.log")
		w.say(old, records("b", "c"))
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", records("z"))
		w.pass(time.Hour)
		w.resume()
		line, _, err := w.f.Next()
		w.must(err)
		if line.Text != record("b") {
			w.Fatalf("got %q", line.Text)
		}
		w.say(old, records("d"))
		w.wantRecords("c", "d")
		w.pass(DefaultDrain)
		w.wantRecords("z")
	}},
	{"rotated by a clock that was ahead: waited for", func(w *world) {
		w.begun()
		w.stop()
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", records("b"))
		later := w.now.Add(time.Hour)
		w.must(os.Chtimes(w.path+".1", later, later))
		w.resume()
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("b")
	}},
	{"twice rotated", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.2")
		w.pass(time.Second)
		w.write("mail.log.1", records("c"))
		w.pass(time.Second)
		w.write("mail.log", records("d"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c", "d")
		w.wantStats(2, 0)
	}},
	{"five times rotated, all but one packed", func(w *world) { manyRotations(w, "mail.log.%[1]d", ".gz") }},
	{"five times rotated by number, xz", func(w *world) { manyRotations(w, "mail.log.%[1]d", ".xz") }},
	{"five times rotated by number, zst", func(w *world) { manyRotations(w, "mail.log.%[1]d", ".zst") }},
	{"five times rotated by date", func(w *world) { manyRotations(w, "mail.log-2026112%[2]d", "") }},
	{"five times rotated by date, packed", func(w *world) { manyRotations(w, "mail.log-2026112%[2]d", ".gz") }},
	{"five times rotated by date, xz", func(w *world) { manyRotations(w, "mail.log-2026112%[2]d", ".xz") }},
	{"packed by bzip2", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b", "c"))
		w.rename("mail.log", "mail.log.1")
		w.pack("mail.log.1", ".bz2")
		w.pass(time.Second)
		w.write("mail.log", records("d"))
		w.resume()
		w.wantRecords("b", "c", "d")
		w.wantResumed(Found, "mail.log.1.bz2", 0)
	}},
	{"being packed just now", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.2")
		w.pass(time.Second)
		w.write("mail.log.1", records("c"))
		w.pass(time.Second)
		w.write("mail.log", records("d"))
		z := packed(records("a", "b"))
		w.put("mail.log.2.gz", z[:len(z)/2])
		z = packed(records("c"))
		w.put("mail.log.1.gz", z[:len(z)/2])
		w.pass(time.Hour)
		w.resume()
		w.wantRecords("b", "c", "d")
		if s := w.stats(); s.Missed != 0 {
			w.Fatalf("%+v", s)
		}
	}},
	{"rotated, and packed while it is read", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b", "c"))
		w.rename("mail.log", "mail.log.2")
		w.pass(time.Second)
		w.write("mail.log.1", records("d"))
		w.pass(time.Second)
		w.write("mail.log", records("e"))
		w.pass(time.Hour)
		w.resume()
		line, _, _ := w.f.Next()
		if line.Text != record("b") {
			w.Fatalf("got %q", line.Text)
		}
		w.pack("mail.log.2", ".gz")
		w.pack("mail.log.1", ".gz")
		w.wantRecords("c", "d", "e")
		w.wantStats(2, 0)
	}},
	{"between the two renames", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.1")
		w.resume()
		w.wantResumed(Found, "mail.log.1", 0)
		w.wantRecords("b")
		w.wantCaughtUp(true) // nothing else is there
		if err := w.f.Err(); !errors.Is(err, fs.ErrNotExist) {
			w.Fatal(err)
		}
		w.write("mail.log.1", records("c"))
		w.wantRecords("c")
		w.write("mail.log", records("d"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("d")
	}},
	{"between the two renames of the second rotation", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.2")
		w.pass(time.Second)
		w.write("mail.log.1", records("c"))
		w.pass(time.Second)
		w.resume()
		w.wantRecords("b")
		w.wantCaughtUp(false)
		w.pass(DefaultDrain)
		w.wantRecords("c")
		w.wantCaughtUp(true)
		w.pass(time.Hour)
		w.want()
		w.write("mail.log.1", records("d"))
		w.wantRecords("d")
		w.write("mail.log", records("e"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("e")
	}},
	{"copytruncate", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", records("c"))
		w.resume()
		w.wantRecords("b", "c")
		if !w.cut { // a copy that is taken up is a file like others
			w.wantStats(0, 1)
		}
		w.wantResumed(Found, "mail.log.1", 0)
	}},
	{"copytruncate, regrown past where we were", func(w *world) {
		w.begun()
		w.stop()
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", records("c", "d", "e"))
		w.resume()
		w.wantRecords("c", "d", "e")
	}},
	{"copytruncate, packed since", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.copied("mail.log", "mail.log.2")
		w.must(os.Truncate(w.path, 0))
		w.pack("mail.log.2", ".zst")
		w.pass(time.Second)
		w.write("mail.log", records("c"))
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.pass(time.Second)
		w.write("mail.log", records("d"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c", "d")
	}},
	{"copytruncate of a log that was empty before", func(w *world) {
		w.write("mail.log", "")
		w.writeOld("mail.log.2", records("x"))
		w.follow(FollowOptions{})
		w.want()
		w.stop()
		w.write("mail.log", records("a"))
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", records("b"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("a", "b")
		w.wantResumed(Found, "mail.log.1", 0)
	}},
	{"copytruncate of half a line", func(w *world) {
		w.writeOld("mail.log.2", records("x"))
		w.write("mail.log", record("a")[:20])
		w.follow(FollowOptions{})
		w.want()
		w.stop()
		w.write("mail.log", record("a")[20:]+"\n")
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("a")
		w.wantResumed(Found, "mail.log.1", 0)
	}},
	{"copytruncate of a short line", func(w *world) {
		w.write("mail.log", "Nov 1 a\n")
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.stop()
		w.write("mail.log", "Nov 1 b\n")
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "Nov 2 c\n")
		w.resume()
		w.want("Nov 1 b", "Nov 2 c")
		w.wantResumed(Found, "mail.log.1", 0)
	}},
	{"truncated", func(w *world) {
		w.begun()
		w.stop()
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "short\n")
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		w.want("short")
	}},
	{"truncated, and as old as if it were an older log", func(w *world) {
		w.begun()
		w.stop()
		w.must(os.Truncate(w.path, 0))
		w.writeOld("mail.log", "short\n")
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		w.want("short")
	}},
	{"rotated when nothing of it was known, written in the second of the one before", func(w *world) {
		w.write("mail.log.9", records("x"))
		w.put("mail.log", nil)
		w.follow(FollowOptions{})
		w.want()
		second := w.now
		w.stop()
		w.write("mail.log", records("a"))
		w.must(os.Chtimes(w.path, second, second))
		w.rename("mail.log", "mail.log.2")
		w.write("mail.log.1", records("b"))
		w.pass(time.Second)
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("a", "b", "c")
	}},
	{"truncated and regrown past where we were", func(w *world) {
		w.begun()
		w.stop()
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", records("b", "c"))
		w.resume()
		w.wantRecords("b", "c")
		w.wantResumed(Gap, "mail.log", 1)
	}},
	{"truncated to a part of it", func(w *world) {
		w.write("mail.log", records("1", "2", "3", "4", "5"))
		w.follow(FollowOptions{})
		w.wantRecords("1", "2", "3", "4", "5")
		w.stop()
		w.must(os.Truncate(w.path, int64(len(records("1", "2", "3", "4")))))
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		w.wantRecords("1", "2", "3", "4")
	}},
	{"its inode is another file's now", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.copied("mail.log", "mail.log.1") // the copy is the log, and
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", records("z", "z"))
		w.rename("mail.log", "mail.log.7") // the log's inode an older file
		w.writeOld("mail.log.7", "")
		w.pass(time.Second)
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c")
		w.wantResumed(Found, "mail.log.1", 0)
	}},
	{"another device number, as after a restart of the system", func(w *world) {
		w.write("mail.log", "short\n")
		w.follow(FollowOptions{})
		w.want("short")
		w.stop()
		w.o.At.Device++
		w.write("mail.log", "b\n")
		w.resume()
		w.want("b")
		w.wantResumed(Found, "mail.log", 0)
	}},
	{"another device number, nothing known of the file", func(w *world) {
		w.write("mail.log", "")
		w.follow(FollowOptions{})
		w.want()
		w.stop()
		w.o.At.Device++
		w.write("mail.log", records("a"))
		w.resume()
		w.wantResumed(Found, "mail.log", 0)
		w.wantRecords("a")
	}},
	{"rotated, written to long ago and renamed just now: waited for", func(w *world) {
		w.writeOld("mail.log", records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.stop()
		w.rename("mail.log", "mail.log.1")
		w.now = time.Now()
		w.write("mail.log", records("b"))
		w.resume()
		w.want()
		w.pass(DefaultDrain + time.Second)
		w.wantRecords("b")
	}},
	{"copied and moved back", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.copied("mail.log", "mail.log")
		w.write("mail.log", records("c"))
		w.resume()
		w.wantRecords("b", "c")
		w.wantResumed(Found, "mail.log", 0)
	}},
	{"a copy lies beside the log: the log it is", func(w *world) {
		w.begun()
		w.stop()
		w.copied("mail.log", "mail.log.1")
		w.copied("mail.log", "mail.log-20261121")
		w.write("mail.log", records("b"))
		w.resume()
		w.wantRecords("b")
		w.wantResumed(Found, "mail.log", 0)
	}},
	{"a symbolic link in its place", func(w *world) {
		w.begun()
		w.stop()
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.rename("mail.log", "data/log")
		w.must(os.Symlink("data/log", w.path))
		w.write("mail.log", records("b"))
		w.rename("data/log", "data/log.1")
		w.write("data/log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c")
		w.wantResumed(Found, "data/log.1", 0)
	}},
	{"a symbolic link that leads elsewhere now", func(w *world) {
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.write("data/one", records("a"))
		w.must(os.Symlink("data/one", w.path))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.stop()
		w.write("data/one", records("b"))
		w.pass(time.Second)
		w.write("data/two", records("c"))
		w.remove("mail.log")
		w.must(os.Symlink("data/two", w.path))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c")
	}},
	{"a symbolic link to a file between its renames", func(w *world) {
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.write("data/log", records("a"))
		w.must(os.Symlink("data/log", w.path))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.stop()
		w.write("data/log", records("b"))
		w.rename("data/log", "data/log.1")
		w.resume()
		w.wantRecords("b")
		w.pass(time.Second)
		w.write("data/log", records("c"))
		w.want()
		w.pass(DefaultDrain)
		w.wantRecords("c")
	}},
	{"gone: the newer files, never one that may have been counted", func(w *world) {
		w.begun()
		w.writeOld("mail.log.9", records("y"))
		w.put("mail.log.4", []byte(records("x"))) // of the same second
		w.stop()
		w.remove("mail.log")
		w.write("mail.log.3", records("b"))
		w.pass(time.Second)
		w.put("mail.log.2.xz", packers[".xz"](records("c")))
		w.pass(time.Second)
		w.write("mail.log.1", records("d"))
		w.pass(time.Second)
		w.write("mail.log", records("e"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantResumed(Gap, "mail.log.3", 1)
		w.wantRecords("b", "c", "d", "e")
		w.wantCaughtUp(true)
	}},
	{"gone, an old file touched since: it is not of those in a row", func(w *world) {
		w.begun()
		w.writeOld("mail.log.2", records("x"))
		w.stop()
		w.remove("mail.log")
		w.write("mail.log.3", records("y"))
		w.write("mail.log.1", records("b"))
		w.pass(time.Second)
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c")
	}},
	{"gone, a short line says too little of an older file", func(w *world) {
		w.writeOld("mail.log.1", "short\nx\n")
		w.write("mail.log", "short\n")
		w.follow(FollowOptions{})
		w.want("short")
		w.stop()
		w.remove("mail.log")
		w.write("mail.log", records("b"))
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		w.wantRecords("b")
	}},
	{"gone, the one before touched while it was left", func(w *world) {
		w.write("mail.log", records("a")+"half")
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.rename("mail.log", "mail.log.1")
		w.pass(time.Minute)
		w.must(os.Chtimes(w.path+".1", w.now, w.now))
		w.write("mail.log", records("b"))
		w.want()
		w.pass(DefaultDrain)
		w.f.Next() // half a line
		w.stop()
		w.remove("mail.log")
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		w.wantRecords("c")
	}},
	{"gone, beside files of an earlier way of rotating", func(w *world) {
		w.begun()
		w.writeOld("mail.log-20261101", records("x"))
		w.stop()
		w.remove("mail.log")
		w.write("mail.log.1", records("b"))
		w.pass(time.Second)
		w.write("mail.log", records("c"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("b", "c")
	}},
	{"gone, and a new log", func(w *world) {
		w.begun()
		w.stop()
		w.remove("mail.log")
		w.write("mail.log", records("b"))
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		if was := w.f.Resumed().Was; was != w.path {
			w.Fatalf("it was %q", was)
		}
		w.wantRecords("b")
		w.stop()
		w.resume()
		w.want()
		w.wantResumed(Found, "mail.log", 0)
	}},
	{"gone, and an older log in its place: from its end", func(w *world) {
		w.begun()
		w.stop()
		w.remove("mail.log")
		w.writeOld("mail.log", records("y"))
		w.resume()
		w.wantResumed(Gap, "mail.log", 1)
		w.want()
		w.write("mail.log", records("b"))
		w.wantRecords("b")
	}},
	{"gone, no log there yet: waited for", func(w *world) {
		w.begun()
		w.stop()
		w.remove("mail.log")
		w.resume()
		w.want()
		w.wantResumed(Pending, "", 0)
		w.wantCaughtUp(false)
		if err := w.f.Err(); !errors.Is(err, fs.ErrNotExist) {
			w.Fatal(err)
		}
		if p := w.f.Place(); p != w.o.At {
			w.Fatalf("meanwhile the place is %+v, was %+v", p, w.o.At)
		}
		w.write("mail.log", records("b"))
		w.wantRecords("b")
		w.wantResumed(Gap, "mail.log", 1)
		w.wantCaughtUp(true)
	}},
	{"gone with its directory, and back", func(w *world) {
		w.path = filepath.Join(w.dir, "log", "mail.log")
		w.must(os.Mkdir(filepath.Join(w.dir, "log"), 0o755))
		w.write("log/mail.log", records("a"))
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.stop()
		w.rename("log", "hidden")
		w.resume()
		w.want()
		w.wantResumed(Pending, "", 0)
		w.wantCaughtUp(false)
		w.rename("hidden", "log")
		w.write("log/mail.log", records("b"))
		w.wantRecords("b")
		w.wantResumed(Found, "log/mail.log", 0)
	}},
	{"a directory in its place for a while", func(w *world) {
		w.begun()
		w.stop()
		w.rename("mail.log", "x")
		w.must(os.Mkdir(w.path, 0o755))
		w.resume()
		w.want()
		if err := w.f.Err(); err == nil || !strings.Contains(err.Error(), "is a directory") {
			w.Fatal(err)
		}
		w.remove("mail.log")
		w.rename("x", "mail.log")
		w.write("mail.log", records("b"))
		w.wantRecords("b")
	}},
	{"damaged before the place: what is left of it is missed", func(w *world) { damagedBefore(w) }},
	{"damaged behind the place", func(w *world) {
		w.begun()
		w.stop()
		w.remove("mail.log")
		z := packed(records("a", "b"))
		w.put("mail.log.1.gz", z[:len(z)-4])
		w.pass(time.Second)
		w.write("mail.log", records("c"))
		w.resume()
		w.wantRecords("b", "c")
		if s := w.stats(); s.Missed != 1 || s.Gaps != 0 {
			w.Fatalf("%+v", s)
		}
	}},
	{"never there, and there now: all of it is new", func(w *world) {
		w.writeOld("mail.log.2", records("x"))
		w.follow(FollowOptions{From: End})
		w.want()
		w.wantCaughtUp(true)
		w.stop()
		if !w.o.At.IsZero() {
			w.Fatalf("a place: %+v", w.o.At)
		}
		w.resume()
		w.want()
		w.wantCaughtUp(true)
		w.stop()
		w.write("mail.log.1", records("a"))
		w.pass(time.Second)
		w.write("mail.log", records("b"))
		w.pass(DefaultDrain)
		w.resume()
		w.wantRecords("a", "b")
		w.wantResumed(NoPlace, "", 0)
	}},
	{"from its end, stopped in the line that isn't ours", func(w *world) {
		w.write("mail.log", records("a")+"half")
		w.follow(FollowOptions{From: End})
		w.want()
		w.stop()
		if !w.o.At.Partial || w.o.At.Offset != int64(len(records("a")))+3 {
			w.Fatalf("%+v", w.o.At)
		}
		w.write("mail.log", " more")
		w.resume()
		w.want()
		w.stop()
		w.copied("mail.log", "mail.log.1")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log.1", " and more\n"+records("b"))
		w.resume()
		w.wantRecords("b")
	}},
	{"from its end, stopped before a line came", func(w *world) {
		w.write("mail.log", records("a"))
		w.follow(FollowOptions{From: End})
		w.want()
		w.stop()
		w.write("mail.log", records("b"))
		w.resume()
		w.wantRecords("b")
	}},
	{"stopped in a line longer than the buffer keeps", func(w *world) {
		log := w.open("mail.log")
		w.say(log, records("a"))
		w.follow(FollowOptions{})
		for range 100 {
			w.say(log, strings.Repeat("x", 10_000))
			w.read()
		}
		w.stop()
		if w.o.At.Offset != int64(len(records("a"))) {
			w.Fatalf("%+v", w.o.At)
		}
		w.say(log, "\n"+records("b"))
		w.resume()
		w.want(strings.Repeat("x", MaxLine), record("b"))
	}},
	{"another log: From decides", func(w *world) {
		w.begun()
		w.stop()
		w.write("other.log", records("x"))
		w.path = filepath.Join(w.dir, "other.log")
		w.resume()
		w.wantResumed(OtherLog, "other.log", 0)
		w.wantRecords("x")
		w.stop()
		w.write("third.log", records("y"))
		w.path = filepath.Join(w.dir, "third.log")
		w.o.From = End
		w.resume()
		w.want()
		w.write("third.log", records("z"))
		w.wantRecords("z")
		w.wantCaughtUp(true)
	}},
	{"another log, not there yet: all of it is new", func(w *world) {
		w.begun()
		w.stop()
		w.path = filepath.Join(w.dir, "other.log")
		w.o.From = End
		w.resume()
		w.want()
		w.wantCaughtUp(true)
		w.write("other.log", records("x"))
		w.wantRecords("x")
	}},
	{"the log by another path", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "maillog")
		w.path = filepath.Join(w.dir, "maillog")
		w.resume()
		w.wantResumed(Found, "maillog", 0)
		w.wantRecords("b")
	}},
}

func TestResume(t *testing.T) {
	for _, c := range resumes {
		t.Run(c.name, func(t *testing.T) { c.do(newWorld(t)) })
	}
}

// The same, and each line the last of its Follow.
func TestResumeCut(t *testing.T) {
	for _, c := range resumes {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.cut = true
			c.do(w)
			w.settle()
		})
	}
}

// manyRotations is five of them; files are named by how many came after them, and
// by how many before.
func manyRotations(w *world, name, suffix string) {
	w.begun()
	w.stop()
	var want []string
	for i := range 5 {
		what := fmt.Sprint("file ", i)
		w.write("mail.log", records(what))
		want = append(want, what)
		rotated := fmt.Sprintf(name, 5-i, i)
		w.rename("mail.log", rotated)
		if suffix != "" && i < 4 {
			w.pack(rotated, suffix)
		}
		w.pass(time.Hour)
	}
	w.write("mail.log", records("last"))
	w.pass(DefaultDrain)
	w.resume()
	var ahead int64
	for _, e := range w.files() {
		ahead += e.Size()
	}
	if got := w.f.Stats().Lag; got < ahead-200 || got > ahead { // the first one is in a buffer
		w.Fatalf("the lag is %d of %d", got, ahead)
	}
	w.wantRecords(append(want, "last")...)
	w.wantCaughtUp(true)
	w.wantStats(5, 0)
}

func (w *world) files() (infos []os.FileInfo) {
	entries, err := os.ReadDir(w.dir)
	w.must(err)
	for _, e := range entries {
		info, err := e.Info()
		w.must(err)
		infos = append(infos, info)
	}
	return infos
}

func damagedBefore(w *world) {
	whats := strings.Fields(strings.Repeat("a b c d e ", 200))
	w.write("mail.log", records(whats...))
	w.follow(FollowOptions{})
	w.wantRecords(whats...)
	w.stop()
	w.remove("mail.log")
	z := packed(records(whats...) + randomText(100_000))
	w.put("mail.log.1.gz", z[:300])
	w.pass(time.Second)
	w.write("mail.log", records("b"))
	w.resume()
	w.wantRecords("b")
	if s := w.stats(); s.Gaps != 1 {
		w.Fatalf("%+v", s)
	}
	w.wantResumed(Gap, "mail.log", 1)
}

// A packed file is gone to in steps, and Wait doesn't wait between them.
func TestResumeSkipsInSteps(t *testing.T) {
	w := newWorld(t)
	const size = 7 * skipStep / 2
	w.write("mail.log", records("a")+strings.Repeat("x", size)+"\n")
	w.follow(FollowOptions{})
	w.read()
	w.stop()
	w.write("mail.log", records("b"))
	w.rename("mail.log", "mail.log.1")
	w.pack("mail.log.1", ".gz")
	w.write("mail.log", records("c"))
	w.o.After = func(time.Duration) <-chan time.Time { t.Fatal("it waits"); return nil }
	w.resume()
	broken := &fs.PathError{Op: "read", Path: "x", Err: syscall.EIO}
	w.f.skip.packed.z, w.f.skip.packed.raw.fault = iotest.ErrReader(broken), broken
	w.want()
	if err := w.f.Err(); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	for range 3 { // from its start again
		w.want()
		w.wantResumed(Pending, "", 0)
		w.must(w.f.Wait(t.Context()))
		if p := w.f.Place(); p != w.o.At {
			t.Fatalf("%+v, was %+v", p, w.o.At)
		}
	}
	w.wantRecords("b", "c")
}

// While older files are read the lag is what lies on the disk, packed or not.
func TestLagWhileCatchingUp(t *testing.T) {
	w := newWorld(t)
	w.begun()
	w.stop()
	w.write("mail.log", strings.Repeat(records("b"), 4*bufferSize/83))
	w.rename("mail.log", "mail.log.1")
	w.pack("mail.log.1", ".gz")
	info, err := os.Stat(w.path + ".1.gz")
	w.must(err)
	w.write("mail.log", "1234\n")
	w.pass(DefaultDrain)
	w.resume()
	for range 2 * bufferSize / 83 {
		w.f.Next()
	}
	w.write("mail.log", "5678\n")
	if s := w.f.Stats(); s.Size != info.Size() || s.Offset > s.Size || s.Offset == 0 {
		t.Errorf("%+v, the file has %d", s, info.Size())
	}
	for range bufferSize / 83 {
		w.f.Next()
	}
	if s := w.f.Stats(); s.Lag != s.Size-s.Offset+10 {
		t.Errorf("%+v", s)
	}
}

// A Pos and a Place are of the file that they name, at each moment.
func TestPlaceAtEachMoment(t *testing.T) {
	w := newWorld(t)
	w.write("mail.log", records("a")+"half")
	w.follow(FollowOptions{})
	line := int64(len(records("a")))
	check := func(what, path string, head, offset int64) {
		t.Helper()
		p := w.f.Place()
		info, err := os.Stat(filepath.Join(w.dir, path))
		w.must(err)
		if !isAt(&p, info) || p.Offset != offset || int64(p.Head) != head || p.Log != w.path {
			t.Fatalf("%s: %+v, want %s (%d) at %d, %d bytes known", what, p, path, identify("", info).Inode, offset, head)
		}
	}
	check("before a line", "mail.log", line+4, 0)
	w.f.Next()
	check("in the middle", "mail.log", line+4, line)
	w.want()
	check("at the end", "mail.log", line+4, line)
	w.rename("mail.log", "mail.log.1")
	w.write("mail.log", "")
	w.want()
	w.pass(time.Hour)
	w.want()
	check("the new file is empty", "mail.log.1", line+4, line)
	w.write("mail.log", "b\n")
	if got, _, _ := w.f.Next(); got.Text != "half" {
		t.Fatalf("%q", got.Text)
	}
	check("half a line was a line", "mail.log", 2, 0)
	w.want("b")
	w.must(os.Truncate(w.path, 0))
	_, at, _ := w.f.Next()
	check("truncated", "mail.log", 0, 0)
	if at.Offset != 0 || at.File != w.f.in.id {
		t.Fatalf("%+v", at)
	}
}
