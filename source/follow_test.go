package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"postfix_exporter/checkpoint"
)

// world is a directory with a log, a Follow of it, and a clock that stands. It
// begins a second ago: the kernel gives files a time that lags behind the clock.
type world struct {
	*testing.T
	dir, path string
	now       time.Time
	f         *Follow
	o         FollowOptions
	at        checkpoint.Pos // after the last line
	cut       bool           // each line is the last of its Follow
	past      Stats          // of Follows before

	got, wanted []string // cut: from the beginning
}

func newWorld(t *testing.T) *world {
	dir := t.TempDir()
	return &world{T: t, dir: dir, path: filepath.Join(dir, "mail.log"), now: time.Now().Add(-time.Second)}
}

// follow begins. Nothing is waited for, so no notification is needed.
func (w *world) follow(o FollowOptions) {
	w.Helper()
	o.Poll, o.Now = true, func() time.Time { return w.now }
	f, err := NewFollow(w.path, o)
	w.must(err)
	w.f, w.o = f, o
	w.Cleanup(func() { f.Close() })
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// open opens a file as syslog daemons do.
func (w *world) open(name string) *os.File {
	w.Helper()
	file, err := os.OpenFile(filepath.Join(w.dir, name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	w.must(err)
	w.Cleanup(func() { file.Close() })
	return file
}

func (w *world) write(name, text string) {
	w.Helper()
	w.say(w.open(name), text)
}

// writeOld writes a file that was finished long ago.
func (w *world) writeOld(name, text string) {
	w.Helper()
	w.write(name, text)
	old := time.Now().Add(-24 * time.Hour)
	w.must(os.Chtimes(filepath.Join(w.dir, name), old, old))
}

func (w *world) say(file *os.File, text string) {
	w.Helper()
	_, err := file.WriteString(text)
	w.must(err)
	now := unix.NsecToTimeval(w.now.Truncate(time.Microsecond).UnixNano())
	w.must(unix.Futimes(int(file.Fd()), []unix.Timeval{now, now}))
}

func (w *world) rename(from, to string) {
	w.Helper()
	w.must(os.Rename(filepath.Join(w.dir, from), filepath.Join(w.dir, to)))
}

func (w *world) remove(name string) {
	w.Helper()
	w.must(os.Remove(filepath.Join(w.dir, name)))
}

// read is all that comes now.
func (w *world) read() (lines []string) {
	w.Helper()
	for {
		line, at, err := w.f.Next()
		if err == io.EOF {
			return lines
		}
		w.must(err)
		lines = append(lines, strings.Clone(line.Text))
		w.at = at
		if w.cut && w.linked() && (len(lines) < 50 || len(lines)%9973 == 0) {
			w.restart()
		}
	}
}

// want says what comes now; no argument: nothing. Where each line is the last of
// its Follow, a rotated file may be waited for longer, or shorter.
func (w *world) want(lines ...string) {
	w.Helper()
	got := w.read()
	if w.cut {
		w.got, w.wanted = append(w.got, got...), append(w.wanted, lines...)
		n := min(len(w.got), len(w.wanted))
		got, lines = w.got[:n], w.wanted[:n]
	}
	if !slices.Equal(got, lines) {
		w.Fatalf("got %.300q, want %.300q", got, lines)
	}
}

func (w *world) wantStats(rotations, truncations int64) {
	w.Helper()
	w.settle()
	if s := w.stats(); s.Rotations != rotations || s.Truncations != truncations || s.Lag != 0 {
		w.Fatalf("%+v, want %d rotations and %d truncations and no lag", s, rotations, truncations)
	}
}

// pass lets time pass.
func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// moves is each way a log can move, told in steps.
var moves = []struct {
	name string
	do   func(w *world)
}{
	{"a log that grows", func(w *world) {
		w.write("mail.log", "a\nb\n")
		w.follow(FollowOptions{})
		w.want("a", "b")
		w.want()
		w.write("mail.log", "c\r\n")
		w.want("c")
		w.wantStats(0, 0)
	}},
	{"from its end", func(w *world) {
		w.write("mail.log", "a\nb\n")
		w.follow(FollowOptions{From: End})
		w.want()
		w.write("mail.log", "c\n")
		w.want("c")
		w.wantStats(0, 0)
	}},
	{"from its end, which is half a line", func(w *world) {
		w.write("mail.log", "a\nb")
		w.follow(FollowOptions{From: End})
		w.write("mail.log", "b\nc\n")
		w.want("c")
	}},
	{"from its end, which is its start", func(w *world) {
		w.write("mail.log", "")
		w.follow(FollowOptions{From: End})
		w.write("mail.log", "a\n")
		w.want("a")
	}},
	{"from its end, not there yet: all of it is new", func(w *world) {
		w.follow(FollowOptions{From: End})
		w.write("mail.log", "a\n")
		w.want("a")
	}},
	{"from its end, then rotated: the next from its start", func(w *world) {
		w.write("mail.log", "a\nhalf")
		w.follow(FollowOptions{From: End})
		w.want()
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "b\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
	}},
	{"start before the file exists", func(w *world) {
		w.follow(FollowOptions{})
		w.want()
		if err := w.f.Err(); !errors.Is(err, fs.ErrNotExist) {
			w.Fatalf("Err is %v", err)
		}
		w.write("mail.log", "a\n")
		w.want("a")
		w.wantStats(0, 0)
	}},
	{"start before the directory exists", func(w *world) {
		w.path = filepath.Join(w.dir, "log", "mail.log")
		w.follow(FollowOptions{})
		w.want()
		w.must(os.Mkdir(filepath.Join(w.dir, "log"), 0o755))
		w.want()
		w.write("log/mail.log", "a\n")
		w.want("a")
	}},
	{"rename with late writes to the old descriptor", func(w *world) {
		old := w.open("mail.log")
		w.say(old, "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "new\n")
		w.want()
		for _, late := range []string{"b", "c", "d"} {
			w.pass(DefaultDrain - time.Millisecond)
			w.say(old, late+"\n")
			w.want(late)
		}
		w.pass(DefaultDrain - time.Millisecond)
		w.want()
		w.pass(time.Millisecond)
		w.want("new")
		w.wantStats(1, 0)
	}},
	{"rename, new file created later", func(w *world) {
		old := w.open("mail.log")
		w.say(old, "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.pass(time.Hour)
		w.want()
		w.say(old, "b\n")
		w.want("b")
		w.pass(time.Hour)
		w.want()
		w.write("mail.log", "new\n")
		w.want() // the old one must be quiet from now on, whatever was before
		w.say(old, "c\n")
		w.want("c")
		w.pass(DefaultDrain)
		w.want("new")
		w.wantStats(1, 0)
	}},
	{"rename, new file gone once more", func(w *world) {
		old := w.open("mail.log")
		w.say(old, "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "")
		w.want()
		w.remove("mail.log")
		w.want()
		w.pass(time.Hour)
		w.write("mail.log", "new\n")
		w.want() // quiet is counted from now again
		w.say(old, "b\n")
		w.want("b")
		w.pass(DefaultDrain)
		w.want("new")
	}},
	{"rename while there is much to read", func(w *world) {
		w.write("mail.log", strings.Repeat("a\n", bufferSize))
		w.follow(FollowOptions{})
		w.f.Next()
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "new\n")
		if got := len(w.read()); got != bufferSize-1 {
			w.Fatalf("%d lines", got)
		}
		w.pass(DefaultDrain)
		w.want("new")
	}},
	{"rename, the writer told of it late", func(w *world) {
		old := w.open("mail.log")
		w.say(old, "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "")
		w.want()
		w.pass(time.Hour)
		w.want()
		w.say(old, "b\n") // an empty new file says that nobody writes there yet
		w.want("b")
		w.write("mail.log", "new\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("new")
		w.wantStats(1, 0)
	}},
	{"renamed away and back", func(w *world) {
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "x")
		w.want()
		w.rename("x", "mail.log")
		w.pass(time.Hour)
		w.write("mail.log", "b\n")
		w.want("b")
		w.wantStats(0, 0)
	}},
	{"copytruncate", func(w *world) {
		log := w.open("mail.log")
		w.say(log, "Nov 1 a\nNov 1 b\n")
		w.follow(FollowOptions{})
		w.want("Nov 1 a", "Nov 1 b")
		w.write("mail.log.1", "Nov 1 a\nNov 1 b\n")
		w.must(log.Truncate(0))
		w.say(log, "Nov 2 c\n")
		w.want("Nov 2 c")
		w.must(log.Truncate(0))
		w.want()
		w.say(log, "Nov 3 d\n")
		w.want("Nov 3 d")
		w.wantStats(0, 2)
	}},
	{"truncated and regrown past where we were", func(w *world) {
		log := w.open("mail.log")
		w.say(log, "Nov 1 a\n")
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.must(log.Truncate(0))
		w.say(log, "Nov 2 b\nNov 2 c\nNov 2 d\n")
		w.want("Nov 2 b", "Nov 2 c", "Nov 2 d")
		w.wantStats(0, 1)
	}},
	{"truncated to a part of it: shorter is read from the start", func(w *world) {
		log := w.open("mail.log")
		a := strings.Repeat("a", checkpoint.HeadSize)
		w.say(log, a+"\nb\n")
		w.follow(FollowOptions{})
		w.want(a, "b")
		w.must(log.Truncate(checkpoint.HeadSize + 1))
		w.say(log, "c")
		w.want(a)
		w.wantStats(0, 1)
	}},
	{"truncated under half a line", func(w *world) {
		log := w.open("mail.log")
		w.say(log, "Nov 1 a\nNov 1 b")
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.must(log.Truncate(0))
		w.say(log, "Nov 2 c\n")
		w.want("Nov 1 b", "Nov 2 c")
		w.wantStats(0, 1)
	}},
	{"truncated, the writer goes on where it was: a hole of NULs", func(w *world) {
		w.write("mail.log", strings.Repeat("Nov 1 a\n", 50_000))
		w.follow(FollowOptions{})
		w.read()
		log, err := os.OpenFile(w.path, os.O_WRONLY, 0)
		w.must(err)
		defer log.Close()
		w.must(log.Truncate(0))
		_, err = log.WriteAt([]byte("Nov 2 b\nNov 2 c\n"), 400_000)
		w.must(err)
		w.want(strings.Repeat("\x00", MaxLine), "Nov 2 c")
		w.wantStats(0, 1)
		if n := w.stats().LongLines; n != 1 {
			w.Fatalf("%d long lines", n)
		}
	}},
	{"gone and back", func(w *world) {
		old := w.open("mail.log")
		w.say(old, "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.remove("mail.log")
		w.want()
		w.say(old, "b\n")
		w.want("b")
		w.write("mail.log", "c\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("c")
		w.wantStats(1, 0)
	}},
	{"gone with its directory, and back", func(w *world) {
		w.path = filepath.Join(w.dir, "log", "mail.log")
		w.must(os.Mkdir(filepath.Join(w.dir, "log"), 0o755))
		w.write("log/mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.must(os.RemoveAll(filepath.Join(w.dir, "log")))
		w.want()
		w.must(os.Mkdir(filepath.Join(w.dir, "log"), 0o755))
		w.write("log/mail.log", "b\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
	}},
	{"something else in its place for a while", func(w *world) {
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.must(os.Mkdir(w.path, 0o755))
		w.want()
		w.pass(DefaultDrain)
		w.want()
		if err := w.f.Err(); err == nil || !strings.Contains(err.Error(), "is a directory") {
			w.Fatalf("Err is %v", err)
		}
		w.remove("mail.log")
		w.write("mail.log", "b\n")
		w.want("b")
		if err := w.f.Err(); err != nil {
			w.Fatal(err)
		}
	}},
	{"half a line", func(w *world) {
		w.write("mail.log", "a\nb")
		w.follow(FollowOptions{})
		w.want("a")
		if w.at.Offset != 2 {
			w.Fatalf("offset %d is in the half line", w.at.Offset)
		}
		w.write("mail.log", "b")
		w.pass(time.Hour)
		w.want()
		w.write("mail.log", "b\n")
		w.want("bbb")
	}},
	{"half a line then rotation, finished late", func(w *world) {
		old := w.open("mail.log")
		w.say(old, "a\nb")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "new\n")
		w.want()
		w.say(old, "b\n")
		w.want("bb")
		w.pass(DefaultDrain)
		w.want("new")
	}},
	{"half a line then rotation, never finished", func(w *world) {
		w.write("mail.log", "a\nhalf")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "new\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("half", "new")
	}},
	{"twice rotated while not looking", func(w *world) {
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.write("mail.log", "b\n")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "c\n")
		w.rename("mail.log.1", "mail.log.2")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "d\n")
		w.want("b")
		w.pass(DefaultDrain)
		w.want("c")
		w.pass(DefaultDrain - 1)
		w.want()
		w.pass(1)
		w.want("d")
		w.wantStats(2, 0)
	}},
	{"copytruncate, lines written since the last look", func(w *world) {
		w.write("mail.log", "Nov 1 a\nNov 1 ha")
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.write("mail.log", "lf\nNov 1 b\n")
		w.write("mail.log.1", "Nov 1 a\nNov 1 half\nNov 1 b\n")
		w.writeOld("mail.log.2", "Oct 9 z\nOct 9 half\nOct 9 b\nOct 9 c\n")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "Nov 2 c\n")
		w.want("Nov 1 half", "Nov 1 b", "Nov 2 c")
		w.write("mail.log", "Nov 2 d\n")
		w.want("Nov 2 d")
		if st := w.stats(); st.Truncations != 1 {
			w.Errorf("%d truncations, want 1", st.Truncations)
		}
	}},
	{"copytruncate, the copy packed at once", func(w *world) {
		w.write("mail.log", "Nov 1 a\n")
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.must(os.WriteFile(w.path+".1.gz", packed("Nov 1 a\nNov 1 b\n"), 0o644))
		w.must(os.Truncate(w.path, 0))
		w.want("Nov 1 b")
		w.write("mail.log", "Nov 2 c\n")
		w.want("Nov 2 c")
	}},
	{"copytruncate, half a line was read", func(w *world) {
		w.write("mail.log", "Nov 1")
		w.follow(FollowOptions{})
		w.want()
		w.write("mail.log.1", "Nov 1 a\n")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "Nov 2 b\n")
		w.want("Nov 1 a", "Nov 2 b")
	}},
	{"copytruncate, from its end, in the line that isn't ours", func(w *world) {
		w.write("mail.log", "Nov 1 a\nNov 1")
		w.follow(FollowOptions{From: End})
		w.want()
		w.write("mail.log.1", "Nov 1 a\nNov 1 b\nNov 1 c\n")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "Nov 2 d\n")
		w.want("Nov 1 c", "Nov 2 d")
	}},
	{"truncated by hand, beside a shorter copy", func(w *world) {
		w.write("mail.log", "Nov 1 a\n")
		w.write("mail.log.1", "Nov 1 a\n")
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.write("mail.log", "Nov 1 b\n")
		w.want("Nov 1 b")
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "Nov 2 c\n")
		w.want("Nov 2 c")
	}},
	{"truncated under half a line, beside an older file that begins so", func(w *world) {
		w.write("mail.log.1", "Nov 1 a\nNov 1 b\n")
		w.pass(time.Second)
		w.write("mail.log", "Nov 1")
		w.follow(FollowOptions{})
		w.want()
		w.must(os.Truncate(w.path, 0))
		w.write("mail.log", "Dec 1 c\n")
		w.want("Nov 1", "Dec 1 c")
	}},
	{"rotated by number, beside files of an earlier rotation by date", func(w *world) {
		w.writeOld("mail.log-20251101", "x\n")
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "b\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
		w.wantStats(1, 0)
	}},
	{"rotated by ascending numbers", func(w *world) {
		w.writeOld("mail.log.1", "x\n")
		w.writeOld("mail.log.2", "y\n")
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.3")
		w.write("mail.log", "b\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
	}},
	{"rotated, beside a copy made by hand", func(w *world) {
		w.write("mail.log", "a\n")
		w.write("mail.log-20261115", "a\n")
		w.write("mail.log.0", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "b\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
	}},
	{"twice rotated, the first one packed since", func(w *world) {
		w.write("mail.log.3", "x\n")
		w.write("mail.log", "Nov 1 a\n")
		hour := time.Now().Add(-time.Hour)
		w.must(os.Chtimes(w.path, hour, hour))
		w.must(os.Chtimes(w.path+".3", hour, hour.Add(-time.Hour)))
		w.follow(FollowOptions{})
		w.want("Nov 1 a")
		w.must(os.WriteFile(w.path+".2.gz", packed("Nov 1 a\n"), 0o644))
		w.remove("mail.log")
		w.must(os.WriteFile(w.path+".1.gz", packed("Nov 2 b\nNov 2 c"), 0o644))
		w.write("mail.log", "Nov 3 d\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("Nov 2 b", "Nov 2 c", "Nov 3 d")
		w.wantStats(2, 0)
	}},
	{"twice rotated, the one between is damaged", func(w *world) {
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log.3")
		z := packed("b\nc\n")
		w.must(os.WriteFile(w.path+".2.gz", z[:4], 0o644))
		w.must(os.WriteFile(w.path+".1.gz", z[:len(z)-4], 0o644))
		w.write("mail.log", "d\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b", "c", "d")
		if s := w.stats(); s.Missed != 2 {
			w.Fatalf("%+v", s)
		}
	}},
	{"older rotated files are not read", func(w *world) {
		w.write("mail.log.1", "x\n")
		tomorrow := time.Now().Add(24 * time.Hour)
		w.must(os.Chtimes(w.path+".1", tomorrow, tomorrow)) // touched, but older by name
		w.write("mail.log-20260101", "y\n")
		w.write("mail.err", "z\n")
		w.write("mail.log", "a\n")
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("mail.log", "mail.log-20260102")
		w.write("mail.log", "b\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
		w.wantStats(1, 0)
	}},
	{"a line of more than 64 KiB", func(w *world) {
		log := w.open("mail.log")
		w.follow(FollowOptions{})
		for range 100 {
			w.say(log, strings.Repeat("x", 10_000))
			w.want()
		}
		w.say(log, "\nb\n")
		w.want(strings.Repeat("x", MaxLine), "b")
		if w.at.Offset != 1_000_003 {
			w.Fatalf("offset %d", w.at.Offset)
		}
		w.want()
		if n := w.stats().LongLines; n != 1 {
			w.Fatalf("%d long lines", n)
		}
	}},
	{"NUL and invalid UTF-8", func(w *world) {
		w.write("mail.log", "\x00\n\xff\xfe\xc3\n\n\u0085\n")
		w.follow(FollowOptions{})
		w.want("\x00", "\xff\xfe\xc3", "", "\u0085")
	}},
	{"symlink retargeted", func(w *world) {
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.write("data/one", "a\n")
		w.must(os.Symlink("data/one", w.path))
		w.follow(FollowOptions{})
		w.want("a")
		w.write("data/two", "b\n")
		w.remove("mail.log")
		w.must(os.Symlink("data/two", w.path))
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
		w.wantStats(1, 0)
	}},
	{"symlink whose target is rotated twice", func(w *world) {
		w.must(os.Mkdir(filepath.Join(w.dir, "data"), 0o755))
		w.write("data/log", "a\n")
		w.must(os.Symlink("data/log", w.path))
		w.follow(FollowOptions{})
		w.want("a")
		w.rename("data/log", "data/log.2")
		w.write("data/log.1", "b\n")
		w.write("data/log", "c\n")
		w.want()
		w.pass(DefaultDrain)
		w.want("b")
		w.pass(DefaultDrain)
		w.want("c")
	}},
}

func TestFollow(t *testing.T) {
	for _, c := range moves {
		t.Run(c.name, func(t *testing.T) { c.do(newWorld(t)) })
	}
}

func TestFollowRefuses(t *testing.T) {
	if _, err := NewFollow(t.TempDir(), FollowOptions{}); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := NewFollow(os.DevNull, FollowOptions{}); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a device: %v", err)
	}
}

// A place names its file, which a rotated file stays, and the clock.
func TestFollowPos(t *testing.T) {
	w := newWorld(t)
	w.write("mail.log", "ab\n\r\nc\n")
	w.follow(FollowOptions{})
	var first *checkpoint.File
	for _, offset := range []int64{3, 5, 7} {
		_, at, err := w.f.Next()
		w.must(err)
		if first == nil {
			first = at.File
		}
		if at.Offset != offset || at.File != first || at.NotAfter != w.now.Unix() {
			t.Errorf("%+v, want offset %d", at, offset)
		}
	}
	info, err := os.Stat(w.path)
	w.must(err)
	if *first != *identify(w.path, info) || first.Inode == 0 {
		t.Errorf("file is %+v", *first)
	}
	w.want()
	w.rename("mail.log", "mail.log.1")
	w.write("mail.log", "d\n")
	w.want()
	w.pass(DefaultDrain)
	w.want("d")
	if w.at.Offset != 2 || w.at.File == first || w.at.NotAfter != w.now.Unix() {
		t.Errorf("%+v", w.at)
	}
}

// Lag is what is written and not yet read, in both files while one is drained.
func TestFollowLag(t *testing.T) {
	w := newWorld(t)
	w.follow(FollowOptions{})
	if s := w.f.Stats(); s != (Stats{}) {
		t.Errorf("before the file exists: %+v", s)
	}
	w.write("mail.log", strings.Repeat("x", 999)+"\n")
	w.must(os.Truncate(w.path, 3*bufferSize)) // a hole
	w.f.Next()
	if s := w.f.Stats(); s.Lag != 2*bufferSize || s.Size != 3*bufferSize {
		t.Errorf("%+v", s)
	}
	w.read()
	w.rename("mail.log", "mail.log.1")
	w.write("mail.log", "12345\n")
	w.read()
	if s := w.f.Stats(); s.Lag != 6 {
		t.Errorf("while draining: %+v", s)
	}
	w.pass(DefaultDrain)
	w.read()
	if s := w.f.Stats(); s.Lag != 0 || s.Size != 6 || s.Offset != 6 {
		t.Errorf("%+v", s)
	}
}

// However the writes are cut, the lines are the same.
func TestAnyChunking(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 0))
		text := randomLog(r, 200)
		want, cut := slowLines(text, MaxLine)
		w := newWorld(t)
		log := w.open("mail.log")
		w.follow(FollowOptions{})
		var got []string
		for rest := text; rest != ""; {
			n := min(len(rest), 1+r.IntN(1<<r.IntN(20)))
			w.say(log, rest[:n])
			rest = rest[n:]
			got = append(got, w.read()...)
		}
		if !slices.Equal(got, want) || w.f.Stats().LongLines != cut || w.at.Offset != int64(len(text)) {
			t.Fatalf("seed %d: %d lines, want %d; %+v", seed, len(got), len(want), w.f.Stats())
		}
	}
}

// rsyslogd writes 4,096 bytes at a time, which end anywhere in a line.
func TestWritesOf4096Bytes(t *testing.T) {
	w := newWorld(t)
	var text strings.Builder
	var want []string
	for i := range 2_000 {
		line := fmt.Sprintf("line %d %s", i, strings.Repeat("x", i%200))
		want = append(want, line)
		text.WriteString(line + "\n")
	}
	log := w.open("mail.log")
	w.follow(FollowOptions{})
	var got []string
	for rest := text.String(); rest != ""; {
		n := min(len(rest), 4096)
		w.say(log, rest[:n])
		rest = rest[n:]
		got = append(got, w.read()...)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
}
