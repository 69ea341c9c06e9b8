package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// patience is what a test waits for something that should come at once.
const patience = 20 * time.Second

// listen follows with real notifications. tick is how long they have to come.
func (w *world) listen(tick time.Duration) {
	w.Helper()
	f, err := NewFollow(w.path, FollowOptions{Tick: tick, Drain: 10 * time.Millisecond})
	w.must(err)
	w.f = f
	w.Cleanup(func() { f.Close() })
}

// await reads, waiting, until so many lines have come.
func (w *world) await(lines ...string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	var got []string
	for {
		if got = append(got, w.read()...); len(got) >= len(lines) {
			break
		}
		if err := w.f.Wait(ctx); err != nil {
			w.Fatalf("got %.200q, then %v; want %.200q", got, err, lines)
		}
	}
	if !slices.Equal(got, lines) {
		w.Fatalf("got %.200q, want %.200q", got, lines)
	}
}

// until waits until ok, in the way that the engine does.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for !ok() {
		w.read()
		if err := w.f.Wait(ctx); err != nil {
			w.Fatalf("%s: %v (%+v)", what, err, w.f.Stats())
		}
	}
}

// With ticks an hour apart, only notifications can bring these lines. The library
// has one tracker a process, which may get stuck when a subscription ends while
// events are on their way: so each case has a process of its own, and three tries.
// What a stuck tracker costs is a tick.
func TestNotifications(t *testing.T) {
	for _, c := range notifications {
		t.Run(c.name, func(t *testing.T) {
			if os.Getenv(ownProcess) != "" {
				c.do(newWorld(t))
				return
			}
			var out []byte
			var err error
			for range 3 {
				test := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
				test.Env = append(os.Environ(), ownProcess+"=yes")
				if out, err = test.CombinedOutput(); err == nil {
					return
				}
			}
			t.Errorf("%v\n%s", err, out)
		})
	}
}

const ownProcess = "SOURCE_TEST_OWN_PROCESS"

var notifications = []struct {
	name string
	do   func(w *world)
}{
	{"written", func(w *world) {
		w.write("mail.log", "a\n")
		w.listen(time.Hour)
		w.await("a")
		for i := range 5 {
			later(func() { w.write("mail.log", fmt.Sprintln(i)) })
			w.await(fmt.Sprint(i))
		}
	}},
	{"several", func(w *world) {
		tw := &tableWorld{T: w.T}
		w.write("a.log", "a0\n")
		var err error
		tw.s, err = NewSet(SetOptions{Paths: []string{filepath.Join(w.dir, "a.log"), filepath.Join(w.dir, "b.log")}, Tick: time.Hour})
		w.must(err)
		defer tw.s.Close()
		tw.want("a0")
		for i := range 5 {
			later(func() { w.write("a.log", fmt.Sprintln("a", i)) })
			later(func() { w.write("b.log", fmt.Sprintln("b", i)) })
			tw.got = nil
			tw.want(fmt.Sprint("a ", i), fmt.Sprint("b ", i))
		}
	}},
	{"created", func(w *world) {
		w.listen(time.Hour)
		later(func() { w.write("mail.log", "a\n") })
		w.await("a")
		later(func() { w.write("mail.log", "b\n") })
		w.await("b")
	}},
	{"created in a directory that came later", func(w *world) {
		w.path = filepath.Join(w.dir, "log", "mail.log")
		w.listen(20 * time.Millisecond)
		w.until("refused", func() bool { return w.f.waker.failed.Load() })
		w.must(os.Mkdir(filepath.Join(w.dir, "log"), 0o755))
		w.until("watched", func() bool { return w.f.Stats().Watched })
		w.f.o.Tick = time.Hour
		later(func() { w.write("log/mail.log", "a\n") })
		w.await("a")
	}},
	{"moved in", func(w *world) {
		w.listen(time.Hour)
		w.write("x", "a\n")
		later(func() { w.rename("x", "mail.log") })
		w.await("a")
	}},
	{"behind a symlink", func(w *world) {
		w.write("x", "a\n")
		w.must(os.Symlink("x", w.path))
		w.listen(time.Hour)
		w.await("a")
		later(func() { w.write("x", "b\n") })
		w.await("b")
	}},
	{"written to the old file after a rename", func(w *world) {
		old := w.open("mail.log")
		w.listen(time.Hour)
		w.f.o.Drain = time.Hour
		w.until("watched", func() bool { return w.f.Stats().Watched })
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "")
		later(func() { w.say(old, "b\n") })
		w.await("b")
	}},
	{"written to the new file after a rotation", func(w *world) {
		w.write("mail.log", "a\n")
		w.listen(20 * time.Millisecond)
		w.await("a")
		w.rename("mail.log", "mail.log.1")
		w.write("mail.log", "b\n")
		w.await("b")
		w.until("watched", func() bool { return w.f.waker.last.file == w.f.in.id && w.f.Stats().Watched })
		w.f.o.Tick = time.Hour
		later(func() { w.write("mail.log", "c\n") })
		w.await("c")
	}},
}

// later does something while the test probably waits; it holds if it doesn't.
func later(do func()) { time.AfterFunc(20*time.Millisecond, do) }

// Two that follow the same path take each other's notifications, but no lines.
func TestTwoOfTheSame(t *testing.T) {
	a := newWorld(t)
	b := &world{T: t, dir: a.dir, path: a.path}
	a.listen(20 * time.Millisecond)
	b.listen(20 * time.Millisecond)
	for i := range 3 {
		line := fmt.Sprint(i)
		a.write("mail.log", line+"\n")
		a.await(line)
		b.await(line)
	}
	a.f.Close()
	a.write("mail.log", "c\n")
	b.await("c")
}

// With Poll there is no library and no goroutine.
func TestPoll(t *testing.T) {
	w := newWorld(t)
	n := runtime.NumGoroutine()
	f, err := NewFollow(w.path, FollowOptions{Poll: true})
	w.must(err)
	w.f = f
	if runtime.NumGoroutine() > n || f.Stats().Watched || f.o.Tick != PollTick {
		t.Errorf("%d goroutines, before %d; tick %v", runtime.NumGoroutine(), n, f.o.Tick)
	}
	later(func() { w.write("mail.log", "a\n") })
	w.await("a")
}

func TestWaitEnds(t *testing.T) {
	for _, poll := range []bool{false, true} {
		w := newWorld(t)
		f, err := NewFollow(w.path, FollowOptions{Poll: poll, Tick: time.Hour})
		w.must(err)
		ctx, cancel := context.WithCancel(t.Context())
		later(cancel)
		for err = nil; err == nil; {
			err = f.Wait(ctx)
		}
		if err != context.Canceled {
			t.Error(err)
		}
		w.must(f.Close())
		w.must(f.Close())
	}
}

// Close leaves no goroutine of ours behind.
func TestCloseEndsItsGoroutine(t *testing.T) {
	w := newWorld(t)
	w.write("mail.log", "a\n")
	w.listen(20 * time.Millisecond) // the library's own goroutines stay
	w.until("watched", func() bool { return w.f.Stats().Watched })
	n := runtime.NumGoroutine()
	for range 10 {
		f, err := NewFollow(filepath.Join(w.dir, "x"), FollowOptions{Tick: time.Millisecond})
		w.must(err)
		w.must(f.Wait(t.Context()))
		w.must(f.Close())
	}
	w.awaitGoroutines(n)
}

// awaitGoroutines waits until there are no more than n.
func (w *world) awaitGoroutines(n int) {
	w.Helper()
	for end := time.Now().Add(patience); runtime.NumGoroutine() > n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("%d goroutines, before %d", runtime.NumGoroutine(), n)
		}
	}
}

// What happens to the path must not end the process, though the library under us
// calls os.Exit. Each case is a process of its own, without root's rights.
func TestUnprivileged(t *testing.T) {
	cases := []struct {
		name string
		do   func(w *world)
	}{
		{"directory not searchable", hiddenDirectory},
		{"directory not searchable at start", hiddenAtStart},
		{"new file not readable", unreadableFile},
		{"hidden at resume", hiddenAtResume},
		{"directory can't be listed at resume", unlistableAtResume},
		{"hidden from the start", hiddenFromStart},
		{"no inotify to be had", noInotify},
		{"files read once, one not readable", unreadableOnce},
	}
	const env = "SOURCE_TEST_CASE"
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if os.Getenv(env) == c.name {
				c.do(unprivileged(t))
				return
			}
			cmd := exec.Command(os.Args[0], "-test.v", "-test.run="+strings.ReplaceAll("^"+t.Name()+"$", "/", "$/^"))
			cmd.Env = append(os.Environ(), env+"="+c.name)
			out, err := cmd.CombinedOutput()
			if strings.Contains(string(out), "--- SKIP") {
				t.Skipf("%s", out)
			}
			if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

// unprivileged gives up root's rights for good, for whom every mode is open.
func unprivileged(t *testing.T) *world {
	const nobody = 65534
	if os.Getuid() == 0 {
		for _, err := range []error{
			syscall.Setgroups(nil), syscall.Setresgid(nobody, nobody, nobody), syscall.Setresuid(nobody, nobody, nobody),
		} {
			if err != nil {
				t.Skip("root, and can't become nobody:", err)
			}
		}
	}
	dir, err := os.MkdirTemp("", "source")
	if err != nil {
		t.Skip("no temporary directory for nobody:", err)
	}
	t.Cleanup(func() {
		os.Chmod(dir, 0o700)
		os.RemoveAll(dir)
	})
	return &world{T: t, dir: dir, path: filepath.Join(dir, "mail.log"), now: time.Now()}
}

func hiddenDirectory(w *world) {
	log := w.open("mail.log")
	w.say(log, "a\n")
	w.listen(20 * time.Millisecond)
	w.await("a")
	w.until("watched", func() bool { return w.f.Stats().Watched })
	w.must(os.Chmod(w.dir, 0))
	for i := range 10 { // the library hears of each, with time to do something silly
		w.say(log, fmt.Sprintln(i))
		w.must(w.f.Wait(w.Context()))
		w.await(fmt.Sprint(i))
		time.Sleep(pace)
	}
	if err := w.f.Err(); !errors.Is(err, fs.ErrPermission) {
		w.Fatalf("Err is %v", err)
	}
	w.must(os.Chmod(w.dir, 0o700))
	w.until("well again", func() bool { return w.f.Err() == nil })
	w.say(log, "d\n")
	w.await("d")
}

func hiddenAtStart(w *world) {
	w.write("mail.log", "a\n")
	w.must(os.Chmod(w.dir, 0))
	w.listen(20 * time.Millisecond)
	w.until("told", func() bool { return errors.Is(w.f.Err(), fs.ErrPermission) })
	for range 3 {
		w.must(w.f.Wait(w.Context()))
	}
	w.must(os.Chmod(w.dir, 0o700))
	w.await("a")
	w.until("watched", func() bool { return w.f.Stats().Watched })
}

func unreadableFile(w *world) {
	log := w.open("mail.log")
	w.say(log, "a\n")
	w.listen(20 * time.Millisecond)
	w.await("a")
	w.rename("mail.log", "mail.log.1")
	w.write("mail.log", "new\n")
	w.must(os.Chmod(w.path, 0))
	w.until("told", func() bool { return errors.Is(w.f.Err(), fs.ErrPermission) })
	w.say(log, "b\n")
	w.await("b")
	w.must(os.Chmod(w.path, 0o600))
	w.await("new")
	if err := w.f.Err(); err != nil {
		w.Fatal(err)
	}
}

func unreadableOnce(w *world) {
	w.write("mail.log", "a\n")
	w.must(os.Chmod(w.path, 0))
	_, err := NewFiles([]string{w.path}, FilesOptions{})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), w.path) {
		w.Fatal(err)
	}
}

// noInotify uses up the open files, so that the library's tracker can't start.
func noInotify(w *world) {
	log := w.open("mail.log")
	w.say(log, "a\n")
	w.listen(20 * time.Millisecond)
	w.read()
	w.must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 64, Max: 64}))
	var taken []*os.File
	for {
		file, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		taken = append(taken, file)
	}
	w.until("given up", trackerDead.Load)
	for _, file := range taken {
		file.Close()
	}
	w.say(log, "b\n")
	w.await("b")
	w.f.Close()
	n := runtime.NumGoroutine()
	w.listen(20 * time.Millisecond) // a second one knows that there is nothing to ask
	w.await("a", "b")
	w.say(log, "c\n")
	w.must(w.f.Wait(w.Context()))
	w.await("c")
	if w.f.Stats().Watched {
		w.Fatal("it says that it is notified")
	}
	w.f.Close()
	w.awaitGoroutines(n)
}

// A writer at full speed, through six rotations, each with late writes to the
// old file: every line comes once, in order. Time passes only when the writer is
// done with a file, so that a slow machine can't make it look quiet.
func TestEveryLineOnce(t *testing.T) {
	const rotations = 6
	for _, poll := range []bool{false, true} {
		t.Run(fmt.Sprintf("poll=%v", poll), func(t *testing.T) {
			w := newWorld(t)
			w.open("mail.log")
			var done, wrote atomic.Int64
			now := func() time.Time {
				if wrote.Load() > 0 {
					done.Add(1)
				}
				return w.now.Add(time.Duration(done.Load()) * DefaultDrain)
			}
			f, err := NewFollow(w.path, FollowOptions{Poll: poll, Tick: time.Millisecond, Now: now})
			w.must(err)
			defer f.Close()
			go func() { wrote.Store(writeAndRotate(w, rotations, &done)) }()
			ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
			defer cancel()
			for n := int64(0); n == 0 || n != wrote.Load(); {
				line, _, err := f.Next()
				if err != nil {
					w.must(f.Wait(ctx))
					continue
				}
				if want := fmt.Sprintf("%09d end", n); line.Text != want {
					t.Fatalf("got %.100q, want %q", line.Text, want)
				}
				n++
			}
			if s := f.Stats(); s.Rotations != rotations || s.Truncations != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// writeAndRotate writes numbered lines, cut anywhere into 4,096 bytes, and says
// how many; done counts the files that it is done with.
func writeAndRotate(w *world, rotations int, done *atomic.Int64) (n int64) {
	var rest []byte
	burst := func(file *os.File, times int) {
		for range times * 300 {
			rest = fmt.Appendf(rest, "%09d end\n", n)
			n++
			if len(rest) >= 4096 {
				file.Write(rest[:4096])
				rest = append(rest[:0], rest[4096:]...)
			}
		}
	}
	for i := range rotations + 1 {
		file, _ := os.OpenFile(w.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		burst(file, 50)
		if i < rotations {
			os.Rename(w.path, fmt.Sprintf("%s.%d", w.path, rotations-i))
			burst(file, 5)
			next, _ := os.Create(w.path)
			next.Close()
		}
		for range 20 {
			burst(file, 1)
			time.Sleep(time.Millisecond)
		}
		file.Write(rest)
		rest = rest[:0]
		file.Close()
		done.Add(1)
	}
	return n
}
