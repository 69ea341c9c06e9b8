package source

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A journalctl that does as it is told: this test's own binary, which is told by a
// directory. Its files are the entries ("i message" on each line), and how it fails.

const fakeDirectory = "FAKE_JOURNAL"

func TestMain(m *testing.M) {
	if dir := os.Getenv(fakeDirectory); dir != "" {
		os.Exit((&fake{dir: dir}).run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

type fake struct {
	dir    string
	cursor string
	follow bool
	last   bool
	max    int    // bytes that it may write
	shown  uint64 // number of the last entry that was
}

func (f *fake) told(name string) string {
	b, _ := os.ReadFile(filepath.Join(f.dir, name))
	return string(b)
}

func (f *fake) run(args []string) int {
	calls, _ := os.OpenFile(filepath.Join(f.dir, "calls"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	fmt.Fprintln(calls, strings.Join(args, " "))
	for _, a := range args {
		if c, ok := strings.CutPrefix(a, "--cursor="); ok {
			f.cursor = c
		}
		f.follow = f.follow || a == "--follow"
		f.last = f.last || a == "--lines=1"
	}
	if said := f.told("fail"); said != "" {
		os.Stderr.WriteString(said)
		return 1
	}
	if f.told("hang") != "" {
		sleep := exec.Command("sleep", "60") // a child of its own
		_ = sleep.Start()
		_ = os.WriteFile(filepath.Join(f.dir, "pid"), fmt.Appendln(nil, os.Getpid()), 0o600)
		_ = sleep.Wait()
	}
	if f.told("closed") != "" { // its output, but it lives on
		os.Stdout.Close()
		time.Sleep(time.Minute)
	}
	f.max = 1 << 30
	if n := f.told("cut"); n != "" {
		fmt.Sscan(n, &f.max)
		os.Remove(filepath.Join(f.dir, "cut"))
	}
	os.Stdout.WriteString(f.told("garbage"))
	f.show()
	for f.follow {
		if f.told("die") != "" {
			os.Remove(filepath.Join(f.dir, "die"))
			os.Stderr.WriteString("Hint: never mind\nI have to go\n\n")
			return 3
		}
		time.Sleep(5 * time.Millisecond)
		f.show()
	}
	return 0
}

// show shows what is behind the cursor, and at first that entry too.
func (f *fake) show() {
	lines := strings.Split(strings.TrimSpace(f.told("entries")), "\n")
	if f.last {
		lines = lines[len(lines)-1:]
	}
	for _, line := range lines {
		number, message, ok := strings.Cut(line, " ")
		_, n, _ := entryNumber("s=f;i=" + number)
		_, from, _ := entryNumber(f.cursor)
		if !ok || n <= f.shown || f.cursor != "" && n < from {
			continue
		}
		f.write(fmt.Sprintf("__CURSOR=s=f;i=%s\n__REALTIME_TIMESTAMP=%d\n_SOURCE_REALTIME_TIMESTAMP=%d\n_HOSTNAME=mx\nSYSLOG_IDENTIFIER=postfix/smtp\n_PID=7\nSYSLOG_PID=8\nMESSAGE=%s\n\n",
			number, 1_800_000_000_000_000+n, 1_700_000_000_000_000+n, message))
		f.shown = n
	}
}

func (f *fake) write(s string) {
	n := min(len(s), f.max)
	os.Stdout.WriteString(s[:n])
	if f.max -= n; f.max == 0 {
		syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	}
}

// journalWorld is a fake and a Journal on it.
type journalWorld struct {
	*testing.T
	dir string
	o   JournalOptions
	j   *Journal
	got []string // messages, in all
}

func newJournalWorld(t *testing.T) *journalWorld {
	w := &journalWorld{T: t, dir: t.TempDir()}
	t.Setenv(fakeDirectory, w.dir)
	self, err := os.Executable()
	w.must(err)
	w.o = JournalOptions{Command: self, After: func(d time.Duration) <-chan time.Time { return time.After(d / 100) }}
	t.Cleanup(w.close)
	return w
}

func (w *journalWorld) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *journalWorld) tell(name, what string) {
	w.Helper()
	next := filepath.Join(w.dir, name+".new") // it may be read at any moment
	w.must(os.WriteFile(next, []byte(what), 0o600))
	w.must(os.Rename(next, filepath.Join(w.dir, name)))
}

func (w *journalWorld) untell(name string) { w.must(os.Remove(filepath.Join(w.dir, name))) }

// entries makes entries of the numbers from..to, each with its number as message.
func (w *journalWorld) entries(from, to int) {
	var b strings.Builder
	for n := from; n <= to; n++ {
		fmt.Fprintf(&b, "%x m%d\n", n, n)
	}
	w.tell("entries", b.String())
}

func (w *journalWorld) open() {
	w.Helper()
	var err error
	w.j, err = NewJournal(w.o)
	w.must(err)
}

func (w *journalWorld) close() {
	if w.j != nil {
		w.must(w.j.Close())
	}
}

// restart goes on behind what was read.
func (w *journalWorld) restart() {
	w.Helper()
	w.close()
	w.o.At = w.j.Place()
	w.open()
}

// until reads until something is so, for ten seconds at most.
func (w *journalWorld) until(what string, so func() bool) {
	w.Helper()
	for end := time.Now().Add(10 * time.Second); !so(); {
		line, _, err := w.j.Next()
		switch {
		case err == nil:
			w.got = append(w.got, strings.Clone(line.Record.Text))
		case err != io.EOF:
			w.Fatal(err)
		default:
			w.must(w.j.Wait(w.Context()))
		}
		if time.Now().After(end) {
			w.Fatalf("waiting for %s: got %q, err %v, %+v, resumed %+v\n%s", what, w.got, w.j.Err(), w.j.Stats(), w.j.Resumed(), (&fake{dir: w.dir}).told("calls"))
		}
	}
}

// want reads so many messages more and says which must have come in all.
func (w *journalWorld) want(from, to int) {
	w.Helper()
	n := to - from + 1
	w.until(fmt.Sprintf("m%d to m%d", from, to), func() bool { return len(w.got) >= n })
	for i, m := range w.got {
		if m != fmt.Sprintf("m%d", from+i) {
			w.Fatalf("got %q", w.got)
		}
	}
	w.got = w.got[:0]
}

func (w *journalWorld) caughtUp() {
	w.Helper()
	w.until("the end of what there is", func() bool { return w.j.CaughtUp() })
}

func (w *journalWorld) gaps(n int64, how Resumed) {
	w.Helper()
	if s := w.j.Stats(); s.Gaps != n || w.j.Resumed().How != how {
		w.Errorf("%d gaps, %+v; want %d, %v", s.Gaps, w.j.Resumed(), n, how)
	}
}
