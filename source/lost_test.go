package source

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"postfix_exporter/checkpoint"
)

// ill makes reading fail from now on, as a broken disk does.
func (w *world) ill(err error) {
	w.f.in.r = iotest.ErrReader(&fs.PathError{Op: "read", Path: w.path, Err: err})
}

// losses is each way in which a descriptor can go bad.
var losses = []struct {
	name string
	do   func(w *world)
}{
	{"a read fails once", func(w *world) {
		w.begun()
		w.write("mail.log", records("b"))
		w.ill(syscall.EIO)
		w.want()
		if err := w.f.Err(); !errors.Is(err, syscall.EIO) {
			w.Fatal(err)
		}
		w.wantRecords("b")
		if err := w.f.Err(); err != nil {
			w.Fatal(err)
		}
		w.wantStats(0, 0)
	}},
	{"in half a line", func(w *world) {
		w.write("mail.log", records("a")+record("b")[:30])
		w.follow(FollowOptions{})
		w.wantRecords("a")
		w.ill(syscall.ESTALE)
		w.want()
		w.write("mail.log", record("b")[30:]+"\n")
		w.wantRecords("b")
	}},
	{"from its end, before a line came", func(w *world) {
		w.write("mail.log", records("a")+"half")
		w.follow(FollowOptions{From: End})
		w.ill(syscall.EIO)
		w.want()
		w.write("mail.log", "\n"+records("b"))
		w.wantRecords("b")
	}},
	{"the descriptor is dead, the file elsewhere", func(w *world) {
		w.begun()
		w.must(w.f.in.file.Close())
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", records("c"))
		w.want()
		w.wantRecords("b")
		w.pass(DefaultDrain)
		w.wantRecords("c")
		w.wantStats(1, 0)
	}},
	{"a file system that is mounted again: another device", func(w *world) {
		w.begun()
		w.must(w.f.in.file.Close())
		w.rename("mail.log", "hidden")
		w.want()
		w.want()
		if err := w.f.Err(); !errors.Is(err, fs.ErrNotExist) {
			w.Fatal(err)
		}
		if s := w.f.Stats(); s.Gaps != 0 {
			w.Fatalf("%+v", s)
		}
		w.copied("hidden", "mail.log")
		w.write("mail.log", records("b"))
		w.wantRecords("b")
	}},
	{"lost for good: a gap", func(w *world) {
		w.begun()
		w.must(w.f.in.file.Close())
		w.remove("mail.log")
		w.pass(DefaultDrain)
		w.want()
		w.write("mail.log", records("b"))
		w.wantRecords("b")
		if s := w.f.Stats(); s.Gaps != 1 {
			w.Fatalf("%+v", s)
		}
	}},
	{"while a rotated file is read", func(w *world) {
		w.begun()
		w.write("mail.log", records("b"))
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", records("c"))
		w.ill(syscall.EIO)
		w.want()
		w.wantRecords("b")
		w.pass(DefaultDrain)
		w.wantRecords("c")
	}},
	{"while a packed file is read", func(w *world) {
		w.begun()
		w.stop()
		w.write("mail.log", records("b")+strings.Repeat(randomText(1000)+"\n", 1000)+records("c"))
		w.rename("mail.log", "mail.log.1")
		w.pack("mail.log.1", ".gz")
		w.write("mail.log", records("d"))
		w.resume()
		line, _, _ := w.f.Next()
		if line.Text != record("b") {
			w.Fatalf("%q", line.Text)
		}
		w.f.in.packed.raw.r = iotest.ErrReader(syscall.EIO)
		lines := append(w.read(), w.read()...)
		if n := len(lines); n < 1000 || lines[n-1] != record("d") || lines[n-2] != record("c") {
			w.Fatalf("%d lines", n)
		}
		if s := w.f.Stats(); s.Missed != 0 {
			w.Fatalf("%+v", s)
		}
	}},
}

func TestLost(t *testing.T) {
	for _, c := range losses {
		t.Run(c.name, func(t *testing.T) { c.do(newWorld(t)) })
	}
}

// A file whose reading fails each time is tried at each tick, not without end.
func TestLostIsNotBusy(t *testing.T) {
	w := newWorld(t)
	w.begun()
	place := w.f.Place()
	for range 3 {
		w.ill(syscall.EIO)
		w.want()
		if p := w.f.Place(); p != place {
			t.Fatalf("%+v, was %+v", p, place)
		}
		w.want()
	}
}

// A resume that meets a hidden directory, or a hidden log, waits for it.
func hiddenAtResume(w *world) {
	w.write("mail.log", records("a"))
	w.listen(0)
	w.await(record("a"))
	at := w.f.Place()
	w.f.Close()
	w.write("mail.log", records("b"))
	for _, hide := range []struct {
		path  string
		modes [2]os.FileMode
	}{{w.dir, [2]os.FileMode{0, 0o700}}, {w.path, [2]os.FileMode{0, 0o600}}} {
		w.must(os.Chmod(hide.path, hide.modes[0]))
		f, err := NewFollow(w.path, FollowOptions{At: at, Poll: true})
		w.must(err)
		w.f = f
		for range 3 {
			w.want()
			if !errors.Is(f.Err(), fs.ErrPermission) || f.Resumed().How != Pending || f.CaughtUp() || f.Place() != at {
				w.Fatalf("%s hidden: %v, %+v, %v", hide.path, f.Err(), f.Resumed(), f.CaughtUp())
			}
		}
		w.must(os.Chmod(hide.path, hide.modes[1]))
		w.want(record("b"))
		w.want()
		if f.Err() != nil || f.Resumed().How != Found || !f.CaughtUp() || f.Stats().Gaps != 0 {
			w.Fatalf("%s shown again: %v, %+v", hide.path, f.Err(), f.Resumed())
		}
		f.Close()
	}
}

// In a directory that may be entered and not listed, the log itself is found.
func unlistableAtResume(w *world) {
	w.write("mail.log", records("a"))
	f, err := NewFollow(w.path, FollowOptions{Poll: true})
	w.must(err)
	w.f = f
	w.want(record("a"))
	at := f.Place()
	f.Close()
	w.must(os.Chmod(w.dir, 0o300))
	w.write("mail.log", records("b"))
	w.f, err = NewFollow(w.path, FollowOptions{At: at, Poll: true})
	w.must(err)
	w.want(record("b"))
	w.must(os.Rename(w.path, w.path+".1"))
	w.write("mail.log", records("c"))
	w.f.Close()
	w.f, err = NewFollow(w.path, FollowOptions{At: at, Poll: true})
	w.must(err)
	w.want()
	if !errors.Is(w.f.Err(), fs.ErrPermission) || w.f.CaughtUp() {
		w.Fatal(w.f.Err())
	}
	w.must(os.Chmod(w.dir, 0o700))
	w.want(record("b"))
	w.f.Close()
}

// hiddenFromStart: with no place, From decides once the log can be read.
func hiddenFromStart(w *world) {
	w.write("mail.log", records("a"))
	w.must(os.Chmod(w.path, 0))
	f, err := NewFollow(w.path, FollowOptions{From: End, Poll: true})
	w.must(err)
	w.f = f
	w.want()
	if f.CaughtUp() || f.Place() != (checkpoint.Place{}) {
		w.Fatalf("%v, %+v", f.CaughtUp(), f.Place())
	}
	w.must(os.Chmod(w.path, 0o600))
	w.want()
	if !f.CaughtUp() {
		w.Fatal("not caught up")
	}
	f.Close()
}
